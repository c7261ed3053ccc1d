"""The sheet a chart is drawn on: marks measured in points from the top left corner, in order of drawing.

Stage: charts. Grows downwards as panels are drawn; ``render`` makes the file. Plain data that no other sheet
shares, so that any number of threads may draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from survey.charts.lettering import BOLD, REGULAR
from survey.charts.theme import INK, LEADING, WIDE, Format

Anchor = Literal["left", "center", "right"]
Point = tuple[float, float]
Step = tuple[Literal["M", "L", "C", "z"], tuple[Point, ...]]
"""Move, line, cubic curve (two controls and its end), close; points are absolute."""

_BEND = 0.5522847498
"""How far the controls of a quarter circle stand from its ends, over its radius."""


@dataclass(frozen=True)
class Shape:
    """A path, filled, stroked or both; an empty colour is none. ``dash`` are lengths of ink and gap."""

    steps: tuple[Step, ...]
    fill: str = ""
    stroke: str = ""
    thick: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Writing:
    """One line of text on its baseline."""

    x: float
    baseline: float
    text: str
    size: float
    colour: str
    weight: int
    anchor: Anchor


class Sheet:
    """``top`` is where the next panel starts. ``written`` collects the characters drawn in each weight. A sheet with a
    ``margin`` stands alone."""

    def __init__(self, format: Format = WIDE, *, margin: bool = False) -> None:
        self.format = format
        self.width = format.width
        self.top = 0.0
        self.margin = format.margin if margin else 0.0
        self.written: dict[int, set[str]] = {REGULAR: set(), BOLD: set()}
        self.marks: list[Shape | Writing] = []

    @property
    def size(self) -> Point:
        """Width and height of what was used, margins included."""
        return self.width + 2 * self.margin, max(self.top, 1.0) + 2 * self.margin

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        colour: str = INK,
        weight: int = REGULAR,
        anchor: Anchor = "left",
    ) -> None:
        """One line of presentable text (``lettering.line`` or ``wrap``)."""
        if text:
            self.written[weight].update(text)
            self.marks.append(Writing(x, baseline, text, size, colour, weight, anchor))

    def lines(
        self,
        x: float,
        middle: float,
        lines: Sequence[str],
        size: float,
        colour: str = INK,
        weight: int = REGULAR,
        anchor: Anchor = "left",
    ) -> None:
        """Lines of text whose block is centred on ``middle``."""
        for number, line in enumerate(lines):
            offset = (number - (len(lines) - 1) / 2) * size * LEADING
            self.text(x, middle + offset + 0.36 * size, line, size, colour, weight, anchor)

    def box(self, left: float, top: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        right, bottom = left + width, top + height
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def area(self, points: Sequence[Point], fill: str, stroke: str = "", thick: float = 0.0) -> None:
        """A closed shape with straight sides."""
        self.marks.append(Shape((*_through(points), ("z", ())), fill, stroke, thick))

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str,
        stroke: float = 0.5,
        dash: tuple[float, ...] = (),
    ) -> None:
        """A straight line."""
        self.polyline([(x1, y1), (x2, y2)], colour, stroke, dash)

    def polyline(self, points: Sequence[Point], colour: str, stroke: float, dash: tuple[float, ...] = ()) -> None:
        """Straight lines from point to point; nothing for fewer than two."""
        if len(points) > 1:
            self.marks.append(Shape(_through(points), "", colour, stroke, dash))

    def hatch(self, left: float, top: float, width: float, height: float, colour: str, every: float = 3.6) -> None:
        """Rising diagonals inside a rectangle, cut at its edges: plain lines, which every viewer shows alike."""
        steps: list[Step] = []
        reach = width + height
        for number in range(1, int(reach / every) + 1):
            along = number * every
            x1, y1 = (along, 0.0) if along <= width else (width, along - width)
            x2, y2 = (0.0, along) if along <= height else (along - height, height)
            steps += _through([(left + x1, top + y1), (left + x2, top + y2)])
        if steps:
            self.marks.append(Shape(tuple(steps), "", colour, 0.7))

    def dot(self, x: float, y: float, radius: float, colour: str, stroke: str = "", thick: float = 0.0) -> None:
        """A filled circle, with a rim if ``stroke`` names a colour."""
        ring = [(0.0, -radius), (radius, 0.0), (0.0, radius), (-radius, 0.0)]
        steps: list[Step] = [("M", ((x, y - radius),))]
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            # A control stands off its end in the direction of the other end.
            controls = (x1 + _BEND * x2, y1 + _BEND * y2), (x2 + _BEND * x1, y2 + _BEND * y1)
            steps.append(("C", tuple((x + right, y + down) for right, down in (*controls, (x2, y2)))))
        self.marks.append(Shape((*steps, ("z", ())), colour, stroke, thick))


def _through(points: Sequence[Point]) -> tuple[Step, ...]:
    return tuple(("L" if number else "M", (point,)) for number, point in enumerate(points))
