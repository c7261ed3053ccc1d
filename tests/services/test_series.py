"""Repeated surveys as a series, a survey by months and weeks, and offices compared: all of it after disclosure."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import accounts, authoring, basis, collectors, cuts, following, offices, series
from survey.services.collectors import Traits
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.statistics import reasons
from survey.statistics import series as one_series
from survey.storage.models import AuditEntry
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor("binh", "reform_team", 1, 1, frozenset({1}))
ELSEWHERE = Actor("cam", "reform_team", 2, 99, frozenset({99}))
STAFF = Actor("bob", "staff", 3, 1, frozenset({1}))


def rated(happy: int, other: int) -> list[dict[str, str]]:
    return [{"B7": "5"}] * happy + [{"B7": "2"}] * other


def wave(runtime: Runtime, slug: str, happy: int, other: int) -> str:
    code = open_survey(runtime, slug=slug)
    answer(runtime, code, rated(happy, other))
    release(runtime, slug)
    return code


def two_waves(runtime: Runtime) -> None:
    wave(runtime, "y2025", 48, 32)
    wave(runtime, "y2026", 56, 14)
    series.create(runtime, OPERATOR, "yearly", "Hội nghị đối thoại")
    series.put(runtime, OPERATOR, "y2026", "yearly", "2026", date(2026, 10, 16))
    series.put(runtime, OPERATOR, "y2025", "yearly", "2025", date(2025, 10, 16))


def test_a_series_shows_each_survey_as_its_result_does_and_the_change(any_runtime: Runtime) -> None:
    two_waves(any_runtime)
    found = following.follow(any_runtime, REFORM, "yearly", "B7")
    (line,) = found.lines
    assert [(one.survey, one.wave) for one in line.result.points] == [("y2025", "2025"), ("y2026", "2026")]
    for point in line.result.points:
        figures = open_result(any_runtime, REFORM, point.survey).question("B7").figures
        assert (point.value, point.interval, point.base) == (
            figures.satisfied_percent,
            figures.interval,
            figures.base,
        )
    change = line.result.points[1].change
    assert change is not None and change.points == pytest.approx(20) and change.shown
    assert following.follow(any_runtime, REFORM, "yearly").measure == found.choices[0].key


def test_a_cut_holds_the_waves_up_to_its_own(runtime: Runtime) -> None:
    two_waves(runtime)
    basis.state_targets(runtime, OPERATOR, "y2026", {"B7": 75.0}, "")
    for slug, waves in (("y2025", ["2025"]), ("y2026", ["2025", "2026"])):
        number = cuts.make_cut(runtime, REFORM, slug).number
        lines = {one.measure: one for one in cuts.read_cut(runtime, REFORM, slug, number).series}
        assert [one.wave for one in lines["B7"].points] == waves
    assert lines["B7"].target == 75.0
    followed = following.follow(runtime, REFORM, "yearly", "B7").lines[0].result
    assert (followed.points, followed.target) == (lines["B7"].points, 75.0)


def test_a_stated_break_and_a_change_of_wording_split_the_series(runtime: Runtime) -> None:
    two_waves(runtime)
    series.put(runtime, OPERATOR, "y2026", "yearly", "2026", date(2026, 10, 16), "Lần đầu phát tại hội trường")
    second = following.follow(runtime, REFORM, "yearly", "B7").lines[0].result.points[1]
    assert (second.breaks, second.change) == ("Lần đầu phát tại hội trường", None)
    wave(runtime, "y2027", 30, 10)
    open_survey(runtime, slug="other", instrument="scale")
    series.put(runtime, OPERATOR, "y2027", "yearly", "2027", date(2027, 10, 16))
    series.put(runtime, OPERATOR, "other", "yearly", "2028", date(2028, 10, 16))
    points = following.follow(runtime, REFORM, "yearly", "B7").lines[0].result.points
    assert points[2].breaks == "" and points[2].change is not None
    assert points[3].suppressed == one_series.NOT_MEASURED


def test_a_series_is_made_kept_and_removed_with_traces(runtime: Runtime) -> None:
    two_waves(runtime)
    with pytest.raises(Conflict):
        series.create(runtime, OPERATOR, "yearly", "Trùng tên")
    for slug, title, code in (("Có dấu", "A", "slug_unusable"), ("a", " ", "text_missing")):
        with pytest.raises(PhieuError) as refused:
            series.create(runtime, OPERATOR, slug, title)
        assert refused.value.code == code
    with pytest.raises(Conflict):
        series.remove(runtime, OPERATOR, "yearly")
    assert series.turn(runtime, REFORM, "y2025").wave == "2025"
    assert [one.slug for one in series.list_series(runtime, REFORM)] == ["yearly"]
    for slug in ("y2025", "y2026"):
        series.take_out(runtime, OPERATOR, slug)
    assert {one.survey for one in series.free_surveys(runtime, REFORM)} == {"y2025", "y2026"}
    series.remove(runtime, OPERATOR, "yearly")
    with runtime.database.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("series.%"))).all()
    assert sorted(done) == sorted(["series.create", *["series.put"] * 2, *["series.take_out"] * 2, "series.remove"])


def test_what_lies_in_another_unit_does_not_exist_and_staff_read_no_series(runtime: Runtime) -> None:
    two_waves(runtime)
    assert series.list_series(runtime, ELSEWHERE) == ()
    for call in (following.follow, series.show, series.remove):
        with pytest.raises(NotFound):
            call(runtime, ELSEWHERE, "yearly")
        with pytest.raises(NotAllowed):
            call(runtime, STAFF, "yearly")
    for call_survey in (following.periods, following.monitor, following.rank_units, following.survey_choices):
        with pytest.raises(NotFound):
            call_survey(runtime, ELSEWHERE, "y2025")
        with pytest.raises(NotAllowed):
            call_survey(runtime, STAFF, "y2025")
    with pytest.raises(NotFound):
        following.follow(runtime, REFORM, "yearly", "B99")


def test_months_stand_as_the_breakdown_by_month_shows_them(any_runtime: Runtime, clock: Clock) -> None:
    code = open_survey(any_runtime, slug="long")
    for happy, other in ((20, 10), (3, 2), (30, 10), (6, 0), (25, 5)):
        answer(any_runtime, code, rated(happy, other))
        clock.advance(days=30)
    release(any_runtime, "long")
    found = following.periods(any_runtime, REFORM, "long", "B7")
    by_month = next(
        one for one in open_result(any_runtime, OPERATOR, "long", by="@month").breakdowns if one.key == "B7"
    )
    alone = {group.codes[0]: group.figures for group in by_month.groups if len(group.codes) == 1}
    shown = {one.wave: (one.value, one.base) for one in found.points if not one.suppressed}
    assert shown == {code: (one.satisfied_percent, one.base) for code, one in alone.items()}
    assert len(shown) == 3 and {one.suppressed for one in found.points if one.wave not in shown} == {reasons.TOO_FEW}
    quarters = following.periods(any_runtime, REFORM, "long", "B7", quarters=True)
    assert [(one.wave, one.base) for one in quarters.points] == [("2026-Q4", 70), ("2027-Q1", 30)]


def test_weeks_come_from_what_is_released_alone(any_runtime: Runtime, clock: Clock) -> None:
    code = open_survey(any_runtime, slug="weekly")
    answer(any_runtime, code, [{"B7": "5", "E1": "x"}] * 3, status="excluded")
    for happy, other in ((20, 10), (18, 12), (6, 24)):
        answer(any_runtime, code, [*rated(happy, other), {"B7": "9"}, {"B7": ""}, {"A1": "1"}])
        clock.advance(days=7)
    release(any_runtime, "weekly")
    found = following.monitor(any_runtime, REFORM, "weekly")
    assert [(one.base, one.share) for one in found.points] == [(30, pytest.approx(200 / 3)), (30, 60.0), (30, 20.0)]
    assert found.centre == pytest.approx(100 * 44 / 90)
    assert [one.outside for one in found.points] == [False, False, True]
    answer(any_runtime, code, rated(4, 0))
    assert len(following.monitor(any_runtime, REFORM, "weekly").points) == 3, "four answers wait"


def test_a_week_waits_until_all_its_answers_are_released(runtime: Runtime, clock: Clock) -> None:
    code = open_survey(runtime, slug="weekly")
    for _ in range(3):
        answer(runtime, code, rated(20, 10))
        clock.advance(days=7)
    points = following.monitor(runtime, REFORM, "weekly").points
    assert len(points) < 3, "five of ninety, drawn at random, wait"
    authoring.close(runtime, OPERATOR, "weekly")
    assert sum(one.base or 0 for one in following.monitor(runtime, REFORM, "weekly").points) == 90


def test_offices_of_collectors_are_ranked_with_ties_and_small_ones_hidden(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime, slug="many")
    sizes = {"Phường A": (95, 5), "Phường B": (60, 40), "Phường C": (55, 45), "Phường D": (20, 0)}
    answer(any_runtime, code, rated(30, 70))
    for unit, (happy, other) in sizes.items():
        accounts.invite(any_runtime, OPERATOR, f"{happy}@example.gov.vn", "staff", unit)
        door = collectors.add(any_runtime, OPERATOR, "many", "counter", unit, traits=Traits(unit=unit))
        answer(any_runtime, door, rated(happy, other))
    release(any_runtime, "many")
    own = offices.list_offices(any_runtime, OPERATOR)
    found = following.rank_units(any_runtime, REFORM, "many", "B7")
    places = {one.unit: (one.best, one.worst) for one in found.units}
    home = ({one.name for one in own} & set(places)) - set(sizes)
    assert {unit: places[unit] for unit in sizes} == {
        "Phường A": (1, 1),
        "Phường B": (2, 3),
        "Phường C": (2, 3),
        "Phường D": (None, None),
    }
    assert [places[unit] for unit in home] == [(4, 4)]
    assert next(one for one in found.units if one.unit == "Phường D").reference


def test_surveys_of_one_wave_are_ranked_by_their_units(runtime: Runtime) -> None:
    for slug, unit, happy in (("a", "Xã A", 90), ("b", "Xã B", 40), ("c", "Xã C", 5)):
        authoring.create_survey(runtime, OPERATOR, slug=slug, template="conference", unit=unit, phone="1022")
        authoring.publish(runtime, OPERATOR, slug)
        door = collectors.add(runtime, OPERATOR, slug, "event", "Hội trường")
        answer(runtime, door, rated(happy, 0 if happy < 10 else 100 - happy))
        release(runtime, slug)
    series.create(runtime, OPERATOR, "communes", "Các xã")
    for slug in "abc":
        series.put(runtime, OPERATOR, slug, "communes", "2026", date(2026, 10, 1))
    found = following.rank_wave(runtime, OPERATOR, "communes", "2026", "B7")
    assert [(one.unit, one.best, one.base) for one in found.units] == [
        ("Xã A", 1, 100),
        ("Xã B", 2, 100),
        ("Xã C", None, None),
    ]
    assert len(following.follow(runtime, OPERATOR, "communes", "B7").lines) == 3
    with pytest.raises(NotFound):
        following.rank_wave(runtime, OPERATOR, "communes", "2027", "B7")
