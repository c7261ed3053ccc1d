"""The schema: equal to the models, and old or new after whatever happens, never half."""

from __future__ import annotations

import ast
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event, inspect, text

from survey.config import ROOT
from survey.errors import Misconfigured
from survey.storage import migration
from survey.storage.engine import Database, open_database
from survey.storage.models import Base
from tests.databases import Server, sqlite_url
from tests.storage.programs import names, put, started, state

STEPS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
PROVE = bool(os.environ.get("PHIEU_PROVE"))
STRIDE = 1 if PROVE else 19
"""An upgrade is stopped at every nineteenth statement; at each with ``PHIEU_PROVE=1``."""
COMPLETE = f"{migration.head()} {len(Base.metadata.tables) + 1}"

NEXT_STEP = '''
"""A step that rebuilds a table others refer to, moves data and adds a table."""
import sqlalchemy as sa
from alembic import op
revision = "rehearsal"
down_revision = "{head}"

def upgrade():
    op.create_table("motto", sa.Column("id", sa.Integer, primary_key=True), sa.Column("words", sa.Text, nullable=False))
    op.execute("INSERT INTO motto (id, words) SELECT id, name FROM unit")
    with op.batch_alter_table("unit", recreate="{recreate}") as table:
        table.add_column(sa.Column("motto_id", sa.Integer))
        table.alter_column("superior", new_column_name="above")
        table.create_foreign_key("fk_unit_motto_id", "motto", ["motto_id"], ["id"])
    op.execute("UPDATE unit SET motto_id = id")
    {last}
'''


class Interrupted(Exception):
    """What stops an upgrade halfway."""


def described(connection: Connection) -> dict[str, Any]:
    """Everything the database says about its tables; what has no order is sorted."""
    inspector = inspect(connection)
    parts = {
        "columns": inspector.get_columns,
        "key": lambda table: [inspector.get_pk_constraint(table)],
        "references": inspector.get_foreign_keys,
        "unique": inspector.get_unique_constraints,
        "checks": inspector.get_check_constraints,
        "indexes": inspector.get_indexes,
    }
    return {
        table: {part: sorted(map(_written, read(table))) for part, read in parts.items()}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _written(found: Any) -> str:
    """The condition of a partial index is an object, of which only the wording counts."""
    options = {name: str(value) for name, value in found.get("dialect_options", {}).items()}
    return str({**found, "dialect_options": options})


@contextmanager
def stopping_at(database: Database, statement: int) -> Iterator[None]:
    """Raise Interrupted instead of sending the writer's statement of that number."""
    numbers = iter(range(10**6))

    def count(*_: object) -> None:
        if next(numbers) == statement:
            raise Interrupted

    event.listen(database.writer, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(database.writer, "before_cursor_execute", count)


def rehearse(database: Database, folder: Path, last: str = "pass") -> None:
    """Run a further step that is written into ``folder``; ``last`` is its last statement."""
    recreate = "always" if database.dialect == "sqlite" else "never"
    (folder / "rehearsal.py").write_text(NEXT_STEP.format(head=migration.head(), recreate=recreate, last=last))
    with migration.alone(database) as connection:
        settings = migration.config(connection)
        settings.set_main_option("path_separator", "newline")
        settings.set_main_option("version_locations", f"{ROOT / 'migrations' / 'versions'}\n{folder}")
        command.upgrade(settings, "rehearsal")


def test_the_newest_schema_equals_the_models(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_schema_is_what_the_models_would_make(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with ExitStack() as stack:
        if database.dialect == "sqlite":
            url = sqlite_url(tmp_path / "made")
        else:
            server: Server = request.getfixturevalue("postgresql_server")
            url = server.create()
            stack.callback(server.drop, url)
        made = open_database(url)
        stack.callback(made.close)
        with made.writer.begin() as connection:
            Base.metadata.create_all(connection)
            expected = described(connection)
        with database.reading() as session:
            assert described(session.connection()) == expected
        # The control: one constraint less is seen.
        with made.writer.begin() as connection:
            connection.execute(text("DROP INDEX ix_collector_survey_id"))
            assert described(connection) != expected


def test_steps_are_numbered_without_a_gap_and_only_go_forward() -> None:
    numbers = [path.name.partition("_")[0] for path in STEPS]
    assert numbers == [f"{number:04d}" for number in range(1, len(STEPS) + 1)]
    assert migration.head() == numbers[-1]
    assert migration.steps() == set(numbers)
    for path in STEPS:
        functions = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        assert [name for name in functions if not name.startswith("_")] == ["upgrade"]


def test_upgrading_again_changes_nothing(database: Database) -> None:
    database.write(put("Sở Y tế"))
    migration.upgrade(database)
    assert state(database) == COMPLETE
    assert names(database) == ["Sở Y tế"]


def test_an_exception_at_any_statement_leaves_nothing(empty: Database) -> None:
    seen: list[str] = []
    while not seen or seen[-1] == "nothing":
        with ExitStack() as stack:
            stack.enter_context(suppress(Interrupted))
            stack.enter_context(stopping_at(empty, STRIDE * len(seen)))
            migration.upgrade(empty)
        seen.append(state(empty))
    assert seen[-1] == COMPLETE
    assert STRIDE * len(seen) > len(Base.metadata.tables)


def test_kill_9_at_any_statement_leaves_nothing(empty_url: str) -> None:
    with started(f"upgrade_and_die({empty_url!r}, {STRIDE})") as process:
        *seen, complete, done = process.communicate()[0].splitlines()
    assert (complete, done) == (COMPLETE, "done")
    assert set(seen) == {"nothing"}
    assert STRIDE * len(seen) > len(Base.metadata.tables)


def test_a_later_step_keeps_all_rows_or_does_not_happen(database: Database, tmp_path: Path) -> None:
    for name in ("Sở Y tế", "Sở Nội vụ"):
        database.write(put(name))
    statement, before = 0, state(database)
    while state(database) == before:
        with database.reading() as session:
            assert session.execute(text("SELECT id, name, superior FROM unit ORDER BY id")).all() == [
                (1, "Sở Y tế", ""),
                (2, "Sở Nội vụ", ""),
            ]
        with stopping_at(database, statement):
            try:
                rehearse(database, tmp_path)
            except Interrupted:
                statement += 1
    assert statement > 5
    assert state(database) == f"rehearsal {len(Base.metadata.tables) + 2}"
    with database.reading() as session:
        query = "SELECT unit.id, name, above, words FROM unit JOIN motto ON motto.id = motto_id ORDER BY 1"
        rows = session.execute(text(query)).all()
    assert rows == [(1, "Sở Y tế", "", "Sở Y tế"), (2, "Sở Nội vụ", "", "Sở Nội vụ")]
    with pytest.raises(Misconfigured) as refusal:
        migration.require_current(database)
    assert refusal.value.code == "schema_new"


def test_the_stock_way_leaves_half_a_schema(tmp_path: Path) -> None:
    """The control: Alembic and SQLite as they come, where each CREATE stands for itself."""
    engine = create_engine(sqlite_url(tmp_path))
    numbers = iter(range(10**6))

    @event.listens_for(engine, "before_cursor_execute")
    def _stop(*_: object) -> None:
        if next(numbers) == 12:
            raise Interrupted

    with pytest.raises(Interrupted), engine.connect() as connection:
        command.upgrade(migration.config(connection), "head")
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    engine.dispose()
    assert 0 < len(tables) < len(Base.metadata.tables)


def test_several_upgrades_at_once_make_one_schema(empty_url: str) -> None:
    call = f"database = open_database({empty_url!r}); migration.upgrade(database); print(state(database))"
    with ExitStack() as stack:
        processes = [stack.enter_context(started(call)) for _ in range(8 if PROVE else 2)]
        said = [process.communicate()[0] for process in processes]
    assert set(said) == {f"{COMPLETE}\n"}


def test_threads_that_upgrade_at_once_make_one_schema(empty: Database) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migration.upgrade(empty)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert state(empty) == COMPLETE


@pytest.mark.parametrize("step", ["0000", "9999"])
def test_a_schema_this_version_does_not_know_is_refused(database: Database, step: str) -> None:
    migration.require_current(database)
    database.write(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})
    )
    for refused in (migration.require_current, migration.upgrade):
        with pytest.raises(Misconfigured) as refusal:
            refused(database)
        assert refusal.value.code == "schema_new"


def test_a_database_without_tables_is_refused_with_the_command_to_run(empty: Database) -> None:
    with pytest.raises(Misconfigured) as refusal:
        migration.require_current(empty)
    assert (refusal.value.code, refusal.value.remedy) == ("schema_old", "Run: phieu db upgrade.")


def test_a_step_that_breaks_references_does_not_happen(sqlite: Database, tmp_path: Path) -> None:
    sqlite.write(put("Sở Y tế"))
    with pytest.raises(RuntimeError, match="1 rows would refer"):
        rehearse(sqlite, tmp_path, "op.execute('UPDATE unit SET parent_id = 404')")
    assert state(sqlite) == COMPLETE
