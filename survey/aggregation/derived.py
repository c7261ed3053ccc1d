"""Columns made from others while they are looked at: places, units and channels from collectors, years from months.
Nothing of it is stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from survey.aggregation.columns import FIRST, NO_ANSWER, NOT_ASKED, Block, Coding, Column, Matrix


@dataclass(frozen=True)
class Derived:
    """A variable whose codes are groups of the codes of another single-coded one: ``groups`` maps each of its codes to
    those. A code that is in no group counts as no answer."""

    key: str
    of: str
    groups: Mapping[str, tuple[str, ...]]


def with_derived(matrix: Matrix, wanted: Iterable[Derived]) -> Matrix:
    """The matrix with these columns beside its own. KeyError for a source it does not know."""
    for one in wanted:
        source = matrix.codings[one.of]
        coding = Coding(one.key, tuple(one.groups))
        table = np.full(FIRST + len(source.codes), NO_ANSWER, coding.dtype)
        table[NOT_ASKED] = NOT_ASKED
        for value, codes in enumerate(one.groups.values(), FIRST):
            for code in codes:
                if code in source.codes:
                    table[source.value(code)] = value
        blocks = tuple(_with(block, coding, one.of, table) for block in matrix.blocks)
        matrix = Matrix(blocks, {**matrix.codings, one.key: coding})
    return matrix


def _with(block: Block, coding: Coding, of: str, table: Column) -> Block:
    values = table[block.columns[of]] if of in block.columns else np.zeros(block.rows, coding.dtype)
    return replace(block, columns={**block.columns, coding.key: values}, codings={**block.codings, coding.key: coding})
