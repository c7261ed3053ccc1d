"""Answers weighted to a stated frame: post-stratification for one margin, raking for several. Pure.

Weights are per cell, never per person, and stand only beside the unweighted figure. They repair what the margins know,
and nothing else: volunteers stay volunteers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.cells import MOST_CELLS, Cells, Margin, Numbers, cells, squares
from survey.aggregation.columns import Matrix
from survey.definition.indexes import Index, Rule, Scoring
from survey.definition.variables import Form, Variable
from survey.statistics import disclosure, reasons
from survey.statistics.disclosure import Limits
from survey.statistics.indexes import item_of, shares_of
from survey.statistics.means import students_t
from survey.statistics.results import Figures, Interval, Weighted

TOLERANCE = 1e-12
MOST_TURNS = 2000
"""Turns of raking; margins that cannot be met together do not settle."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The people there are: variable → code → number, and where the numbers come from."""

    margins: Mapping[str, Mapping[str, int]]
    source: str = ""


@dataclass(frozen=True)
class Target:
    """One margin to be met: the groups of answers, and the people the frame has in each."""

    margin: Margin
    people: tuple[int, ...]


def rake(rows: Numbers, shape: tuple[int, ...], targets: Sequence[Sequence[int]]) -> Floats | None:
    """A weight for each cell (0 where nobody is) so that the weighted answers of every margin stand as its ``targets``;
    the mean weight of everybody is 1. The last group of each margin (no code given) keeps its factor of 1. None where a
    group of the frame has no answer, or the margins do not settle. One margin settles in one turn: post-stratification.
    Source: Deming and Stephan 1940."""
    counts = rows.reshape(shape).astype(np.float64)
    weights = np.where(counts > 0, 1.0, 0.0)
    for _ in range(MOST_TURNS):
        worst = 0.0
        for axis, target in enumerate(targets):
            others = tuple(place for place in range(len(shape)) if place != axis)
            now = (counts * weights).sum(axis=others)[:-1]
            if (now <= 0).any():
                return None
            wanted = np.array(target, np.float64) * now.sum() / sum(target)
            factor = np.append(wanted / now, 1.0)
            worst = max(worst, float(np.abs(factor - 1).max()))
            weights = weights * factor.reshape([-1 if place == axis else 1 for place in range(len(shape))])
        if worst < TOLERANCE or len(targets) == 1:
            weights *= counts.sum() / (counts * weights).sum()
            return weights.ravel()
    return None


def design_effect(people: Numbers, weights: Floats) -> float:
    """n Σw² / (Σw)² over the people of all cells: how many times larger weighting makes the variance.
    Source: Kish 1965, section 11.7."""
    n, total = float(people.sum()), float((people * weights).sum())
    return n * float((people * weights**2).sum()) / total**2


def effective(people: Numbers, weights: Floats) -> float:
    """How many equally weighted answers tell as much: n / design effect."""
    return float(people.sum()) / design_effect(people, weights)


def weighted_value(index: Index, rule: Rule, items: Sequence[Summed]) -> tuple[float, dict[str, float]] | None:
    """The index from weighted sums, and each item's share in it."""
    by_key = {one.key: one for one in items}
    groups = [
        (factor.weight, [(key, by_key[key].base) for key in factor.items if key in by_key]) for factor in index.factors
    ]
    parts = shares_of(groups, rule)
    return (sum(share * by_key[key].value for key, share in parts.items()), parts) if parts else None


@dataclass(frozen=True)
class Summed:
    """An item weighted: Σw over those who answered, and its value."""

    key: str
    base: float
    value: float


def weighted(
    index: Index,
    matrix: Matrix,
    variables: Mapping[str, Variable],
    figures: Mapping[str, Figures],
    frame: Frame,
    limits: Limits,
    rule: Rule | None = None,
) -> Weighted:
    """The index over everybody, weighted to the frame, from the items that are shown. Groups too small to be shown are
    put together first. Every cell of the margins has to be nobody or enough people, for each item: else the weighted
    figure beside the plain one would tell what a small group said."""
    chosen = rule or index.rule
    single = chosen is Rule.OVERALL_QUESTION
    within = Rule.MEAN_OF_ITEMS if single else chosen
    keys = [index.overall or ""] if single else list(dict.fromkeys(index.items))
    entering = [
        variables[key] for key in keys if key in variables and item_of(index, variables[key], figures[key]) is not None
    ]
    names = tuple(frame.margins)

    def refused(reason: str) -> Weighted:
        return Weighted(index.key, None, None, 1.0, 0.0, names, frame.source, reason)

    if not entering:
        return refused(reasons.NO_ITEMS)
    targets = _targets(matrix, variables, frame, limits)
    if targets is None:
        return refused(reasons.FRAME_UNCOVERED)
    margins = [one.margin for one in targets]
    counted = {one.key: [level.code for level in one.listed.levels] for one in entering}
    found = cells(matrix, margins, counted)
    sensitive = any(one.sensitive for one in (*entering, *(variables[name] for name in names)))
    if not _safe(found, limits.least(part=True, sensitive=sensitive)):
        return refused(reasons.WEIGHTED_TOO_FEW)
    weights = rake(found.rows, found.shape, [one.people for one in targets])
    if weights is None:
        return refused(reasons.FRAME_UNSETTLED)
    scores = {one.key: _scores(index, one) for one in entering}
    items = []
    for one in entering:
        by_code = weights @ found.counts[one.key].astype(np.float64)
        items.append(Summed(one.key, float(by_code.sum()), float(by_code @ scores[one.key] / by_code.sum())))
    index_of = index if not single else _alone(index, entering[0].key)
    joined = weighted_value(index_of, within, items)
    if joined is None:
        return refused(reasons.NO_ITEMS)
    value, parts = joined
    influences = {
        one.key: {
            code: parts[one.key] / one.base * (score - (value if within is Rule.POOLED_ANSWERS else one.value))
            for code, score in zip(counted[one.key], scores[one.key].tolist(), strict=True)
        }
        for one in items
    }
    percent = index.scoring is Scoring.SATISFIED_SHARE
    bounds = (0.0, 100.0) if percent else (min(index.anchors), max(index.anchors))
    spread = float((weights**2) @ squares(matrix, margins, influences))
    return Weighted(
        index=index.key,
        value=value,
        interval=_interval(value, spread, int(found.people.sum()), bounds),
        design_effect=design_effect(found.people, weights),
        effective=effective(found.people, weights),
        margins=names,
        source=frame.source,
    )


def _targets(
    matrix: Matrix, variables: Mapping[str, Variable], frame: Frame, limits: Limits
) -> tuple[Target, ...] | None:
    """What is to be met, small groups put together; None where a margin cannot be met at all, or is too fine."""
    out, size = [], 1
    for key, stated in frame.margins.items():
        if key not in variables or not stated:
            return None
        codes = {code: place for place, code in enumerate(stated)}
        alone = cells(matrix, [Margin(key, codes)], {}).rows.tolist()
        bases = {code: alone[place] for code, place in codes.items()}
        least = limits.least(part=True, sensitive=variables[key].sensitive)
        parts = disclosure.partition(bases, least)
        if parts is None or not parts.alone or (not parts.pooled and any(not base for base in bases.values())):
            return None
        places = {code: place for place, code in enumerate(parts.alone)}
        people = [stated[code] for code in parts.alone]
        if parts.pooled:
            places |= dict.fromkeys(parts.pooled, len(parts.alone))
            people.append(sum(stated[code] for code in parts.pooled))
        size *= len(people) + 1
        out.append(Target(Margin(key, places), tuple(people)))
    return tuple(out) if out and size <= MOST_CELLS else None


def _safe(found: Cells, least: int) -> bool:
    """Whether every cell is nobody or enough, in all and for each item."""
    sizes = [found.rows, *(counts.sum(axis=1) for counts in found.counts.values())]
    return all(disclosure.safe(size, least) for one in sizes for size in one.tolist())


def _scores(index: Index, item: Variable) -> Floats:
    """What each level of an item is worth in the unit of the index."""
    levels = item.listed.levels
    if index.scoring is Scoring.SATISFIED_SHARE:
        return np.array([100.0 * (level.code in item.listed.satisfied) for level in levels])
    low, high = reversed(index.anchors) if item.key in index.negative else index.anchors
    return np.array([low + (high - low) * place / (len(levels) - 1) for place in range(len(levels))])


def _alone(index: Index, key: str) -> Index:
    factor = index.factors[0]
    return Index(index.key, index.name, (type(factor)(factor.key, factor.name, (key,)),))


def _interval(value: float, spread: float, people: int, bounds: Interval) -> Interval | None:
    """value ± t(n − 1) · √(n/(n − 1) · Σ w² z²), the weights taken as given; none where nobody moves the index."""
    if people < 2 or spread <= 1e-24:
        return None
    reach = students_t(people - 1) * sqrt(people / (people - 1) * spread)
    return max(value - reach, bounds[0]), min(value + reach, bounds[1])


def frame_variables(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """What a frame may be stated by: questions with one answer."""
    return tuple(one for one in variables if one.form in (Form.SINGLE, Form.SCALE))
