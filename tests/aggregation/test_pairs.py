"""Pairs of items against looking at every person, and the variance they are for."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.aggregation.columns import Block, Coding, Matrix, Selection
from survey.aggregation.pairs import cooccurrence, moments
from tests.aggregation.populations import Population
from tests.aggregation.test_tallies import cases, given_codes, meant

Case = tuple[Population, Matrix, Selection]


def items_of(matrix: Matrix) -> list[str]:
    return [key for key in matrix.codings if not key.startswith("@")]


@given(cases())
def test_pairs_are_what_looking_at_each_person_gives(case: Case) -> None:
    population, matrix, selection = case
    items = items_of(matrix)
    satisfied = {item: matrix.codings[item].codes[:2] for item in items}
    found = cooccurrence(matrix, items, satisfied, selection, missing={item: ["x9"] for item in items})
    people = [
        {item: {code for code in given_codes(population, one, item) or () if code != "x9"} for item in items}
        for one in meant(population, selection)
    ]
    satisfied_people = [
        {item: set(given_codes(population, one, item) or ()) & set(satisfied[item]) for item in items}
        for one in meant(population, selection)
    ]
    assert found.people == sum(any(one.values()) for one in people)
    for (i, first), (j, second) in product(enumerate(items), enumerate(items)):
        assert found.answered[i, j] == sum(bool(one[first] and one[second]) for one in people)
        assert found.satisfied[i, j] == sum(bool(one[first] and one[second]) for one in satisfied_people)
        assert found.satisfied_answered[i, j] == sum(
            bool(good[first] and one[second]) for good, one in zip(satisfied_people, people, strict=True)
        )


@given(cases(), st.data())
def test_moments_are_sums_over_people(case: Case, data: st.DataObject) -> None:
    population, matrix, selection = case
    items = items_of(matrix)
    scores = {
        item: {code: data.draw(st.integers(-3, 10)) for code in matrix.codings[item].codes if code != "x9"}
        for item in items
    }
    found = moments(matrix, items, scores, selection)
    scored = [
        [[scores[item][code] for code in given_codes(population, one, item) or () if code != "x9"] for item in items]
        for one in meant(population, selection)
    ]
    x = np.array([[sum(one) for one in row] for row in scored], float).reshape(len(scored), len(items))
    a = np.array([[bool(one) for one in row] for row in scored], float).reshape(len(scored), len(items))
    assert found.people == a.any(axis=1).sum()
    np.testing.assert_array_equal(found.answered, a.T @ a)
    np.testing.assert_array_equal(found.sums, x.T @ a)
    np.testing.assert_array_equal(found.products, x.T @ x)


def test_a_share_has_its_textbook_variance() -> None:
    """47 of 52 satisfied: Σ(x − p)² = n·p·(1 − p), from the pairs alone."""
    coding = Coding("Q1", ("1", "2"))
    column = np.array([3] * 47 + [2] * 5 + [0] * 9, np.uint8)
    matrix = Matrix((Block(61, {"Q1": column}, {"Q1": coding}),), {"Q1": coding})
    found = cooccurrence(matrix, ["Q1"], {"Q1": ["2"]})
    n, s = int(found.answered[0, 0]), int(found.satisfied[0, 0])
    assert (n, s, found.satisfied_answered[0, 0], found.people) == (52, 47, 47, 52)
    squares = found.satisfied[0, 0] - 2 * s / n * found.satisfied_answered[0, 0] + (s / n) ** 2 * found.answered[0, 0]
    assert squares == pytest.approx(n * (s / n) * (1 - s / n))


def test_pairs_see_a_single_person_changed() -> None:
    coding = Coding("Q1", ("1", "2"))
    union = {"Q1": coding, "Q2": Coding("Q2", ("1", "2"))}
    rng = np.random.default_rng(3)
    columns = {key: rng.integers(0, 4, 300_000).astype(np.uint8) for key in union}
    before = cooccurrence(Matrix((Block(300_000, columns, union),), union), ["Q1", "Q2"], {"Q1": ["2"], "Q2": ["2"]})
    columns["Q1"][299_999] ^= 3
    after = cooccurrence(Matrix((Block(300_000, columns, union),), union), ["Q1", "Q2"], {"Q1": ["2"], "Q2": ["2"]})
    assert abs(before.answered - after.answered).sum() + abs(before.satisfied - after.satisfied).sum() > 0


def test_an_item_nobody_knows_is_an_error() -> None:
    coding = Coding("Q1", ("1",))
    matrix = Matrix((), {"Q1": coding})
    with pytest.raises(KeyError):
        cooccurrence(matrix, ["Q7"], {"Q7": ["1"]})
    with pytest.raises(KeyError):
        moments(matrix, ["Q1"], {})
