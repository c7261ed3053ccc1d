"""Units by one measure: dots with intervals, highest first, places as ranges, units for reference set apart.

Stage: charts. Two units whose places overlap are tied, whatever the order of their dots. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from survey.charts import frame, grid, plot
from survey.charts.dots import Dot, draw_dots
from survey.charts.drawing import Drawing
from survey.charts.figures_text import interval_text, value_text
from survey.charts.lettering import line
from survey.charts.sheet import Sheet
from survey.charts.theme import SMALL_BASE
from survey.statistics.results import RankedUnit, Ranking
from survey.texts import Texts

MOST = 40
"""Units in one picture; more stand in several."""


def ranking(ranked: Ranking, t: Texts, language: str) -> tuple[Drawing, ...]:
    """The charts of a ranking, in pictures of at most ``MOST`` units; one with a sentence when there is no unit."""
    name = line(ranked.name.to(language))
    ordered = order(ranked)
    pages = [ordered[first : first + MOST] for first in range(0, len(ordered), MOST)] or [()]
    return tuple(_page(ranked, page, t, name, describe(ranked, t, language)) for page in pages)


def order(ranked: Ranking) -> tuple[RankedUnit, ...]:
    """Those with a place first, then those for reference, then those without a figure; otherwise as they came."""
    return tuple(sorted(ranked.units, key=_class))


def place_text(unit: RankedUnit, t: Texts) -> str:
    """``3``, ``2–5`` for a tie, an en dash for a unit without a place."""
    if unit.best is None or unit.worst is None:
        return "–"
    return t.number(unit.best) if unit.best == unit.worst else f"{t.number(unit.best)}–{t.number(unit.worst)}"


def describe(ranked: Ranking, t: Texts, language: str) -> str:
    """Which units are highest and lowest as far as intervals tell them apart, and how many are only for reference."""
    name = line(ranked.name.to(language))
    placed = [unit for unit in ranked.units if unit.best is not None and unit.worst is not None]
    rest = len(ranked.units) - len(placed)
    if not ranked.units:
        return f"{name}: {t('There is no unit to compare.')}"
    said = []
    if placed and all(unit.best == 1 for unit in placed):
        said.append(t("{count} units are not shown to differ.", count=t.number(len(placed))))
    elif placed:
        top = [unit for unit in placed if unit.best == 1]
        least = max(unit.worst or 0 for unit in placed)
        bottom = [unit for unit in placed if unit.worst == least and unit not in top]
        said.append(t("Highest, tied where several: {units}.", units=_named(top, ranked, t)))
        if bottom:
            said.append(t("Lowest, tied where several: {units}.", units=_named(bottom, ranked, t)))
    if rest:
        said.append(t("{count} units have no place.", count=t.number(rest)))
    if ranked.target is not None:
        said.append(t("Target: {value}.", value=value_text(ranked.target, ranked.unit, t)))
    return line(f"{name}: {' '.join(said)}")


def _named(units: Sequence[RankedUnit], ranked: Ranking, t: Texts) -> str:
    shown = [f"{line(unit.unit)} {value_text(unit.value, ranked.unit, t)}" for unit in units[:5]]
    return ", ".join((*shown, "…") if len(units) > 5 else shown)


def _class(unit: RankedUnit) -> int:
    return 2 if unit.value is None else 1 if _reference(unit) else 0


def _reference(unit: RankedUnit) -> bool:
    return unit.reference or unit.best is None


def _page(ranked: Ranking, units: Sequence[RankedUnit], t: Texts, name: str, told: str) -> Drawing:
    subtitle = t("Units, highest first. Units whose places overlap are tied.")
    return Drawing(name, told, lambda sheet: _draw(sheet, ranked, units, t), subtitle)


def _draw(sheet: Sheet, ranked: Ranking, units: Sequence[RankedUnit], t: Texts) -> None:
    if not units:
        frame.note(sheet, t("There is no unit to compare."))
        sheet.top += 5.0
        return
    _key(sheet, ranked, units, t)
    unit = "%" if ranked.unit == "percent" else ""
    low = min((bound for one in units for bound in one.interval or ()), default=0.0)
    ends = (0.0, 100.0) if unit else (min(0.0, low), 10.0 if _highest(ranked) <= 10.0 else 100.0)
    rows: list[RankedUnit | str] = []
    for kind, members in groupby(units, _class):
        rows += [*([_heading(kind, t)] if kind else []), *members]
    dots = [_dot(row, t) for row in rows]
    draw_dots(sheet, dots, _columns(rows, ranked, t), ends, unit, t, target=ranked.target)
    sheet.top += 5.0


def _highest(ranked: Ranking) -> float:
    ends = [0.0, ranked.target or 0.0]
    for one in ranked.units:
        ends += [one.value or 0.0, *(one.interval or ())]
    return max(ends)


def _heading(kind: int, t: Texts) -> str:
    if kind == 1:
        return t("For reference only, without a place (fewer than {count} answers)", count=SMALL_BASE)
    return t("Without figures")


def _key(sheet: Sheet, ranked: Ranking, units: Sequence[RankedUnit], t: Texts) -> None:
    entries: list[tuple[plot.Sample, str]] = [(plot.interval_sample, t("Value, with its 95% confidence interval"))]
    if any(_class(unit) == 1 for unit in units):
        entries.append((plot.hollow_sample, t("For reference only")))
    if ranked.target is not None:
        told = t("Target: {value}", value=value_text(ranked.target, ranked.unit, t))
        entries.append((plot.target_sample, told))
    plot.legend(sheet, entries)


def _dot(row: RankedUnit | str, t: Texts) -> Dot:
    if isinstance(row, str):
        return Dot(grid.Label("", words=row, alone=True), None)
    words = "" if row.value is not None else t(row.suppressed) if row.suppressed else "–"
    return Dot(grid.Label(line(row.unit) or "–", words=words), row.value, row.interval, reference=_class(row) == 1)


def _columns(rows: Sequence[RankedUnit | str], ranked: Ranking, t: Texts) -> tuple[grid.Column, ...]:
    none = ("", "")
    places, values, bases = [], [], []
    for row in rows:
        unit = None if isinstance(row, str) else row
        places.append((place_text(unit, t), "") if unit else none)
        values.append((value_text(unit.value, ranked.unit, t), interval_text(unit.interval, t)) if unit else none)
        bases.append(("–" if unit.base is None else t.number(unit.base), "") if unit else none)
    return (
        grid.Column((t("Rank"),), tuple(places)),
        grid.Column((t("Value"),), tuple(values), t("(95% CI)"), strong=True),
        grid.Column((t("n"),), tuple(bases)),
    )
