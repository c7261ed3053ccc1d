"""Two items at a time: how many people are in both of two sets. Pure; exact, since people are only counted.

An interval by respondent needs it, because the answers of one person belong together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.selections import chunks, holds, require
from survey.aggregation.tallies import EVERYBODY, NONE_MISSING

Sets = Sequence[tuple[str, Collection[str]]]
"""Sets of people: those whose answer to a variable is, or contains, one of the codes."""


@dataclass(frozen=True)
class Cooccurrence:
    """People by items × items: who answered both; who was satisfied with both; who was satisfied with the row's item
    and answered the column's. A diagonal holds the item's own counts; ``people`` answered at least one item."""

    items: tuple[str, ...]
    people: int
    answered: NDArray[np.int64]
    satisfied: NDArray[np.int64]
    satisfied_answered: NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """Items × items, with x the score of a person's answer (0 without one) and a whether there is a scored answer:
    ``answered`` Σ aᵢaⱼ, ``sums`` Σ xᵢaⱼ (its diagonal is Σ xᵢ), ``products`` Σ xᵢxⱼ; ``people`` have at least one
    scored answer. Exact for whole-number scores."""

    items: tuple[str, ...]
    people: int
    answered: NDArray[np.int64]
    sums: NDArray[np.float64]
    products: NDArray[np.float64]


def cooccurrence(
    matrix: Matrix,
    items: Sequence[str],
    satisfied: Mapping[str, Collection[str]],
    selection: Selection = EVERYBODY,
    *,
    missing: Mapping[str, Collection[str]] = NONE_MISSING,
) -> Cooccurrence:
    """Who answered and who was satisfied, by pairs of items; ``missing`` names per item the codes that are no answer.

    Raises KeyError for an item that the matrix or ``satisfied`` does not know.
    """
    sets: list[tuple[str, Collection[str]]] = []
    sets += [(item, _codes(matrix, item, missing.get(item, ()))) for item in items]
    sets += [(item, satisfied[item]) for item in items]
    n = len(items)
    both, people = _counted(matrix, sets, n, selection)
    return Cooccurrence(tuple(items), people, both[:n, :n], both[n:, n:], both[n:, :n])


def moments(
    matrix: Matrix,
    items: Sequence[str],
    scores: Mapping[str, Mapping[str, float]],
    selection: Selection = EVERYBODY,
) -> Moments:
    """First and second moments of scored items over the rows selected; a code without a score is no answer.

    Raises KeyError for an item that the matrix or ``scores`` does not know.
    """
    sets: list[tuple[str, Collection[str]]] = [(item, tuple(scores[item])) for item in items]
    sets += [(item, (code,)) for item in items for code in scores[item]]
    n = len(items)
    both, people = _counted(matrix, sets, n, selection)
    # weights[i, s]: what a person in the s-th set of one code adds to the score of item i.
    weights = np.zeros((n, len(sets) - n))
    start = 0
    for row, item in enumerate(items):
        weights[row, start : start + len(scores[item])] = list(scores[item].values())
        start += len(scores[item])
    sums = weights @ both[n:, :n].astype(np.float64)
    products = weights @ both[n:, n:].astype(np.float64) @ weights.T
    return Moments(tuple(items), people, both[:n, :n], sums, products)


def _counted(matrix: Matrix, sets: Sets, items: int, selection: Selection) -> tuple[NDArray[np.int64], int]:
    """Of the people selected, how many are in both of each two sets, and how many in any of the first ``items`` sets.
    A person is one bit; 64 are looked at together."""
    require(matrix, selection)
    for key, _ in sets:
        matrix.codings[key]
    both, anyone = np.zeros((len(sets), len(sets)), np.int64), 0
    for block in matrix.blocks:
        for part, mask in chunks(block, selection):
            words = -(-(part.stop - part.start) // 64)
            bits = np.zeros((len(sets), words * 8), np.uint8)
            for row, (key, codes) in enumerate(sets):
                if key in block.columns:
                    members = holds(block.columns[key][part], block.codings[key], codes)
                    packed = np.packbits(members if mask is None else members & mask)
                    bits[row, : len(packed)] = packed
            people = bits.view(np.uint64)
            for row in range(len(sets)):
                both[row, row:] += np.bitwise_count(people[row] & people[row:]).sum(axis=1, dtype=np.uint32)
            anyone += int(np.bitwise_count(np.bitwise_or.reduce(people[:items])).sum())
    return np.triu(both) + np.triu(both, 1).T, anyone


def _codes(matrix: Matrix, item: str, missing: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in matrix.codings[item].codes if code not in missing)
