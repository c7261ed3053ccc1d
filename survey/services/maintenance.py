"""Keeping the database: what the operator does with it as a whole. Only the command line calls this."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from survey.config import Settings
from survey.services.runtime import OPERATOR, Runtime
from survey.storage import backup, health, migration
from survey.storage.backup import Restored
from survey.storage.engine import open_database
from survey.storage.health import Health
from survey.storage.queries import audit


@dataclass(frozen=True)
class Saved:
    """A backup that was made: its file and its size in bytes."""

    file: str
    size: int


def open_unchecked(settings: Settings) -> Runtime:
    """A runtime whose database may be empty, old or new; for this module's functions only."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Runtime(settings, open_database(settings.database_url))


def upgrade(runtime: Runtime) -> tuple[str | None, str]:
    """Bring the schema to the newest step, all or nothing; the steps before and after."""
    before = migration.current(runtime.database)
    migration.upgrade(runtime.database)
    return before, migration.head()


def examine(runtime: Runtime) -> Health:
    """Look the database over; see ``survey.storage.health``."""
    return health.examine(runtime.database)


def save(runtime: Runtime, file: Path, progress: Callable[[int, int], None] | None = None) -> Saved:
    """Back the database up into a new file, also while answers arrive."""
    backup.backup(runtime.database, file, progress)
    return Saved(str(file), file.stat().st_size)


def restore(runtime: Runtime, file: Path, *, force: bool) -> Restored:
    """Make a backup the content of the database (``survey.storage.backup.restore``), with an audit entry in it.

    The response matrix goes: it belongs to the releases of the content that is no longer there.
    """
    restored = backup.restore(runtime.database, file, now=runtime.now(), force=force)
    shutil.rmtree(runtime.settings.data_dir / "matrix", ignore_errors=True)
    detail = {"backup": file.name, "step": restored.step}
    runtime.database.write(
        lambda session: audit.record(session, runtime.now(), OPERATOR.name, "database.restore", "database", detail)
    )
    return restored
