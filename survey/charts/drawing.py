"""A chart that is ready to be drawn: its words, and what puts it on a sheet. Every kind is made into one of these.

Stage: charts. ``part`` is for documents and pages with headings of their own, ``alone`` for a file that is passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from survey.charts import frame
from survey.charts.lettering import line
from survey.charts.render import Picture, png, svg
from survey.charts.sheet import Sheet
from survey.charts.theme import WIDE, Format

PRINT_DPI = 300
"""Dots per inch of a PNG that is to be printed."""


@dataclass(frozen=True)
class Drawing:
    """``told`` states the finding in a sentence, for those who cannot see the chart; ``body`` draws at the sheet's top
    and moves it down, without the title."""

    title: str
    told: str
    body: Callable[[Sheet], None]
    subtitle: str = ""


def draw(sheet: Sheet, drawing: Drawing) -> None:
    """Title, subtitle and body."""
    frame.head(sheet, drawing.title, drawing.subtitle)
    drawing.body(sheet)


def part(drawing: Drawing) -> Picture:
    """The picture for a document that has the fonts and a heading."""
    sheet = Sheet()
    drawing.body(sheet)
    return Picture(svg(sheet, drawing.title, drawing.told, alone=False), line(drawing.told))


def alone(
    drawings: Sequence[Drawing],
    source: Sequence[str] = (),
    *,
    form: Literal["svg", "png"] = "svg",
    dpi: int = PRINT_DPI,
    format: Format = WIDE,
) -> bytes:
    """The drawings one below the other, and below them the lines that say where the figures come from."""
    sheet = Sheet(format, margin=True)
    for number, one in enumerate(drawings):
        sheet.top += 12.0 if number else 0.0
        draw(sheet, one)
    sheet.top += 4.0
    for told in source:
        frame.note(sheet, told)
    if form == "png":
        return png(sheet, dpi)
    return svg(sheet, drawings[0].title, " ".join(one.told for one in drawings))
