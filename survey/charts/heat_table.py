"""A heat table: questions by groups or units, the share satisfied printed in each cell over a ramp of one colour.

Stage: charts. The colour helps to find, the number is what counts; cells that may not be shown are hatched and carry no
number. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from survey.charts import frame
from survey.charts.drawing import Drawing
from survey.charts.grid import STAR
from survey.charts.lettering import BOLD, REGULAR, line, width, wrap
from survey.charts.scale_columns import caution, small
from survey.charts.shares_table import Line, SharesTable, extremes
from survey.charts.sheet import Sheet
from survey.charts.theme import HAIR, HEAT_BOUNDS, INK, LABEL, LEADING, PAPER, QUIET, SMALL, Shade, heat
from survey.statistics.results import Figures
from survey.texts import Texts

LABELS = 168.0
"""Room for the questions."""

CELL, MOST_WIDE = 29.0, 74.0
"""The narrowest cell in which a share fits, and the widest."""

NAMED = 44.0
"""Narrower cells than this have a number for a heading and the name below the table."""

HIDDEN = Shade(PAPER, QUIET, QUIET)


def heat_table(table: SharesTable, t: Texts) -> Drawing:
    """The chart; a sentence where no group may be shown."""
    subtitle = t("Share satisfied in percent. By: {grouping}", grouping=table.by)
    return Drawing(line(table.title), describe(table, t), lambda sheet: _draw(sheet, table, t), subtitle)


def describe(table: SharesTable, t: Texts) -> str:
    """Where the share is highest and where lowest."""
    return line(f"{table.title}: {extremes(table, t)}")


def _draw(sheet: Sheet, table: SharesTable, t: Texts) -> None:
    if table.known:
        _key(sheet, table, t)
        groups = len(table.columns) - table.everybody
        room = sheet.width - _labels(sheet) - (CELL + 8.0 if table.everybody else 0.0)
        most = int(room / CELL)
        bands = -(-groups // most)
        size = -(-groups // bands)
        cell = min(room / size, MOST_WIDE)
        numbered = cell < NAMED or any(_too_long(name, cell) for name in table.columns[:groups])
        names = [f"{place}: {name}" for place, name in enumerate(table.columns[:groups], 1)] if numbered else []
        if sheet.format.narrow:
            _names(sheet, names)
        for first in range(0, groups, size):
            _band(sheet, table, range(first, min(first + size, groups)), cell, t, numbered=numbered)
        if not sheet.format.narrow:
            _names(sheet, names)
        if any(cell is not None and small(cell) for one in table.lines for cell in one.cells):
            frame.note(sheet, f"{STAR} {caution(t)}")
    for sentence in table.notes or (() if table.known else (t("There is no group large enough to show."),)):
        frame.note(sheet, sentence)
    sheet.top += 5.0


def _labels(sheet: Sheet) -> float:
    """Room beside the cells; on a narrow sheet questions stand above theirs."""
    return 0.0 if sheet.format.narrow else LABELS


def _too_long(name: str, cell: float) -> bool:
    lines = wrap(name, cell - 4.0, SMALL, most=4)
    return lines[-1].endswith("…") or any(width(word, SMALL) > cell - 4.0 for word in name.split())


def _key(sheet: Sheet, table: SharesTable, t: Texts) -> None:
    bounds = [f"{t.number(bound)}%" for bound in HEAT_BOUNDS]
    names = [t("under {bound}", bound=bounds[0])]
    names += [t("{low} to under {high}", low=low, high=high) for low, high in pairwise(bounds)]
    names.append(t("{bound} and more", bound=bounds[-1]))
    entries = [(heat(share), name) for share, name in zip((0.0, *HEAT_BOUNDS), names, strict=True)]
    if table.hidden:
        entries.append((HIDDEN, t("too few people to show")))
    frame.key(sheet, entries)


def _names(sheet: Sheet, names: Sequence[str]) -> None:
    """The numbered columns by name, in two columns where they fit; nothing without a name."""
    if not names:
        return
    if sheet.format.narrow:
        for one in names:
            frame.note(sheet, one)
        sheet.top += 4.0
        return
    half = sheet.width / 2 - 8.0
    wide = 1 if any(width(one, SMALL) > half for one in names) else 2
    each = -(-len(names) // wide)
    top = sheet.top
    for place, one in enumerate(names):
        x = (place // each) * (half + 16.0)
        baseline = top + (place % each + 1) * SMALL * LEADING
        sheet.text(x, baseline, wrap(one, sheet.width if wide == 1 else half, SMALL, most=1)[0], SMALL, QUIET)
        sheet.top = max(sheet.top, baseline)
    sheet.top += 2.0


def _band(sheet: Sheet, table: SharesTable, shown: range, cell: float, t: Texts, *, numbered: bool) -> None:
    edges = [_labels(sheet) + place * cell for place in range(len(shown))]
    heads = [
        (left, cell, str(place + 1) if numbered else table.columns[place])
        for left, place in zip(edges, shown, strict=True)
    ]
    everybody = edges[-1] + cell + 8.0
    if table.everybody:
        heads.append((everybody, sheet.width - everybody if cell < MOST_WIDE else CELL + 12.0, table.columns[-1]))
    wrapped = [(left, wide, wrap(name, wide - 2.0, SMALL, most=4)) for left, wide, name in heads]
    sheet.top += max(len(lines) for _, _, lines in wrapped) * SMALL * LEADING + 3.0
    for left, wide, lines in wrapped:
        for up, text in enumerate(reversed(lines)):
            sheet.text(left + wide / 2, sheet.top - 3.0 - up * SMALL * LEADING, text, SMALL, QUIET, anchor="center")
    for one in table.lines:
        _line(sheet, one, [*((left, wide) for left, wide, _ in heads)], shown, t, everybody=table.everybody)
    sheet.top += 5.0


def _line(
    sheet: Sheet, one: Line, places: Sequence[tuple[float, float]], shown: range, t: Texts, *, everybody: bool
) -> None:
    weight = BOLD if one.general else REGULAR
    narrow = sheet.format.narrow
    lines = wrap(one.label, sheet.width if narrow else LABELS - 8.0, LABEL, weight, sheet.format.most)
    high = max(len(lines) * LABEL * LEADING + 5.0, 20.0)
    sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
    sheet.lines(0, sheet.top + high / 2, lines, LABEL, INK, weight)
    if narrow:
        sheet.top += high
        high = 20.0
    cells = [one.cells[place] for place in shown] + ([one.cells[-1]] if everybody else [])
    for (left, wide), figures in zip(places, cells, strict=True):
        _cell(sheet, left + 0.75, sheet.top + 0.75, wide - 1.5, high - 1.5, figures, t)
    sheet.top += high + (4.0 if narrow else 0.0)


def _cell(sheet: Sheet, left: float, top: float, wide: float, high: float, figures: Figures | None, t: Texts) -> None:
    middle = left + wide / 2, top + high / 2 + 0.36 * SMALL
    if figures is not None and figures.suppressed:
        sheet.box(left, top, wide, high, HIDDEN.fill)
        sheet.hatch(left, top, wide, high, HIDDEN.hatch, 4.5)
    elif figures is None or figures.satisfied_percent is None or not figures.base:
        sheet.text(*middle, "–", SMALL, QUIET, anchor="center")
    else:
        shade = heat(figures.satisfied_percent)
        sheet.box(left, top, wide, high, shade.fill)
        share = t.number(figures.satisfied_percent, 1) + (STAR if small(figures) else "")
        sheet.text(*middle, share, SMALL, shade.ink, anchor="center")
