"""Units compared: a place of their own where intervals tell them from the others, else a range of places. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.disclosure import PUBLISHED
from survey.statistics.results import Interval, RankedUnit, Ranking

REFERENCE = 30
"""Units with fewer people are shown for reference only: they have no place and move nobody else's."""


@dataclass(frozen=True)
class Candidate:
    """A unit to compare, as disclosure lets it be shown: ``value`` None where ``suppressed`` says why. ``exact``: all
    people there are have answered, so that the value has no sampling error and needs no interval."""

    unit: str
    value: float | None
    interval: Interval | None
    base: int | None
    suppressed: str = ""
    exact: bool = False

    @property
    def bounds(self) -> Interval:
        """Where the value may lie. Without an interval, and not exact, nothing is known."""
        if self.interval is not None:
            return self.interval
        return (self.value, self.value) if self.exact and self.value is not None else (-inf, inf)


def rank(measure: str, name: Text, unit: str, candidates: Sequence[Candidate], target: float | None = None) -> Ranking:
    """The units, highest first; those without a figure last. ``best`` is one more than the number of units whose whole
    interval lies above, ``worst`` as many as there are less those whose whole interval lies below: units whose
    intervals overlap share places. Fewer than 10 people are hidden, fewer than 30 for reference."""
    shown = [one for one in candidates if one.value is not None and (one.base or 0) >= PUBLISHED]
    placed = [one for one in shown if (one.base or 0) >= REFERENCE]
    rows = [_placed(one, placed) if one in placed else _reference(one) for one in shown]
    rows.sort(key=lambda row: -(row.value if row.value is not None else -inf))
    away = [one for one in candidates if one not in shown]
    hidden = [
        RankedUnit(one.unit, None, None, None, None, None, suppressed=one.suppressed or reasons.TOO_FEW) for one in away
    ]
    return Ranking(measure, name, unit, (*rows, *hidden), target)


def _placed(one: Candidate, among: Sequence[Candidate]) -> RankedUnit:
    low, high = one.bounds
    above = sum(other.bounds[0] > high for other in among)
    below = sum(other.bounds[1] < low for other in among)
    return RankedUnit(one.unit, one.value, one.interval, one.base, above + 1, len(among) - below)


def _reference(one: Candidate) -> RankedUnit:
    return RankedUnit(one.unit, one.value, one.interval, one.base, None, None, reference=True)
