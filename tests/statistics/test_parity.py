"""Sums of sets modulo 2: against adding them up in every way."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.statistics import parity
from survey.statistics.isolation import Evidence, heavy


def none_small(table: NDArray[np.int64], weights: NDArray[np.int64], least: int) -> bool:
    return parity.none_small(table, weights, least, lambda: len(table))


def smallest(table: NDArray[np.int64], weights: NDArray[np.int64]) -> int:
    """How many people the smallest sum modulo 2 of rows holds that is not nobody."""
    sizes = [int(weights[table[some].sum(axis=0) % 2 == 1].sum()) for some in subsets(len(table))]
    return min((size for size in sizes if size), default=1 << 30)


def subsets(rows: int) -> list[list[int]]:
    """Of so many rows all sets of one or more, and first none."""
    return [list(some) for number in range(rows + 1) for some in combinations(range(rows), number)]


def dependent(table: NDArray[np.int64]) -> bool:
    """Whether some of the rows add up to nobody modulo 2."""
    return any(not (table[some].sum(axis=0) % 2).any() for some in subsets(len(table))[1:])


@pytest.mark.parametrize("least", [2, 5, 10])
def test_it_is_what_adding_up_in_every_way_tells(least: int) -> None:
    chance = np.random.default_rng(least)
    answers = []
    for _ in range(150):
        rows, columns = int(chance.integers(1, 8)), int(chance.integers(5, 40))
        table = (chance.random((rows, columns)) < chance.choice([0.2, 0.5])).astype(np.int64)
        table[-1] = table[: rows // 2].sum(axis=0) % 2 if chance.random() < 0.3 else table[-1]
        weights = chance.choice([1, 1, 2, 7, 12], columns).astype(np.int64)
        independent = max(len(some) for some in subsets(rows) if not dependent(table[some]))
        answers.append(none_small(table, weights, least))
        assert answers[-1] == (smallest(table, weights) >= least and np.linalg.matrix_rank(table) == independent)
    assert 10 < sum(answers) < 140


def test_what_is_not_small_modulo_2_is_not_small_with_any_multiples() -> None:
    chance = np.random.default_rng(3)
    agreed = 0
    for _ in range(200):
        rows, columns = int(chance.integers(1, 12)), int(chance.integers(20, 60))
        table = (chance.random((rows, columns)) < 0.4).astype(np.int64)
        if rows > 2 and chance.random() < 0.5:
            # Some people are in both of two sets that for all others add up to a third.
            table[2] = (table[0] + table[1]) % 2
            if chance.random() < 0.5:
                table[1] &= 1 - table[0]
                table[2] = table[0] + table[1]
        weights = np.ones(columns, np.int64)
        if none_small(table, weights, 5):
            assert heavy(table, weights, 5)
            agreed += 1
    assert agreed > 50


def test_a_sum_that_is_two_on_a_few_people_is_not_taken_for_nobody() -> None:
    one, other = np.repeat([[1, 0, 0, 1], [0, 1, 0, 1]], [20, 20, 20, 1], axis=1)
    weights = np.ones(61, np.int64)
    for both in ((one | other) - (one & other), one | other):
        assert not none_small(np.stack([one, other, both]), weights, 5)
    assert none_small(np.stack([one, other]), weights, 5)


def test_how_many_rows_are_independent_among_more_people_saves_looking() -> None:
    one = np.repeat([1, 0], 20)
    table, weights = np.stack([one, 1 - one, np.ones(40, np.int64)]), np.ones(40, np.int64)
    assert parity.none_small(table, weights, 5, lambda: 2)
    assert parity.none_small(table, weights, 5, lambda: 3)


def test_three_ticks_of_which_each_gave_two_are_left_to_the_exact_answer() -> None:
    """Modulo 2 their sum is nobody but the four who ticked one; with multiples no sum is that small, until twice
    everybody is taken off."""
    ticks = np.repeat(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]]), [20, 20, 20, 4], axis=0).T
    weights = np.ones(64, np.int64)
    assert not none_small(ticks, weights, 5)
    assert heavy(ticks, weights, 5)
    eras, everybody = np.zeros(64, np.int64), np.ones(64, np.bool_)
    assert not Evidence(eras, ticks.astype(np.bool_)).exact([0, 1, 2], everybody, 5)


def test_more_sums_than_can_be_tried_are_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    table = (chance.random((30, 80)) < 0.5).astype(np.int64)
    weights = np.ones(80, np.int64)
    assert none_small(table, weights, 5)
    monkeypatch.setattr(parity, "MOST_SUMS", 100)
    assert not none_small(table, weights, 5)
