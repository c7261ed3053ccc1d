"""The matrix holds exactly what is released, whatever happens to its files, and reads only what is new."""

from __future__ import annotations

import stat
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from survey.aggregation.coding import COLLECTOR
from survey.aggregation.columns import Matrix
from survey.definition.types import LongText
from survey.errors import PhieuError
from survey.storage import blocks, matrix
from survey.storage.engine import Database, open_database
from survey.storage.matrix import MOST_FILES, MatrixStore
from survey.storage.migration import upgrade
from survey.storage.models import Release, Response
from tests.aggregation.populations import LABEL, decoded, multiple, questionnaire, scale
from tests.databases import sqlite_url
from tests.factories.studies import Study, line, study

FIRST = questionnaire(
    scale("Q1", "1", "2", "3", "x9"),
    multiple("Q2", "1", "2", "3"),
    scale("Q3", "1", "2"),
    LongText(key="T", text=LABEL),
)
SECOND = questionnaire(scale("Q4", "1", "2"), scale("Q1", "1", "15", "2", "3", "x9"), multiple("Q2", "0", "3", "2"))


def people_of(opened: Matrix) -> Counter[str]:
    """Everybody in a matrix, told from its numbers alone."""
    return Counter(line(person) for block in opened.blocks for person in decoded(block))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def opened(folder: Path) -> Callable[[Study], Counter[str]]:
    """Opens the matrix of a study and gives the people in it."""

    def people(one: Study) -> Counter[str]:
        with one.database.reading() as session:
            return people_of(MatrixStore(folder).open(session, one.survey_id))

    return people


Opened = Callable[[Study], Counter[str]]


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.block"))


def test_it_holds_complete_and_flagged_responses_that_are_released_and_no_others(
    database: Database, opened: Opened
) -> None:
    one, other = study(database, FIRST), study(database, FIRST)
    other.release(5)
    for status in ("complete", "flagged", "test", "partial", "excluded", "withdrawn"):
        one.release(5, status)
        one.respond(5, status)
    assert opened(one).total() == 10
    assert opened(one) == one.people()


def test_a_survey_without_releases_has_its_variables_and_nobody(sqlite: Database, folder: Path) -> None:
    one = study(sqlite, FIRST)
    one.respond(7)
    with sqlite.reading() as session:
        empty = MatrixStore(folder).open(session, one.survey_id)
    assert empty.rows == 0 and list(empty.codings)[:3] == ["Q1", "Q2", "Q3"]
    assert not folder.exists()


def test_deleted_in_part_or_whole_it_comes_back_exactly(database: Database, folder: Path, opened: Opened) -> None:
    one = study(database, FIRST)
    for _ in range(3):
        one.release(20)
        before = opened(one)
    files(folder)[1].unlink()
    assert opened(one) == before
    for path in files(folder):
        path.unlink()
    assert opened(one) == before == one.people()


def test_opening_reads_only_the_releases_that_came_since(database: Database, folder: Path, opened: Opened) -> None:
    one = study(database, FIRST)
    one.release(10)
    before = opened(one)
    one.tamper(1)
    one.release(10)
    assert opened(one).total() == 20
    assert opened(one) > before
    # Negative control: without its file, release 1 is read again, and then the change is seen.
    for path in files(folder):
        path.unlink()
    assert opened(one).total() == 10


def test_each_growth_adds_one_file_and_many_releases_at_once_make_one(
    sqlite: Database, folder: Path, opened: Opened
) -> None:
    one = study(sqlite, FIRST)
    one.release_many([5] * 2000)
    assert opened(one).total() == 10_000
    assert len(files(folder)) == 1
    one.release(5)
    opened(one)
    assert len(files(folder)) == 2


def test_the_number_of_files_stays_small_and_nothing_is_lost_in_merging(
    sqlite: Database, folder: Path, opened: Opened
) -> None:
    one = study(sqlite, FIRST)
    one.release(400)
    opened(one)
    largest = files(folder)
    for growth in range(60):
        one.release(one.chance.randint(0, 4))
        if growth == 30:
            one.add_collector("Z")
            one.publish(SECOND)
        opened(one)
        assert len(files(folder)) <= MOST_FILES
    assert opened(one) == one.people()
    assert files(folder) != largest and largest[0] in files(folder), "the large file is not written again and again"


def test_a_changed_revision_is_built_anew_and_what_was_is_gone(
    database: Database, folder: Path, opened: Opened
) -> None:
    one = study(database, FIRST)
    one.release_many([6, 6, 6])
    before = opened(one)
    (old,) = files(folder)
    one.tamper(1)
    one.revise(2)
    after = opened(one)
    assert after < before and (before - after).total() == 1
    assert old not in files(folder)
    # The release that did not change was not read again: it came from the old file.
    assert after != one.people()


def test_a_release_left_without_anybody_is_not_read_again_and_again(
    sqlite: Database, folder: Path, opened: Opened
) -> None:
    one = study(sqlite, FIRST)
    one.release_many([1, 5])
    opened(one)
    one.revise(1)
    assert opened(one) == one.people() and opened(one).total() == 5
    before = files(folder)
    opened(one)
    assert files(folder) == before


def test_a_release_taken_away_leaves_the_files_too(sqlite: Database, folder: Path, opened: Opened) -> None:
    one = study(sqlite, FIRST)
    one.release_many([5, 7, 5])
    opened(one)
    one.execute(delete(Release).where(Release.survey_id == one.survey_id, Release.number == 2))
    assert opened(one).total() == 10
    assert sum(blocks.read(path).rows for path in files(folder)) == 10


@pytest.mark.parametrize("keep", [0, 1, 8, 19, 20, 21, 100, -1, -8, -20])
def test_a_file_cut_off_anywhere_is_replaced(sqlite: Database, folder: Path, opened: Opened, keep: int) -> None:
    one = study(sqlite, FIRST)
    one.release(30)
    before = opened(one)
    (path,) = files(folder)
    path.write_bytes(path.read_bytes()[:keep])
    assert opened(one) == before
    assert path not in files(folder)


def test_any_flipped_bit_is_noticed(sqlite: Database, folder: Path, opened: Opened) -> None:
    one = study(sqlite, FIRST)
    one.release(30)
    opened(one)
    (path,) = files(folder)
    sound = path.read_bytes()
    assert blocks.read(path).rows == 30
    for place in (*range(0, len(sound), 37), *range(len(sound) - 20, len(sound))):
        flipped = bytearray(sound)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        with pytest.raises(blocks.Damaged):
            blocks.read(path)


def test_rubbish_among_the_files_is_cleared_away(sqlite: Database, folder: Path, opened: Opened) -> None:
    one = study(sqlite, FIRST)
    one.release(10)
    before = opened(one)
    (path,) = files(folder)
    unfinished = path.with_name("0123456789abcdef.tmp")
    unfinished.write_bytes(b"half")
    path.with_name("00.block").write_bytes(b"PHIEUMX\n" * 4)
    path.with_name("01.block").write_bytes(path.read_bytes())
    assert opened(one) == before
    assert len(files(folder)) == 1 and not unfinished.exists()


def test_another_database_put_in_place_is_not_shown_the_old_answers(
    folder: Path, tmp_path: Path, opened: Opened
) -> None:
    """The data folder outlives a deleted database, and a restored one is older than the files."""
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        database = open_database(sqlite_url(tmp_path / name))
        upgrade(database)
        one = study(database, FIRST, collectors=(name,))
        one.chance.seed(name)
        one.release_many([5, 5] if name == "second" else [5, 5, 5])
        found.append(opened(one))
        assert found[-1] == one.people()
        with database.reading() as session:
            codes = MatrixStore(folder).open(session, one.survey_id).codings[COLLECTOR].codes
        assert all(code.startswith(name) for code in codes)
        database.close()
    assert not found[0] & found[1]


def test_new_codes_new_questions_and_removed_ones_keep_every_answer(
    database: Database, folder: Path, opened: Opened
) -> None:
    one = study(database, FIRST)
    one.release(40)
    opened(one)
    before = files(folder)
    one.publish(SECOND)
    one.add_collector("C")
    one.release(40)
    assert opened(one) == one.people()
    assert set(before) < set(files(folder)), "what was written before the new version still serves"
    with database.reading() as session:
        codings = MatrixStore(folder).open(session, one.survey_id).codings
    assert list(codings)[:4] == ["Q4", "Q1", "Q2", "Q3"]
    assert codings["Q1"].codes == ("1", "2", "3", "x9", "15")


def test_a_question_that_changes_its_form_keeps_every_answer(database: Database, opened: Opened) -> None:
    one = study(database, FIRST)
    one.release(30)
    opened(one)
    one.publish(questionnaire(multiple("Q1", "3", "1"), LongText(key="Q3", text=LABEL), scale("T", "1")))
    one.release(30)
    assert opened(one) == one.people()


def test_collectors_languages_and_months_may_appear_in_any_order(
    database: Database, folder: Path, opened: Opened
) -> None:
    one = study(database, FIRST, collectors=("A",))
    for code in ("Z", "M", "B"):
        one.release(3)
        opened(one)
        one.add_collector(code)
    one.release(50)
    assert opened(one) == one.people()
    for path in files(folder)[::2]:
        path.unlink()
    assert opened(one) == one.people()


def test_more_rows_than_a_piece_holds_are_all_there(
    sqlite: Database, folder: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.storage.sources.PIECE", 700)
    monkeypatch.setattr(blocks, "PIECE", 700)
    one = study(sqlite, FIRST)
    one.release_many([3000, 5, 10])
    assert opened(one) == one.people()
    one.revise(1)
    one.revise(2)
    assert opened(one) == one.people()
    (path,) = files(folder)
    assert len(blocks.read(path).pieces) > 2


def test_rows_of_a_release_stand_in_random_order(sqlite: Database, folder: Path) -> None:
    one = study(sqlite, FIRST)
    arrived = [date(2026, 1 + number // 25, 1) for number in range(300)]
    rows = enumerate(one.rows(300), 1)
    one.release_rows([{**row, "id": number, "received_on": arrived[number - 1]} for number, row in rows])
    with sqlite.reading() as session:
        stored = list(session.scalars(select(Response.received_on).order_by(text("rowid"))))
        (block,) = MatrixStore(folder).open(session, one.survey_id).blocks
    assert stored == arrived, "the table itself stands in order of arrival, or this test shows nothing"
    months = [f"{day:%Y-%m}" for day in arrived]
    found = [str(person["@month"]) for person in decoded(block)]
    assert Counter(found) == Counter(months)
    assert sum(one == other for one, other in zip(found, months, strict=True)) < 75, "one in twelve is where it was"


def test_files_are_nobody_elses_to_read_and_hold_no_text(sqlite: Database, folder: Path, opened: Opened) -> None:
    one = study(sqlite, FIRST)
    one.release(50)
    opened(one)
    for path in (folder / "matrix").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert path.is_dir() or "tận tình".encode() not in path.read_bytes()


def test_memory_does_not_grow_with_the_release(database: Database, folder: Path) -> None:
    one = study(database, FIRST)
    long = '{"Q1": "1", "T": "' + "ă" * 4000 + '"}'
    one.release_rows([{**row, "answers": long} for row in one.rows(6000)])
    with database.reading() as session:
        tracemalloc.start()
        MatrixStore(folder).open(session, one.survey_id)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16e6, "6,000 answers of 8 kB are 48 MB at once"


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing_behind(
    sqlite: Database, folder: Path, opened: Opened
) -> None:
    one = study(sqlite, FIRST)
    one.release(10)
    folder.mkdir()
    (folder / "matrix").write_text("in the way")
    with pytest.raises(PhieuError) as caught:
        opened(one)
    assert (caught.value.code, caught.value.status) == ("matrix_unusable", 503)
    (folder / "matrix").unlink()
    assert opened(one) == one.people()


def test_many_surveys_do_not_keep_their_files_open(sqlite: Database, opened: Opened) -> None:
    for _ in range(matrix.SURVEYS_KEPT + 5):
        one = study(sqlite, FIRST)
        one.release(5)
        opened(one)
    # The listing's own descriptor is gone by the time it is looked at.
    held = [link.readlink().suffix for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert 0 < held.count(".block") <= matrix.SURVEYS_KEPT


def test_an_older_session_sees_its_own_releases_while_another_goes_on(
    database: Database, opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        matrix, "MOST_FILES", 1
    )  # every growth merges, so the older session finds its rows beside newer ones
    one = study(database, FIRST)
    one.release(10)
    with _snapshot(database, one) as session:
        before = one.people()
        one.release(10)
        assert opened(one) == one.people() and len(files(folder)) == 1
        assert people_of(MatrixStore(folder).open(session, one.survey_id)) == before
        one.revise(1)
        now = opened(one)
        assert people_of(MatrixStore(folder).open(session, one.survey_id)) == before
    assert opened(one) == now == one.people()


def _snapshot(database: Database, one: Study) -> _Reading:
    return _Reading(database, one)


class _Reading:
    """A session that has read already, so that its view of the database stands."""

    def __init__(self, database: Database, one: Study) -> None:
        self._context = database.reading()
        self._survey_id = one.survey_id

    def __enter__(self) -> Session:
        session = self._context.__enter__()
        session.execute(select(Release.number).where(Release.survey_id == self._survey_id)).all()
        return session

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Each test meets the files as a new process does."""
    matrix._opened.clear()
    yield
    matrix._opened.clear()
