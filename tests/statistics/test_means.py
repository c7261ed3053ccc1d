"""Means and Student's t against an independent program."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey.statistics.means import mean, mean_interval, students_t

levels = st.lists(st.integers(0, 2000), min_size=2, max_size=10)


@pytest.mark.parametrize("freedom", [*range(1, 260), 1000, 10**4, 10**6, 10**9])
def test_students_t_agrees_with_an_independent_program(freedom: int) -> None:
    assert students_t(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-9, rel=1e-12)


@given(levels)
def test_mean_and_interval_agree_with_an_independent_program(counts: list[int]) -> None:
    scores = [score for score, count in enumerate(counts, 1) for _ in range(count)]
    found = mean_interval(counts)
    if not scores:
        assert mean(counts) is None
        assert found is None
        return
    centre = stats.tmean(scores)
    assert mean(counts) == pytest.approx(centre, abs=1e-9)
    if len(set(scores)) < 2:
        assert found is None
        return
    low, high = stats.t.interval(0.95, len(scores) - 1, loc=centre, scale=stats.sem(scores))
    assert found == pytest.approx((max(low, 1), min(high, len(counts))), abs=1e-9)


@given(levels, st.integers(1, 5000))
def test_a_known_population_narrows_the_interval_by_its_factor(counts: list[int], left: int) -> None:
    endless, known = mean_interval(counts), mean_interval(counts, sum(counts) + left)
    if endless is None:
        assert known is None
        return
    centre = mean(counts)
    assert centre is not None
    assert known is not None
    if endless[0] > 1 and endless[1] < len(counts):
        factor = sqrt(left / (sum(counts) + left))
        assert known[1] - centre == pytest.approx((endless[1] - centre) * factor, abs=1e-9)


def test_there_is_no_interval_where_it_would_claim_certainty() -> None:
    assert mean_interval([0, 0, 0, 0, 20]) is None
    assert mean_interval([0, 1, 0]) is None
    assert mean_interval([3, 4, 5], population=12) is None
