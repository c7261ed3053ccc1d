"""People who answered all of several items, counted by what they said to each and in all; and two items together.

Pure and exact: whole numbers only. Both look at each row once, in slices that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import FIRST, Coding, Matrix, Selection
from survey.aggregation.selections import Mask, chunks, require
from survey.aggregation.tallies import EVERYBODY, FEW

Levels = Mapping[str, int]
"""Code → whole-number score from 1 up; a code that is not here is no answer."""

Histogram = NDArray[np.int64]
"""How many people have each score, from 0 on."""


@dataclass(frozen=True)
class Complete:
    """Of the ``people`` who answered all ``items``: by score of each item, and by the sum of all scores."""

    items: tuple[str, ...]
    people: int
    scores: tuple[Histogram, ...]
    totals: Histogram


def complete(
    matrix: Matrix, items: Sequence[str], levels: Mapping[str, Levels], selection: Selection = EVERYBODY
) -> Complete:
    """Those who answered every item. ``items`` are coded one code a person. KeyError for one that is not known."""
    require(matrix, selection)
    tops = [max(levels[item].values(), default=0) for item in items]
    scores = [np.zeros(top + 1, np.int64) for top in tops]
    totals = np.zeros(sum(tops) + 1, np.int64)
    for block in matrix.blocks:
        if any(item not in block.columns for item in items):
            continue
        tables = [_table(block.codings[item], levels[item]) for item in items]
        for part, mask in chunks(block, selection):
            given = [table[block.columns[item][part]] for item, table in zip(items, tables, strict=True)]
            kept = given[0] > 0 if mask is None else mask & (given[0] > 0)
            total = given[0].astype(np.uint32)
            for one in given[1:]:
                kept &= one > 0
                total += one
            for one, histogram in zip(given, scores, strict=True):
                _count(histogram, one, kept)
            totals += np.bincount(total[kept], minlength=len(totals))
    return Complete(tuple(items), int(totals.sum()), tuple(scores), totals)


def joint(
    matrix: Matrix,
    items: Sequence[str],
    beside: str,
    levels: Mapping[str, Levels],
    selection: Selection = EVERYBODY,
) -> dict[str, NDArray[np.int64]]:
    """Each item together with ``beside``: how many people have each two scores, rows by the item's. Whoever gave only
    one of the two is left out (row or column 0 is empty)."""
    require(matrix, selection)
    top = max(levels[beside].values(), default=0) + 1
    found = {item: np.zeros((max(levels[item].values(), default=0) + 1, top), np.int64) for item in items}
    for block in matrix.blocks:
        if beside not in block.columns:
            continue
        across = _table(block.codings[beside], levels[beside]).astype(np.uint32)
        down = {
            item: _table(block.codings[item], levels[item]).astype(np.uint32) * np.uint32(top)
            for item in items
            if item in block.columns
        }
        for part, mask in chunks(block, selection):
            other = across[block.columns[beside][part]]
            for item, table in down.items():
                place = table[block.columns[item][part]] + other
                counts = np.bincount(place if mask is None else place[mask], minlength=found[item].size)
                found[item] += counts.reshape(found[item].shape)
    for counts in found.values():
        counts[0, :] = 0
        counts[:, 0] = 0
    return found


def _count(histogram: Histogram, scores: NDArray[np.unsignedinteger], kept: Mask) -> None:
    """Adds the scores of the people kept, of whom none has 0."""
    if len(histogram) > FEW:
        histogram += np.bincount(scores[kept], minlength=len(histogram))
        return
    for score in range(1, len(histogram)):
        histogram[score] += np.count_nonzero((scores == score) & kept)


def _table(coding: Coding, levels: Levels) -> NDArray[np.unsignedinteger]:
    """Value of a column → score, 0 for none; of the smallest type, since comparing small numbers is quick."""
    table = np.zeros(FIRST + len(coding.codes), np.min_scalar_type(max(levels.values(), default=0)))
    for place, code in enumerate(coding.codes):
        table[FIRST + place] = levels.get(code, 0)
    return table
