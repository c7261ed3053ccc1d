"""The fair writer: durable before acknowledged, whole or not at all, and nobody pays for somebody else's mistake."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import exc, select, text
from sqlalchemy.orm import Session

from survey.errors import Unavailable
from survey.storage import sqlite as sqlite_engine
from survey.storage.engine import Database, open_database
from survey.storage.filelock import locked
from survey.storage.models import Survey, Unit
from survey.storage.writer import BATCH, FairWriter
from tests.databases import Server
from tests.storage.programs import names, put, started


class Mistake(Exception):
    """What a faulty work raises."""


def faulty(session: Session) -> None:
    put("faulty")(session)
    raise Mistake


def breaking_a_rule(session: Session) -> None:
    put("breaking")(session)
    session.execute(text("INSERT INTO survey (slug, unit_id) VALUES ('a', 1)"))


def orphan_seen_at_commit(session: Session) -> None:
    """A work that is fine until the commit, which then fails for everybody."""
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(
        text("INSERT INTO unit (parent_id, name, superior, phone, email, website) VALUES (9, 'x', '', '', '', '')")
    )


def queue(database: Database) -> FairWriter:
    """A writer whose futures a test can hold."""
    assert database.path is not None
    assert database.fair is not None
    return FairWriter(database.fair, sqlite_engine.lock_path(database.path))


def together(database: Database, *works: Any) -> list[Future[Any]]:
    """Store works that all wait before the first begins; gives their futures, done."""
    assert database.path is not None
    writer = queue(database)
    with locked(sqlite_engine.lock_path(database.path)):
        futures = [writer.submit(work) for work in works]
    writer.stop()
    return futures


def test_a_write_gives_what_the_work_returned(database: Database) -> None:
    assert database.write(lambda session: session.scalar(text("SELECT 41")) + 1) == 42


def test_a_work_that_raises_is_heard_and_keeps_nothing(database: Database) -> None:
    with pytest.raises(Mistake):
        database.write(faulty)
    with pytest.raises(exc.IntegrityError):
        database.write(breaking_a_rule)
    assert names(database) == []
    database.write(put("next"))
    assert names(database) == ["next"]


def test_objects_of_a_work_are_still_readable_after_it(database: Database) -> None:
    def work(session: Session) -> Unit:
        unit = Unit(name="Sở Y tế")
        session.add(unit)
        return unit

    unit = database.write(work)
    assert (unit.name, unit.id) == ("Sở Y tế", 1)


def test_a_work_can_neither_commit_nor_roll_back(database: Database) -> None:
    def committing(session: Session) -> None:
        put("x")(session)
        session.commit()

    def rolling_back(session: Session) -> None:
        put("x")(session)
        session.rollback()

    for work in (committing, rolling_back):
        with pytest.raises(RuntimeError):
            database.write(work)
    assert names(database) == []


def test_a_work_that_waits_for_itself_is_refused(sqlite: Database) -> None:
    with pytest.raises(RuntimeError):
        sqlite.write(lambda session: sqlite.write(put("x")))
    assert names(sqlite) == []


def test_a_work_may_undo_a_part_of_itself(database: Database) -> None:
    def without_times(session: Session) -> None:
        with session.begin_nested():
            put("undone")(session)
            session.add(Survey(slug="a", unit_id=404, title="t"))

    def work(session: Session) -> None:
        put("kept")(session)
        with pytest.raises(exc.IntegrityError):
            without_times(session)
        put("also kept")(session)

    database.write(work)
    assert names(database) == ["kept", "also kept"]


def test_a_failing_work_costs_only_itself(sqlite: Database) -> None:
    works = [put("a"), faulty, put("b"), breaking_a_rule, lambda session: session.add(Unit()), put("c")]
    futures = together(sqlite, *works)
    errors = [type(future.exception()) for future in futures]
    assert errors == [type(None), Mistake, type(None), exc.IntegrityError, exc.IntegrityError, type(None)]
    assert names(sqlite) == ["a", "b", "c"]


def test_works_that_wait_share_a_commit_and_hear_of_it_afterwards(sqlite: Database) -> None:
    futures: list[Future[Any]] = []

    def look(session: Session) -> list[bool]:
        return [future.done() for future in futures]

    writer = queue(sqlite)
    assert sqlite.path is not None
    with locked(sqlite_engine.lock_path(sqlite.path)):
        futures += [writer.submit(put(str(number))) for number in range(BATCH - 1)]
        seen_within = writer.submit(look)
        seen_after = writer.submit(look)
    writer.stop()
    assert not any(seen_within.result())
    # A batch has its limit, so the first ones do not wait for all that come behind them.
    assert all(seen_after.result())
    assert len(names(sqlite)) == BATCH - 1


def test_a_commit_that_fails_is_unavailable_to_all_it_was_for(sqlite: Database) -> None:
    futures = together(sqlite, put("a"), faulty, orphan_seen_at_commit, put("b"))
    errors = [future.exception() for future in futures]
    assert [type(error) for error in errors] == [Unavailable, Mistake, Unavailable, Unavailable]
    assert len({id(error) for error in errors}) == 4
    assert names(sqlite) == []
    sqlite.write(put("next"))
    assert names(sqlite) == ["next"]


def test_one_who_gave_up_waiting_keeps_nothing(sqlite: Database) -> None:
    writer = queue(sqlite)
    assert sqlite.path is not None
    with locked(sqlite_engine.lock_path(sqlite.path)):
        first, second, third = (writer.submit(put(name)) for name in "abc")
        assert first.cancel()
        assert third.cancel()
    writer.stop()
    assert second.done()
    assert names(sqlite) == ["b"]


def test_closing_finishes_what_waits_and_the_next_use_opens_again(sqlite: Database) -> None:
    threads = [threading.Thread(target=sqlite.write, args=(put(str(number)),)) for number in range(8)]
    for thread in threads:
        thread.start()
    sqlite.close()
    for thread in threads:
        thread.join()
    sqlite.write(put("last"))
    assert len(names(sqlite)) == 9


def test_a_writer_whose_thread_is_gone_is_replaced(sqlite: Database) -> None:
    sqlite.write(put("a"))
    assert sqlite._queue is not None
    sqlite._queue.stop()
    sqlite.write(put("b"))
    assert names(sqlite) == ["a", "b"]


def test_a_lock_file_that_cannot_be_opened_is_unavailable_until_it_can(sqlite: Database) -> None:
    assert sqlite.path is not None
    lock = sqlite_engine.lock_path(sqlite.path)
    lock.unlink()
    lock.mkdir()
    with pytest.raises(Unavailable):
        sqlite.write(put("a"))
    lock.rmdir()
    sqlite.write(put("b"))
    assert names(sqlite) == ["b"]


def test_a_file_another_program_holds_is_busy_and_then_free(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_engine, "BUSY_SECONDS", 0.05)
    impatient = open_database(sqlite.url)
    other = sqlite_engine.driver().connect(str(sqlite.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refusal:
        impatient.write(put("a"))
    assert refusal.value.code == "database_busy"
    other.execute("ROLLBACK")
    impatient.write(put("b"))
    assert names(impatient) == ["b"]
    other.close()
    impatient.close()


def test_a_full_disk_is_unavailable_and_loses_nothing_acknowledged(sqlite: Database) -> None:
    with started(f"fill_the_disk({sqlite.url!r})") as process:
        *acknowledged, codes = process.communicate()[0].splitlines()
    assert process.returncode == 0
    assert codes in ("codes disk_full", "codes database_unavailable", "codes database_unavailable disk_full")
    assert {"first", "last"} <= set(acknowledged)
    assert 2 < len(acknowledged) < 202
    assert names(sqlite) == acknowledged


def test_eight_writers_in_two_processes_and_a_reader_are_never_locked_out(sqlite: Database) -> None:
    call = f"write({sqlite.url!r}, 4, 40)"
    with started(call) as one, started(call) as other:
        seen = [len(names(sqlite)) for _ in range(200)]
        said = [*one.communicate()[0].splitlines(), *other.communicate()[0].splitlines()]
    assert (one.returncode, other.returncode) == (0, 0)
    assert sorted(names(sqlite)) == sorted(said)
    assert len(said) == 320
    assert seen == sorted(seen)


def test_writers_that_begin_deferred_are_locked_out(sqlite: Database) -> None:
    """The control: read, then write, while another one committed in between."""
    driver = sqlite_engine.driver()
    one, other = (driver.connect(str(sqlite.path), isolation_level=None, timeout=10) for _ in range(2))
    for connection in (one, other):
        connection.execute("BEGIN DEFERRED")
        connection.execute("SELECT count(*) FROM unit").fetchone()
    statement = "INSERT INTO unit (name, superior, phone, email, website) VALUES ('x', '', '', '', '')"
    other.execute(statement)
    with pytest.raises(driver.OperationalError, match="locked"):
        one.execute(statement)
    one.close()
    other.close()


def test_what_was_acknowledged_survives_kill_9(database: Database) -> None:
    acknowledged: list[str] = []
    for cut in (1, 20, 60):
        with started(f"write({database.url!r}, 8, 1000)") as process:
            assert process.stdout is not None
            acknowledged += [line.strip() for line in islice(process.stdout, cut)]
            process.kill()
            # What it had said before it died counts too; a line it was cut off in does not.
            rest = process.stdout.read()
            acknowledged += rest[: rest.rfind("\n") + 1].splitlines()
        stored = names(database)
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored))
    assert len(acknowledged) >= 81


def test_what_is_acknowledged_before_its_commit_is_lost(database: Database) -> None:
    """The control: the same kill, but a writer that promises too early."""
    with started(f"die_before_commit({database.url!r}, 'too early')") as process:
        assert process.communicate()[0] == "too early\n"
    assert names(database) == []


@pytest.fixture
def postgresql_database(postgresql: Any) -> Any:
    database = open_database(postgresql())
    yield database
    database.close()


def test_transactions_that_deadlock_are_run_again(postgresql_database: Database) -> None:
    database = postgresql_database
    database.write(put("a"))
    database.write(put("b"))
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def crossing(first: str, second: str) -> Any:
        def work(session: Session) -> None:
            session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            session.execute(text("UPDATE unit SET phone = phone || '+' WHERE name = :name"), {"name": first})
            runs.append(first)
            if len(runs) <= 2:
                both_hold_one.wait()
            session.execute(text("UPDATE unit SET phone = phone || '+' WHERE name = :name"), {"name": second})

        return work

    threads = [threading.Thread(target=database.write, args=(crossing(*pair),)) for pair in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The one that gave way may meet the other once more before it is through.
    assert len(runs) >= 3
    with database.reading() as session:
        assert session.scalars(select(Unit.phone)).all() == ["++", "++"]


def test_a_connection_cut_within_a_work_is_unavailable_and_the_next_one_is_new(postgresql_database: Database) -> None:
    database = postgresql_database

    def cut(session: Session) -> None:
        put("cut")(session)
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        database.write(cut)
    database.write(put("next"))
    assert names(database) == ["next"]


def test_a_server_that_restarted_is_found_again(postgresql_database: Database, postgresql_server: Server) -> None:
    database = postgresql_database
    database.write(put("before"))
    name = database.url.rpartition("/")[2].partition("?")[0]
    postgresql_server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    database.write(put("after"))
    assert names(database) == ["before", "after"]
