"""Selections beside each other: what is shown is written down, and what would give people away next to it is not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from survey.errors import PhieuError
from survey.services import collectors
from survey.services.collectors import Traits
from survey.services.groupings import CHANNEL, PLACE, UNIT
from survey.services.groupings import period as months
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.statistics import deciding, reasons
from survey.statistics.results import Breakdown, SurveyResult
from survey.storage.models import SelectionShown
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
OTHER = Actor(name="other@example.gov.vn", role="reform_team", user_id=8)

Row = tuple[str, int, int, str]


def people(number: int, **given: str) -> list[dict[str, str]]:
    return [{"rating": "5", "service": "0", "dept": "1", "studage": "2"} | given] * number


def shown(runtime: Runtime) -> list[Row]:
    with runtime.database.reading() as session:
        rows = session.scalars(select(SelectionShown).order_by(SelectionShown.id)).all()
        return [(one.by, one.release_number, one.people, one.shown_to) for one in rows]


def of(result: SurveyResult, key: str = "rating") -> Breakdown:
    return next(one for one in result.breakdowns if one.key == key)


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime, slug="ratings", instrument="lecture_ratings")


def test_a_selection_is_written_down_once_for_each_who_sees_it(runtime: Runtime, code: str) -> None:
    answer(runtime, code, people(40) + people(25, service="1"))
    release(runtime, "ratings")
    open_result(runtime, REFORM, "ratings")
    assert shown(runtime) == []
    for actor in (REFORM, REFORM, OTHER):
        open_result(runtime, actor, "ratings", filters=(("service", ("1",)),))
    assert shown(runtime) == [("", 1, 25, REFORM.name), ("", 1, 25, OTHER.name)]
    open_result(runtime, REFORM, "ratings", by="service")
    assert shown(runtime)[2:] == [("service", 1, 65, REFORM.name)]


def test_two_selections_that_differ_by_two_people_are_not_both_shown_to_anybody(runtime: Runtime, code: str) -> None:
    # 20 people answered "1" to service and "2" to studage; two more answered "1" to service alone.
    answer(runtime, code, people(40, studage="4") + people(20, service="1") + people(2, service="1", studage="4"))
    release(runtime, "ratings")
    assert open_result(runtime, REFORM, "ratings", filters=(("service", ("1",)),)).released == 22
    for actor in (REFORM, OTHER, OPERATOR):
        with pytest.raises(PhieuError) as refused:
            open_result(runtime, actor, "ratings", filters=(("studage", ("2",)),))
        assert refused.value.code == "selection_too_small"
    assert [people for _, _, people, _ in shown(runtime)] == [22]


def test_nor_does_a_breakdown_show_what_a_selection_leaves_open(runtime: Runtime, code: str) -> None:
    answer(runtime, code, people(40, studage="4") + people(20, service="1") + people(2, service="1", studage="4"))
    release(runtime, "ratings")
    open_result(runtime, REFORM, "ratings", filters=(("service", ("1",)),))
    found = open_result(runtime, REFORM, "ratings", by="studage")
    assert (of(found).groups, of(found).suppressed) == ((), reasons.LEFT_OUT)
    assert found.question("rating").figures.base == 62, "the overall result is no selection"
    assert not [one for one in found.comparisons if one.by == "studage"]


def test_three_selections_of_which_the_third_follows_from_two_are_all_shown(runtime: Runtime, code: str) -> None:
    answer(runtime, code, people(40) + people(25, service="1"))
    release(runtime, "ratings")
    for codes in (("0",), ("1",), ("0", "1")):
        assert open_result(runtime, REFORM, "ratings", filters=(("service", codes),)).released


def test_what_grew_by_two_people_stays_as_it_was_shown(runtime: Runtime, code: str) -> None:
    answer(runtime, code, people(40) + people(25, service="1"))
    release(runtime, "ratings")
    for _ in range(2):
        assert open_result(runtime, REFORM, "ratings", filters=(("service", ("1",)),)).released == 25
    open_result(runtime, REFORM, "ratings", by="service")
    answer(runtime, code, people(6) + people(2, service="1"))
    release(runtime, "ratings")
    then = open_result(runtime, REFORM, "ratings", filters=(("service", ("1",)),))
    assert (then.released, then.cut.release) == (25, 1)
    assert reasons.OLDER_STATE in then.remarks
    broken_down = open_result(runtime, REFORM, "ratings", by="service")
    assert [group.figures.base for group in of(broken_down).groups] == [40, 25]
    assert (broken_down.released, broken_down.question("rating").figures.base) == (73, 73)
    assert reasons.OLDER_STATE in broken_down.remarks
    answer(runtime, code, people(6) + people(3, service="1"))
    release(runtime, "ratings")
    now = open_result(runtime, OTHER, "ratings", filters=(("service", ("1",)),))
    assert (now.released, now.cut.release) == (30, 3)
    assert reasons.OLDER_STATE not in now.remarks


def test_places_units_and_channels_are_groups_of_collectors(runtime: Runtime, code: str) -> None:
    hall = [
        collectors.add(runtime, OPERATOR, "ratings", "counter", name, traits=Traits(place="Sảnh A"))
        for name in ("Quầy 1", "Quầy 2")
    ]
    answer(runtime, code, people(20))
    for one in hall:
        answer(runtime, one, people(6, rating="1"))
    release(runtime, "ratings")
    with pytest.raises(PhieuError):
        open_result(runtime, REFORM, "ratings", filters=(("@collector", (hall[0],)),))
    found = open_result(runtime, REFORM, "ratings", filters=((PLACE, ("Sảnh A",)),))
    assert found.released == 12
    assert found.selected[PLACE][0].to("vi") == "Sảnh A"
    assert open_result(runtime, REFORM, "ratings", filters=((CHANNEL, ("counter",)),)).released == 12
    by_place = of(open_result(runtime, REFORM, "ratings", by=PLACE))
    assert {(group.label.to("vi"), group.figures.base) for group in by_place.groups} == {
        ("Sảnh A", 12),
        ("Chưa ghi địa điểm", 20),
    }
    assert [group.figures.base for group in of(open_result(runtime, REFORM, "ratings", by=UNIT)).groups] == [32]


def test_a_period_runs_from_its_first_to_its_last_month(runtime: Runtime, code: str, clock: Clock) -> None:
    for number in (12, 13, 14):
        answer(runtime, code, people(number))
        clock.advance(days=31)
    release(runtime, "ratings")
    assert open_result(runtime, REFORM, "ratings", filters=(months("2026-10", "2026-11"),)).released == 25
    assert open_result(runtime, REFORM, "ratings", filters=(("@year", ("2026",)),)).released == 39
    assert open_result(runtime, REFORM, "ratings", filters=(("@quarter", ("2026-Q4",)),)).released == 39
    for wrong in ("2026-11..2026-10", "2026-1..2026-02", "x", "2026-13..2027-01"):
        with pytest.raises(PhieuError) as refused:
            open_result(runtime, REFORM, "ratings", filters=(("@period", (wrong,)),))
        assert refused.value.code == "period_unreadable"


def test_beyond_a_number_of_sets_nothing_new_is_shown_but_the_overall_result(
    runtime: Runtime, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(runtime, code, people(40) + people(25, service="1"))
    release(runtime, "ratings")
    monkeypatch.setattr(deciding, "MOST_SETS", 1)
    for number in ("0", "1"):
        open_result(runtime, REFORM, "ratings", filters=(("service", (number,)),))
    with pytest.raises(PhieuError) as refused:
        open_result(runtime, REFORM, "ratings", filters=(("studage", ("2",)),))
    assert refused.value.code == "selections_exhausted"
    assert open_result(runtime, OTHER, "ratings", filters=(("service", ("1",)),)).released == 25, "shown before"
    found = open_result(runtime, REFORM, "ratings", by="service")
    assert (of(found).groups, found.question("rating").figures.base) == ((), 65)
