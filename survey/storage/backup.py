"""Backups of the whole database and their way back. A backup may be made while answers arrive."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from survey.errors import Conflict, PhieuError, Unavailable
from survey.storage import migration, postgresql_dumps, sqlite_files
from survey.storage.engine import Database, open_database
from survey.storage.filelock import locked
from survey.storage.sqlite import lock_path
from survey.storage.sqlite_files import Progress

NEEDED = frozenset({"alembic_version", "survey", "questionnaire_version", "response"})
"""Tables without which a file is not a database of this product."""


@dataclass(frozen=True)
class Restored:
    """``step``: the schema the backup had; ``kept``: where the previous content is now (a file or a schema), if any."""

    step: str
    kept: str | None


def backup(database: Database, target: Path, progress: Progress | None = None) -> None:
    """Write everything committed before this call into the new file ``target``: an SQLite file or a pg_dump archive.

    Raises PhieuError (``file_exists``, ``file_unusable``, …) or Unavailable; then there is no file ``target``.
    """
    migration.require_known(database)
    if database.path is not None:
        sqlite_files.copy(database.path, target, progress)
    else:
        postgresql_dumps.save(database.writer, target)


def restore(database: Database, source: Path, *, now: datetime, force: bool = False) -> Restored:
    """Make ``source`` the content of the database, brought to the newest step; whole or not at all.

    What is there is only replaced with ``force``, and then kept under a name with ``now`` in it. Raises PhieuError
    ``not_a_backup``, Misconfigured ``schema_new``, Conflict ``database_not_empty``.
    """
    step = _recognise(database, source)
    empty = _is_empty(database)
    if not empty and not force:
        raise Conflict(
            "database_not_empty",
            f"{database.place} holds data already.",
            "Use --force to replace it; it is then kept beside under a dated name.",
        )
    stamp = f"{now:%Y%m%d-%H%M%S}"
    if database.path is not None:
        return Restored(step, _restore_file(database.path, source, None if empty else stamp))
    keep_as = None if empty else f"before_restore_{stamp}"
    postgresql_dumps.load(database.writer, source, keep_as)
    migration.upgrade(database)
    return Restored(step, f"schema {keep_as}" if keep_as else None)


def _restore_file(path: Path, source: Path, stamp: str | None) -> str | None:
    # Checked and upgraded in a place of its own, so that nothing that goes wrong with it touches what is there.
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=path.parent))
    try:
        candidate = folder / "phieu.db"
        sqlite_files.copy(source, candidate)
        prepared = open_database(f"sqlite:///{candidate}")
        migration.upgrade(prepared)
        prepared.close()
        kept = None
        with locked(lock_path(path)):
            if stamp is not None:
                kept = path.with_name(f"{path.stem}-before-restore-{stamp}{path.suffix}")
                _keep(path, kept)
            if path.exists():
                sqlite_files.replace(candidate, path)
            else:
                sqlite_files.publish(candidate, path)
        return str(kept) if kept else None
    finally:
        shutil.rmtree(folder)


def _keep(path: Path, kept: Path) -> None:
    try:
        sqlite_files.copy(path, kept)
    except (Unavailable, PhieuError) as error:
        if error.code not in ("database_damaged", "backup_damaged"):
            raise
        # It may be damaged: that is what a backup is restored for.
        sqlite_files.set_aside(path, kept)


def _is_empty(database: Database) -> bool:
    try:
        with database.reading() as session:
            return not inspect(session.connection()).get_table_names()
    except Unavailable as error:
        if error.code != "database_damaged":
            raise
        return False


def _recognise(database: Database, source: Path) -> str:
    """The schema step of a backup made for this kind of database."""
    try:
        with source.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise sqlite_files.unusable(source, error) from error
    kind = "sqlite" if start == sqlite_files.MAGIC else "postgresql" if start[:5] == postgresql_dumps.MAGIC else None
    if kind is None:
        raise _not_a_backup(source)
    if kind != database.dialect:
        raise PhieuError(
            "backup_of_other_engine",
            f"{source} is a backup of {kind}, and PHIEU_DATABASE_URL names {database.dialect}.",
            "Set PHIEU_DATABASE_URL to the engine the backup was made with.",
        )
    if database.path is None:
        names = postgresql_dumps.tables(database.writer, source)
        step = postgresql_dumps.step(database.writer, source) if names >= NEEDED else None
    else:
        with sqlite_files.opened(source, read_only=True) as connection:
            names = frozenset(
                row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            )
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if names >= NEEDED else None
            step = row[0] if row else None
    if step is None:
        raise _not_a_backup(source)
    migration.require_known_step(step)
    return step


def _not_a_backup(source: Path) -> PhieuError:
    return PhieuError("not_a_backup", f"{source} is not a backup of Phiếu.", "Name a file that phieu db backup made.")
