"""The even grid of a chart with rows: where labels, bars and figures stand, computed from measured text, then drawn.

Stage: charts. Lengths are points. Labels, bars and figures have columns of their own, so nothing runs into anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from survey.charts.lettering import BOLD, REGULAR, width, wrap
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, HAIR, INK, LABEL, LEADING, PAPER, QUIET, SMALL, WIDE, Format
from survey.texts import Texts

GAP = 11.0
"""Between columns."""

STAR = "*"
"""Marks a small base; hangs outside the column so that digits stay in line."""

_LEAST_BARS = 120.0
_LEAST_LABEL = 92.0
"""Of a narrow sheet: labels with less room than this have their figures below them."""

_HALF = 9.0
"""Half the height of the strip that a bar has on a narrow sheet."""

_BETWEEN = 6.0
"""Between figures in a line."""

_ROOMS = ((1, 140.0), (2, 150.0), (3, 160.0), (3, 195.0), (3, 240.0))
"""Lines of a label, and how wide the labels' column may become to need no more."""


@dataclass(frozen=True)
class Label:
    """A row's label; ``general`` rows sum up the others and are set in bold. ``words`` stand in place of a bar: why
    there is none. A row ``alone`` has nothing but its words, over what follows."""

    text: str
    general: bool = False
    words: str = ""
    alone: bool = False

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
class Row:
    """A label in its lines, the words in place of its bar in theirs, and its height; how far below its top the middles
    of its bar and of its label lie, and half the height over which grid lines run behind the bar."""

    label: Label
    lines: tuple[str, ...]
    words: tuple[str, ...]
    height: float
    bar: float
    text: float
    half: float


@dataclass(frozen=True)
class Grid:
    """``left`` and ``right`` bound the bars; ``columns`` pair each column with its right edge; ``low`` and ``high``
    are the ends of the axis. ``inline`` figures stand in one line below the label, each with its heading."""

    rows: tuple[Row, ...]
    left: float
    right: float
    columns: tuple[tuple[float, Column], ...]
    low: float
    high: float
    inline: bool = False

    def places(self, top: float, shown: range) -> Iterator[tuple[int, float, Row]]:
        """Each row of ``shown`` with its number and where it begins, the first at ``top``."""
        for number in shown:
            yield number, top, self.rows[number]
            top += self.rows[number].height

    def x(self, value: float) -> float:
        """Where a value stands."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    @property
    def step(self) -> int:
        """Distance of grid lines, wide enough for their labels."""
        one = self.x(1.0) - self.x(0.0)
        wider = (multiple * 10**power for power in range(2, 12) for multiple in (1, 2, 5))
        return next((step for step in (1, 2, 10, 20, 25, 50, *wider) if step * one >= 24.0), 10**12)


def heading(text: str) -> tuple[str, ...]:
    """A column's heading in lines."""
    return wrap(text, 46.0, SMALL, BOLD)


def arrange(labels: Sequence[Label], columns: Sequence[Column], low: float, high: float, form: Format = WIDE) -> Grid:
    """The grid for rows with these labels and figures, on an axis from ``low`` to ``high``."""
    hangs = columns and any(above.endswith(STAR) for above, _ in columns[-1].cells)
    edge = form.width - (width(STAR, LABEL, BOLD) if hangs else 0.0)
    placed: list[tuple[float, Column]] = []
    for column in reversed(columns):
        placed.insert(0, (edge, column))
        edge -= column.width + GAP
    if form.narrow:
        return stacked(labels, tuple(placed), edge, low, high, form)
    lines = _wrapped(labels, max(edge - GAP - _LEAST_BARS, 60.0))
    widest = max(width(line, LABEL, label.weight) for label, own in zip(labels, lines, strict=True) for line in own)
    tall = any(below for column in columns for _, below in column.cells)
    row = max(max(len(own) for own in lines) * LABEL * LEADING + 7.0, 25.0 if tall else 20.0)
    left, most = widest + GAP, int(row / (SMALL * LEADING))
    rows = []
    for label, own in zip(labels, lines, strict=True):
        words = wrap(label.words, edge - left - 8.0, SMALL, most=most) if label.words and not label.alone else ()
        rows.append(Row(label, own, words, row, row / 2, row / 2, row / 2))
    return Grid(tuple(rows), left, edge, tuple(placed), low, high)


def stacked(
    labels: Sequence[Label],
    columns: tuple[tuple[float, Column], ...],
    edge: float,
    low: float,
    high: float,
    form: Format,
) -> Grid:
    """Labels above their bars, which take the whole width. Figures stand beside the labels where these keep room, else
    in a line below them."""
    inline = edge < _LEAST_LABEL
    rows = []
    for number, label in enumerate(labels):
        tall = not inline and any(column.cells[number][1] for _, column in columns)
        if label.alone:
            words = wrap(label.words, form.width, SMALL, BOLD, form.most)
            rows.append(Row(label, (), words, len(words) * SMALL * LEADING + 9.0, 0.0, 0.0, 0.0))
            continue
        lines = wrap(label.text, form.width if inline else edge, LABEL, label.weight, form.most)
        words = wrap(label.words, form.width, SMALL, most=form.most) if label.words else ()
        high_label = len(lines) * LABEL * LEADING
        above = 3.0 + max(high_label, 2 * LABEL * LEADING if tall else 0.0)
        if inline:
            above += LABEL * LEADING * len(_told(columns, number, form.width))
        half = max(_HALF, len(words) * SMALL * LEADING / 2)
        text = 3.0 + high_label / 2 if inline else 3.0 + (above - 3.0) / 2
        rows.append(Row(label, lines, words, above + 2 * half + 4.0, above + half + 1.0, text, half))
    return Grid(tuple(rows), 2.0, form.width - 2.0, columns, low, high, inline)


def _wrapped(labels: Sequence[Label], widest: float) -> tuple[tuple[str, ...], ...]:
    """Labels in as few lines as their column has room for; cut only when three lines of the widest do not do."""
    lines: list[tuple[str, ...]] = []
    for most, room in _ROOMS:
        lines = [wrap(label.text, min(room, widest), LABEL, label.weight, most) for label in labels]
        if not any(own[-1].endswith("…") for own in lines):
            break
    return tuple(lines)


def draw_headings(sheet: Sheet, grid: Grid) -> None:
    """Headings of the columns, on one baseline, and the line below them; of inline figures only that of the strong."""
    if grid.inline:
        for _, column in grid.columns:
            if column.strong:
                head = " ".join((*column.heading, column.below)).strip()
                for one in wrap(head, sheet.width, SMALL, BOLD):
                    sheet.top += SMALL * LEADING
                    sheet.text(0, sheet.top, one, SMALL, FAVOURABLE[1], BOLD)
        sheet.top += 4.0
        return
    most = max((len(column.heading) + bool(column.below) for _, column in grid.columns), default=0)
    sheet.top += most * SMALL * LEADING + 3.0
    for edge, column in grid.columns:
        baseline = sheet.top - 4.0
        for up, text in zip(range(len(column.heading), 0, -1), column.heading, strict=True):
            weight, colour = (BOLD, FAVOURABLE[1]) if column.strong else (REGULAR, QUIET)
            height = (up - (not column.below)) * SMALL * LEADING
            sheet.text(edge, baseline - height, text, SMALL, colour, weight, "right")
        sheet.text(edge, baseline, column.below, SMALL, QUIET, anchor="right")


def draw_axis(sheet: Sheet, grid: Grid, shown: range, t: Texts, unit: str = "%") -> None:
    """Grid lines behind the bars and their values below the rows; the zero line is darker."""
    places = list(grid.places(sheet.top, shown))
    bottom = sheet.top + sum(row.height for _, _, row in places)
    for value in range(ceil(grid.low / grid.step) * grid.step, int(grid.high) + 1, grid.step):
        draw_upright(sheet, grid, shown, value, *((QUIET, 0.8) if value == 0 else (HAIR, 0.5)))
        label, size = f"{t.number(abs(value))}{unit}", sheet.format.tick
        x, half = grid.x(value), width(label, size) / 2
        if sheet.format.narrow:
            x = min(max(x, half), sheet.width - half)
        sheet.text(x, bottom + SMALL + 3.0, label, size, QUIET, anchor="center")


def draw_upright(
    sheet: Sheet, grid: Grid, shown: range, value: float, colour: str, stroke: float, dash: tuple[float, ...] = ()
) -> None:
    """A line at a value behind all bars, in one piece where nothing but bars stands in its way."""
    x, places = grid.x(value), list(grid.places(sheet.top, shown))
    spans = [(top + row.bar - row.half, top + row.bar + row.half) for _, top, row in places if not row.label.alone]
    if not sheet.format.narrow:
        spans = [(places[0][1], places[-1][1] + places[-1][2].height)]
    for start, end in spans:
        sheet.rule(x, start, x, end, colour, stroke, dash)


def draw_rules(sheet: Sheet, grid: Grid, shown: range) -> None:
    """Lines between rows, a darker one above the first general row; moves below the rows and the axis."""
    for place, (number, top, row) in enumerate(grid.places(sheet.top, shown)):
        parted = number > 0 and row.label.general and not grid.rows[number - 1].label.general
        dark = place == 0 or parted
        sheet.rule(0, top, sheet.width, top, *((QUIET, 0.6) if dark else (HAIR, 0.5)))
    sheet.top += sum(grid.rows[number].height for number in shown)
    sheet.rule(0, sheet.top, sheet.width, sheet.top, QUIET, 0.6)
    sheet.top += SMALL * LEADING + 4.0


def draw_row(sheet: Sheet, grid: Grid, number: int, top: float) -> None:
    """Label and figures of the row that begins at ``top``, and the words in place of its bar; a small base's star hangs
    outside its column."""
    row = grid.rows[number]
    if row.label.alone:
        _draw_alone(sheet, row, top)
        return
    middle, weight = top + row.text, row.label.weight
    sheet.lines(0, middle, row.lines, LABEL, INK, weight)
    if grid.inline:
        _draw_told(sheet, grid, number, top + 3.0 + len(row.lines) * LABEL * LEADING)
    for edge, column in () if grid.inline else grid.columns:
        above, below = column.cells[number]
        weight = BOLD if column.strong or row.label.general else REGULAR
        colour = FAVOURABLE[1] if column.strong else INK
        hang = width(STAR, LABEL, weight) if above.endswith(STAR) else 0.0
        rise = SMALL * LEADING / 2 if below else 0.0
        sheet.text(edge + hang, middle - rise + 0.36 * LABEL, above, LABEL, colour, weight, "right")
        sheet.text(edge, middle + LABEL * LEADING / 2 + 0.36 * SMALL, below, SMALL, QUIET, anchor="right")
    if row.words:
        high = len(row.words) * SMALL * LEADING
        left, inset = (0.0, 0.0) if sheet.format.narrow else (grid.left, grid.left + 4.0)
        sheet.box(left, top + row.bar - high / 2, grid.right - left, high, PAPER)
        sheet.lines(inset, top + row.bar, row.words, SMALL, QUIET)


def _draw_alone(sheet: Sheet, row: Row, top: float) -> None:
    """Words over what follows."""
    sheet.box(0, top, sheet.width, row.height, PAPER)
    if not row.words:
        sheet.text(0, top + row.height - 5.0, row.label.words, SMALL, QUIET, BOLD)
    for number, one in enumerate(row.words, 1):
        sheet.text(0, top + 3.0 + number * SMALL * LEADING, one, SMALL, QUIET, BOLD)


Piece = tuple[str, float, str, int]
"""A text with its size, colour and weight."""


def _told(columns: Sequence[tuple[float, Column]], number: int, room: float) -> list[list[Piece]]:
    """Figures of a row as lines of pieces: the strong one and what stands below it, then the others by their names."""
    strong: list[Piece] = []
    others: list[Piece] = []
    for _, column in columns:
        above, below = column.cells[number]
        if above in ("", "–"):
            continue
        if column.strong:
            strong.append((above, LABEL, FAVOURABLE[1], BOLD))
            strong += [(f"({below})", SMALL, QUIET, REGULAR)] if below else []
        else:
            others.append((f"{' '.join(column.heading)} {above}", SMALL, QUIET, REGULAR))
    lines: list[list[Piece]] = [[]]
    x = 0.0
    for piece in (*strong, *others):
        wide = width(piece[0], piece[1], piece[3])
        if lines[-1] and x + wide > room:
            lines.append([])
            x = 0.0
        lines[-1].append(piece)
        x += wide + _BETWEEN
    return [one for one in lines if one]


def _draw_told(sheet: Sheet, grid: Grid, number: int, top: float) -> None:
    for pieces in _told(grid.columns, number, sheet.width):
        top += LABEL * LEADING
        x = 0.0
        for text, size, colour, weight in pieces:
            sheet.text(x, top - 0.36 * LABEL, text, size, colour, weight)
            x += width(text, size, weight) + _BETWEEN
