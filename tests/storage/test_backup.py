"""Backups lack nothing that was acknowledged; restoring is whole or not at all, and keeps what was there."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from survey.errors import Conflict, Misconfigured, PhieuError, Unavailable
from survey.storage import migration
from survey.storage import sqlite as sqlite_engine
from survey.storage.backup import backup, restore
from survey.storage.engine import Database, open_database
from survey.storage.health import examine
from survey.storage.migration import upgrade
from tests.databases import Server, sqlite_url
from tests.storage.programs import names, put, state

NOW = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """A function that opens a new database without tables, of a dialect."""
    opened: list[Database] = []

    def open_fresh(dialect: str) -> Database:
        if dialect == "sqlite":
            url = sqlite_url(tmp_path / f"fresh{len(opened)}")
        else:
            server: Server = request.getfixturevalue("postgresql_server")
            url = server.create()
        opened.append(open_database(url))
        return opened[-1]

    yield open_fresh
    for database in opened:
        database.close()
        if database.dialect == "postgresql":
            request.getfixturevalue("postgresql_server").drop(database.url)


def filled(database: Database, *rows: str) -> Database:
    for row in rows:
        database.write(put(row))
    return database


class Writing:
    """Threads that store rows until the block ends; ``acknowledged`` grows meanwhile."""

    def __init__(self, database: Database, threads: int = 2) -> None:
        self.acknowledged: list[str] = []
        self._stop = threading.Event()
        self._some = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._run, args=(database, thread)) for thread in range(threads)]

    def _run(self, database: Database, thread: int) -> None:
        number = 0
        while not self._stop.is_set():
            name = f"{thread}-{number}"
            database.write(put(name))
            self.acknowledged.append(name)
            self._some.release()
            number += 1

    def wait_for(self, rows: int) -> None:
        """Until that many more rows are acknowledged."""
        for _ in range(rows):
            self._some.acquire()

    def __enter__(self) -> Writing:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_a_backup_restored_elsewhere_is_the_same(
    database: Database, tmp_path: Path, fresh: Callable[[str], Database]
) -> None:
    filled(database, "Sở Y tế", "Sở Nội vụ", "😀'; DROP TABLE unit; --")
    file = tmp_path / "phieu.backup"
    backup(database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    other = fresh(database.dialect)
    assert restore(other, file, now=NOW).kept is None
    assert names(other) == names(database)
    assert examine(other).problems == ()
    # Identifiers go on where they stopped.
    filled(other, "next")
    assert names(other)[-1] == "next"


def test_a_backup_made_while_answers_arrive_lacks_none_acknowledged_before_it(
    database: Database, tmp_path: Path, fresh: Callable[[str], Database]
) -> None:
    with Writing(database) as writing:
        for number in range(2):
            writing.wait_for(30)
            before = list(writing.acknowledged)
            backup(database, tmp_path / f"{number}.backup")
            other = fresh(database.dialect)
            restore(other, tmp_path / f"{number}.backup", now=NOW)
            stored = names(other)
            assert set(before) <= set(stored)
            assert examine(other).problems == ()
    assert set(writing.acknowledged) == set(names(database))


def test_a_copy_of_the_file_lacks_rows(sqlite: Database, tmp_path: Path) -> None:
    """The control: the copy passes the integrity check all the same."""
    filled(sqlite, "a", "b", "c")
    assert sqlite.path is not None
    if sqlite_engine.journal_mode(sqlite_engine.driver().sqlite_version_info) != "wal":
        return  # without a log beside it there is nothing to leave behind
    (tmp_path / "copy").mkdir()
    shutil.copy(sqlite.path, tmp_path / "copy")
    copy = sqlite_engine.driver().connect(str(tmp_path / "copy" / "phieu.db"))
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    tables = copy.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'unit'").fetchone()[0]
    rows = copy.execute("SELECT count(*) FROM unit").fetchone()[0] if tables else 0
    copy.close()
    assert rows < 3


def test_progress_is_told_up_to_the_end(sqlite: Database, tmp_path: Path) -> None:
    filled(sqlite, "a")
    told: list[tuple[int, int]] = []
    backup(sqlite, tmp_path / "phieu.backup", lambda done, pages: told.append((done, pages)))
    assert told
    assert told[-1][0] == told[-1][1] > 0


def test_a_backup_never_overwrites(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "phieu.backup"
    file.write_text("precious")
    with pytest.raises(PhieuError) as refusal:
        backup(database, file)
    assert refusal.value.code == "file_exists"
    assert file.read_text() == "precious"


def test_a_backup_that_fails_leaves_no_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(PhieuError) as refusal:
        backup(database, tmp_path / "missing" / "phieu.backup")
    assert refusal.value.code == "file_unusable"
    assert not list(tmp_path.glob("*.backup"))


def test_a_database_without_tables_is_not_backed_up(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        backup(empty, tmp_path / "phieu.backup")


def test_what_is_there_is_replaced_only_by_force_and_then_kept(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    filled(database, "old")
    file = tmp_path / "phieu.backup"
    backup(database, file)
    filled(database, "new")
    with pytest.raises(Conflict) as refusal:
        restore(database, file, now=NOW)
    assert refusal.value.code == "database_not_empty"
    assert names(database) == ["old", "new"]

    kept = restore(database, file, now=NOW, force=True).kept
    assert kept is not None
    assert "20261015-030000" in kept
    assert names(database) == ["old"]
    if database.dialect == "sqlite":
        previous = open_database(f"sqlite:///{kept}")
        assert names(previous) == ["old", "new"]
        previous.close()
    else:
        with database.reading() as session:
            schema = kept.removeprefix("schema ")
            rows = session.execute(text(f'SELECT name FROM "{schema}".unit ORDER BY id')).scalars().all()
        assert rows == ["old", "new"]


def test_processes_that_have_it_open_go_on_with_what_was_restored(database: Database, tmp_path: Path) -> None:
    filled(database, "old")
    file = tmp_path / "phieu.backup"
    backup(database, file)
    filled(database, "new")
    other = open_database(database.url)
    assert names(other) == ["old", "new"]
    filled(other, "newer")
    restore(database, file, now=NOW, force=True)
    assert names(other) == ["old"]
    filled(other, "after")
    other.close()
    database.close()
    assert names(database) == ["old", "after"]
    assert examine(database).problems == ()


def _text_file(file: Path, _: Database) -> str:
    file.write_text("Kính gửi")
    return "not_a_backup"


def _empty_file(file: Path, _: Database) -> str:
    file.touch()
    return "not_a_backup"


def _no_file(file: Path, _: Database) -> str:
    return "file_unusable"


def _folder(file: Path, _: Database) -> str:
    file.mkdir()
    return "file_unusable"


def _newer(file: Path, database: Database) -> str:
    database.write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    backup_of_unknown_step(database, file)
    database.write(lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    return "schema_new"


def _without_our_tables(file: Path, database: Database) -> str:
    tables = (
        "invitee, mailing, keyed_sheet, entry_batch, visits, single_use_code, print_run, erasure, response, exclusion, "
        "staff_session, invitation, recovery_code, release, import_batch, questionnaire_version, collector"
    )
    for table in tables.split(", "):
        database.write(lambda session, table=table: session.execute(text(f"DROP TABLE {table}")))
    backup(database, file)
    return "not_a_backup"


def backup_of_unknown_step(database: Database, file: Path) -> None:
    """What a newer version's ``phieu db backup`` writes."""
    from survey.storage import postgresql_dumps, sqlite_files

    if database.path is not None:
        sqlite_files.copy(database.path, file)
    else:
        postgresql_dumps.save(database.writer, file)


@pytest.mark.parametrize("make", [_text_file, _empty_file, _no_file, _folder, _newer, _without_our_tables])
def test_what_is_no_backup_of_this_version_is_refused(
    database: Database, tmp_path: Path, make: Callable[[Path, Database], str]
) -> None:
    filled(database, "kept")
    file = tmp_path / "file"
    code = make(file, database)
    with pytest.raises(PhieuError) as refusal:
        restore(database, file, now=NOW, force=True)
    assert refusal.value.code == code
    assert names(database) == ["kept"]


def test_a_backup_of_the_other_engine_is_refused(sqlite: Database, tmp_path: Path, postgresql: Any) -> None:
    backup(sqlite, tmp_path / "phieu.backup")
    database = open_database(postgresql())
    with pytest.raises(PhieuError) as refusal:
        restore(database, tmp_path / "phieu.backup", now=NOW, force=True)
    database.close()
    assert refusal.value.code == "backup_of_other_engine"


def test_a_damaged_backup_changes_nothing(database: Database, tmp_path: Path) -> None:
    filled(database, *(f"Sở {number}" for number in range(300)))
    file = tmp_path / "phieu.backup"
    backup(database, file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(PhieuError):
        restore(database, file, now=NOW, force=True)
    assert len(names(database)) == 300
    assert state(database).startswith(migration.head())


def test_a_damaged_database_is_put_aside_for_its_backup(sqlite: Database, tmp_path: Path) -> None:
    filled(sqlite, "saved")
    backup(sqlite, tmp_path / "phieu.backup")
    sqlite.close()
    assert sqlite.path is not None
    sqlite.path.write_bytes(b"\0" * 4096 + sqlite.path.read_bytes()[4096:])
    damaged = open_database(sqlite.url)
    assert examine(damaged).problems
    with pytest.raises(Unavailable):
        names(damaged)
    kept = restore(damaged, tmp_path / "phieu.backup", now=NOW, force=True).kept
    assert kept is not None
    assert Path(kept).read_bytes()[:16] == b"\0" * 16
    damaged.close()
    assert names(damaged) == ["saved"]
    filled(damaged, "next")
    damaged.close()


def test_a_sound_database_has_no_problems_and_its_rows_counted(database: Database) -> None:
    filled(database, "a", "b")
    health = examine(database)
    assert (health.problems, health.schema, health.counts["unit"]) == ((), migration.head(), 2)


def test_orphans_are_found(sqlite: Database) -> None:
    raw = sqlite_engine.driver().connect(str(sqlite.path), isolation_level=None)
    raw.execute("INSERT INTO unit (parent_id, name, superior, phone, email, website) VALUES (404, 'x', '', '', '', '')")
    raw.close()
    assert examine(sqlite).problems == ("references: row 1 of unit refers to a row of unit that is not there",)


def test_a_damaged_page_is_found(sqlite: Database) -> None:
    filled(sqlite, *(f"Sở {number} " + "x" * 200 for number in range(200)))
    sqlite.close()
    assert sqlite.path is not None
    content = sqlite.path.read_bytes()
    place = content.index(b"x" * 200) // 4096 * 4096
    sqlite.path.write_bytes(content[:place] + b"\xff" * 64 + content[place + 64 :])
    assert examine(sqlite).problems


def test_a_schema_changed_by_hand_is_found(database: Database) -> None:
    database.write(lambda session: session.execute(text("ALTER TABLE unit ADD COLUMN fax TEXT")))
    assert len(examine(database).problems) == 1


def test_a_database_without_tables_has_a_problem(empty: Database) -> None:
    health = examine(empty)
    assert (health.schema, len(health.problems)) == (None, 1)
    upgrade(empty)
    assert examine(empty).problems == ()
