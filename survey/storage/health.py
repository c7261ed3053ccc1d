"""Looking a database over without changing it: sound pages, references, the right schema, how many rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, func, inspect, select, text
from sqlalchemy.orm import Session

from survey.errors import PhieuError
from survey.storage import faults, migration
from survey.storage.engine import Database
from survey.storage.models import Base


@dataclass(frozen=True)
class Health:
    """``schema`` is the step it stands at (None: no tables), ``counts`` rows by table, ``problems`` one line each."""

    engine: str
    schema: str | None
    counts: Mapping[str, int]
    problems: tuple[str, ...]


def examine(database: Database) -> Health:
    """Look at everything that can be looked at; a damaged or unreachable database is a problem, not an error."""
    counts: dict[str, int] = {}
    problems: list[str] = []
    engine: str = database.dialect
    schema: str | None = None
    try:
        with database.reading() as session:
            engine = _engine(session)
            schema = migration.current(database)
            if schema != migration.head():
                problems.append(f"the schema is at step {schema}, this version needs {migration.head()}")
            problems += _damage(session)
            present = set(inspect(session.connection()).get_table_names())
            for table in Base.metadata.sorted_tables:
                if table.name in present:
                    counts[table.name] = session.execute(select(func.count()).select_from(table)).scalar_one()
            if schema == migration.head():
                problems += _differences(session)
    except (PhieuError, exc.SQLAlchemyError) as error:
        problems.append(str(faults.unavailable(error) or error))
    return Health(engine, schema, counts, tuple(problems))


def _engine(session: Session) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return (
            f"SQLite {session.scalar(text('SELECT sqlite_version()'))}, {session.scalar(text('PRAGMA journal_mode'))}"
        )
    return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"


def _damage(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name == "sqlite":
        for (line,) in session.execute(text("PRAGMA integrity_check")):
            if line != "ok":
                yield f"integrity: {line}"
        for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
            yield f"references: row {row} of {table} refers to a row of {parent} that is not there"
        return
    for (name,) in session.execute(text("SELECT conname FROM pg_constraint WHERE NOT convalidated")):
        yield f"references: constraint {name} was never validated"
    for (name,) in session.execute(text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")):
        yield f"integrity: index {name} is not valid"
    failures = session.scalar(text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"))
    if failures:
        yield f"integrity: {failures} pages with a wrong checksum were met"


def _differences(session: Session) -> Iterator[str]:
    context = MigrationContext.configure(session.connection())
    for difference in compare_metadata(context, Base.metadata):
        yield f"schema: {difference} differs from this version"
