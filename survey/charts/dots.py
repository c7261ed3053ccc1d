"""Rows of dots with their intervals on the whole range of a scale: what index and comparison charts have in common.

Stage: charts. Draws what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.charts import grid
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, INK
from survey.statistics.results import Interval
from survey.texts import Texts

_DOT = 3.5
_CAP = 5.0


@dataclass(frozen=True)
class Dot:
    """One row; without a value ``words`` say why."""

    label: grid.Label
    value: float | None
    interval: Interval | None = None
    words: str = ""


def draw_dots(
    sheet: Sheet,
    dots: Sequence[Dot],
    columns: Sequence[grid.Column],
    ends: tuple[float, float],
    unit: str,
    t: Texts,
) -> None:
    """Headings, rows and axis from the low to the high end of the scale."""
    laid = grid.arrange([dot.label for dot in dots], columns, *ends)
    grid.draw_headings(sheet, laid)
    grid.draw_axis(sheet, laid, len(dots), t, unit)
    for number, dot in enumerate(dots):
        middle = sheet.top + (number + 0.5) * laid.row
        grid.draw_row(sheet, laid, number, middle)
        if dot.value is None:
            grid.draw_words(sheet, laid, middle, dot.words)
            continue
        x = laid.x(dot.value)
        sheet.rule(laid.left, middle, x, middle, FAVOURABLE[0], 2.0)
        sheet.dot(x, middle, _DOT, FAVOURABLE[1])
        if dot.interval is not None:
            left, right = (laid.x(bound) for bound in dot.interval)
            sheet.rule(left, middle, right, middle, INK, 1.0)
            for end in (left, right):
                sheet.rule(end, middle - _CAP, end, middle + _CAP, INK, 1.0)
    grid.draw_rules(sheet, laid, range(len(dots)))
