"""Rows of dots with their intervals on the whole range of a scale: what index and comparison charts have in common.

Stage: charts. Draws what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.charts import grid
from survey.charts.lettering import BOLD
from survey.charts.plot import DASH, hollow
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, INK, PAPER, QUIET, SMALL, TARGET
from survey.statistics.results import Interval
from survey.texts import Texts

_DOT = 3.5
_CAP = 5.0


@dataclass(frozen=True)
class Dot:
    """One row; without a value ``words`` say why. A ``reference`` has too small a base for more than that; a
    ``heading`` is a row of words alone, over what follows."""

    label: grid.Label
    value: float | None
    interval: Interval | None = None
    words: str = ""
    reference: bool = False
    heading: bool = False


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
    laid = grid.arrange([dot.label for dot in dots], columns, *ends)
    grid.draw_headings(sheet, laid)
    grid.draw_axis(sheet, laid, len(dots), t, unit)
    if target is not None:
        sheet.rule(laid.x(target), sheet.top, laid.x(target), sheet.top + len(dots) * laid.row, TARGET, 1.2, DASH)
    for number, dot in enumerate(dots):
        middle = sheet.top + (number + 0.5) * laid.row
        if dot.heading:
            sheet.box(0, middle - laid.row / 2, sheet.width, laid.row, PAPER)
            sheet.text(0, middle + laid.row / 2 - 5.0, dot.words, SMALL, QUIET, BOLD)
            continue
        grid.draw_row(sheet, laid, number, middle)
        if dot.value is None:
            grid.draw_words(sheet, laid, middle, dot.words)
            continue
        x = laid.x(dot.value)
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
    grid.draw_rules(sheet, laid, range(len(dots)))
