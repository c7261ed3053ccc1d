"""The even grid of a chart with rows: where labels, bars and figures stand, computed from measured text, then drawn.

Stage: charts. Lengths are points. Labels, bars and figures have columns of their own, so nothing runs into anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from survey.charts.lettering import BOLD, REGULAR, width, wrap
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, HAIR, INK, LABEL, LEADING, PAPER, QUIET, SMALL, WIDTH
from survey.texts import Texts

GAP = 11.0
"""Between columns."""

STAR = "*"
"""Marks a small base; hangs outside the column so that digits stay in line."""

_LEAST_BARS = 120.0
_ROOMS = ((1, 140.0), (2, 150.0), (3, 160.0), (3, 195.0), (3, 240.0))
"""Lines of a label, and how wide the labels' column may become to need no more."""


@dataclass(frozen=True)
class Label:
    """A row's label; ``general`` rows sum up the others and are set in bold."""

    text: str
    general: bool = False

    @property
    def weight(self) -> int:
        """Weight it is set in."""
        return BOLD if self.general else REGULAR


@dataclass(frozen=True)
class Column:
    """Figures at the right: per row an upper and a lower line, and what heads each. ``strong`` is looked for first."""

    heading: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    below: str = ""
    strong: bool = False

    @property
    def width(self) -> float:
        """Room its widest text takes."""
        return max(
            [width(text, SMALL, BOLD) for text in (*self.heading, self.below)]
            + [width(above.removesuffix(STAR), LABEL, BOLD) for above, _ in self.cells]
            + [width(below, SMALL) for _, below in self.cells]
        )


@dataclass(frozen=True)
class Grid:
    """``left`` and ``right`` bound the bars; ``columns`` pair each column with its right edge; ``low`` and ``high``
    are the ends of the axis, ``row`` the height of every row."""

    labels: tuple[Label, ...]
    lines: tuple[tuple[str, ...], ...]
    left: float
    right: float
    columns: tuple[tuple[float, Column], ...]
    row: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value stands."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    @property
    def step(self) -> int:
        """Distance of grid lines, wide enough for their labels."""
        one = self.x(1.0) - self.x(0.0)
        wider = (multiple * 10**power for power in range(2, 12) for multiple in (1, 2, 5))
        return next((step for step in (1, 10, 20, 25, 50, *wider) if step * one >= 24.0), 10**12)


def heading(text: str) -> tuple[str, ...]:
    """A column's heading in lines."""
    return wrap(text, 46.0, SMALL, BOLD)


def arrange(labels: Sequence[Label], columns: Sequence[Column], low: float, high: float) -> Grid:
    """The grid for rows with these labels and figures, on an axis from ``low`` to ``high``."""
    hangs = columns and any(above.endswith(STAR) for above, _ in columns[-1].cells)
    edge = WIDTH - (width(STAR, LABEL, BOLD) if hangs else 0.0)
    placed: list[tuple[float, Column]] = []
    for column in reversed(columns):
        placed.insert(0, (edge, column))
        edge -= column.width + GAP
    lines = _wrapped(labels, max(edge - GAP - _LEAST_BARS, 60.0))
    widest = max(width(line, LABEL, label.weight) for label, own in zip(labels, lines, strict=True) for line in own)
    tall = any(below for column in columns for _, below in column.cells)
    row = max(max(len(own) for own in lines) * LABEL * LEADING + 7.0, 25.0 if tall else 20.0)
    return Grid(tuple(labels), lines, widest + GAP, edge, tuple(placed), row, low, high)


def _wrapped(labels: Sequence[Label], widest: float) -> tuple[tuple[str, ...], ...]:
    """Labels in as few lines as their column has room for; cut only when three lines of the widest do not do."""
    lines: list[tuple[str, ...]] = []
    for most, room in _ROOMS:
        lines = [wrap(label.text, min(room, widest), LABEL, label.weight, most) for label in labels]
        if not any(own[-1].endswith("…") for own in lines):
            break
    return tuple(lines)


def draw_headings(sheet: Sheet, grid: Grid) -> None:
    """Headings of the columns, on one baseline, and the line below them."""
    most = max((len(column.heading) + bool(column.below) for _, column in grid.columns), default=0)
    sheet.top += most * SMALL * LEADING + 3.0
    for edge, column in grid.columns:
        baseline = sheet.top - 4.0
        for up, text in zip(range(len(column.heading), 0, -1), column.heading, strict=True):
            weight, colour = (BOLD, FAVOURABLE[1]) if column.strong else (REGULAR, QUIET)
            height = (up - (not column.below)) * SMALL * LEADING
            sheet.text(edge, baseline - height, text, SMALL, colour, weight, "right")
        sheet.text(edge, baseline, column.below, SMALL, QUIET, anchor="right")


def draw_axis(sheet: Sheet, grid: Grid, count: int, t: Texts, unit: str = "%") -> None:
    """Grid lines behind ``count`` rows and their values below; the zero line is darker."""
    top, bottom = sheet.top, sheet.top + count * grid.row
    for value in range(ceil(grid.low / grid.step) * grid.step, int(grid.high) + 1, grid.step):
        x = grid.x(value)
        sheet.rule(x, top, x, bottom, *((QUIET, 0.8) if value == 0 else (HAIR, 0.5)))
        sheet.text(x, bottom + SMALL + 3.0, f"{t.number(abs(value))}{unit}", SMALL - 0.5, QUIET, anchor="center")


def draw_rules(sheet: Sheet, grid: Grid, shown: range) -> None:
    """Lines between rows, a darker one above the first general row; moves below the rows and the axis."""
    for place, number in enumerate(shown):
        parted = number > 0 and grid.labels[number].general and not grid.labels[number - 1].general
        dark = place == 0 or parted
        y = sheet.top + place * grid.row
        sheet.rule(0, y, sheet.width, y, *((QUIET, 0.6) if dark else (HAIR, 0.5)))
    sheet.top += len(shown) * grid.row
    sheet.rule(0, sheet.top, sheet.width, sheet.top, QUIET, 0.6)
    sheet.top += SMALL * LEADING + 4.0


def draw_row(sheet: Sheet, grid: Grid, number: int, middle: float) -> None:
    """Label and figures of one row; a small base's star hangs outside its column."""
    label = grid.labels[number]
    sheet.lines(0, middle, grid.lines[number], LABEL, INK, label.weight)
    for edge, column in grid.columns:
        above, below = column.cells[number]
        weight = BOLD if column.strong or label.general else REGULAR
        colour = FAVOURABLE[1] if column.strong else INK
        hang = width(STAR, LABEL, weight) if above.endswith(STAR) else 0.0
        rise = SMALL * LEADING / 2 if below else 0.0
        sheet.text(edge + hang, middle - rise + 0.36 * LABEL, above, LABEL, colour, weight, "right")
        sheet.text(edge, middle + LABEL * LEADING / 2 + 0.36 * SMALL, below, SMALL, QUIET, anchor="right")


def draw_words(sheet: Sheet, grid: Grid, middle: float, words: str) -> None:
    """Words in place of a bar: why there is none."""
    lines = wrap(words, grid.right - grid.left - 8.0, SMALL, most=int(grid.row / (SMALL * LEADING)))
    high = len(lines) * SMALL * LEADING
    sheet.box(grid.left, middle - high / 2, grid.right - grid.left, high, PAPER)
    sheet.lines(grid.left + 4.0, middle, lines, SMALL, QUIET)
