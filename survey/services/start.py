"""From settings to a running whole: opens the database, refuses a schema that is not this version's."""

from __future__ import annotations

from survey.config import Settings
from survey.services.runtime import Runtime
from survey.storage.engine import open_database
from survey.storage.migration import require_current, upgrade


def open_runtime(settings: Settings, *, migrate: bool = False) -> Runtime:
    """A runtime over the configured database. With ``migrate`` the schema is created or brought up to date first.
    Raises Misconfigured when the database is unsafe to use or of another version."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    if migrate:
        upgrade(database)
    require_current(database)
    return Runtime(settings=settings, database=database)
