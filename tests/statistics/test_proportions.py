"""Shares and their intervals against published and independently computed values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from survey.statistics.proportions import effective_size, known_population, sample_size, wilson


@pytest.mark.parametrize(
    ("hits", "base", "population", "low", "high"),
    [
        (47, 52, None, 79.4, 95.8),
        (47, 52, 80, 84.5, 94.2),
        (20, 20, None, 83.9, 100.0),
        (290, 331, 580, 85.1, 89.8),
        (0, 10, None, 0.0, 27.8),
    ],
)
def test_intervals_have_their_known_values(
    hits: int, base: int, population: int | None, low: float, high: float
) -> None:
    found = wilson(hits, base, population)
    assert found is not None
    assert (round(found[0], 1), round(found[1], 1)) == (low, high)


@pytest.mark.parametrize(("population", "size"), [(580, 237), (120, 93), (300, 172), (1000, 286), (10000, 385), (1, 1)])
def test_sample_sizes_have_their_known_values(population: int, size: int) -> None:
    assert sample_size(population) == size


def test_a_sample_size_that_is_whole_is_not_rounded_up() -> None:
    assert sample_size(400, 0.05) == 200


@given(base=st.integers(1, 10**7), share=st.floats(0, 1))
def test_without_a_population_an_independent_program_agrees(base: int, share: float) -> None:
    hits = round(base * share)
    found = wilson(hits, base)
    theirs = binomtest(hits, base).proportion_ci(confidence_level=0.95, method="wilson")
    assert found == pytest.approx((100 * theirs.low, 100 * theirs.high), abs=1e-9)


@given(base=st.integers(1, 10**6), share=st.floats(0, 1), left=st.integers(1, 10**6))
def test_the_interval_holds_the_share_and_narrows_as_the_population_shrinks(base: int, share: float, left: int) -> None:
    hits = round(base * share)
    unknown, larger, smaller = wilson(hits, base), wilson(hits, base, base + left + 1), wilson(hits, base, base + left)
    assert unknown is not None
    assert larger is not None
    assert smaller is not None
    for low, high in (unknown, larger, smaller):
        assert 0 <= low <= 100 * hits / base <= high <= 100
    for outer, inner in ((unknown, larger), (larger, smaller)):
        assert outer[0] <= inner[0] + 1e-9
        assert inner[1] <= outer[1] + 1e-9


@given(hits=st.integers(0, 50), others=st.integers(0, 50))
def test_the_interval_of_the_rest_is_the_mirror_image(hits: int, others: int) -> None:
    found, mirrored = wilson(hits, hits + others), wilson(others, hits + others)
    if hits + others == 0:
        assert found is None
    else:
        assert found is not None
        assert mirrored is not None
        assert found == pytest.approx((100 - mirrored[1], 100 - mirrored[0]), abs=1e-9)


def test_a_complete_count_has_no_interval() -> None:
    assert wilson(47, 52, 52) is None
    assert effective_size(52, 52) is None


def test_a_population_smaller_than_the_answers_counts_as_unknown() -> None:
    assert known_population(52, 51) is None
    assert wilson(47, 52, 51) == wilson(47, 52)
