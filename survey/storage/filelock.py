"""A lock file between processes: the kernel queues those who ask, while SQLite's busy waiting starves some."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A lock on the file ``path``; each instance excludes every other, also within a process. For one thread at a time.

    Waits until whoever holds it lets go; the kernel does so when a process dies. Raises OSError when the file cannot
    be opened, and can be tried again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> None:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_now(self) -> bool:
        """Takes the lock if nobody holds it; whether it did. Let go of it with ``close``."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(self, *_: object) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        except OSError:
            self.close()  # which lets go of it too

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path`` for a while."""
    lock = FileLock(path)
    try:
        with lock:
            yield
    finally:
        lock.close()
