"""Who is in which of many sets of people, person by person, and by which release they came. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import NO_ANSWER, NOT_ASKED, Block, Matrix, Selection
from survey.aggregation.selections import Mask, chunks, holds

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


Places = tuple[NDArray[np.intp], ...]
"""Some people: for each block of a matrix the rows, ascending."""


def memberships(matrix: Matrix, sets: Sequence[People], present: Mapping[str, Collection[str]]) -> Memberships:
    """Of everybody. ``present`` names for each variable the codes that count as an answer. KeyError for a variable that
    the matrix does not know."""
    eras, members = np.zeros(matrix.rows, np.int64), np.zeros((len(sets), matrix.rows), np.bool_)
    answered = {key: np.zeros(matrix.rows, np.bool_) for key in present}
    start = 0
    for block in matrix.blocks:
        here, part = slice(start, start + block.rows), slice(0, block.rows)
        start = here.stop
        eras[here] = _eras(block)
        for key, codes in present.items():
            answered[key][here] = _holds(matrix, block, key, tuple(codes), part)
        known: dict[tuple[str, tuple[str, ...]], Mask] = {}
        for row, one in enumerate(sets):
            members[row, here] = _inside(matrix, block, one, eras[here], part, known)
    return Memberships(eras, members, answered)


def picked(matrix: Matrix, places: Places) -> Matrix:
    """Only these people."""
    blocks: list[Block] = []
    for block, rows in zip(matrix.blocks, places, strict=True):
        columns = {key: column[rows] for key, column in block.columns.items()}
        ends = np.searchsorted(rows, np.cumsum([number for _, number in block.runs]))
        brought = np.diff(ends, prepend=0).tolist()
        runs = tuple((era, number) for (era, _), number in zip(block.runs, brought, strict=True))
        blocks.append(replace(block, rows=len(rows), columns=columns, runs=runs))
    return Matrix(tuple(blocks), matrix.codings)


def exceptions(
    matrix: Matrix,
    multiples: Mapping[People, int],
    said: Mapping[int, int],
    among: tuple[str, Collection[str]],
    most: int,
) -> Places:
    """Up to ``most`` people of each block who are in so many of the sets, each counted as often as it says, that it is
    not what was ``said`` of their release; of a release of which nothing was said, not what its first one is in. Only
    people with one of the codes of the variable ``among``."""
    found, expected = [], dict(said)
    for block in matrix.blocks:
        eras, here, left = _eras(block), [np.zeros(0, np.intp)], most
        for part, _ in chunks(block, Selection()):
            known: dict[tuple[str, tuple[str, ...]], Mask] = {}
            total = np.zeros(part.stop - part.start, np.int64)
            for one, times in multiples.items():
                total += times * _inside(matrix, block, one, eras[part], part, known)
            counted = _holds(matrix, block, among[0], tuple(among[1]), part)
            numbers, first, which = np.unique(eras[part][counted], return_index=True, return_inverse=True)
            firsts = total[counted][first]
            for number, value in zip(numbers.tolist(), firsts.tolist(), strict=True):
                expected.setdefault(number, value)
            wanted = np.array([expected[number] for number in numbers.tolist()], np.int64)
            rows = np.flatnonzero(counted)[total[counted] != wanted[which]][:left] + part.start
            left -= len(rows)
            here.append(rows)
            if not left:
                break
        found.append(np.concatenate(here))
    return tuple(found)


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


def _inside(
    matrix: Matrix,
    block: Block,
    one: People,
    eras: NDArray[np.int64],
    part: slice,
    known: dict[tuple[str, tuple[str, ...]], Mask],
) -> Mask:
    inside: Mask = eras <= one.upto
    for key, codes in one.where:
        if (key, codes) not in known:
            known[key, codes] = _holds(matrix, block, key, codes, part)
        inside &= known[key, codes]
    return inside


def _holds(matrix: Matrix, block: Block, key: str, codes: tuple[str, ...], part: slice) -> Mask:
    coding = block.codings.get(key, matrix.codings[key])
    values = block.columns[key][part] if key in block.columns else np.zeros(part.stop - part.start, coding.dtype)
    found = holds(values, coding, codes)
    for name, value in (("no_answer", NO_ANSWER), ("not_asked", NOT_ASKED)):
        if name in codes:
            found |= values == value
    return found
