"""Offices ranked between anchors on the frame of the DDCI: known values, and hidden wherever the ordinary figure is."""

from __future__ import annotations

from datetime import date

import pytest

from survey.errors import NotFound, PhieuError
from survey.services import accounts, authoring, collectors, following, series
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.statistics import reasons
from survey.statistics.ddci import ALIKE, Ends
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

KEY = "ddci"


def levels(**people: int) -> list[dict[str, str]]:
    """``l4=90``: ninety people chose level 4 of D1."""
    return [{"D1": level[1:]} for level, count in people.items() for _ in range(count)]


def by_offices(runtime: Runtime, said: dict[str, list[dict[str, str]]]) -> None:
    open_survey(runtime, slug="many")
    for number, (unit, people) in enumerate(said.items()):
        accounts.invite(runtime, OPERATOR, f"u{number}@example.gov.vn", "staff", unit)
        answer(runtime, collectors.add(runtime, OPERATOR, "many", "counter", unit, traits=Traits(unit=unit)), people)
    release(runtime, "many")


THREE = {"A": levels(l3=10, l4=90), "B": levels(l4=90, l5=10), "C": levels(l4=60, l5=40)}
"""Means 3.9, 4.1 and 4.4."""


def test_offices_of_a_survey_run_from_lowest_to_highest_or_between_fixed_ends(any_runtime: Runtime) -> None:
    """domain.md: means 3.9, 4.1 and 4.4 become 1.0, 4.6 and 10.0; a total is ten times that."""
    by_offices(any_runtime, THREE)
    found = following.rank_units(any_runtime, OPERATOR, "many", KEY, Ends.OBSERVED)
    assert [(one.unit, one.value, one.base) for one in found.units] == [
        ("C", pytest.approx(100.0), 100),
        ("B", pytest.approx(46.0), 100),
        ("A", pytest.approx(10.0), 100),
    ]
    fixed = following.rank_units(any_runtime, OPERATOR, "many", anchors=Ends.FIXED)
    assert fixed.measure == KEY and "mốc cố định" in fixed.name.to("vi")
    ordinary = {one.unit: one for one in following.rank_units(any_runtime, OPERATOR, "many", KEY).units}
    assert [one.value for one in fixed.units] == pytest.approx([86.5, 79.75, 75.25])
    for one in fixed.units:
        own = ordinary[one.unit]
        assert one.value == pytest.approx(10 * (own.value or 0)) and (one.best, one.worst) == (own.best, own.worst)
        assert one.interval == pytest.approx([10 * end for end in own.interval or ()])


@pytest.mark.parametrize("small", [3, 9, 20, 40])
def test_an_office_hidden_in_the_ordinary_ranking_is_hidden_between_anchors(runtime: Runtime, small: int) -> None:
    by_offices(runtime, THREE | {"D": levels(l1=small)})
    ordinary = {one.unit: one for one in following.rank_units(runtime, OPERATOR, "many", KEY).units}
    for anchors in Ends:
        found = {one.unit: one for one in following.rank_units(runtime, OPERATOR, "many", KEY, anchors).units}
        for unit, one in ordinary.items():
            assert (found[unit].value is None, found[unit].base) == (one.value is None, one.base)
            assert found[unit].suppressed == one.suppressed
    assert (ordinary["D"].value is None) == (small < 30)
    if small == 20:
        assert found["A"].value == pytest.approx(10.0), "the hidden office moved no anchor"


def test_an_office_is_counted_over_the_collectors_that_its_ordinary_figure_is_counted_over(runtime: Runtime) -> None:
    """One small collector of A and one of B are pooled in the breakdown: both offices are shown without theirs."""
    by_offices(runtime, THREE)
    for unit, people in (("A", levels(l1=3)), ("B", levels(l1=8))):
        door = collectors.add(runtime, OPERATOR, "many", "counter", f"{unit} 2", traits=Traits(unit=unit))
        answer(runtime, door, people)
    release(runtime, "many")
    ordinary = {one.unit: one for one in following.rank_units(runtime, OPERATOR, "many", KEY).units}
    found = {one.unit: one for one in following.rank_units(runtime, OPERATOR, "many", KEY, Ends.FIXED).units}
    assert {unit: one.base for unit, one in found.items()} == {"A": 100, "B": 100, "C": 100}
    assert all(found[unit].value == pytest.approx(10 * (one.value or 0)) for unit, one in ordinary.items())


def test_where_groups_are_left_out_whole_so_is_this_ranking(runtime: Runtime) -> None:
    by_offices(runtime, {"A": THREE["A"], "B": levels(l5=3)})
    for anchors in (None, *Ends):
        found = following.rank_units(runtime, OPERATOR, "many", KEY, anchors)
        assert [(one.value, one.base, bool(one.suppressed)) for one in found.units] == [(None, None, True)] * 2


def test_offices_that_do_not_differ_have_no_score(runtime: Runtime) -> None:
    by_offices(runtime, {"A": levels(l4=50), "B": levels(l3=20, l5=20)})
    found = following.rank_units(runtime, OPERATOR, "many", KEY, Ends.OBSERVED)
    assert [(one.value, one.best, one.suppressed) for one in found.units] == [(None, None, ALIKE)] * 2


def test_units_of_a_wave_are_ranked_between_anchors(runtime: Runtime) -> None:
    series.create(runtime, OPERATOR, "communes", "Các xã")
    for unit, people in (THREE | {"D": levels(l1=6)}).items():
        slug = unit.lower()
        authoring.create_survey(runtime, OPERATOR, slug=slug, template="conference", unit=unit, phone="1022")
        authoring.publish(runtime, OPERATOR, slug)
        answer(runtime, collectors.add(runtime, OPERATOR, slug, "event", "Hội trường"), people)
        release(runtime, slug)
        series.put(runtime, OPERATOR, slug, "communes", "2026", date(2026, 10, 1))
    found = following.rank_wave(runtime, OPERATOR, "communes", "2026", KEY, Ends.OBSERVED)
    assert [(one.unit, one.value) for one in found.units] == [
        ("C", pytest.approx(100.0)),
        ("B", pytest.approx(46.0)),
        ("A", pytest.approx(10.0)),
        ("D", None),
    ]
    assert found.units[3].suppressed == reasons.TOO_FEW
    fixed = following.rank_wave(runtime, OPERATOR, "communes", "2026", anchors=Ends.FIXED)
    assert [one.value for one in fixed.units[:3]] == pytest.approx([86.5, 79.75, 75.25])


def test_a_measure_without_rescaled_means_is_refused(runtime: Runtime) -> None:
    by_offices(runtime, THREE)
    with pytest.raises(PhieuError) as refused:
        following.rank_units(runtime, OPERATOR, "many", "B7", Ends.FIXED)
    assert refused.value.code == "measure_unframed"
    with pytest.raises(NotFound):
        following.rank_units(runtime, OPERATOR, "many", "B99", Ends.FIXED)
