"""Counts of codes over a selection, and by the groups of another variable. Pure; percentages come later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import joint
from survey.aggregation.columns import FIRST, NO_ANSWER, NOT_ASKED, Block, Coding, Column, Matrix, Selection
from survey.aggregation.selections import Mask, chunks, holds, require, selected

EVERYBODY = Selection()

NONE_MISSING: Mapping[str, Collection[str]] = MappingProxyType({})

FEW = 16
"""Up to so many codes, comparing a byte column with each of them is faster than one ``bincount`` (measured)."""

Counts = NDArray[np.int64]
"""People not asked, without an answer, with one that is not missing; then one count per code."""


@dataclass(frozen=True)
class Tally:
    """One variable in one group of people. ``counts`` has every code, missing codes included (whoever ticked several is
    in several); ``people`` is how many gave at least one code that is not missing."""

    counts: Mapping[str, int]
    not_asked: int
    no_answer: int
    people: int


def tally(
    matrix: Matrix,
    keys: Sequence[str],
    selection: Selection = EVERYBODY,
    *,
    missing: Mapping[str, Collection[str]] = NONE_MISSING,
) -> dict[str, Tally]:
    """Each variable over the rows selected. ``missing`` names per key the codes that do not count for ``people``.

    Raises KeyError for a key, also in the selection, that the matrix does not know; an unknown code selects nobody.
    """
    require(matrix, selection)
    totals = {key: _nothing(matrix.codings[key]) for key in keys}
    for block in matrix.blocks:
        for part, mask in chunks(block, selection):
            rows = part.stop - part.start if mask is None else int(np.count_nonzero(mask))
            for key, total in totals.items():
                if key in block.columns:
                    values = block.columns[key][part]
                    # Who is not selected becomes a zero, and the zeros are not counted.
                    values = values if mask is None else values * mask
                    _add(total, _counted(values, rows, block.codings[key], missing.get(key, ())))
                else:
                    total[NOT_ASKED] += rows
    return {key: _tally(total, matrix.codings[key]) for key, total in totals.items()}


def cross(
    matrix: Matrix,
    keys: Sequence[str],
    by: str,
    selection: Selection = EVERYBODY,
    *,
    missing: Mapping[str, Collection[str]] = NONE_MISSING,
) -> dict[str, dict[str, Tally]]:
    """Each variable within each group of ``by``: key → code of ``by``, ``no_answer`` or ``not_asked`` → its tally.
    Where ``by`` is a multiple choice, whoever ticked several is in several groups. Otherwise like ``tally``."""
    return crossed(matrix, keys, by, selection, missing=missing)[0]


def crossed(
    matrix: Matrix,
    keys: Sequence[str],
    by: str,
    selection: Selection = EVERYBODY,
    *,
    missing: Mapping[str, Collection[str]] = NONE_MISSING,
) -> tuple[dict[str, dict[str, Tally]], dict[str, dict[str, Tally]]]:
    """What ``cross`` gives for those selected, and for everybody, in one look at the columns."""
    require(matrix, selection)
    grouping = matrix.codings[by]
    joined = [key for key in keys if joint.countable(matrix.codings[key]) and joint.countable(grouping)]
    tables = joint.joint(matrix, joined, by, selection)
    inside: dict[str, dict[str, Tally]] = {}
    everybody: dict[str, dict[str, Tally]] = {}
    for key, (some, every) in tables.items():
        inside[key] = _by_group(some, grouping, matrix.codings[key], missing.get(key, ()))
        everybody[key] = _by_group(every, grouping, matrix.codings[key], missing.get(key, ()))
    others = [key for key in keys if key not in inside]
    if others:
        inside |= _one_by_one(matrix, others, by, selection, missing)
        everybody |= _one_by_one(matrix, others, by, EVERYBODY, missing) if selection.filters else inside
    return {key: inside[key] for key in keys}, {key: everybody[key] for key in keys}


def _by_group(table: NDArray[np.int64], grouping: Coding, coding: Coding, missing: Collection[str]) -> dict[str, Tally]:
    """The tally of each group from people by values of the grouping variable × values of the variable."""
    values = np.arange(len(table))
    rows = {code: _having(values, grouping, code) for code in grouping.codes}
    rows |= {"no_answer": values == NO_ANSWER, "not_asked": values == NOT_ASKED}
    return {name: _from_values(table[chosen].sum(axis=0), coding, missing) for name, chosen in rows.items()}


def _having(values: NDArray[np.int64], coding: Coding, code: str) -> Mask:
    found: Mask = (values & coding.value(code)) != 0 if coding.multiple else values == coding.value(code)
    return found


def _from_values(counts: NDArray[np.int64], coding: Coding, missing: Collection[str]) -> Tally:
    """A tally from how often each value stands in the column."""
    values = np.arange(len(counts))
    each = {code: int(counts[_having(values, coding, code)].sum()) for code in coding.codes}
    present = np.zeros(len(counts), np.bool_)
    for code in coding.codes:
        if code not in missing:
            present |= _having(values, coding, code)
    return Tally(each, int(counts[NOT_ASKED]), int(counts[NO_ANSWER]), int(counts[present].sum()))


def _one_by_one(
    matrix: Matrix, keys: Sequence[str], by: str, selection: Selection, missing: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Tally]]:
    """``cross`` for variables with very many values."""
    names = (*matrix.codings[by].codes, "no_answer", "not_asked")
    totals = {key: {name: _nothing(matrix.codings[key]) for name in names} for key in keys}
    for block in matrix.blocks:
        for name, rows in _groups(block, matrix.codings[by], selected(block, selection, slice(0, block.rows))):
            for key in keys:
                if key in block.columns:
                    values = block.columns[key][rows]
                    counts = _counted(values, len(rows), block.codings[key], missing.get(key, ()))
                    _add(totals[key][name], counts)
                else:
                    totals[key][name][NOT_ASKED] += len(rows)
    return {
        key: {name: _tally(total, matrix.codings[key]) for name, total in groups.items()}
        for key, groups in totals.items()
    }


def _groups(block: Block, by: Coding, mask: Mask | None) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """The rows of each group of one block."""
    column = block.columns.get(by.key, np.zeros(block.rows, by.dtype))
    coding = block.codings.get(by.key, by)
    for code in by.codes:
        found = holds(column, coding, (code,))
        yield code, np.flatnonzero(found if mask is None else found & mask)
    for name, value in (("no_answer", NO_ANSWER), ("not_asked", NOT_ASKED)):
        found = column == value
        yield name, np.flatnonzero(found if mask is None else found & mask)


def _counted(values: Column, rows: int, coding: Coding, missing: Collection[str]) -> Counts:
    """The counts of ``rows`` people; further zeros among ``values`` are nobody's."""
    present = [code for code in coding.codes if code not in missing]
    if coding.multiple:
        each = [int(np.count_nonzero(values & values.dtype.type(coding.value(code)))) for code in coding.codes]
        answered = int(np.count_nonzero(values > NO_ANSWER))
        blank = int(np.count_nonzero(values == NO_ANSWER))
        people = answered if len(present) == len(each) else int(np.count_nonzero(holds(values, coding, present)))
    else:
        blank, *each = _states(values, len(coding.codes))
        answered = sum(each)
        people = answered - sum(each[place] for place, code in enumerate(coding.codes) if code in missing)
    return np.array([rows - blank - answered, blank, people, *each], np.int64)


def _states(values: Column, codes: int) -> list[int]:
    """How often each value but zero stands in a column of single codes."""
    if codes <= FEW:
        return [int(np.count_nonzero(values == value)) for value in range(NO_ANSWER, FIRST + codes)]
    found: list[int] = np.bincount(values, minlength=FIRST + codes)[NO_ANSWER:].tolist()
    return found


def _nothing(coding: Coding) -> Counts:
    return np.zeros(3 + len(coding.codes), np.int64)


def _add(total: Counts, counts: Counts) -> None:
    """A block may know fewer codes than the matrix, or more, of which it then has none."""
    length = min(len(total), len(counts))
    total[:length] += counts[:length]


def _tally(total: Counts, coding: Coding) -> Tally:
    not_asked, blank, people, *counts = total.tolist()
    return Tally(dict(zip(coding.codes, counts, strict=True)), not_asked, blank, people)
