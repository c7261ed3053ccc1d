"""Whoever is killed while the matrix grows, and however many grow it at once: the next one to look finds everybody."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from signal import SIGKILL, SIGXFSZ
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from survey.services import releasing
from survey.storage import matrix
from survey.storage.engine import Database, open_database
from survey.storage.matrix import MatrixStore
from survey.storage.models import Response
from tests.factories.studies import Study, study
from tests.storage.matrices import FIRST, SECOND
from tests.storage.matrix_programs import people

TODAY = date(2026, 11, 5)


@pytest.fixture
def server_database(postgresql: Callable[[], str]) -> Iterator[Database]:
    """An open, migrated PostgreSQL database."""
    database = open_database(postgresql())
    yield database
    database.close()


def run(call: str) -> list[dict[str, Any]]:
    """A call of ``matrix_programs`` in a process of its own; the lines it prints."""
    program = f"from tests.storage.matrix_programs import *\n{call}\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(one) for one in done.stdout.splitlines()]


def test_killed_at_any_step_of_growing_it_leaves_a_usable_matrix(sqlite: Database, tmp_path: Path) -> None:
    """The growth does all there is to do: reads new releases, replaces a stale file, merges small ones, tidies up."""
    one = study(sqlite, FIRST)
    prepared = tmp_path / "prepared"
    one.release(60)
    people(sqlite, prepared, one.survey_id)
    for _ in range(matrix.MOST_FILES):
        one.release(2)
        people(sqlite, prepared, one.survey_id)
    one.publish(SECOND)
    one.release_many([40, 3])
    one.revise(1)
    (prepared / "matrix" / str(one.survey_id) / "0000000000000000.tmp").write_bytes(b"left behind")
    sqlite.close()
    outcomes = run(f"die_everywhere({sqlite.url!r}, {str(prepared)!r}, {str(tmp_path / 'work')!r}, {one.survey_id})")
    assert [one for one in outcomes if not one["same"] or one["left"]] == []
    killed = [one["where"] for one in outcomes if one["status"] == -SIGKILL]
    assert len(killed) > 10 and all(where.startswith("step") for where in killed)
    assert [one["where"] for one in outcomes if one["status"] == -SIGXFSZ] == [
        "size 0",
        "size 1",
        "size 500",
        "size 2000",
    ]


def test_processes_that_grow_it_at_once_read_the_releases_once(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release_many([300, 200])
    database.close()
    (outcome,) = run(f"open_together({database.url!r}, {str(tmp_path / 'work')!r}, {one.survey_id}, 6)")
    assert outcome == {"statuses": [0] * 6, "files": 1}


def test_threads_that_grow_it_at_once_agree(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release_many([100, 50])
    barrier, found = Barrier(6), []

    def look() -> None:
        with database.reading() as session:
            barrier.wait()
            found.append(MatrixStore(tmp_path / "data").open(session, one.survey_id).rows)

    threads = [Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [150] * 6
    assert len(list(tmp_path.rglob("*.block"))) == 1


def test_answers_whose_commit_comes_late_fall_into_the_next_release(server_database: Database, tmp_path: Path) -> None:
    """PostgreSQL commits out of order: who began first may become visible last."""
    one = study(server_database, FIRST)
    early, late = one.rows(5), one.rows(5)
    with psycopg.connect(server_database.url.replace("+psycopg", "")) as connection:
        _insert(connection, early)  # begun, not committed
        one.store(late)
        assert _release(one) == 5
        before = people(server_database, tmp_path, one.survey_id)
        assert before.total() == 5
        connection.commit()
    assert people(server_database, tmp_path, one.survey_id) == before, "not released, so not there"
    assert _release(one) == 5
    assert people(server_database, tmp_path, one.survey_id) == one.people()
    assert one.people().total() == 10


def test_a_release_that_is_not_committed_is_not_in_the_matrix(server_database: Database, tmp_path: Path) -> None:
    one = study(server_database, FIRST)
    one.respond(12)
    seen: list[Counter[str]] = []

    def work(session: Any) -> int:
        released = releasing.release_everything(session, one.survey_id, TODAY, one.chance.randbytes)
        seen.append(people(server_database, tmp_path, one.survey_id))
        return released

    assert server_database.write(work) == 12
    assert seen == [Counter()]
    assert people(server_database, tmp_path, one.survey_id).total() == 12


def test_everything_deleted_under_a_reader_comes_back(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release(40)
    with database.reading() as session:
        held = MatrixStore(tmp_path / "data").open(session, one.survey_id)
    before = people(database, tmp_path / "data", one.survey_id)
    shutil.rmtree(tmp_path / "data")
    assert held.rows == 40 and held.blocks[0].columns["Q1"].sum() > 0, "what is mapped stays readable"
    assert people(database, tmp_path / "data", one.survey_id) == before


def _insert(connection: psycopg.Connection[Any], rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join(f"%({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO response ({', '.join(names)}) VALUES ({marks})", rows)


def _release(one: Study) -> int:
    return one.database.write(
        lambda session: releasing.release_everything(session, one.survey_id, TODAY, one.chance.randbytes)
    )


def test_the_number_of_people_released_is_what_the_table_says(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.respond(1300)
    assert _release(one) == 1300
    with database.reading() as session:
        counted = session.scalar(select(func.count()).where(Response.release_number == 1))
    assert counted == people(database, tmp_path, one.survey_id).total() == 1300
