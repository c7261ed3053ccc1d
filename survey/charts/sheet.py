"""The sheet a chart is drawn on: a matplotlib Figure measured in points from the top left corner, without pyplot.

Stage: charts. Grows downwards as panels are drawn; ``render`` makes the file. matplotlib's settings are set once, here,
for the whole process: changing them around each drawing would not be safe for threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from survey.charts.lettering import BOLD, REGULAR, advances, font_paths
from survey.charts.theme import INK, LEADING, MARGIN, WIDTH
from survey.typesetting.fonts import FAMILIES

matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "phieu", "text.parse_math": False})
for _file in (*font_paths(REGULAR), *font_paths(BOLD)):
    fontManager.addfont(str(_file))

Anchor = Literal["left", "center", "right"]


class Sheet:
    """``top`` is where the next panel starts. ``written`` collects the characters drawn in each weight. A sheet with a
    ``margin`` stands alone."""

    width = WIDTH

    def __init__(self, *, margin: bool = False) -> None:
        self.top = 0.0
        self.margin = MARGIN if margin else 0.0
        self.written: dict[int, set[str]] = {REGULAR: set(), BOLD: set()}
        self.figure = Figure(dpi=72)
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()

    def finish(self) -> Figure:
        """The figure, cut to the height that was used."""
        wide, high = self.width + 2 * self.margin, max(self.top, 1.0) + 2 * self.margin
        self.figure.set_size_inches(wide / 72, high / 72)
        self._axes.set_xlim(-self.margin, wide - self.margin)
        self._axes.set_ylim(high - self.margin, -self.margin)
        return self.figure

    def close(self) -> None:
        """Lets go of everything drawn."""
        self.figure.clear()

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
        if not text:
            return
        self.written[weight].update(text)
        known = advances(font_paths(weight)[0])
        families = FAMILIES[:1] if all(ord(character) in known for character in text) else FAMILIES
        style = FontProperties(family=list(families), weight=weight, size=size)
        self._axes.add_artist(
            Text(x, baseline, text, color=colour, ha=anchor, va="baseline", fontproperties=style, parse_math=False)
        )

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
        self._axes.add_artist(Rectangle((left, top), width, height, facecolor=fill, linewidth=0, clip_on=False))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str, stroke: float = 0.5) -> None:
        """A straight line."""
        self._stroke([((x1, y1), (x2, y2))], colour, stroke)

    def hatch(self, left: float, top: float, width: float, height: float, colour: str, every: float = 3.6) -> None:
        """Rising diagonals inside a rectangle, cut at its edges: plain lines, which every viewer shows alike."""
        strokes = []
        reach = width + height
        for number in range(1, int(reach / every) + 1):
            along = number * every
            x1, y1 = (along, 0.0) if along <= width else (width, along - width)
            x2, y2 = (0.0, along) if along <= height else (along - height, height)
            strokes.append(((left + x1, top + y1), (left + x2, top + y2)))
        self._stroke(strokes, colour, 0.7)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self._axes.add_artist(PathPatch(Path.circle((x, y), radius), facecolor=colour, linewidth=0, clip_on=False))

    def _stroke(
        self, strokes: Sequence[tuple[tuple[float, float], tuple[float, float]]], colour: str, stroke: float
    ) -> None:
        if strokes:
            points = [point for ends in strokes for point in ends]
            path = Path(points, [Path.MOVETO, Path.LINETO] * len(strokes))
            self._axes.add_artist(
                PathPatch(path, facecolor="none", edgecolor=colour, linewidth=stroke, capstyle="butt", clip_on=False)
            )
