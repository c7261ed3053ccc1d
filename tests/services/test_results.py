"""Opening results: what is released and no more, for those who may, filtered where a breakdown would show it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.aggregation.coding import COLLECTOR
from survey.definition.indexes import Rule
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, collectors
from survey.services.results import collector_choices, open_raw, open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, Response, Survey
from survey.storage.queries import results as queries
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.plans import plans
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)
ELSEWHERE = Actor(name="other@example.gov.vn", role="reform_team", user_id=9, units=frozenset({99}))


def survey(runtime: Runtime) -> str:
    return open_survey(runtime, slug="ratings", instrument="lecture_ratings")


def rated(rating: str, people: int, service: str = "0") -> list[dict[str, str]]:
    return [{"rating": rating, "service": service, "dept": "1"}] * people


def test_answers_enter_results_by_release_all_but_five(any_runtime: Runtime) -> None:
    code = survey(any_runtime)
    answer(any_runtime, code, rated("5", 9))
    waiting = open_result(any_runtime, REFORM, "ratings")
    assert (waiting.released, dict(waiting.responses)) == (0, {"complete": 9})
    assert waiting.question("rating").figures.base is None
    answer(any_runtime, code, rated("4", 9))
    found = open_result(any_runtime, REFORM, "ratings")
    assert (found.released, dict(found.responses), found.cut.release) == (13, {"complete": 18}, 1)
    assert found.question("rating").figures.base == 13
    assert open_result(any_runtime, REFORM, "ratings") == found


def test_the_result_says_as_of_which_day_and_under_which_cut(runtime: Runtime, clock: Clock) -> None:
    code = survey(runtime)
    answer(runtime, code, rated("5", 20))
    first = open_result(runtime, OPERATOR, "ratings")
    clock.advance(days=3)
    assert open_result(runtime, OPERATOR, "ratings").cut == first.cut
    assert first.cut.as_of == date(2026, 10, 15)
    answer(runtime, code, rated("1", 20))
    second = open_result(runtime, OPERATOR, "ratings")
    assert second.cut.as_of == date(2026, 10, 18)
    assert second.cut.hash != first.cut.hash
    assert second.cut.release == 2


def test_the_result_carries_who_asks_and_the_days_as_planned(runtime: Runtime) -> None:
    survey(runtime)
    last = date(2026, 12, 31)

    def plan(session: Session) -> None:
        session.scalars(select(Survey)).one().closes_on = last

    runtime.database.write(plan)
    found = open_result(runtime, OPERATOR, "ratings")
    assert found.collecting == (None, last)
    assert (found.contact, found.superior.to("vi")) == ("1022, gopy@example.gov.vn", "")


def test_only_those_who_may_see_results_do(runtime: Runtime) -> None:
    survey(runtime)
    with pytest.raises(NotAllowed):
        open_result(runtime, STAFF, "ratings")
    with pytest.raises(NotAllowed):
        collector_choices(runtime, STAFF, "ratings")
    with pytest.raises(NotAllowed):
        open_raw(runtime, REFORM, "ratings")
    for slug, actor in (("ratings", ELSEWHERE), ("nothing", REFORM)):
        with pytest.raises(NotFound):
            open_result(runtime, actor, slug)


def test_a_survey_that_was_never_published_has_no_results(runtime: Runtime) -> None:
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    with pytest.raises(Conflict):
        open_result(runtime, REFORM, "draft")


def test_the_raw_view_shows_everything_stored_and_leaves_a_trace(any_runtime: Runtime) -> None:
    code = survey(any_runtime)
    answer(any_runtime, code, rated("5", 2) + rated("1", 1, service="1"))
    answer(any_runtime, code, rated("1", 1), status="withdrawn")
    found = open_raw(any_runtime, OPERATOR, "ratings", by="service")
    assert found.raw
    assert (found.released, dict(found.responses)) == (3, {"complete": 3, "withdrawn": 1})
    assert found.question("rating").figures.counts == {"1": 1, "2": 0, "3": 0, "4": 0, "5": 2}
    ratings = next(one for one in found.breakdowns if one.key == "rating")
    assert {group.codes: group.figures.base for group in ratings.groups} == {("0",): 2, ("1",): 1}
    with any_runtime.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "result.raw")).all()
        assert [(one.actor, one.subject) for one in entries] == [("operator", "survey:ratings")]


def test_the_raw_view_and_everything_released_count_alike(runtime: Runtime) -> None:
    code = survey(runtime)
    answer(runtime, code, rated("5", 40) + rated("2", 25, service="1"))
    release(runtime, "ratings")
    shown, raw = open_result(runtime, OPERATOR, "ratings", by="service"), open_raw(runtime, OPERATOR, "ratings")
    assert [one.figures for one in shown.questions] == [one.figures for one in raw.questions]


def crowd(runtime: Runtime, *sizes: int) -> list[str]:
    """So many answers behind each of several collectors, all released."""
    codes = [survey(runtime)]
    codes += [
        collectors.add(runtime, OPERATOR, "ratings", "counter", f"Quầy {number}") for number in range(1, len(sizes))
    ]
    for code, size in zip(codes, sizes, strict=True):
        answer(runtime, code, rated("5", size))
    release(runtime, "ratings")
    return codes


def test_results_can_be_filtered_by_the_collectors_that_the_breakdown_shows(runtime: Runtime) -> None:
    hall, counter, *small = every = crowd(runtime, 40, 12, 6, 7)
    names = dict(zip(every, ("Hội trường", "Quầy 1", "Quầy 2", "Quầy 3"), strict=True))
    choices = collector_choices(runtime, REFORM, "ratings")
    assert [(one.codes, one.people) for one in choices] == [((hall,), 40), ((counter,), 12), (tuple(small), 13)]
    assert [one.label.to("vi") for one in choices] == ["Hội trường", "Quầy 1", "Các nhóm còn lại"]
    for choice in choices:
        found = open_result(runtime, REFORM, "ratings", filters=((COLLECTOR, choice.codes),))
        assert found.released == choice.people
        assert {label.to("vi") for label in found.selected[COLLECTOR]} == {names[code] for code in choice.codes}
        assert (found.question("rating").figures.counts is None) == (choice.people < 30)
    breakdown = next(
        one for one in open_result(runtime, REFORM, "ratings", by=COLLECTOR).breakdowns if one.key == "rating"
    )
    assert [(group.codes, group.label.to("vi")) for group in breakdown.groups] == [
        (one.codes, one.label.to("vi")) for one in choices
    ]
    for codes in ((small[0],), (hall, counter, small[0])):
        with pytest.raises(PhieuError) as refused:
            open_result(runtime, REFORM, "ratings", filters=((COLLECTOR, codes),))
        assert refused.value.code == "selection_too_small"


@pytest.mark.parametrize("sizes", [(40,), (40, 9), (9, 9), (4,)])
def test_where_the_breakdown_shows_no_collector_none_can_be_chosen(runtime: Runtime, sizes: tuple[int, ...]) -> None:
    crowd(runtime, *sizes)
    assert collector_choices(runtime, REFORM, "ratings") == ()


def test_other_filters_keep_their_threshold(runtime: Runtime) -> None:
    code = survey(runtime)
    answer(runtime, code, rated("5", 40) + rated("2", 25, service="1"))
    release(runtime, "ratings")
    with pytest.raises(NotAllowed):
        open_result(runtime, STAFF, "ratings", filters=(("service", ("1",)),))
    assert open_result(runtime, REFORM, "ratings", filters=(("service", ("1",)),)).released == 25
    answer(runtime, code, rated("5", 9, service="") + rated("3", 9))
    release(runtime, "ratings")
    for few in (("rating", ("3",)), ("service", ("0", "1"))):
        with pytest.raises(PhieuError) as refused:
            open_result(runtime, OPERATOR, "ratings", filters=(few,))
        assert refused.value.code == "selection_too_small"


def test_the_rule_asked_for_overrides_that_of_the_index(runtime: Runtime) -> None:
    code = open_survey(runtime, slug="ix", instrument="indexes")
    answer(runtime, code, [{"R1": "5", "R2": "5", "R3": "1", "Q2": "4"}] * 12)
    release(runtime, "ix")
    values = {rule: open_result(runtime, OPERATOR, "ix", rule=rule).indexes[0].value for rule in Rule}
    assert values[Rule.MEAN_OF_FACTORS] == pytest.approx(200 / 3)
    assert values[Rule.OVERALL_QUESTION] == pytest.approx(100)
    assert open_result(runtime, OPERATOR, "ix").indexes[0].rule is Rule.MEAN_OF_FACTORS


def test_counting_by_status_without_looking_at_all_rows_gives_the_same(any_runtime: Runtime) -> None:
    code = survey(any_runtime)
    other = open_survey(any_runtime, slug="other", instrument="lecture_ratings")
    answer(any_runtime, code, rated("5", 12))
    answer(any_runtime, code, rated("5", 3), status="flagged")
    release(any_runtime, "ratings")
    for status, people in (("complete", 4), ("flagged", 2), ("test", 5), ("excluded", 1)):
        answer(any_runtime, code, rated("5", people), status=status)
    answer(any_runtime, other, rated("4", 7))
    _will_be(any_runtime, "complete", excluded=1, withdrawn=2, erased=3)
    _will_be(any_runtime, "flagged", excluded=1, complete=1)
    with any_runtime.database.reading() as session:
        first, second = session.scalars(select(Survey.id).order_by(Survey.slug.desc())).all()
        counts = queries.count_by_status(session, [first, second, second + 1])
        live = [then or now for now, then in _states(session, first) if then != "erased"]
        assert counts == {first: Counter(live), second: {"complete": 7}, second + 1: {}}
        assert counts[first] == {"complete": 11, "flagged": 3, "test": 5, "excluded": 3, "withdrawn": 2}
        assert queries.count_by_status(session, []) == {}


def test_counting_by_status_asks_only_indexes_of_few_answers(runtime: Runtime) -> None:
    survey(runtime)
    found = plans(runtime, lambda session: queries.count_by_status(session, [1, 2]))
    few = (
        "COVERING INDEX ix_response_survey_id_status",
        "ix_response_survey_id_change",
        "(survey_id=? AND release_number=?)",
    )
    assert len(found) == 3 and all(any(one in step for one in few) for step in found), found


def _will_be(runtime: Runtime, status: str, **people: int) -> None:
    """So many of those that results hold with this status are to have another one with a later release."""

    def work(session: Session) -> None:
        held = (Response.status == status, Response.release_number.is_not(None), Response.change.is_(None))
        for then, number in people.items():
            ids = session.scalars(select(Response.id).where(*held).limit(number)).all()
            session.execute(update(Response).where(Response.id.in_(ids)).values(change=then))

    runtime.database.write(work)


def _states(session: Session, survey_id: int) -> list[tuple[str, str | None]]:
    query = select(Response.status, Response.change).where(Response.survey_id == survey_id)
    return [(now, then) for now, then in session.execute(query)]
