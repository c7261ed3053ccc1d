"""Reads a chart's SVG back into boxes and texts, so that tests can say where things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from survey.charts.lettering import BOLD, REGULAR, width

SVG = "{http://www.w3.org/2000/svg}"
_BOX = re.compile(r"m(-?[\d.]+) ?(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)h-?[\d.]+z")


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    left: float
    top: float
    width: float
    height: float
    fill: str

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Line:
    """A text with the room it takes."""

    text: str
    left: float
    right: float
    baseline: float
    anchor: str
    bold: bool


def parsed(svg: bytes) -> Xml.Element:
    """The root of the drawing."""
    return Xml.fromstring(svg)


def boxes(svg: bytes) -> list[Box]:
    """Filled rectangles in order of drawing, the ground left out."""
    found = []
    for path in parsed(svg).iter(f"{SVG}path"):
        match = _BOX.fullmatch(path.attrib["d"])
        fill = path.attrib.get("fill", "#1d2530")
        if match and fill != "none":
            left, top, wide, high = (float(one) for one in match.groups())
            found.append(Box(min(left, left + wide), min(top, top + high), abs(wide), abs(high), fill))
    return found


def lines(svg: bytes) -> list[Line]:
    """Texts in order of reading."""
    root = parsed(svg)
    found = []
    for text in root.iter(f"{SVG}text"):
        words = text.text or ""
        bold = text.attrib.get("font-weight") == "700"
        size = float(text.attrib.get("font-size", root.attrib["font-size"]))
        wide = width(words, size, BOLD if bold else REGULAR)
        x = float(text.attrib["x"])
        anchor = text.attrib.get("text-anchor", "start")
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        found.append(Line(words, left, left + wide, float(text.attrib["y"]), anchor, bold))
    return found


def words(svg: bytes) -> str:
    """All texts, joined as they are read."""
    return " ".join(line.text for line in lines(svg))
