"""Differences between groups: against an independent program and published figures, and said only where shown."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey.statistics.differences import (
    LEVEL,
    MOST_GROUPS,
    compare,
    holm,
    newcombe,
    of_estimates,
    score_test,
    square_and_add,
)
from tests.statistics.surveys import Person, question, questionnaire, result_of

shares = st.integers(1, 3000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def test_the_interval_of_a_difference_is_that_of_the_published_example() -> None:
    """Newcombe 1998, table II: 56/70 against 48/80, method 10."""
    assert newcombe((56, 70), (48, 80)) == pytest.approx((5.24, 33.39), abs=0.005)
    assert newcombe((10, 10), (0, 10)) == pytest.approx((60.75, 100.0), abs=0.005)
    assert newcombe((9, 10), (3, 10)) == pytest.approx((17.05, 80.90), abs=0.005)


@given(shares, shares)
def test_interval_and_test_agree_with_an_independent_program(first: tuple[int, int], second: tuple[int, int]) -> None:
    ends = [stats.binomtest(hits, base).proportion_ci(0.95, method="wilson") for hits, base in (first, second)]
    p, q = first[0] / first[1], second[0] / second[1]
    low = p - q - sqrt((p - ends[0].low) ** 2 + (ends[1].high - q) ** 2)
    high = p - q + sqrt((ends[0].high - p) ** 2 + (q - ends[1].low) ** 2)
    assert newcombe(first, second) == pytest.approx((100 * low, 100 * high), abs=1e-9)
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    if 0 in [sum(column) for column in zip(*table, strict=True)]:
        assert score_test(first, second) == 1.0
        return
    people = first[1] + second[1]
    squared = stats.chi2_contingency(table, correction=False).statistic * (people - 1) / people
    assert score_test(first, second) == pytest.approx(stats.chi2.sf(squared, 1), abs=1e-9)


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_agrees_with_its_definition(found: list[float]) -> None:
    adjusted = holm(found)
    for level in (0.01, 0.05, 0.2):
        rejected = set()
        for rank, place in enumerate(sorted(range(len(found)), key=lambda one: found[one])):
            if found[place] * (len(found) - rank) >= level:
                break
            rejected.add(place)
        assert {place for place, p in enumerate(adjusted) if p < level} == rejected
    assert all(p >= raw for p, raw in zip(adjusted, found, strict=True))


def test_holm_of_three_tests_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([]) == ()


@given(st.floats(0, 100), st.floats(0.1, 20), st.floats(0, 100), st.floats(0.1, 20))
def test_probability_and_interval_of_two_estimates_tell_the_same(a: float, r: float, b: float, s: float) -> None:
    (low, high), p = of_estimates(a, (a - r, a + r), b, (b - s, b + s))
    assert (low, high) == pytest.approx((a - b - sqrt(r * r + s * s), a - b + sqrt(r * r + s * s)), abs=1e-9)
    if min(abs(low), abs(high)) > 1e-6:
        assert (p < 0.05) == (low > 0 or high < 0)
    error = sqrt(r * r + s * s) / stats.norm.ppf(0.975)
    assert p == pytest.approx(2 * stats.norm.sf(abs(a - b) / error), abs=1e-9)
    assert square_and_add(b, (b - s, b + s), a, (a - r, a + r)) == pytest.approx((-high, -low), abs=1e-9)


def _people(**groups: tuple[int, int]) -> list[Person]:
    found: list[Person] = []
    for group, (satisfied, base) in groups.items():
        found += [{"g": group, "q": "5"}] * satisfied + [{"g": group, "q": "1"}] * (base - satisfied)
    return found


ASKED = questionnaire([question("q"), question("g", "single", "ABC")])


def test_groups_of_a_breakdown_are_compared_as_they_are_shown() -> None:
    found = result_of(ASKED, _people(A=(90, 100), B=(60, 100), C=(58, 100)), by="g")
    (comparison,) = found.comparisons
    assert (comparison.key, comparison.by) == ("q", "g")
    a_b, a_c, b_c = comparison.differences
    assert (a_b.first, a_b.second, a_b.points) == (("A",), ("B",), pytest.approx(30.0))
    assert a_b.interval == newcombe((90, 100), (60, 100))
    assert a_b.shown and a_b.p_adjusted == pytest.approx(2 * a_b.p)
    assert a_c.shown and a_c.p_adjusted == pytest.approx(3 * a_c.p)
    assert not b_c.shown and b_c.p > LEVEL


def test_groups_that_are_not_shown_are_not_compared() -> None:
    found = result_of(ASKED, _people(A=(40, 40), B=(3, 7), C=(2, 4)), by="g")
    (comparison,) = found.comparisons
    assert [(one.first, one.second) for one in comparison.differences] == [(("A",), ("B", "C"))]
    assert result_of(ASKED, _people(A=(40, 40), C=(2, 4)), by="g").comparisons == ()


def test_groups_that_share_people_and_those_of_a_long_list_are_not_compared() -> None:
    several = questionnaire([question("q"), question("g", "multiple", "AB")])
    people: list[Person] = [{"g": ["A", "B"], "q": "5"}] * 40 + [{"g": ["A"], "q": "1"}] * 40 + [{"g": ["B"]}] * 40
    found = result_of(several, people, by="g")
    assert found.breakdowns[0].groups and found.comparisons == ()
    many = result_of(ASKED, _people(A=(90, 100), B=(60, 100)), by="g")
    crowd = many.breakdowns[0].groups[:1] * (MOST_GROUPS + 1)
    (breakdown,) = many.breakdowns
    assert compare([type(breakdown)(breakdown.key, breakdown.by, crowd)], many.questions) == ()


def test_an_uncorrected_program_would_find_differences_by_chance() -> None:
    """Negative control of the correction: of 190 pairs of equal groups some fall under 5 % each by itself."""
    chances = [score_test((60 + one % 20, 100), (60 + other % 20, 100)) for one in range(20) for other in range(one)]
    assert sum(p < LEVEL for p in chances) > 10
    assert sum(p < LEVEL for p in holm(chances)) == 0
