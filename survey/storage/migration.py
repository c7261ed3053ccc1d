"""Bringing the schema to the newest step, all or nothing; refusing to run on any other. Steps are in migrations/."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exc, text

from survey.config import ROOT
from survey.errors import Misconfigured
from survey.storage import faults, sqlite
from survey.storage.engine import Database
from survey.storage.filelock import locked

UPGRADE_LOCK = 0x70686965  # "phie": the advisory lock that upgrades of one PostgreSQL database queue at


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, in code; ``connection`` is the open transaction that migrations/env.py runs the steps in."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


@cache
def head() -> str:
    """The newest step, such as "0001"."""
    (newest,) = ScriptDirectory.from_config(config()).get_heads()
    return newest


@cache
def steps() -> frozenset[str]:
    """Every step this version of the product knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def current(database: Database) -> str | None:
    """The step the database stands at, None when it has no schema yet. Raises Unavailable when it cannot be read."""
    with database.reading() as session:
        return _current(session.connection())


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> None:
    """Run the missing steps in one transaction: a failure or a kill leaves the old schema. Several may try at once."""
    try:
        with alone(database) as connection:
            found = _current(connection)
            if found is not None:
                require_known_step(found)
            if found != head():
                command.upgrade(config(connection), "head")
    except exc.SQLAlchemyError as error:
        raise faults.unavailable(error) or error from error


def require_current(database: Database) -> None:
    """Raise Misconfigured unless the schema is the one this version works with."""
    found = require_known(database)
    if found != head():
        raise _too_old(f"The database is at step {found}, this version needs {head()}.")


def require_known(database: Database) -> str:
    """The step the database stands at. Raises Misconfigured when it has no tables, or those of a newer version."""
    found = current(database)
    if found is None:
        raise _too_old("The database has no tables yet.")
    require_known_step(found)
    return found


def require_known_step(found: str) -> None:
    """Raise Misconfigured when a newer version made the schema."""
    if found not in steps():
        raise Misconfigured(
            "schema_new",
            f"The database is at step {found}, which this version (up to {head()}) does not know.",
            "Install the version of Phiếu that last used it, or a newer one.",
        )


def _too_old(message: str) -> Misconfigured:
    return Misconfigured("schema_old", message, "Run: phieu db upgrade.")


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """A connection in a write transaction that no other upgrade can be in at the same time."""
    if database.path is None:
        with database.writer.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            yield connection
        return
    with locked(sqlite.lock_path(database.path)), database.writer.connect() as connection:
        # Rebuilding a table drops the old one, which fails while rows refer to it. The pragma does nothing within a
        # transaction, so it stands before, and references are checked before the commit.
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                _check_references(connection)
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.close()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"{len(broken)} rows would refer to rows that are not there; the schema was left as it was")
