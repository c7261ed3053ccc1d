"""People by the cells that several variables make together, as weighting needs them. Pure, bounded in size.

A cell is one group of each margin. Whoever gave none of a margin's codes is in a group of its own, the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import FIRST, Block, Coding, Column, Matrix
from survey.aggregation.selections import chunks, holds
from survey.aggregation.tallies import EVERYBODY

MOST_CELLS = 4096
"""Cells that margins may make together."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Margin:
    """A variable and the group of each of its codes, numbered from 0 without a gap; several codes may share one. A code
    that is not named is in the group ``groups``, with those who did not answer."""

    key: str
    groups_of: Mapping[str, int]

    @property
    def groups(self) -> int:
        """How many groups there are, those without a code not counted."""
        return max(self.groups_of.values(), default=-1) + 1


@dataclass(frozen=True)
class Cells:
    """``shape`` has one more than the groups of each margin; arrays run over all cells, the last margin fastest.
    ``rows`` everybody; ``people`` with an answer to any item; for each item ``counts``: cells × scores, by the place of
    the score among those given, and nobody else."""

    shape: tuple[int, ...]
    rows: Numbers
    people: Numbers
    counts: Mapping[str, Numbers]


def cells(matrix: Matrix, margins: Sequence[Margin], items: Mapping[str, Sequence[str]]) -> Cells:
    """Everybody by cell. ``items`` names for each item the codes that count, in the order of its columns.

    Raises ValueError for more than ``MOST_CELLS`` cells."""
    shape = _shape(margins)
    size = prod(shape)
    rows, people = np.zeros(size, np.int64), np.zeros(size, np.int64)
    counts = {item: np.zeros((size, len(codes)), np.int64) for item, codes in items.items()}
    for block, part, cell in _placed(matrix, margins, shape):
        rows += np.bincount(cell, minlength=size)
        anyone = np.zeros(len(cell), np.bool_)
        for item, codes in items.items():
            if item not in block.columns:
                continue
            values, width = block.columns[item][part], len(codes) + 1
            places = _lookup(values, block.codings[item], {code: place for place, code in enumerate(codes)}, len(codes))
            anyone |= places < len(codes)
            found = np.bincount(cell * np.uint32(width) + places, minlength=size * width).reshape(size, width)
            counts[item] += found[:, : len(codes)]
        people += np.bincount(cell[anyone], minlength=size)
    return Cells(shape, rows, people, counts)


def squares(
    matrix: Matrix, margins: Sequence[Margin], influences: Mapping[str, Mapping[str, float]]
) -> NDArray[np.float64]:
    """Σ z² by cell, where z of a person adds up the influence of each answer: item → code → number."""
    shape = _shape(margins)
    size = prod(shape)
    total = np.zeros(size, np.float64)
    for block, part, cell in _placed(matrix, margins, shape):
        moved = np.zeros(len(cell), np.float64)
        for item, of_code in influences.items():
            if item in block.columns:
                moved += _lookup(block.columns[item][part], block.codings[item], of_code, 0.0)
        total += np.bincount(cell, weights=moved * moved, minlength=size)
    return total


def _shape(margins: Sequence[Margin]) -> tuple[int, ...]:
    shape = tuple(margin.groups + 1 for margin in margins)
    if prod(shape) > MOST_CELLS:
        raise ValueError(f"{prod(shape)} cells")
    return shape


def _placed(
    matrix: Matrix, margins: Sequence[Margin], shape: tuple[int, ...]
) -> Iterator[tuple[Block, slice, NDArray[np.uint32]]]:
    """Blocks in slices, with the cell of each row."""
    for block in matrix.blocks:
        for part, _ in chunks(block, EVERYBODY):
            cell = np.zeros(part.stop - part.start, np.uint32)
            for margin, groups in zip(margins, shape, strict=True):
                cell *= np.uint32(groups)
                if margin.key in block.columns:
                    values, coding = block.columns[margin.key][part], block.codings[margin.key]
                    cell += _lookup(values, coding, margin.groups_of, groups - 1)
                else:
                    cell += np.uint32(groups - 1)
            yield block, part, cell


def _lookup(values: Column, coding: Coding, of_code: Mapping[str, float], otherwise: float) -> NDArray[Any]:
    """What each value stands for; in a multiple choice the first of the codes that is ticked."""
    kind = np.float64 if isinstance(otherwise, float) else np.uint32
    if not coding.multiple:
        table = np.full(FIRST + len(coding.codes), otherwise, kind)
        for place, code in enumerate(coding.codes):
            table[FIRST + place] = of_code.get(code, otherwise)
        return table[values]
    found = np.full(len(values), otherwise, kind)
    for code in reversed(coding.codes):
        if code in of_code:
            found[holds(values, coding, (code,))] = of_code[code]
    return found
