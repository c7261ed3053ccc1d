"""A lock file between processes. The kernel hands flock out in the order of asking, which SQLite's busy waiting does not."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """One open lock file; each instance excludes every other, also within a process. Not for use by two threads at once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path``; waits until whoever holds it lets go (the kernel does so when a process dies)."""
    lock = FileLock(path)
    try:
        with lock:
            yield
    finally:
        lock.close()
