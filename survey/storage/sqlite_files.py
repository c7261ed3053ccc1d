"""Whole SQLite databases as files: a copy that lacks nothing, and putting one in the place of another.

Copying the file itself is a silent loss: what is in the write-ahead log stays behind, and every check still passes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from survey.errors import PhieuError
from survey.storage import faults
from survey.storage.sqlite import BUSY_SECONDS, driver

MAGIC = b"SQLite format 3\x00"

PAGES = 4096
"""Pages copied between two calls of ``progress``."""

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all."""


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Any]:
    """The driver's connection to ``path``; its failures to serve come out as Unavailable."""
    try:
        address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        with closing(driver().connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
            yield connection
    except driver().Error as error:
        raise faults.unavailable(error) or error from error


def copy(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy the state of ``source`` at this moment into the new file ``target`` (0600), checked and on disk on return.

    Others may write meanwhile (in WAL mode; else they wait). Raises PhieuError ``file_exists``, ``file_unusable``,
    ``backup_damaged``, or Unavailable.
    """
    if target.exists():
        raise PhieuError("file_exists", f"{target} exists already.", "Choose another name.")
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            with opened(source, read_only=True) as old, opened(part) as new:
                new.execute("PRAGMA synchronous = OFF")  # the whole file is brought to disk below
                _pour(old, new, progress)
                new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
                problems = [row[0] for row in new.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if problems:
                raise PhieuError("backup_damaged", "The copy is damaged.", "Run: phieu db check.", tuple(problems))
            publish(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(target, error) from error


def replace(source: Path, target: Path) -> None:
    """Put the content of ``source`` in the place of that of ``target``, whole or not at all.

    It goes through SQLite as one transaction, so processes that have ``target`` open simply see the new content.
    """
    with opened(source, read_only=True) as new, opened(target) as old:
        old.execute("PRAGMA synchronous = FULL")
        _pour(new, old, None)


def set_aside(path: Path, name: Path) -> None:
    """Rename a database that SQLite cannot read any more, with its log."""
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(name.with_name(name.name + suffix))


def publish(part: Path, target: Path) -> None:
    """Bring ``part`` to disk and give it its name."""
    for path, flags in ((part, os.O_RDWR), (target.parent, os.O_RDONLY)):
        if path == target.parent:
            part.rename(target)
        file = os.open(path, flags | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def unusable(path: Path, error: OSError) -> PhieuError:
    return PhieuError("file_unusable", f"{path} cannot be used: {error.strerror or error}.", "Check folder and rights.")


def _pour(source: Any, target: Any, progress: Progress | None) -> None:
    # An open transaction pins the state; without it every commit by others would start the copy anew.
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    source.backup(
        target,
        pages=PAGES if progress else -1,
        progress=(lambda _, left, total: progress(total - left, total)) if progress else None,
    )
    source.execute("ROLLBACK")
