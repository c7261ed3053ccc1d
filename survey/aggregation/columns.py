"""Coded columns: the shape in which answers are counted.

A closed answer is a small integer: 0 not asked, 1 asked and left blank. Beyond these, where one code stands alone,
2 + i is the i-th code of the coding; in a multiple choice the bit ``2 << i`` is, so that a value there is even and may
hold several. Columns of a block are NumPy arrays of the smallest unsigned type that holds the coding (one byte or two
in practice) and may be memory maps of a file.

Beside the closed variables each row has ``@collector``, ``@language``, ``@version`` (number) and ``@month``
(``2026-11``), coded the same way. Codings only ever grow at the end, so a block written earlier stays valid: its coding
is a prefix of the survey's, and a variable it does not know was not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOT_ASKED = 0
NO_ANSWER = 1
FIRST = 2

MOST_CODES = 63
"""How many codes a multiple choice can have over all its versions: what 64 bits hold beside the blank."""

Column = NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class Coding:
    """How one variable is coded: its codes in order of first publication, and whether several may stand together."""

    key: str
    codes: tuple[str, ...]
    multiple: bool = False

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        """The smallest unsigned type that holds every value."""
        top = (FIRST << len(self.codes)) - 1 if self.multiple else len(self.codes) + NO_ANSWER
        return np.min_scalar_type(max(top, NO_ANSWER))

    def value(self, code: str) -> int:
        """What stands for this code alone; ValueError if there is none."""
        place = self.codes.index(code)
        return FIRST << place if self.multiple else FIRST + place


@dataclass(frozen=True)
class Block:
    """Columns of equal length: one release, or several after each other. Within a release the order of rows is random.
    A block may know codes and variables that the matrix does not: then none of its rows holds them. ``runs`` tells
    which release brought which rows, as (release number, rows) in their order; empty where that is not known."""

    rows: int
    columns: Mapping[str, Column]
    codings: Mapping[str, Coding]
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Matrix:
    """All released responses of a survey. ``codings`` has every closed variable that was ever published, those of the
    newest version first and in its order, then ``@collector`` and its like."""

    blocks: tuple[Block, ...]
    codings: Mapping[str, Coding]

    @property
    def rows(self) -> int:
        """How many responses."""
        return sum(block.rows for block in self.blocks)


@dataclass(frozen=True)
class Selection:
    """Rows whose value is, or for a multiple choice contains, one of the codes, for every key. Empty selects all."""

    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
