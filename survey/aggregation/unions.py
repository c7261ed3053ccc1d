"""How many people are in at least one of several sets: those who answered any item of an index. Pure."""

from __future__ import annotations

import numpy as np

from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.pairs import Sets
from survey.aggregation.selections import chunks, holds, require
from survey.aggregation.tallies import EVERYBODY


def union(matrix: Matrix, sets: Sets, selection: Selection = EVERYBODY) -> int:
    """The people selected who are in one set at least; KeyError for a variable that the matrix does not know."""
    require(matrix, selection)
    for key, _ in sets:
        matrix.codings[key]
    people = 0
    for block in matrix.blocks:
        for part, mask in chunks(block, selection):
            members = np.zeros(part.stop - part.start, np.bool_)
            for key, codes in sets:
                if key in block.columns:
                    members |= holds(block.columns[key][part], block.codings[key], codes)
            people += int(np.count_nonzero(members if mask is None else members & mask))
    return people
