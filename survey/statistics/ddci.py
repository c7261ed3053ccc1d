"""Units ranked on the frame of the DDCI: indicators put between anchors, joined to components, weighted. Pure.

Sources: the design of the DDCI as provinces publish it (docs/methodology.md); no unit is ranked from fewer than 30
answers, nor apart from another while their intervals meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from survey.aggregation.columns import Matrix
from survey.aggregation.tallies import EVERYBODY
from survey.definition.indexes import Index, Rule, Scoring
from survey.definition.text import Text
from survey.definition.variables import Form, Variable
from survey.statistics import reasons
from survey.statistics.disclosure import PUBLISHED
from survey.statistics.indexes import Group, Item, Products, interval, value
from survey.statistics.products import products
from survey.statistics.ranking import REFERENCE, Candidate, rank
from survey.statistics.results import Interval, Ranking
from survey.texts import LANGUAGES, texts


def _(message: str) -> str:
    return message


ALIKE = _("The units ranked do not differ, or there are fewer than two, so there is nothing to score between.")
FORMULA = _(
    "An indicator with mean X becomes 1 + 9·(X − min)/(max − min), from 1 to 10; a component is the mean of its "
    "indicators, the total 10 × the weighted mean of the components."
)
POSITIVE = _(
    "A high level counts as good, except in indicators that the index marks as counting in reverse: these become "
    "10 − 9·(X − min)/(max − min)."
)
FIXED = _("Fixed anchors: min is 1, max is the number of levels of the indicator's scale.")
OBSERVED = _(
    "Observed anchors: min and max are the lowest and the highest mean among the units ranked. With few units they "
    "blow up tiny gaps: the means 3.9, 4.1 and 4.4 become 1.0, 4.6 and 10.0."
)


class Ends(StrEnum):
    """What becomes 1 and 10: the ends of each indicator's scale, or what the ranked units reached."""

    FIXED = "fixed"
    OBSERVED = "observed"

    @property
    def rule(self) -> tuple[str, ...]:
        """What readers must know of a ranking with these anchors, as messages."""
        return (FIXED if self is Ends.FIXED else OBSERVED, FORMULA, POSITIVE)

    def named(self, name: Text) -> Text:
        """The name of an index with what its total between these anchors is, so that nobody takes one for the other."""
        said = _("total, fixed anchors") if self is Ends.FIXED else _("total, observed anchors")
        return Text(tuple((language, f"{name.to(language)} ({texts(language)(said)})") for language in LANGUAGES))


LOW, HIGH = 1.0, 10.0
"""Where the lowest and the highest anchor of an indicator go."""

TIMES = 10.0
"""A total runs from 10 to 100: ten times the weighted mean of the components."""

Anchors = Mapping[str, tuple[float, float]]
"""Indicator → the means that become 1 and 10."""


@dataclass(frozen=True)
class Indicator:
    """An item, and whether a high level of it is bad (then it counts from the other end)."""

    key: str
    negative: bool = False


@dataclass(frozen=True)
class Component:
    """Indicators whose mean is one component; ``weight`` is its part in the total, in any unit."""

    key: str
    indicators: tuple[Indicator, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Answers:
    """What a unit's people said: ``people`` answered at least one indicator; ``items`` has for each the sum of its
    levels (1, 2, 3 …) and how many answered; ``products`` gives the interval by respondent, None: no interval.
    ``suppressed``: why nothing of them may be shown."""

    unit: str
    people: int
    items: Mapping[str, tuple[int, int]]
    products: Products | None = None
    suppressed: str = ""


@dataclass(frozen=True)
class Scale:
    """``anchors`` in use, and the indicators that have none because every unit stands alike."""

    anchors: Anchors
    unscored: tuple[str, ...] = field(default=())


def ddci_ranking(
    components: Sequence[Component],
    units: Sequence[Answers],
    *,
    anchors: Anchors | None = None,
    measure: str = "ddci",
    name: Text | None = None,
    target: float | None = None,
) -> Ranking:
    """Units by their total, highest first. ``anchors`` fixes the ends of each indicator; None takes the lowest and the
    highest mean among the units that are ranked. An indicator without anchors (every unit alike) scores nobody, and a
    component without indicators has no part in the total. Units under 10 people show no figure, those under 30 stand
    for reference and without a place, and places are shared where intervals meet (``ranking.rank``)."""
    scale = scale_of(components, [one for one in units if one.people >= REFERENCE and not one.suppressed], anchors)
    nothing = reasons.NO_ITEMS if scale.anchors or anchors is not None else ALIKE
    candidates = []
    for unit in units:
        if unit.suppressed:
            candidates.append(Candidate(unit.unit, None, None, None, unit.suppressed))
            continue
        found, around = total(components, unit, scale) if unit.people >= PUBLISHED else (None, None)
        hidden = unit.people < PUBLISHED
        candidates.append(
            Candidate(unit.unit, found, around, None if hidden else unit.people, "" if hidden else nothing)
        )
    return rank(measure, name or Text(), "points", candidates, target)


def framed(index: Index) -> bool:
    """Whether an index can be ranked on this frame: its items enter by the mean of their levels."""
    return index.scoring is Scoring.RESCALED_MEAN


def components_of(index: Index) -> tuple[Component, ...]:
    """The factors of an index with their weights, each item as the index marks it."""
    return tuple(
        Component(one.key, tuple(Indicator(item, item in index.negative) for item in one.items), one.weight)
        for one in index.factors
    )


def scale_ends(variables: Mapping[str, Variable]) -> Anchors:
    """1 and the number of levels, for each scale."""
    scales = {key: len(one.listed.levels) for key, one in variables.items() if one.form is Form.SCALE}
    return {key: (1.0, float(levels)) for key, levels in scales.items() if levels > 1}


def answers_of(
    unit: str, components: Sequence[Component], matrix: Matrix, variables: Mapping[str, Variable]
) -> Answers:
    """What a unit's people said, from its response matrix; indicators that are no scale of it are left out."""
    keys = dict.fromkeys(one.key for component in components for one in component.indicators)
    items = [variables[key] for key in keys if key in variables and variables[key].form is Form.SCALE]
    found = products(matrix, items, Scoring.RESCALED_MEAN, EVERYBODY)
    sums = {
        key: (round(float(found.scored[place, place])), round(float(found.answered[place, place])))
        for place, key in enumerate(found.keys)
    }
    return Answers(unit, found.people, sums, found)


def scale_of(components: Sequence[Component], ranked: Sequence[Answers], anchors: Anchors | None = None) -> Scale:
    """The anchors of every indicator: those stated, else lowest and highest mean of ``ranked``; equal ends are none."""
    found: dict[str, tuple[float, float]] = {}
    without = []
    for indicator in (one for component in components for one in component.indicators):
        means = [mean for unit in ranked if (mean := _mean(unit, indicator.key)) is not None]
        observed = (min(means), max(means)) if means else (0.0, 0.0)
        ends = observed if anchors is None else anchors.get(indicator.key, (0.0, 0.0))
        if ends[0] < ends[1]:
            found[indicator.key] = ends
        else:
            without.append(indicator.key)
    return Scale(found, tuple(without))


def score(mean: float, ends: tuple[float, float], negative: bool = False) -> float:
    """``1 + 9 × (mean − low) / (high − low)``, cut to 1 … 10; ``10 − 9 × …`` where a high level is bad."""
    part = (mean - ends[0]) / (ends[1] - ends[0])
    return min(max(HIGH - (HIGH - LOW) * part if negative else LOW + (HIGH - LOW) * part, LOW), HIGH)


def total(components: Sequence[Component], unit: Answers, scale: Scale) -> tuple[float | None, Interval | None]:
    """A unit's total and its 95 % interval by respondent, the anchors taken as given. None without a score."""
    groups: list[Group] = [
        (component.weight, [item for one in component.indicators if (item := _item(one, unit, scale)) is not None])
        for component in components
    ]
    found = value(groups, Rule.MEAN_OF_FACTORS)
    if found is None:
        return None, None
    if unit.products is None:
        return found, None
    return found, interval(groups, Rule.MEAN_OF_FACTORS, unit.products, (LOW * TIMES, HIGH * TIMES))


def _item(indicator: Indicator, unit: Answers, scale: Scale) -> Item | None:
    mean, ends = _mean(unit, indicator.key), scale.anchors.get(indicator.key)
    if mean is None or ends is None:
        return None
    scored, base = unit.items[indicator.key]
    slope = (HIGH - LOW) / (ends[1] - ends[0]) * (-1.0 if indicator.negative else 1.0)
    inside = ends[0] <= mean <= ends[1]
    # Beyond an anchor the score stays at the end; there it does not move with the mean.
    step = slope * TIMES if inside else 0.0
    return Item(indicator.key, scored, base, score(mean, ends, indicator.negative) * TIMES - step * mean, step)


def _mean(unit: Answers, key: str) -> float | None:
    scored, base = unit.items.get(key, (0, 0))
    return scored / base if base >= PUBLISHED else None
