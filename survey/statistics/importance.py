"""Derived importance: how closely satisfaction with an item goes with satisfaction overall. Pure.

A correlation over people, nothing more: it does not say that improving the item would raise the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import Matrix
from survey.aggregation.complete import Levels, joint
from survey.definition.indexes import Index
from survey.statistics import reasons
from survey.statistics.proportions import Z
from survey.statistics.reliability import DECIMALS
from survey.statistics.results import Figures, Interval, Priorities, Priority

LEAST = 30
"""People who answered both; under this a priority matrix is refused (docs/methodology.md)."""


def correlation(table: NDArray[np.int64]) -> float | None:
    """Pearson's correlation of two scores from how many people have each two; None where one of them never varies."""
    counts: list[list[int]] = table.tolist()
    cells = [(i, j, count) for i, row in enumerate(counts) for j, count in enumerate(row) if count]
    n = sum(count for *_, count in cells)
    x, y = (sum(cell[axis] * cell[2] for cell in cells) for axis in (0, 1))
    xx, yy, xy = (sum(cell[a] * cell[b] * cell[2] for cell in cells) for a, b in ((0, 0), (1, 1), (0, 1)))
    spread = (n * xx - x * x) * (n * yy - y * y)
    return (n * xy - x * y) / sqrt(spread) if spread > 0 else None


def correlation_interval(value: float, people: int) -> Interval | None:
    """95 % interval tanh(atanh r ± z/√(n − 3)); None for fewer than four people and where all stand on one line.
    Source: Fisher 1921."""
    if people < 4 or abs(value) >= 1:
        return None
    reach = Z / sqrt(people - 3)
    return tanh(atanh(value) - reach), tanh(atanh(value) + reach)


def priorities(
    index: Index,
    matrix: Matrix,
    levels: Mapping[str, Levels],
    figures: Mapping[str, Figures],
    *,
    least: int = LEAST,
) -> Priorities | None:
    """The items of an index by satisfied share and derived importance; None for an index that has no general question
    or nothing beside it. ``levels`` are the scales that may enter. Items that fewer than ``least`` people answered
    together with the general question, or on which all agree, are left out, and so are negative ones, whose share
    satisfied is no performance."""
    overall = index.overall
    items = [item for item in dict.fromkeys(index.items) if item != overall and item not in index.negative]
    if overall is None or not items:
        return None
    if overall not in levels or (figures[overall].base or 0) < least:
        return Priorities(index.key, overall, (), None, reasons.TOO_FEW_FOR_IMPORTANCE)
    entering = [one for one in items if one in levels and figures[one].satisfied_percent is not None]
    points = []
    for item, table in joint(matrix, entering, overall, levels).items():
        people, value, performance = int(table.sum()), correlation(table), figures[item].satisfied_percent
        if people < least or value is None or performance is None:
            continue
        around = correlation_interval(value, people)
        points.append(
            Priority(
                key=item,
                performance=performance,
                importance=round(value, DECIMALS),
                interval=None if around is None else (round(around[0], DECIMALS), round(around[1], DECIMALS)),
                base=people,
            )
        )
    if not points:
        return Priorities(index.key, overall, (), None, reasons.TOO_FEW_FOR_IMPORTANCE)
    return Priorities(index.key, overall, tuple(points), figures[overall].base)
