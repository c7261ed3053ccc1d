"""Flagged answers: kept and counted, left out only in groups and with a reason, and shown with and without."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import quality
from survey.services.results import open_result, open_without_flagged
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.statistics.document import to_json
from survey.storage.models import AuditEntry, Exclusion, Response, Survey
from survey.storage.queries import quality as queries
from tests.factories.answers import answer, release
from tests.factories.plans import plans
from tests.factories.surveys import open_survey

SLUG = "ratings"
TODAY = date(2026, 10, 15)


def rated(rating: str, people: int) -> list[dict[str, str]]:
    return [{"rating": rating, "service": "0", "dept": "1"}] * people


@pytest.fixture
def code(any_runtime: Runtime) -> str:
    """Thirty answers and twelve that are flagged, all in results."""
    code = open_survey(any_runtime, slug=SLUG, instrument="lecture_ratings")
    answer(any_runtime, code, rated("4", 30))
    answer(any_runtime, code, rated("1", 12), status="flagged", flags="burst speeder")
    release(any_runtime, SLUG)
    return code


def counts(runtime: Runtime) -> dict[str, int]:
    return dict(open_result(runtime, OPERATOR, SLUG).question("rating").figures.counts or {})


def test_flagged_answers_count_and_stand_in_groups(any_runtime: Runtime, code: str) -> None:
    assert counts(any_runtime)["1"] == 12
    assert quality.groups(any_runtime, OPERATOR, SLUG) == tuple(
        quality.Group(code, "Hội trường", TODAY, flag, 12, 42) for flag in ("burst", "speeder")
    )


def test_a_group_is_left_out_with_a_reason_that_stands_in_the_result(any_runtime: Runtime, code: str) -> None:
    assert quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "burst", "  Thử máy trước giờ mở cửa ") == 12
    found = open_result(any_runtime, OPERATOR, SLUG)
    assert dict(found.responses) == {"complete": 30, "excluded": 12}
    assert (found.question("rating").figures.counts or {})["1"] == 0
    assert found.exclusions == (("Thử máy trước giờ mở cửa", 12),)
    assert to_json(found)["exclusions"] == [{"reason": "Thử máy trước giờ mở cửa", "responses": 12}]
    (decision,) = quality.decisions(any_runtime, OPERATOR, SLUG)
    assert (decision.flag, decision.answers, decision.by, decision.lifted_on) == ("burst", 12, "operator", None)
    with any_runtime.database.reading() as session:
        assert "response.exclude" in set(session.scalars(select(AuditEntry.action)))


def test_what_was_left_out_comes_back(any_runtime: Runtime, code: str) -> None:
    before = counts(any_runtime)
    quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "speeder", "Nghi gửi hàng loạt")
    assert counts(any_runtime) != before
    (decision,) = quality.decisions(any_runtime, OPERATOR, SLUG)
    assert quality.lift(any_runtime, OPERATOR, SLUG, decision.id) == 12
    assert counts(any_runtime) == before
    assert open_result(any_runtime, OPERATOR, SLUG).exclusions == ()
    with pytest.raises(Conflict):
        quality.lift(any_runtime, OPERATOR, SLUG, decision.id)


def test_leaving_out_fewer_than_five_waits(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime, slug=SLUG, instrument="lecture_ratings")
    answer(any_runtime, code, rated("4", 30))
    answer(any_runtime, code, rated("1", 4), status="flagged", flags="speeder")
    release(any_runtime, SLUG)
    before = counts(any_runtime)
    assert quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "speeder", "Quá nhanh") == 4
    assert counts(any_runtime) == before
    assert dict(open_result(any_runtime, OPERATOR, SLUG).responses) == {"complete": 30, "excluded": 4}


def test_results_stand_without_the_flagged_only_from_five_on(any_runtime: Runtime, code: str) -> None:
    without = open_without_flagged(any_runtime, OPERATOR, SLUG)
    assert without is not None and without.released == 30
    assert without.question("rating").figures.base == 30
    assert without.question("rating").figures.satisfied_percent == 100


@pytest.mark.parametrize("flagged", [0, 1, 4])
def test_with_fewer_flagged_answers_there_is_one_result(any_runtime: Runtime, flagged: int) -> None:
    code = open_survey(any_runtime, slug=SLUG, instrument="lecture_ratings")
    answer(any_runtime, code, rated("4", 30))
    if flagged:
        answer(any_runtime, code, rated("1", flagged), status="flagged")
    release(any_runtime, SLUG)
    assert open_without_flagged(any_runtime, OPERATOR, SLUG) is None


def test_a_question_that_fewer_than_five_flagged_people_answered_is_not_shown_without_them(
    any_runtime: Runtime,
) -> None:
    code = open_survey(any_runtime, slug=SLUG, instrument="lecture_ratings")
    answer(any_runtime, code, rated("4", 30))
    answer(any_runtime, code, rated("1", 2), status="flagged")
    answer(any_runtime, code, [{"rating": "", "service": "1", "dept": "1"}] * 8, status="flagged")
    release(any_runtime, SLUG)
    without = open_without_flagged(any_runtime, OPERATOR, SLUG)
    assert without is not None
    assert without.question("rating").figures.suppressed and without.question("rating").figures.base is None
    assert without.question("service").figures.base == 30


def test_nothing_is_left_out_without_a_reason_a_group_or_the_right(any_runtime: Runtime, code: str) -> None:
    for reason in ("", "  \n ", "x" * 501):
        with pytest.raises(PhieuError):
            quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "burst", reason)
    for flag_, day in (("out_of_hours", TODAY), ("burst", date(2026, 10, 14)), ("burs", TODAY), ("%", TODAY)):
        with pytest.raises(Conflict):
            quality.exclude(any_runtime, OPERATOR, SLUG, code, day, flag_, "Lý do")
    with pytest.raises(NotAllowed):
        quality.exclude(any_runtime, Actor("s@example.gov.vn", "staff", 3), SLUG, code, TODAY, "burst", "Lý do")
    elsewhere = Actor("r@example.gov.vn", "reform_team", 4, units=frozenset({99}))
    with pytest.raises(NotFound):
        quality.exclude(any_runtime, elsewhere, SLUG, code, TODAY, "burst", "Lý do")
    with pytest.raises(NotFound):
        quality.lift(any_runtime, OPERATOR, SLUG, 2**40)
    assert counts(any_runtime)["1"] == 12


def test_flagged_answers_wait_for_five_of_their_kind_behind_a_code(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime, slug=SLUG, instrument="lecture_ratings")
    answer(any_runtime, code, rated("4", 30))
    answer(any_runtime, code, rated("1", 4), status="flagged")
    assert counts(any_runtime)["1"] == 0
    answer(any_runtime, code, rated("1", 1), status="flagged")
    answer(any_runtime, code, rated("4", 5))
    assert counts(any_runtime)["1"] in (0, 5)


def test_what_is_left_out_is_counted_now_and_soon_by_its_reason(any_runtime: Runtime, code: str) -> None:
    """Some are out of results already, some with the next release, some never were in them, and some come back."""
    answer(any_runtime, code, rated("2", 3), status="flagged", flags="repeated")
    quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "burst", "Thử máy")
    quality.exclude(any_runtime, OPERATOR, SLUG, code, TODAY, "repeated", "Gửi hàng loạt")
    assert _reasons(any_runtime) == [("Thử máy", 12), ("Gửi hàng loạt", 3)]
    open_result(any_runtime, OPERATOR, SLUG)
    _want_in_again(any_runtime, 2)
    assert _reasons(any_runtime) == [("Thử máy", 10), ("Gửi hàng loạt", 3)]
    assert [one.answers for one in quality.decisions(any_runtime, OPERATOR, SLUG)] == [3, 12]
    repeated, burst = (one.id for one in quality.decisions(any_runtime, OPERATOR, SLUG))
    assert quality.lift(any_runtime, OPERATOR, SLUG, burst) == 10
    assert _reasons(any_runtime) == [("Gửi hàng loạt", 3)]
    assert quality.lift(any_runtime, OPERATOR, SLUG, repeated) == 3
    assert _reasons(any_runtime) == []


def test_what_is_left_out_is_found_without_looking_at_every_answer(runtime: Runtime) -> None:
    open_survey(runtime, slug=SLUG, instrument="lecture_ratings")
    found = plans(runtime, lambda session: queries.reasons(session, 1))
    found += plans(runtime, lambda session: queries.left_out(session, Exclusion(id=1, survey_id=1)))
    assert len(found) == 4
    assert all("ix_response_survey_id_status" in one or "ix_response_survey_id_change" in one for one in found), found


def _reasons(runtime: Runtime) -> list[tuple[str, int]]:
    with runtime.database.reading() as session:
        return queries.reasons(session, session.scalars(select(Survey.id)).one())


def _want_in_again(runtime: Runtime, people: int) -> None:
    """So many of those that results hold no more are to come back with a later release."""

    def work(session: Session) -> None:
        out = select(Response.id).where(Response.status == "excluded", Response.release_number.is_not(None))
        ids = session.scalars(out.limit(people)).all()
        session.execute(update(Response).where(Response.id.in_(ids)).values(change="flagged"))

    runtime.database.write(work)
