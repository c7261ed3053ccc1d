"""Coded columns: the shape in which answers are counted.

A closed answer is a small integer. Single codes: 0 not asked, 1 asked and left blank, 2 + i the i-th code of the coding.
Multiple choices: bit 0 not asked, bit 1 left blank, bit 2 + i the i-th code. Columns of a block are NumPy arrays of the
smallest unsigned type that holds the coding (one byte or two in practice) and may be memory maps of a file.

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

Column = NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class Coding:
    """How one variable is coded: its codes in order of first publication, and whether several may stand together."""

    key: str
    codes: tuple[str, ...]
    multiple: bool = False

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        """The smallest unsigned type that holds every value; at most 62 codes for a multiple choice."""
        top = 1 << (len(self.codes) + FIRST) if self.multiple else len(self.codes) + FIRST
        return np.min_scalar_type(max(top - 1, 1))


@dataclass(frozen=True)
class Block:
    """Columns of equal length: one release, or several merged. Row order carries no meaning (it is random)."""

    rows: int
    columns: Mapping[str, Column]
    codings: Mapping[str, Coding]


@dataclass(frozen=True)
class Matrix:
    """All released responses of a survey. ``codings`` is the union over blocks, in the order of the newest version."""

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
