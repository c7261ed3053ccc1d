"""Which rows of a block are meant. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import FIRST, Block, Coding, Column, Matrix, Selection

CHUNK = 1 << 17
"""Rows looked at together: few enough for what is computed on the way to stay in the processor's cache."""

Mask = NDArray[np.bool_]


def require(matrix: Matrix, selection: Selection) -> None:
    """Raises KeyError for a filter on a variable the matrix does not know."""
    for key, _ in selection.filters:
        matrix.codings[key]


def chunks(block: Block, selection: Selection) -> Iterator[tuple[slice, Mask | None]]:
    """The block in slices of at most ``CHUNK`` rows, each with the rows selected in it (None: all)."""
    for start in range(0, block.rows, CHUNK):
        part = slice(start, min(start + CHUNK, block.rows))
        yield part, selected(block, selection, part)


def selected(block: Block, selection: Selection, part: slice) -> Mask | None:
    """One truth value per row of ``part``, None where nothing is filtered. A code unknown to the block selects none."""
    mask: Mask | None = None
    for key, codes in selection.filters:
        if key in block.columns:
            found = holds(block.columns[key][part], block.codings[key], codes)
        else:
            found = np.zeros(part.stop - part.start, np.bool_)
        mask = found if mask is None else mask & found
    return mask


def holds(values: Column, coding: Coding, codes: Collection[str]) -> Mask:
    """Whether each value is, or for a multiple choice contains, one of ``codes``."""
    known = [place for place, code in enumerate(coding.codes) if code in codes]
    if coding.multiple:
        ticked: Mask = (values & values.dtype.type(sum(FIRST << place for place in known))) != 0
        return ticked
    found = np.zeros(len(values), np.bool_)
    for low, high in runs(known):
        # Unsigned: what is below ``low`` wraps around to the top, so one comparison tells both ends.
        found |= (values - values.dtype.type(FIRST + low)) <= high - low
    return found


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending whole numbers as (first, last) of each unbroken run."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
