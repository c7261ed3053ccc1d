"""Who is in which of many sets of people, person by person, and by which release they came. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import NO_ANSWER, NOT_ASKED, Block, Matrix
from survey.aggregation.selections import Mask, holds

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Variable key → codes, any of which; all keys have to hold. ``no_answer`` and ``not_asked`` are codes here."""


@dataclass(frozen=True)
class People:
    """A set of people: whom ``where`` describes, among the releases up to number ``upto``."""

    where: Where
    upto: int


@dataclass(frozen=True)
class Memberships:
    """Columns are people. ``eras`` is the number of the release that brought each, ``members`` has a row for each set,
    ``answered`` for each variable who gave a code that is not missing."""

    eras: NDArray[np.int64]
    members: NDArray[np.bool_]
    answered: Mapping[str, Mask]


def memberships(
    matrix: Matrix, sets: Sequence[People], present: Mapping[str, Collection[str]], most: int | None = None
) -> Memberships:
    """Of everybody, or of about ``most`` people from all blocks. ``present`` names for each variable the codes that
    count as an answer. KeyError for a variable that the matrix does not know."""
    share = 1.0 if most is None or most >= matrix.rows else most / matrix.rows
    parts = [(block, slice(0, -int(-block.rows * share // 1))) for block in matrix.blocks]
    rows = sum(part.stop for _, part in parts)
    eras, members = np.zeros(rows, np.int64), np.zeros((len(sets), rows), np.bool_)
    answered = {key: np.zeros(rows, np.bool_) for key in present}
    start = 0
    for block, part in parts:
        here = slice(start, start + part.stop)
        start = here.stop
        eras[here] = _eras(block)[part]
        for key, codes in present.items():
            answered[key][here] = _holds(matrix, block, key, tuple(codes), part)
        known: dict[tuple[str, tuple[str, ...]], Mask] = {}
        for row, one in enumerate(sets):
            inside = eras[here] <= one.upto
            for key, codes in one.where:
                if (key, codes) not in known:
                    known[key, codes] = _holds(matrix, block, key, codes, part)
                inside &= known[key, codes]
            members[row, here] = inside
    return Memberships(eras, members, answered)


def upto(matrix: Matrix, release: int) -> Matrix:
    """Only what the releases up to this number brought."""
    blocks: list[Block] = []
    for block in matrix.blocks:
        start = 0
        for number, rows in block.runs or ((0, block.rows),):
            part = slice(start, start + rows)
            start += rows
            if number <= release:
                columns = {key: column[part] for key, column in block.columns.items()}
                blocks.append(replace(block, rows=rows, columns=columns, runs=((number, rows),)))
    return Matrix(tuple(blocks), matrix.codings)


def _eras(block: Block) -> NDArray[np.int64]:
    numbers, rows = zip(*block.runs, strict=True) if block.runs else ((0,), (block.rows,))
    return np.repeat(np.array(numbers, np.int64), np.array(rows, np.int64))


def _holds(matrix: Matrix, block: Block, key: str, codes: tuple[str, ...], part: slice) -> Mask:
    coding = block.codings.get(key, matrix.codings[key])
    values = block.columns[key][part] if key in block.columns else np.zeros(part.stop - part.start, coding.dtype)
    found = holds(values, coding, codes)
    for name, value in (("no_answer", NO_ANSWER), ("not_asked", NOT_ASKED)):
        if name in codes:
            found |= values == value
    return found
