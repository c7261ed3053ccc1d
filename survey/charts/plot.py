"""Charts with an axis of values at the left: where values stand, round numbers on the axis, and the key above it.

Stage: charts. What trends, weekly monitoring and the priority matrix have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isclose

from survey.charts.frame import Mark, explain
from survey.charts.lettering import width, wrap
from survey.charts.sheet import Sheet
from survey.charts.theme import (
    FAVOURABLE,
    HAIR,
    INK,
    LEADING,
    PAPER,
    QUIET,
    SMALL,
    TARGET,
)
from survey.texts import Texts

LEFT, NEAR = 42.0, 26.0
"""Room for the numbers of the axis, and on a narrow sheet."""

DASH = (4.0, 2.5)
"""Ink and gap of a target line or limit."""

DOT = 3.3
_STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0)
_SAMPLE = 20.0


@dataclass(frozen=True)
class Axis:
    """``low`` to ``high`` in steps that people count in."""

    low: float
    high: float
    step: float

    @property
    def decimals(self) -> int:
        """Decimals its numbers need."""
        return 0 if self.step >= 1.0 else 1 if isclose(self.step * 10, round(self.step * 10)) else 2

    @property
    def ticks(self) -> tuple[float, ...]:
        """Numbers on the axis."""
        return tuple(self.low + place * self.step for place in range(round((self.high - self.low) / self.step) + 1))


def axis(values: Sequence[float], ends: tuple[float, float], most: int = 6) -> Axis:
    """The shortest axis of at most ``most`` steps that holds the values with some air, never beyond ``ends``."""
    low, high = min(values), max(values)
    air = max((high - low) * 0.08, (ends[1] - ends[0]) / 200)
    low, high = max(ends[0], low - air), min(ends[1], high + air)
    step, first, last = _STEPS[0], 0, 0
    for step in (*_STEPS, *(multiple * 10.0**power for power in range(2, 12) for multiple in (1, 2, 5))):
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        if last - first <= most:
            break
    first, last = max(first, ceil(ends[0] / step - 1e-9)), max(last, first + 1)
    return Axis(first * step, last * step, step)


@dataclass(frozen=True)
class Plot:
    """A field of values: ``left`` to ``right`` and ``top`` to ``bottom`` in points."""

    axis: Axis
    top: float
    bottom: float
    left: float
    right: float

    def y(self, value: float) -> float:
        """Where a value stands; one beyond the axis stands at its end."""
        held = min(max(value, self.axis.low), self.axis.high)
        return self.bottom - (held - self.axis.low) / (self.axis.high - self.axis.low) * (self.bottom - self.top)


def field(sheet: Sheet, axis: Axis, height: float, unit: str, t: Texts) -> Plot:
    """Grid lines and their numbers at the sheet's top; the sheet's top moves below."""
    numbers = [f"{t.number(value, axis.decimals)}{unit}" for value in axis.ticks]
    left, air = LEFT, 6.0
    if sheet.format.narrow:
        air = 5.0
        left = max(NEAR, *(width(number, SMALL) + air for number in numbers))
    plot = Plot(axis, sheet.top + 6.0, sheet.top + 6.0 + height, left, sheet.width)
    for value, number in zip(axis.ticks, numbers, strict=True):
        y = plot.y(value)
        sheet.rule(plot.left, y, plot.right, y, *((QUIET, 0.6) if value == axis.low else (HAIR, 0.5)))
        sheet.text(plot.left - air, y + 0.36 * SMALL, number, SMALL, QUIET, anchor="right")
    sheet.top = plot.bottom
    return plot


def even(plot: Plot, count: int) -> tuple[float, ...]:
    """Places for so many points, equally far apart."""
    slot = (plot.right - plot.left) / max(count, 1)
    return tuple(plot.left + (place + 0.5) * slot for place in range(count))


def labelled(count: int, gap: float, room: float) -> range:
    """Which of so many points, ``gap`` apart, can have a label ``room`` wide; the last one always has."""
    return range(count - 1, -1, -max(1, ceil(room / max(gap, 0.01))))


def labels_below(sheet: Sheet, xs: Sequence[float], labels: Sequence[tuple[str, str]], gap: float) -> None:
    """Name and a second line below each point that has room for it; moves down."""
    longest = max(width(word, SMALL) for name, _ in labels for word in name.split() or [""])
    room = min(max(gap - 5.0, min(longest, 80.0), 26.0), 90.0)
    widest = max(room, *(width(below, SMALL) for _, below in labels))
    wrapped: dict[int, tuple[str, ...]] = {}
    ends: dict[int, tuple[float, float]] = {}
    # The outermost labels stay on the sheet, so that their neighbours may have to make way.
    for place in labelled(len(xs), gap, widest + 5.0):
        lines = wrap(labels[place][0], room, SMALL)
        half = max(width(one, SMALL) for one in (*lines, labels[place][1])) / 2
        x = min(max(xs[place], half), sheet.width - half)
        if all(x + half + 4.0 <= left or right + 4.0 <= x - half for left, right in ends.values()):
            wrapped[place], ends[place] = lines, (x - half, x + half)
    most = max(len(lines) for lines in wrapped.values())
    for place, lines in wrapped.items():
        sheet.rule(xs[place], sheet.top, xs[place], sheet.top + 3.0, QUIET, 0.6)
        for number, one in enumerate((*lines, *[""] * (most - len(lines)), labels[place][1]), 1):
            baseline = sheet.top + 3.0 + number * SMALL * LEADING
            sheet.text(sum(ends[place]) / 2, baseline, one, SMALL, QUIET if number > most else INK, anchor="center")
    sheet.top += 3.0 + (most + 1) * SMALL * LEADING + 4.0


def value_label(sheet: Sheet, x: float, baseline: float, text: str, colour: str = FAVOURABLE[1]) -> None:
    """A value near its point, on white so that no line runs through it."""
    wide = width(text, SMALL, 700) + 2.0
    x = min(max(x, wide / 2), sheet.width - wide / 2)
    sheet.box(x - wide / 2, baseline - 0.78 * SMALL, wide, SMALL, PAPER)
    sheet.text(x, baseline, text, SMALL, colour, 700, "center")


Sample = Callable[[Sheet, float, float], None]
"""Draws an example of a mark around a left end and a middle, ``_SAMPLE`` wide."""


def legend(sheet: Sheet, entries: Sequence[tuple[Sample, str]]) -> None:
    """Marks and what they mean, in as many lines as they need; moves down."""

    def drawn(sample: Sample) -> Mark:
        return lambda x, baseline: sample(sheet, x, baseline - 0.36 * SMALL)

    explain(sheet, [(drawn(sample), text) for sample, text in entries], _SAMPLE + 5.0, 0.7, 1.0)
    sheet.top += 5.0


def dot_sample(sheet: Sheet, x: float, y: float) -> None:
    """A value."""
    sheet.dot(x + _SAMPLE / 2, y, DOT, FAVOURABLE[1])


def hollow_sample(sheet: Sheet, x: float, y: float) -> None:
    """A value for reference only."""
    hollow(sheet, x + _SAMPLE / 2, y)


def line_sample(sheet: Sheet, x: float, y: float) -> None:
    """Values with the line that joins them and its band."""
    sheet.box(x, y - 4.0, _SAMPLE, 8.0, BAND)
    sheet.rule(x, y, x + _SAMPLE, y, FAVOURABLE[1], 1.4)
    sheet.dot(x + _SAMPLE / 2, y, DOT, FAVOURABLE[1])


def interval_sample(sheet: Sheet, x: float, y: float) -> None:
    """A value with its interval lying."""
    whisker(sheet, x, x + _SAMPLE, y)
    sheet.dot(x + _SAMPLE / 2, y, DOT, FAVOURABLE[1])


def target_sample(sheet: Sheet, x: float, y: float) -> None:
    """What is aimed at."""
    sheet.rule(x, y, x + _SAMPLE, y, TARGET, 1.2, DASH)


BAND = "#d6e5f3"
"""The interval behind a line."""


def hollow(sheet: Sheet, x: float, y: float, radius: float = DOT) -> None:
    """A value for reference only: a ring."""
    sheet.dot(x, y, radius - 0.5, PAPER, FAVOURABLE[1], 1.2)


def diamond(sheet: Sheet, x: float, y: float, colour: str, radius: float = 4.8) -> None:
    """A value that stands out, in shape as in colour."""
    sheet.area([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], colour)


def whisker(sheet: Sheet, left: float, right: float, y: float, cap: float = 2.5) -> None:
    """An interval lying."""
    sheet.rule(left, y, right, y, INK, 0.8)
    for end in (left, right):
        sheet.rule(end, y - cap, end, y + cap, INK, 0.8)


def upright(sheet: Sheet, x: float, top: float, bottom: float, cap: float = 2.5) -> None:
    """An interval standing."""
    sheet.rule(x, top, x, bottom, INK, 0.8)
    for end in (top, bottom):
        sheet.rule(x - cap, end, x + cap, end, INK, 0.8)
