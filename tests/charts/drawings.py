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
    size: float

    def covers(self, other: Line) -> bool:
        """Whether letters of the two run into each other (a mark may reach into the line above)."""
        beside = self.right - 0.5 <= other.left or other.right - 0.5 <= self.left
        higher, lower = sorted((self, other), key=lambda one: one.baseline)
        return not beside and lower.baseline - 0.72 * lower.size < higher.baseline


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
        found.append(Line(words, left, left + wide, float(text.attrib["y"]), anchor, bold, size))
    return found


def words(svg: bytes) -> str:
    """All texts, joined as they are read."""
    return " ".join(line.text for line in lines(svg))


def colliding(svg: bytes) -> list[tuple[str, str]]:
    """Pairs of texts that run into each other."""
    found = lines(svg)
    return [(a.text, b.text) for number, a in enumerate(found) for b in found[number + 1 :] if a.covers(b)]


def touching(svg: bytes) -> list[tuple[str, str]]:
    """Pairs of lines so close below each other that the marks of Ể would touch the dot of Ự."""
    found = lines(svg)
    pairs = [(a, b) for a in found for b in found if a.baseline < b.baseline and a.left < b.right and b.left < a.right]
    return [(a.text, b.text) for a, b in pairs if b.baseline - 1.15 * b.size < a.baseline + 0.24 * a.size]


def outside(svg: bytes) -> list[str]:
    """Texts that reach beyond the sheet."""
    _, _, wide, high = (float(one) for one in parsed(svg).attrib["viewBox"].split())
    return [
        one.text
        for one in lines(svg)
        if one.left < -0.1
        or one.right > wide + 0.1
        or one.baseline - one.size < 0
        or one.baseline + 0.25 * one.size > high
    ]


def strokes(svg: bytes, colour: str) -> list[list[tuple[float, float]]]:
    """Lines of one colour, each by its points."""
    found = []
    for path in parsed(svg).iter(f"{SVG}path"):
        if path.attrib.get("stroke") == colour:
            found += _points(path.attrib["d"])
    return found


def _points(path: str) -> list[list[tuple[float, float]]]:
    x = y = 0.0
    runs: list[list[tuple[float, float]]] = []
    for step, told in re.findall(r"([mlhvcz])([^mlhvcz]*)", path):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", told)]
        if step == "h":
            x += numbers[0]
        elif step == "v":
            y += numbers[0]
        elif step != "z":
            x, y = x + numbers[-2], y + numbers[-1]
        if step == "m":
            runs.append([])
        runs[-1].append((x, y))
    return runs
