"""The matrix holds exactly what is released, whatever is published or changed, and reads only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey.definition.questionnaire import Questionnaire
from survey.definition.types import LongText
from survey.storage import blocks, matrix
from survey.storage.engine import Database
from survey.storage.matrix import MatrixStore
from survey.storage.models import Release
from survey.storage.queries import releases
from tests.aggregation.populations import KEYS, LABEL, multiple, questionnaire, questions, scale
from tests.factories.studies import Study, study
from tests.storage.matrices import FIRST, SECOND, files, opened, people_of


def test_it_holds_complete_and_flagged_responses_that_are_released_and_no_others(
    database: Database, tmp_path: Path
) -> None:
    one, other = study(database, FIRST), study(database, FIRST)
    other.release(5)
    for status in ("complete", "flagged", "test", "partial", "excluded", "withdrawn"):
        one.release(5, status)
        one.respond(5, status)
    assert opened(one, tmp_path).total() == 10
    assert opened(one, tmp_path) == one.people()


def test_a_survey_without_releases_has_its_variables_and_nobody(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.respond(7)
    with sqlite.reading() as session:
        empty = MatrixStore(tmp_path).open(session, one.survey_id)
    assert empty.rows == 0 and list(empty.codings)[:3] == ["Q1", "Q2", "Q3"]
    assert not (tmp_path / "matrix").exists()


def test_deleted_in_part_or_whole_it_comes_back_exactly(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    for _ in range(3):
        one.release(20)
        before = opened(one, tmp_path)
    files(tmp_path)[1].unlink()
    assert opened(one, tmp_path) == before
    for path in files(tmp_path):
        path.unlink()
    assert opened(one, tmp_path) == before == one.people()


def test_opening_reads_only_the_releases_that_came_since(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release(10)
    before = opened(one, tmp_path)
    one.tamper(1)
    one.release(10)
    assert opened(one, tmp_path).total() == 20
    assert opened(one, tmp_path) > before
    # Negative control: without its file, release 1 is read again, and then the change is seen.
    for path in files(tmp_path):
        path.unlink()
    assert opened(one, tmp_path).total() == 10


def test_a_changed_revision_is_built_anew_and_what_was_is_gone(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release_many([6, 6, 6])
    before = opened(one, tmp_path)
    (old,) = files(tmp_path)
    one.tamper(1)
    one.revise(2)
    after = opened(one, tmp_path)
    assert after < before and (before - after).total() == 1
    assert old not in files(tmp_path)
    # The release that did not change was not read again: it came from the old file.
    assert after != one.people()


def test_a_release_left_without_anybody_is_not_read_again_and_again(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release_many([1, 5])
    opened(one, tmp_path)
    one.revise(1)
    assert opened(one, tmp_path) == one.people() and opened(one, tmp_path).total() == 5
    before = files(tmp_path)
    opened(one, tmp_path)
    assert files(tmp_path) == before


def test_a_release_taken_away_leaves_the_files_too(sqlite: Database, tmp_path: Path) -> None:
    one = study(sqlite, FIRST)
    one.release_many([5, 7, 5])
    opened(one, tmp_path)
    one.execute(delete(Release).where(Release.survey_id == one.survey_id, Release.number == 2))
    assert opened(one, tmp_path).total() == 10
    assert sum(blocks.read(path).rows for path in files(tmp_path)) == 10


def test_new_codes_new_questions_and_removed_ones_keep_every_answer(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release(40)
    opened(one, tmp_path)
    before = files(tmp_path)
    one.publish(SECOND)
    one.add_collector("C")
    one.release(40)
    assert opened(one, tmp_path) == one.people()
    assert set(before) < set(files(tmp_path)), "what was written before the new version still serves"
    with database.reading() as session:
        codings = MatrixStore(tmp_path).open(session, one.survey_id).codings
    assert list(codings)[:4] == ["Q4", "Q1", "Q2", "Q3"]
    assert codings["Q1"].codes == ("1", "2", "3", "x9", "15")


def test_a_question_that_changes_its_form_keeps_every_answer(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST)
    one.release(30)
    opened(one, tmp_path)
    one.publish(questionnaire(multiple("Q1", "3", "1"), LongText(key="Q3", text=LABEL), scale("T", "1")))
    one.release(30)
    assert opened(one, tmp_path) == one.people()


def test_collectors_languages_and_months_may_appear_in_any_order(database: Database, tmp_path: Path) -> None:
    one = study(database, FIRST, collectors=("A",))
    for code in ("Z", "M", "B"):
        one.release(3)
        opened(one, tmp_path)
        one.add_collector(code)
    one.release(50)
    assert opened(one, tmp_path) == one.people()
    for path in files(tmp_path)[::2]:
        path.unlink()
    assert opened(one, tmp_path) == one.people()


def test_more_rows_than_a_piece_holds_are_all_there(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.storage.sources.PIECE", 700)
    monkeypatch.setattr(blocks, "PIECE", 700)
    one = study(sqlite, FIRST)
    one.release_many([3000, 5, 10])
    assert opened(one, tmp_path) == one.people()
    one.revise(1)
    one.revise(2)
    assert opened(one, tmp_path) == one.people()
    (path,) = files(tmp_path)
    assert len(blocks.read(path).pieces) > 2


def test_an_older_session_sees_its_own_releases_while_another_goes_on(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        matrix, "MOST_FILES", 1
    )  # every growth merges, so the older session finds its rows beside newer ones
    one = study(database, FIRST)
    one.release(10)
    with _snapshot(one) as session:
        before = one.people()
        one.release(10)
        assert opened(one, tmp_path) == one.people() and len(files(tmp_path)) == 1
        assert people_of(MatrixStore(tmp_path).open(session, one.survey_id)) == before
        one.revise(1)
        now = opened(one, tmp_path)
        assert people_of(MatrixStore(tmp_path).open(session, one.survey_id)) == before
    assert opened(one, tmp_path) == now == one.people()


@contextmanager
def _snapshot(one: Study) -> Iterator[Session]:
    """A session that has read already, so that its view of the database stands."""
    with one.database.reading() as session:
        releases.revisions(session, one.survey_id)
        yield session


@st.composite
def versions(draw: st.DrawFn) -> Questionnaire:
    """Any two or three of five questions, of any form."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=2, max_size=3, unique=True))
    return questionnaire(*(draw(questions(key)) for key in keys))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_happens_in_whatever_order_nobody_is_lost(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    monkeypatch.setattr(matrix, "MOST_FILES", 3)
    one = study(sqlite, data.draw(versions()))
    for _ in range(data.draw(st.integers(1, 12))):
        match data.draw(st.sampled_from(["release", "release", "open", "publish", "collector", "revise", "lose"])):
            case "release":
                one.release_many(data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=3)))
            case "publish":
                one.publish(data.draw(versions()))
            case "collector":
                one.add_collector(f"{one.chance.getrandbits(40)}")
            case "revise" if one.released:
                one.revise(data.draw(st.integers(1, one.released)))
            case "lose" if held := files(tmp_path / "matrix" / str(one.survey_id)):
                data.draw(st.sampled_from(held)).unlink()
            case "open":
                assert opened(one, tmp_path) == one.people()
    assert opened(one, tmp_path) == one.people()
