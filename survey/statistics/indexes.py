"""Indexes: items joined under a named rule, with an interval by respondent. Pure.

An index is computed from the **shown** figures of its items, so it cannot tell what they hide. Every rule is a weighted
mean of item values. The items of one person go together, so its interval comes from people, never from pooled answers:
with z_r the influence of person r on the index (linearisation, Särndal, Swensson and Wretman 1992, section 5.5), the
squares z_r² add up to a quadratic form in three item-by-item matrices, and no person has to be looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.definition.indexes import Index, Rule, Scoring
from survey.definition.variables import Variable
from survey.statistics import reasons
from survey.statistics.means import standard_reach
from survey.statistics.results import FactorResult, Figures, IndexResult, Interval

Square = NDArray[np.float64]


@dataclass(frozen=True)
class Products:
    """Sums over people for the items ``keys``, where x is an item's score (1 if satisfied, or the level's number) and y
    is 1 if it was answered; x is 0 where y is. ``answered[i, j]`` = Σ yᵢyⱼ, ``scored[i, j]`` = Σ xᵢyⱼ,
    ``squared[i, j]`` = Σ xᵢxⱼ; ``people`` have at least one y."""

    keys: tuple[str, ...]
    people: int
    answered: Square
    scored: Square
    squared: Square


@dataclass(frozen=True)
class Item:
    """What an index takes from one item: ``base`` people with scores adding up to ``total``; its value is
    ``offset + scale × total / base``."""

    key: str
    total: int
    base: int
    offset: float = 0.0
    scale: float = 100.0

    @property
    def value(self) -> float:
        """The item's own index."""
        return self.offset + self.scale * self.total / self.base


Group = tuple[float, Sequence[Item]]
"""A factor's weight and its items that have a base."""


def shares(groups: Sequence[Group], rule: Rule) -> dict[str, float]:
    """The share each item has in the index; they add up to 1. Empty when there is nothing to join."""
    return shares_of([(weight, [(item.key, item.base) for item in items]) for weight, items in groups], rule)


def shares_of(groups: Sequence[tuple[float, Sequence[tuple[str, float]]]], rule: Rule) -> dict[str, float]:
    """As ``shares``, from the weight of each factor and its items with their bases, which may be weighted."""
    filled = [(weight, items) for weight, items in groups if items]
    weights = sum(weight for weight, _ in filled)
    number = sum(len(items) for _, items in filled)
    answers = sum(base for _, items in filled for _, base in items)
    out: dict[str, float] = {}
    if not number or (rule is Rule.MEAN_OF_FACTORS and weights <= 0):
        return out
    for weight, items in filled:
        for key, base in items:
            match rule:
                case Rule.MEAN_OF_FACTORS:
                    share = weight / weights / len(items)
                case Rule.MEAN_OF_ITEMS:
                    share = 1 / number
                case Rule.POOLED_ANSWERS:
                    share = base / answers
                case Rule.OVERALL_QUESTION:
                    raise ValueError("the general question is no item of a factor")
            out[key] = out.get(key, 0.0) + share
    return out


def value(groups: Sequence[Group], rule: Rule) -> float | None:
    """The index under one of the three joining rules, in the unit of its items; None without a base."""
    parts = shares(groups, rule)
    values = {item.key: item.value for _, items in groups for item in items}
    return sum(share * values[key] for key, share in parts.items()) if parts else None


def interval(
    groups: Sequence[Group], rule: Rule, products: Products, bounds: tuple[float, float], population: int | None = None
) -> Interval | None:
    """95 % interval, cut to ``bounds``: value ± t(n − 1) · √(n / (n − 1) · Σ z_r² · (1 − n/N)), n people. None for
    fewer than two people, a complete count, or when nobody moves the index (its width would be zero and claim
    certainty)."""
    centre = value(groups, rule)
    parts = shares(groups, rule)
    items = {item.key: item for _, items in groups for item in items}
    if centre is None:
        return None
    # z_r = Σ_i share_i / base_i · y_ri · (value_ri − m_i), where m_i is the item's mean, or the pooled one.
    per_score, per_answer = np.zeros(len(products.keys)), np.zeros(len(products.keys))
    for place, key in enumerate(products.keys):
        if key in parts:
            item = items[key]
            middle = centre if rule is Rule.POOLED_ANSWERS else item.value
            per_score[place] = parts[key] / item.base * item.scale
            per_answer[place] = parts[key] / item.base * (item.offset - middle)
    terms = (
        per_score @ products.squared @ per_score,
        2 * per_score @ products.scored @ per_answer,
        per_answer @ products.answered @ per_answer,
    )
    squares = float(sum(terms))
    if squares <= 1e-12 * float(sum(abs(term) for term in terms)):
        return None
    reach = standard_reach(squares, products.people, population)
    return None if reach is None else (max(centre - reach, bounds[0]), min(centre + reach, bounds[1]))


def item_of(index: Index, variable: Variable, figures: Figures) -> Item | None:
    """An item as the index scores it, or None when its figures are not shown or nobody answered."""
    if not figures.base:
        return None
    if index.scoring is Scoring.SATISFIED_SHARE:
        return None if figures.satisfied is None else Item(variable.key, figures.satisfied, figures.base)
    levels = len(variable.listed.levels)
    if figures.mean is None or figures.counts is None or levels < 2:
        return None
    low, high = index.anchors
    step = (high - low) / (levels - 1)
    total = sum(score * figures.counts[level.code] for score, level in enumerate(variable.listed.levels, 1))
    if variable.key in index.negative:
        return Item(variable.key, total, figures.base, high + step, -step)
    return Item(variable.key, total, figures.base, low - step, step)


def summarise(
    index: Index,
    variables: Mapping[str, Variable],
    figures: Mapping[str, Figures],
    products: Products | None,
    *,
    rule: Rule | None = None,
    population: int | None = None,
) -> IndexResult:
    """The index under ``rule`` (default: its own) and its value under every other one. ``products`` may be None when no
    item is shown."""
    chosen = rule or index.rule
    items = {key: item_of(index, variables[key], figures[key]) for key in index.items if key in variables}
    groups: list[Group] = [
        (factor.weight, [item for key in factor.items if (item := items.get(key)) is not None])
        for factor in index.factors
    ]
    general = None
    if index.overall is not None and index.overall in variables:
        general = item_of(index, variables[index.overall], figures[index.overall])
    joining = [one for one in Rule if one is not Rule.OVERALL_QUESTION]
    values: dict[Rule, float | None] = {one: value(groups, one) for one in joining}
    if index.overall is not None:
        values[Rule.OVERALL_QUESTION] = general.value if general else None
    within = Rule.POOLED_ANSWERS if chosen is Rule.POOLED_ANSWERS else Rule.MEAN_OF_ITEMS
    percent = index.scoring is Scoring.SATISFIED_SHARE
    bounds = (0.0, 100.0) if percent else (min(index.anchors), max(index.anchors))
    found = values.get(chosen)
    joined = [item for _, items in groups for item in items]
    single = general if chosen is Rule.OVERALL_QUESTION else joined[0] if len(joined) == 1 else None
    limits = None
    if found is not None and single is not None:
        limits = _own_interval(single, figures[single.key], percent)
    elif found is not None and products is not None:
        limits = interval(groups, chosen, products, bounds, population)
    base = 0
    if found is not None:
        base = single.base if single else products.people if products else 0
    missing = reasons.NO_GENERAL_QUESTION if chosen is Rule.OVERALL_QUESTION else reasons.NO_ITEMS
    return IndexResult(
        key=index.key,
        name=index.name,
        rule=chosen,
        value=found,
        interval=limits,
        values=values,
        factors=tuple(
            FactorResult(
                key=factor.key,
                name=factor.name,
                value=value([(1.0, part)], within),
                items={key: item.value if (item := items.get(key)) else None for key in factor.items},
                weight=factor.weight,
            )
            for factor, (_, part) in zip(index.factors, groups, strict=True)
        ),
        base=base,
        unit="percent" if percent else "points",
        anchors=None if percent else index.anchors,
        note=index.note,
        source=index.source,
        overall=index.overall,
        suppressed="" if found is not None else missing,
        negative=index.negative,
    )


def _own_interval(item: Item, figures: Figures, percent: bool) -> Interval | None:
    """The interval the question itself carries: one answer a person, so nothing has to be joined."""
    if percent:
        return figures.interval
    if figures.mean_interval is None:
        return None
    low, high = sorted(item.offset + item.scale * bound for bound in figures.mean_interval)
    return low, high
