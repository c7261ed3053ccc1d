"""Elimination modulo a prime: against a hand-worked form and against ranks in floating point."""

from __future__ import annotations

import numpy as np

from survey.statistics.elimination import eliminated, rank


def test_elimination_is_exact_and_takes_the_first_columns() -> None:
    form, pivots = eliminated(np.array([[0, 2, 4, 1], [0, 1, 2, 1], [0, 3, 6, 2]]))
    assert pivots == [1, 3]
    assert form[:2].tolist() == [[0, 1, 2, 0], [0, 0, 0, 1]]


def test_the_rank_is_that_of_singular_values() -> None:
    chance = np.random.default_rng(5)
    for _ in range(100):
        rows, columns = int(chance.integers(1, 20)), int(chance.integers(1, 200))
        table = (chance.random((rows, columns)) < chance.choice([0.05, 0.5])).astype(np.int64)
        table[-1] = table[0]
        table[rows // 2] = table[0] * table[rows // 3]
        assert rank(table) == np.linalg.matrix_rank(table)
