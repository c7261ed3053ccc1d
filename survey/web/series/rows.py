"""Waves, units and weeks laid out for a table: every figure as text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey.statistics.results import Difference, Interval, Monitoring, Ranking, SeriesResult
from survey.texts import Texts


@dataclass(frozen=True)
class Row:
    """A line of a table. ``around`` is the interval, ``change`` what is said against the line before, ``broken`` why
    there is nothing to say; ``said`` stands in place of the figures."""

    name: str
    value: str = "–"
    around: str = ""
    base: str = ""
    change: str = ""
    broken: str = ""
    said: str = ""
    place: str = ""


def waves(one: SeriesResult, t: Texts) -> list[Row]:
    """The waves of a series."""
    return [
        Row(
            name=period(point.wave, t),
            value=figure(point.value, one.unit, t),
            around=interval(point.interval, t),
            base=_number(point.base, t),
            change=change(point.change, t) if point.change else "",
            broken=t(point.breaks) if point.breaks else "",
            said=t(point.suppressed) if point.suppressed else "",
        )
        for point in one.points
    ]


def units(one: Ranking, t: Texts) -> list[Row]:
    """The units of a ranking with their places."""
    return [
        Row(
            name=row.unit,
            value=figure(row.value, one.unit, t),
            around=interval(row.interval, t),
            base=_number(row.base, t),
            said=t(row.suppressed) if row.suppressed else "",
            place=t("for reference") if row.reference else place(row.best, row.worst),
        )
        for row in one.units
    ]


def weeks(one: Monitoring, t: Texts) -> list[Row]:
    """The weeks of a p-chart; ``around`` are its limits."""
    return [
        Row(
            name=point.label,
            value=t.percent(point.share),
            around=interval((point.low, point.high) if point.low is not None and point.high is not None else None, t),
            base=_number(point.base, t),
            change=t("outside the limits") if point.outside else "",
        )
        for point in one.points
    ]


def figure(value: float | None, unit: str, t: Texts) -> str:
    """A percentage or points, with two decimals as indexes have them."""
    if value is None:
        return "–"
    return t.percent(value, 2) if unit == "percent" else t.number(value, 2)


def interval(ends: Interval | None, t: Texts) -> str:
    """``79,4–95,8``."""
    return f"{t.number(ends[0], 1)}–{t.number(ends[1], 1)}" if ends else ""


def change(one: Difference, t: Texts) -> str:
    """A change in words that claim no more than the interval allows."""
    if not one.shown:
        return t("not shown to differ")
    around = f"{t.number(one.interval[0], 1)} … {t.number(one.interval[1], 1)}"
    sign = "+" if one.points > 0 else "−"
    return t("{points} points ({range})", points=sign + t.number(abs(one.points), 2), range=around)


def place(best: int | None, worst: int | None) -> str:
    """``3``, or ``2–4`` where units share places."""
    if best is None or worst is None:
        return "–"
    return str(best) if best == worst else f"{best}–{worst}"


def named(one: SeriesResult, t: Texts) -> SeriesResult:
    """The series with months and quarters in words."""
    return replace(one, points=tuple(replace(point, wave=period(point.wave, t)) for point in one.points))


def period(name: str, t: Texts) -> str:
    """A wave as staff named it; a month or quarter of a survey in words."""
    year, _, part = name.partition("-")
    if len(year) == 4 and year.isdigit() and part.isdigit() and len(part) == 2:
        return t("month {month}/{year}", month=str(int(part)), year=year)
    if len(year) == 4 and year.isdigit() and part[:1] == "Q" and part[1:].isdigit():
        return t("quarter {quarter}/{year}", quarter=part[1:], year=year)
    return name


def _number(value: int | None, t: Texts) -> str:
    return "" if value is None else t.number(value)
