"""Rows of whole numbers, eliminated modulo a large prime. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PRIME = (1 << 31) - 1

Ints = NDArray[np.int64]


SPARE = 3


def rank(table: Ints) -> int:
    """How many rows of a table of zeros and ones are independent."""
    rows, columns = table.shape
    if columns > rows + SPARE:
        # So many random sums of the columns keep the rank, but for a chance of 2 to the minus 20 for each to spare.
        chance = np.random.default_rng(20_261_126).integers(0, 1 << 20, (columns, rows + SPARE))
        table = np.rint(table.astype(np.float64) @ chance.astype(np.float64)).astype(np.int64)
    return len(eliminated(table)[1])


def eliminated(table: Ints) -> tuple[Ints, list[int]]:
    """The reduced row echelon form modulo ``PRIME``, and its pivot columns, the first ones possible."""
    work = table % PRIME
    pivots: list[int] = []
    column, rows = 0, len(work)
    while len(pivots) < rows and column < work.shape[1]:
        start = len(pivots)
        # The next column that has anything left below.
        if not work[start:, column].any():
            left = work[start:, column:].any(axis=0)
            if not left.any():
                break
            column += int(left.argmax())
        row = start + int((work[start:, column] != 0).argmax())
        if row != start:
            work[[start, row]] = work[[row, start]]
        pivot = int(work[start, column])
        if pivot != 1:
            work[start] = work[start] * pow(pivot, PRIME - 2, PRIME) % PRIME
        factors = work[:, column].copy()
        factors[start] = 0
        others = factors.nonzero()[0]
        if len(others):
            work[others] = (work[others] - factors[others, None] * work[start] % PRIME) % PRIME
        pivots.append(column)
        column += 1
    return work, pivots
