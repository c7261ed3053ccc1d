"""Counting several variables within groups in one go: their values and the group make up one number per person, and one
``bincount`` counts them all. Pure; exact, since people are only counted.

One look at three variables costs about as much as one at a single variable, however many groups there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import FIRST, Block, Coding, Column, Matrix, Selection
from survey.aggregation.selections import chunks

MOST_STATES = 64
"""A variable with more values than this is counted in another way."""

CELLS = 1 << 13
"""Combinations counted together: few enough for their counts to stay in the processor's nearest cache."""

Table = NDArray[np.int64]
"""Value of the grouping variable × value of the variable → people."""


def states(coding: Coding) -> int:
    """How many values a column can hold: 0 to the highest."""
    return FIRST << len(coding.codes) if coding.multiple else FIRST + len(coding.codes)


def countable(coding: Coding) -> bool:
    """Whether a variable is small enough to be counted jointly."""
    return len(coding.codes) < MOST_STATES and states(coding) <= MOST_STATES


def joint(matrix: Matrix, keys: Sequence[str], by: str, selection: Selection) -> dict[str, tuple[Table, Table]]:
    """Each variable by the values of ``by``, among those selected and among everybody. All of them are ``countable``.
    The values are those of the matrix's codings; KeyError for a key that it does not know."""
    if not keys:
        return {}
    width = {key: states(matrix.codings[key]) for key in (*keys, by)}
    totals = {key: np.zeros((2, width[by], width[key]), np.int64) for key in keys}
    halves = 2 if selection.filters else 1
    for block in matrix.blocks:
        batches = _batches(keys, width, width[by] * halves)
        counts = [np.zeros(width[by] * halves * prod(width[key] for key in batch), np.int64) for batch in batches]
        for part, mask in chunks(block, selection):
            groups = _column(block, by, part).astype(np.uint16)
            if mask is not None:
                groups += mask.astype(np.uint16) * np.uint16(width[by])
            for batch, count in zip(batches, counts, strict=True):
                cell = groups
                for key in batch:
                    cell = cell * np.uint16(width[key])
                    cell += _column(block, key, part)
                count += np.bincount(cell, minlength=len(count))
        for batch, count in zip(batches, counts, strict=True):
            shaped = count.reshape(halves, width[by], *(width[key] for key in batch))
            for axis, key in enumerate(batch, 2):
                others = tuple(other for other in range(2, 2 + len(batch)) if other != axis)
                totals[key][:halves] += shaped.sum(axis=others)
    return {key: _parts(total, halves) for key, total in totals.items()}


def _parts(total: NDArray[np.int64], halves: int) -> tuple[Table, Table]:
    """Those selected, and everybody."""
    everybody: Table = total.sum(axis=0)
    return (total[1] if halves == 2 else everybody), everybody


def _batches(keys: Sequence[str], width: dict[str, int], groups: int) -> list[list[str]]:
    """The variables in as few batches as ``CELLS`` allows; at least one in each."""
    found: list[list[str]] = []
    size = CELLS + 1
    for key in sorted(keys, key=lambda one: width[one]):
        if size * width[key] > CELLS:
            found.append([])
            size = groups
        found[-1].append(key)
        size *= width[key]
    return found


def _column(block: Block, key: str, part: slice) -> Column:
    rows = part.stop - part.start
    return block.columns[key][part] if key in block.columns else np.zeros(rows, np.uint8)
