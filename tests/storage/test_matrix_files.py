"""Files of the matrix: few, sound, nobody else's; and what happens when they are not."""

from __future__ import annotations

import stat
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from survey.aggregation.coding import COLLECTOR
from survey.errors import PhieuError
from survey.storage import blocks, matrix
from survey.storage.engine import Database, open_database
from survey.storage.matrix import MOST_FILES, MatrixStore
from survey.storage.migration import upgrade
from survey.storage.models import Response
from tests.aggregation.populations import decoded
from tests.databases import sqlite_url
from tests.factories.studies import study
from tests.storage.matrices import FIRST, SECOND, files, opened


def test_each_growth_adds_one_file_and_many_releases_at_once_make_one(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release_many([5] * 2000)
    assert opened(one, tmp_path).total() == 10_000
    assert len(files(tmp_path)) == 1
    one.release(5)
    opened(one, tmp_path)
    assert len(files(tmp_path)) == 2


def test_the_number_of_files_stays_small_and_nothing_is_lost_in_merging(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release(400)
    opened(one, tmp_path)
    largest = files(tmp_path)
    for growth in range(60):
        one.release(one.chance.randint(0, 4))
        if growth == 30:
            one.add_collector("Z")
            one.publish(SECOND)
        opened(one, tmp_path)
        assert len(files(tmp_path)) <= MOST_FILES
    assert opened(one, tmp_path) == one.people()
    assert files(tmp_path) != largest and largest[0] in files(tmp_path), "the large file is not written again and again"


@pytest.mark.parametrize("keep", [0, 1, 8, 19, 20, 21, 100, -1, -8, -20])
def test_a_file_cut_off_anywhere_is_replaced(sqlite: Database, tmp_path: Path, keep: int) -> None:
    one = study(sqlite, FIRST)
    one.release(30)
    before = opened(one, tmp_path)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    assert opened(one, tmp_path) == before
    assert path not in files(tmp_path)


def test_any_flipped_bit_is_noticed(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release(30)
    opened(one, tmp_path)
    (path,) = files(tmp_path)
    sound = path.read_bytes()
    assert blocks.read(path).rows == 30
    for place in (*range(0, len(sound), 37), *range(len(sound) - 20, len(sound))):
        flipped = bytearray(sound)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        with pytest.raises(blocks.Damaged):
            blocks.read(path)


def test_rubbish_among_the_files_is_cleared_away(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release(10)
    before = opened(one, tmp_path)
    (path,) = files(tmp_path)
    unfinished = path.with_name("0123456789abcdef.tmp")
    unfinished.write_bytes(b"half")
    path.with_name("00.block").write_bytes(b"PHIEUMX\n" * 4)
    path.with_name("01.block").write_bytes(path.read_bytes())
    assert opened(one, tmp_path) == before
    assert len(files(tmp_path)) == 1 and not unfinished.exists()


def test_another_database_put_in_place_is_not_shown_the_old_answers(tmp_path: Path) -> None:
    """The data folder outlives a deleted database, and a restored one is older than the files."""
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        database = open_database(sqlite_url(tmp_path / name))
        upgrade(database)
        one = study(database, FIRST, collectors=(name,))
        one.chance.seed(name)
        one.release_many([5, 5] if name == "second" else [5, 5, 5])
        found.append(opened(one, tmp_path))
        assert found[-1] == one.people()
        with database.reading() as session:
            codes = MatrixStore(tmp_path).open(session, one.survey_id).codings[COLLECTOR].codes
        assert all(code.startswith(name) for code in codes)
        database.close()
    assert not found[0] & found[1]


def test_rows_of_a_release_stand_in_random_order(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    arrived = [date(2026, 1 + number // 25, 1) for number in range(300)]
    rows = enumerate(one.rows(300), 1)
    one.release_rows([{**row, "id": number, "received_on": arrived[number - 1]} for number, row in rows])
    with sqlite.reading() as session:
        stored = list(session.scalars(select(Response.received_on).order_by(text("rowid"))))
        (block,) = MatrixStore(tmp_path).open(session, one.survey_id).blocks
    assert stored == arrived, "the table itself stands in order of arrival, or this test shows nothing"
    months = [f"{day:%Y-%m}" for day in arrived]
    found = [str(person["@month"]) for person in decoded(block)]
    assert Counter(found) == Counter(months)
    assert sum(one == other for one, other in zip(found, months, strict=True)) < 75, "one in twelve is where it was"


def test_files_are_nobody_elses_to_read_and_hold_no_text(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release(50)
    opened(one, tmp_path)
    for path in (tmp_path / "matrix").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert path.is_dir() or "tận tình".encode() not in path.read_bytes()


def test_memory_does_not_grow_with_the_release(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    long = '{"Q1": "1", "T": "' + "ă" * 4000 + '"}'
    one.release_rows([{**row, "answers": long} for row in one.rows(6000)])
    with database.reading() as session:
        tracemalloc.start()
        MatrixStore(tmp_path).open(session, one.survey_id)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16e6, "6,000 answers of 8 kB are 48 MB at once"


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing_behind(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release(10)
    (tmp_path / "matrix").write_text("in the way")
    with pytest.raises(PhieuError) as caught:
        opened(one, tmp_path)
    assert (caught.value.code, caught.value.status) == ("matrix_unusable", 503)
    (tmp_path / "matrix").unlink()
    assert opened(one, tmp_path) == one.people()


def test_many_surveys_do_not_keep_their_files_open(sqlite: Database, tmp_path: Path) -> None:
    for _ in range(matrix.SURVEYS_KEPT + 5):
        one = study(sqlite, FIRST)
        one.release(5)
        opened(one, tmp_path)
    # The listing's own descriptor is gone by the time it is looked at.
    held = [link.readlink().suffix for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert 0 < held.count(".block") <= matrix.SURVEYS_KEPT
