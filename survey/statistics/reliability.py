"""Do the items of a factor go together: Cronbach's alpha over the people who answered all of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import numpy as np

from survey.aggregation.columns import Matrix
from survey.aggregation.complete import Complete, Histogram, Levels, complete
from survey.definition.indexes import Index
from survey.definition.variables import Form, Variable
from survey.statistics import reasons
from survey.statistics.results import Figures, Reliability

LEAST = 30
"""People with all answers; with fewer, alpha says little and would be read as much."""

DECIMALS = 2
"""Alpha and correlations leave with so many decimals: with all of them, what the few who left an item out said could be
worked out from the figures of the items."""


def alpha(found: Complete) -> float | None:
    """Cronbach's alpha, k/(k − 1) · (1 − Σ s²ᵢ / s²) with s² the variance of the sum of all items; None for fewer than
    two items or people, or when everybody has the same sum. Source: Cronbach 1951."""
    number, people = len(found.items), found.people
    if number < 2 or people < 2:
        return None
    whole = _deviations(found.totals, people)
    if not whole:
        return None
    return number / (number - 1) * (1 - sum(_deviations(one, people) for one in found.scores) / whole)


def _deviations(histogram: Histogram, people: int) -> int:
    """n Σx² − (Σx)², exactly; the divisor is the same for items and sum."""
    counts: list[int] = histogram.tolist()
    total = sum(score * count for score, count in enumerate(counts))
    return people * sum(score * score * count for score, count in enumerate(counts)) - total * total


def scored(matrix: Matrix, variables: Mapping[str, Variable], figures: Mapping[str, Figures]) -> dict[str, Levels]:
    """The scales that may enter, each with the score of its codes: shown, and coded one code a person."""
    return {
        key: {level.code: score for score, level in enumerate(one.listed.levels, 1)}
        for key, one in variables.items()
        if one.form is Form.SCALE and figures[key].base and figures[key].counts and not matrix.codings[key].multiple
    }


def reliability(
    index: Index, matrix: Matrix, levels: Mapping[str, Levels], *, least: int = LEAST
) -> tuple[Reliability, ...]:
    """Alpha of each factor of two items or more, then of the whole index where it has several factors. ``levels`` are
    the items that may enter; negative ones are turned."""
    levels = {key: _turned(one) if key in index.negative else one for key, one in levels.items()}
    wanted = [(factor.key, factor.items) for factor in index.factors]
    if len(wanted) > 1:
        wanted.append(("", tuple(dict.fromkeys(chain.from_iterable(items for _, items in wanted)))))
    return tuple(
        _reliability(index.key, factor, [item for item in items if item in levels], matrix, levels, least)
        for factor, items in wanted
        if len(items) > 1
    )


def _turned(levels: Levels) -> Levels:
    """The scores of a scale from the other end."""
    return {code: len(levels) + 1 - score for code, score in levels.items()}


def _reliability(
    index: str, factor: str, items: list[str], matrix: Matrix, levels: Mapping[str, Levels], least: int
) -> Reliability:
    found = complete(matrix, items, levels) if len(items) > 1 else Complete((), 0, (), np.zeros(1, np.int64))
    if found.people < least:
        return Reliability(index, factor, tuple(items), None, None, reasons.TOO_FEW_COMPLETE)
    value = alpha(found)
    if value is None:
        return Reliability(index, factor, tuple(items), found.people, None, reasons.ALL_ALIKE)
    return Reliability(index, factor, tuple(items), found.people, round(value, DECIMALS))
