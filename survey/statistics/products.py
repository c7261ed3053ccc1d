"""What an index needs of the response matrix: how its items go together in people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.pairs import cooccurrence, moments
from survey.definition.indexes import Index, Rule, Scoring
from survey.definition.variables import Variable
from survey.statistics.figures import missing_codes
from survey.statistics.indexes import Products, item_of, summarise
from survey.statistics.results import Figures, IndexResult


def index_result(
    index: Index,
    matrix: Matrix,
    variables: Mapping[str, Variable],
    figures: Mapping[str, Figures],
    selection: Selection,
    rule: Rule | None = None,
    population: int | None = None,
) -> IndexResult:
    """The index over the people selected, from the ``figures`` of its items that are shown."""
    scored = [
        variables[key]
        for key in dict.fromkeys(index.items)
        if key in variables and item_of(index, variables[key], figures[key]) is not None
    ]
    joined = len(scored) > 1 and (rule or index.rule) is not Rule.OVERALL_QUESTION
    found = products(matrix, scored, index.scoring, selection) if joined else None
    return summarise(index, variables, figures, found, rule=rule, population=population)


def products(matrix: Matrix, items: Sequence[Variable], scoring: Scoring, selection: Selection) -> Products:
    """The three matrices of ``items`` over the people selected, and how many answered at least one."""
    keys = tuple(one.key for one in items)
    if scoring is Scoring.RESCALED_MEAN:
        levels = {one.key: one.listed.levels for one in items}
        scores = {key: {level.code: float(score) for score, level in enumerate(levels[key], 1)} for key in keys}
        found = moments(matrix, keys, scores, selection)
        return Products(keys, found.people, found.answered.astype(np.float64), found.sums, found.products)
    satisfied = {one.key: one.listed.satisfied for one in items}
    pairs = cooccurrence(matrix, keys, satisfied, selection, missing=missing_codes(items))
    return Products(
        keys,
        pairs.people,
        pairs.answered.astype(np.float64),
        pairs.satisfied_answered.astype(np.float64),
        pairs.satisfied.astype(np.float64),
    )
