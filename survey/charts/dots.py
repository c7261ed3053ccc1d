"""Rows of dots with their intervals on the whole range of a scale: what index and comparison charts have in common.

Stage: charts. Draws what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.charts import grid
from survey.charts.plot import DASH, hollow
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, INK, TARGET
from survey.statistics.results import Interval
from survey.texts import Texts

_DOT = 3.5
_CAP = 5.0


@dataclass(frozen=True)
class Dot:
    """One row; without a value its label's words say why. A ``reference`` has too small a base for more than that."""

    label: grid.Label
    value: float | None
    interval: Interval | None = None
    reference: bool = False


def draw_dots(
    sheet: Sheet,
    dots: Sequence[Dot],
    columns: Sequence[grid.Column],
    ends: tuple[float, float],
    unit: str,
    t: Texts,
    *,
    target: float | None = None,
) -> None:
    """Headings, rows and axis from the low to the high end of the scale, and a dashed line at what is aimed at."""
    laid = grid.arrange([dot.label for dot in dots], columns, *ends, sheet.format)
    shown = range(len(dots))
    grid.draw_headings(sheet, laid)
    grid.draw_axis(sheet, laid, shown, t, unit)
    if target is not None:
        grid.draw_upright(sheet, laid, shown, target, TARGET, 1.2, DASH)
    for number, top, row in laid.places(sheet.top, shown):
        grid.draw_row(sheet, laid, number, top)
        dot = dots[number]
        if dot.value is None:
            continue
        x, middle = laid.x(dot.value), top + row.bar
        sheet.rule(laid.left, middle, x, middle, FAVOURABLE[0], 2.0)
        if not dot.reference:
            sheet.dot(x, middle, _DOT, FAVOURABLE[1])
        if dot.interval is not None:
            left, right = (laid.x(bound) for bound in dot.interval)
            sheet.rule(left, middle, right, middle, INK, 1.0)
            for end in (left, right):
                sheet.rule(end, middle - _CAP, end, middle + _CAP, INK, 1.0)
        if dot.reference:
            hollow(sheet, x, middle, _DOT)
    grid.draw_rules(sheet, laid, shown)
