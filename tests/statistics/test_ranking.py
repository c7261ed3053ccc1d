"""Units compared: places by hand-worked intervals, ties as ranges, and who is hidden or shown for reference only."""

from __future__ import annotations

import random

import pytest

from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.proportions import wilson
from survey.statistics.ranking import Candidate, rank
from survey.statistics.results import RankedUnit, Ranking

NAME = Text.of(vi="Hài lòng chung")


def share(unit: str, hits: int, base: int) -> Candidate:
    return Candidate(unit, 100 * hits / base, wilson(hits, base), base)


def ranked(*candidates: Candidate) -> dict[str, RankedUnit]:
    found = rank("B7", NAME, "percent", candidates)
    return {one.unit: one for one in found.units}


def test_units_whose_intervals_overlap_share_their_places() -> None:
    # 95/100 → 88.8–97.8; 60/100 → 50.2–69.1; 55/100 → 45.2–64.4; 20/100 → 13.3–28.9 (Wilson)
    found = ranked(share("B", 60, 100), share("D", 20, 100), share("A", 95, 100), share("C", 55, 100))
    assert list(found) == ["A", "B", "C", "D"], "highest first"
    assert {unit: (one.best, one.worst) for unit, one in found.items()} == {
        "A": (1, 1),
        "B": (2, 3),
        "C": (2, 3),
        "D": (4, 4),
    }


def test_a_unit_may_be_tied_with_two_that_are_not_tied_with_each_other() -> None:
    found = ranked(share("A", 90, 100), share("B", 80, 100), share("C", 68, 100))
    limits = [one.interval or (0, 0) for one in found.values()]
    assert limits[2][1] < limits[0][0] < limits[1][1], "A and C apart, B between"
    assert [(one.best, one.worst) for one in found.values()] == [(1, 2), (1, 3), (2, 3)]


def test_small_units_are_shown_for_reference_or_not_at_all() -> None:
    found = ranked(share("A", 95, 100), share("B", 29, 29), share("C", 9, 9), share("D", 10, 10), share("E", 20, 100))
    assert (found["B"].reference, found["B"].best, found["B"].worst) == (True, None, None)
    assert found["D"].reference and found["D"].value == 100
    assert (found["C"].value, found["C"].base, found["C"].interval) == (None, None, None)
    assert found["C"].suppressed == reasons.TOO_FEW
    assert (found["A"].best, found["E"].best, found["E"].worst) == (1, 2, 2), "those for reference move nobody"
    assert list(found)[-1] == "C"


def test_a_unit_without_interval_is_told_from_nobody_unless_all_its_people_answered() -> None:
    unknown = Candidate("U", 99.0, None, 50)
    found = ranked(unknown, share("A", 95, 100), share("E", 20, 100))
    assert {(one.best, one.worst) for one in found.values()} == {(1, 3), (1, 2), (2, 3)}
    exact = Candidate("U", 99.0, None, 50, exact=True)
    found = ranked(exact, share("A", 95, 100), share("E", 20, 100))
    assert [(one.best, one.worst) for one in found.values()] == [(1, 1), (2, 2), (3, 3)]


def test_a_reason_given_by_disclosure_is_kept() -> None:
    found = ranked(Candidate("A", None, None, None, reasons.LEFT_OUT), share("B", 50, 100))
    assert found["A"].suppressed == reasons.LEFT_OUT
    assert (found["B"].best, found["B"].worst) == (1, 1)


@pytest.mark.parametrize("seed", range(20))
def test_places_hold_every_order_that_the_intervals_allow(seed: int) -> None:
    """Independent: draw true values inside the intervals many times; the places that occur lie within best to worst,
    and the two ends do occur."""
    chance = random.Random(seed)
    units = [share(str(n), chance.randint(30, 60), 60) for n in range(6)]
    found: Ranking = rank("B7", NAME, "percent", units)
    limits = {one.unit: one.interval for one in units}
    seen: dict[str, set[int]] = {one.unit: set() for one in units}

    def count(values: dict[str, float]) -> None:
        for unit, value in values.items():
            seen[unit].add(1 + sum(other > value for other in values.values()))

    for _ in range(200):
        count({unit: chance.uniform(*interval) for unit, interval in limits.items() if interval})
    for unit in seen:
        for end, other_end in ((1, 0), (0, 1)):
            count({name: pair[end if name == unit else other_end] for name, pair in limits.items() if pair})
    for one in found.units:
        assert (min(seen[one.unit]), max(seen[one.unit])) == (one.best, one.worst)
