"""Small multiples: one narrow panel of dots with intervals for each group or unit, all on the same axis and lines.

Stage: charts. A grey tick in each panel is everybody's share, to compare by eye; whether a group differs is for a test.
Computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.charts import frame, plot
from survey.charts.drawing import Drawing
from survey.charts.grid import STAR
from survey.charts.lettering import BOLD, REGULAR, line, wrap
from survey.charts.scale_columns import caution, small
from survey.charts.shares_table import Line, SharesTable, extremes
from survey.charts.sheet import Anchor, Point, Sheet
from survey.charts.theme import FAVOURABLE, HAIR, INK, LABEL, LEADING, QUIET, SMALL
from survey.statistics.results import Figures
from survey.texts import Texts

LABELS = 150.0
"""Room for the questions."""

BESIDE, NARROW_BESIDE = 3, 2
"""Panels beside each other, and on a phone, where the questions stand above them."""

_GAP = 14.0
_AXIS: tuple[tuple[int, Anchor], ...] = ((0, "left"), (50, "center"), (100, "right"))


def small_multiples(table: SharesTable, t: Texts) -> Drawing:
    """The chart; a sentence where no group may be shown."""
    subtitle = t("Share satisfied in percent, with 95% intervals. By: {grouping}", grouping=table.by)
    return Drawing(line(table.title), describe(table, t), lambda sheet: _draw(sheet, table, t), subtitle)


def describe(table: SharesTable, t: Texts) -> str:
    """Where the share is highest and where lowest."""
    return line(f"{table.title}: {extremes(table, t)}")


def _draw(sheet: Sheet, table: SharesTable, t: Texts) -> None:
    if table.known:
        _key(sheet, table, t)
        groups = len(table.columns) - table.everybody
        beside = NARROW_BESIDE if sheet.format.narrow else BESIDE
        for first in range(0, groups, beside):
            _band(sheet, table, range(first, min(first + beside, groups)), t)
        if any(cell is not None and small(cell) for one in table.lines for cell in one.cells):
            frame.note(sheet, f"{STAR} {caution(t)}")
    for sentence in table.notes or (() if table.known else (t("There is no group large enough to show."),)):
        frame.note(sheet, sentence)
    sheet.top += 5.0


def _key(sheet: Sheet, table: SharesTable, t: Texts) -> None:
    entries: list[tuple[plot.Sample, str]] = [(plot.interval_sample, t("Share satisfied, with its 95% interval"))]
    if any(cell is not None and small(cell) for one in table.lines for cell in one.cells):
        entries.append((plot.hollow_sample, t("For reference only")))
    if table.everybody:
        entries.append(
            (lambda sheet, x, y: sheet.rule(x + 10.0, y - 5.0, x + 10.0, y + 5.0, QUIET, 1.6), t("Everybody"))
        )
    plot.legend(sheet, entries)


def _band(sheet: Sheet, table: SharesTable, shown: range, t: Texts) -> None:
    narrow = sheet.format.narrow
    begin, wide = LABELS + _GAP, (sheet.width - LABELS - BESIDE * _GAP) / BESIDE
    if narrow:
        begin, wide = 2.0, (sheet.width - 4.0 - (NARROW_BESIDE - 1) * _GAP) / NARROW_BESIDE
    lefts = [begin + place * (wide + _GAP) for place in range(len(shown))]
    heads = [wrap(table.columns[place], wide, SMALL, BOLD, sheet.format.most) for place in shown]
    sheet.top += max(len(lines) for lines in heads) * SMALL * LEADING + 3.0
    for left, lines in zip(lefts, heads, strict=True):
        for up, text in enumerate(reversed(lines)):
            sheet.text(left, sheet.top - 4.0 - up * SMALL * LEADING, text, SMALL, INK, BOLD)
    room = sheet.width if narrow else LABELS - 4.0
    labels = [wrap(one.label, room, LABEL, _weight(one), sheet.format.most) for one in table.lines]
    above = [len(lines) * LABEL * LEADING + 3.0 if narrow else 0.0 for lines in labels]
    heights = [
        _high(one, shown) if narrow else max(len(lines) * LABEL * LEADING + 5.0, 19.0)
        for one, lines in zip(table.lines, labels, strict=True)
    ]
    bottom = sheet.top + sum(above) + sum(heights)
    for left in lefts:
        for share, anchor in _AXIS:
            x = left + share / 100 * wide
            for start, end in _spans(sheet.top, above, heights):
                sheet.rule(x, start, x, end, *((QUIET, 0.6) if share == 0 else (HAIR, 0.5)))
            sheet.text(x, bottom + SMALL + 2.0, f"{share}%", sheet.format.tick, QUIET, anchor=anchor)
    for one, lines, head, high in zip(table.lines, labels, above, heights, strict=True):
        sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
        sheet.lines(0, sheet.top + (head + 3.0 if narrow else high) / 2, lines, LABEL, INK, _weight(one))
        sheet.top += head
        middle = sheet.top + high / 2
        for left, place in zip(lefts, shown, strict=True):
            own = one.cells[place]
            if table.everybody and own is not None and not own.suppressed:
                _tick(sheet, left, wide, middle, one.cells[-1])
            _dot(sheet, left, wide, middle, own, t)
        sheet.top += high
    sheet.rule(0, sheet.top, sheet.width, sheet.top, QUIET, 0.6)
    sheet.top += SMALL * LEADING + 9.0


def _high(one: Line, shown: range) -> float:
    """Of the dots below a label: where the reason stands instead of one, it takes two lines."""
    cells = (one.cells[place] for place in shown)
    return 24.0 if any(cell is not None and cell.suppressed for cell in cells) else 19.0


def _weight(one: Line) -> int:
    return BOLD if one.general else REGULAR


def _spans(top: float, above: Sequence[float], heights: Sequence[float]) -> list[Point]:
    """Where grid lines run: in one piece, or below each label that stands above its dots."""
    if not any(above):
        return [(top, top + sum(heights))]
    found = []
    for head, high in zip(above, heights, strict=True):
        found.append((top + head, top + head + high))
        top += head + high
    return found


def _tick(sheet: Sheet, left: float, wide: float, middle: float, everybody: Figures | None) -> None:
    if everybody is not None and everybody.base and everybody.satisfied_percent is not None:
        x = left + everybody.satisfied_percent / 100 * wide
        sheet.rule(x, middle - 6.5, x, middle + 6.5, QUIET, 1.6)


def _dot(sheet: Sheet, left: float, wide: float, middle: float, figures: Figures | None, t: Texts) -> None:
    if figures is None or figures.suppressed or not figures.base or figures.satisfied_percent is None:
        words = t("too few people to show") if figures is not None and figures.suppressed else "–"
        size, most = sheet.format.tick, 2 if sheet.format.narrow else 1
        sheet.lines(left + 3.0, middle, wrap(words, wide - 3.0, size, most=most), size, QUIET)
        return
    x = left + figures.satisfied_percent / 100 * wide
    if figures.interval is not None:
        low, high = (left + bound / 100 * wide for bound in figures.interval)
        plot.whisker(sheet, low, high, middle)
    if small(figures):
        plot.hollow(sheet, x, middle)
    else:
        sheet.dot(x, middle, plot.DOT, FAVOURABLE[1])
