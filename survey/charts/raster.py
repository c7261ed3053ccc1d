"""A sheet as PNG: its marks on a matplotlib Figure, without pyplot.

Stage: charts. Only pictures of pixels come this way; loaded when the first is asked for. matplotlib's settings are set
once, here, for the whole process, and one picture is made at a time: its faces are not safe for threads.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text

from survey.charts.lettering import BOLD, REGULAR, advances, font_paths
from survey.charts.sheet import Shape, Sheet, Writing
from survey.charts.theme import PAPER
from survey.typesetting.fonts import FAMILIES

matplotlib.rcParams["text.parse_math"] = False
for _file in (*font_paths(REGULAR), *font_paths(BOLD)):
    fontManager.addfont(str(_file))

_ONE_AT_A_TIME = Lock()
_CODES = {
    "M": [int(Path.MOVETO)],
    "L": [int(Path.LINETO)],
    "C": [int(Path.CURVE4)] * 3,
    "z": [int(Path.CLOSEPOLY)],
}


def rastered(sheet: Sheet, dpi: int) -> bytes:
    """PNG on white, so many dots to the inch."""
    wide, high = sheet.size
    with _ONE_AT_A_TIME:
        figure = Figure(figsize=(wide / 72, high / 72), dpi=72)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-sheet.margin, wide - sheet.margin)
        axes.set_ylim(high - sheet.margin, -sheet.margin)
        for mark in sheet.marks:
            axes.add_artist(_writing(mark) if isinstance(mark, Writing) else _shape(mark))
        raw = BytesIO()
        figure.savefig(raw, format="png", dpi=dpi, facecolor=PAPER, metadata={"Software": None})
        figure.clear()
    return raw.getvalue()


def _writing(mark: Writing) -> Text:
    known = advances(font_paths(mark.weight)[0])
    families = FAMILIES[:1] if all(ord(character) in known for character in mark.text) else FAMILIES
    style = FontProperties(family=list(families), weight=mark.weight, size=mark.size)
    return Text(
        mark.x,
        mark.baseline,
        mark.text,
        color=mark.colour,
        ha=mark.anchor,
        va="baseline",
        fontproperties=style,
        parse_math=False,
    )


def _shape(mark: Shape) -> PathPatch:
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    for step, told in mark.steps:
        points += told or ((0.0, 0.0),)
        codes += _CODES[step]
    patch = PathPatch(
        Path(points, codes),
        facecolor=mark.fill or "none",
        edgecolor=mark.stroke or "none",
        linewidth=mark.thick,
        capstyle="butt",
        clip_on=False,
    )
    if mark.dash:
        # matplotlib counts dashes in line widths.
        patch.set_linestyle((0, tuple(length / mark.thick for length in mark.dash)))
    return patch
