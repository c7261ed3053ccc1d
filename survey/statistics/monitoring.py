"""Weekly monitoring: a p-chart of the share satisfied, over weeks that are long enough to be shown. Pure.

Limits: p̄ ± 3·√(p̄(1 − p̄)/n), with p̄ the share of all weeks together and n the week's own base, cut to 0 and 100.
Source: Montgomery, Introduction to Statistical Quality Control, 7th edition 2013, section 7.3 (variable sample size).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from survey.definition.text import Text
from survey.statistics import disclosure, reasons
from survey.statistics.results import Monitoring, MonitoringPoint


def _(message: str) -> str:
    return message


TOO_SHORT = _("Weekly monitoring begins with the second week that has enough answers.")

SIGMAS = 3


@dataclass(frozen=True)
class Day:
    """What one local day brought of what is released: people who answered the question, and the satisfied of them."""

    on: date
    base: int
    satisfied: int


@dataclass(frozen=True)
class Stretch:
    """Consecutive weeks shown as one; ``first`` is a Monday, ``last`` a Sunday."""

    first: date
    last: date
    base: int
    satisfied: int


def monitoring(
    key: str, name: Text, days: Sequence[Day], least: int = disclosure.PUBLISHED, until: date = date.max
) -> Monitoring:
    """The p-chart of a question, with weeks that end before ``until``."""
    found = stretches(days, least, until)
    if not found or sum(one.base for one in found) < least:
        return Monitoring(key, name, (), None, reasons.TOO_FEW if days else reasons.NOBODY)
    if len(found) < 2:
        return Monitoring(key, name, (), None, TOO_SHORT)
    centre = sum(one.satisfied for one in found) / sum(one.base for one in found)
    return Monitoring(key, name, tuple(_point(one, centre) for one in found), 100 * centre)


def _point(one: Stretch, centre: float) -> MonitoringPoint:
    reach = SIGMAS * sqrt(centre * (1 - centre) / one.base)
    low, high = 100 * max(0.0, centre - reach), 100 * min(1.0, centre + reach)
    share = 100 * one.satisfied / one.base
    outside = not low - 1e-9 <= share <= high + 1e-9
    return MonitoringPoint(_label(one), share, one.base, low, high, outside)


def _label(one: Stretch) -> str:
    """``12/10–18/10/2026``; days before months, as the office writes them."""
    first = f"{one.first:%d/%m}" if one.first.year == one.last.year else f"{one.first:%d/%m/%Y}"
    return f"{first}–{one.last:%d/%m/%Y}"


def stretches(days: Sequence[Day], least: int, until: date = date.max) -> list[Stretch]:
    """Weeks, each with too few people joined to the next, the last one to that before. Months are shown as well, so
    what a stretch has in common with a month has to be nobody or enough, too; days of months that are too small to be
    shown on their own are left out then. The same holds for what is left of the weeks from ``until`` on, which are not
    shown themselves."""
    months: dict[Month, int] = {}
    for day in days:
        months[_month(day)] = months.get(_month(day), 0) + day.base
    parts = disclosure.partition(months, least)
    weeks: dict[date, list[Day]] = {}
    rest: list[Day] = []
    for day in sorted(days, key=lambda one: one.on):
        if day.base and (parts is None or _month(day) in parts.alone):
            monday = day.on - timedelta(days=day.on.weekday())
            (rest if monday + timedelta(days=6) >= until else weeks.setdefault(monday, [])).append(day)
    groups = [(monday, monday + timedelta(days=6), held) for monday, held in weeks.items()]
    apart, place = parts is not None, 0
    while place < len(groups) and len(groups) > 1:
        cells = _cells(groups[place][2], apart)
        if _shown(cells, least):
            place += 1
            continue
        # What is too small of a month that has ended can only be filled from the weeks before.
        later = _cells(groups[place + 1][2], apart) if place + 1 < len(groups) else {}
        back = place > 0 and any(0 < base < least and month not in later for month, base in cells.items())
        left = place - 1 if back or place + 1 == len(groups) else place
        one, other = groups[left], groups[left + 1]
        groups[left : left + 2] = [(one[0], other[1], [*one[2], *other[2]])]
        place = left
    while groups and not all(_shown(_cells(held, apart), least) for held in (groups[-1][2], rest)):
        rest = [*groups.pop()[2], *rest]
    return [
        Stretch(first, last, sum(one.base for one in held), sum(one.satisfied for one in held))
        for first, last, held in groups
    ]


Month = tuple[int, int]


def _month(day: Day) -> Month:
    return day.on.year, day.on.month


def _cells(held: Sequence[Day], apart: bool) -> dict[Month, int]:
    """People by month, or all together where months are not shown."""
    cells: dict[Month, int] = {}
    for day in held:
        month = _month(day) if apart else (0, 0)
        cells[month] = cells.get(month, 0) + day.base
    return cells


def _shown(cells: dict[Month, int], least: int) -> bool:
    return all(disclosure.safe(base, least) for base in cells.values())
