"""A finished sheet as a file: inert SVG whose text is text, or PNG. The same sheet gives the same bytes.

Stage: charts. The SVG is flat (paths and texts, presentation attributes, no style rules but the fonts), has a title and
a description for those who cannot see it, and can carry the letters it uses, so that it looks the same anywhere, also
as ``<img>``. Never writes a date, a script, a reference or anything that is fetched.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from xml.etree import ElementTree as Xml

from fontTools import subset  # type: ignore[import-untyped]  # fontTools ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from survey.charts.lettering import advances, font_paths, line
from survey.charts.sheet import Sheet
from survey.charts.theme import INK, LABEL, PAPER
from survey.errors import PhieuError
from survey.typesetting.fonts import FAMILIES

_SVG = "http://www.w3.org/2000/svg"
_FAMILY = ", ".join((*(f"'{family}'" for family in FAMILIES), "sans-serif"))
_STEP = re.compile(r"([MLCz])([^MLCz]*)")
_KEPT = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")
_TALLEST = 32_000
"""Pixels; viewers and printers give up beyond."""

_COMMON = {"fill": INK, "font-size": f"{LABEL:g}", "text-anchor": "start"}
"""What most texts have: said once, on the root."""


@dataclass(frozen=True)
class Picture:
    """A chart for a document: SVG without fonts, and the words that stand for it."""

    svg: bytes
    told: str


def svg(sheet: Sheet, title: str, description: str, *, alone: bool = True) -> bytes:
    """The sheet as SVG, width and height in points. ``alone``: with the letters it uses and a white ground; otherwise
    it is to be set in a document that has the fonts. Closes the sheet."""
    raw = BytesIO()
    sheet.finish().savefig(raw, format="svg", transparent=True, metadata={"Date": None})
    drawn = Xml.fromstring(raw.getvalue())  # noqa: S314  # our own drawing, made a moment ago
    size = {"width": drawn.attrib["width"], "height": drawn.attrib["height"], "viewBox": drawn.attrib["viewBox"]}
    out = Xml.Element("svg", {"xmlns": _SVG, **size, "role": "img", "font-family": _FAMILY, **_COMMON})
    Xml.SubElement(out, "title").text = line(title)
    Xml.SubElement(out, "desc").text = line(description)
    if alone:
        faces = [_face(weight, "".join(sorted(used))) for weight, used in sheet.written.items() if used]
        Xml.SubElement(out, "style").text = "".join(faces)
        Xml.SubElement(out, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
    for element in drawn.iter():
        if element.tag in (f"{{{_SVG}}}path", f"{{{_SVG}}}text"):
            out.append(_flat(element))
    sheet.close()
    return Xml.tostring(out, encoding="unicode").encode() + b"\n"


def png(sheet: Sheet, dpi: int = 200) -> bytes:
    """The sheet as PNG on white. Closes the sheet. Raises PhieuError ``picture_too_tall``."""
    raw = BytesIO()
    figure = sheet.finish()
    if figure.get_figheight() * dpi > _TALLEST:
        raise PhieuError(
            "picture_too_tall", "All charts together make too tall a picture.", "Choose single charts, or write a PDF."
        )
    figure.savefig(raw, format="png", dpi=dpi, facecolor=PAPER, metadata={"Software": None})
    sheet.close()
    return raw.getvalue()


def _flat(element: Xml.Element) -> Xml.Element:
    """A path or text with its style as attributes (a page's policy may forbid style) and without idle transforms."""
    style = dict(part.split(": ", 1) for part in element.attrib.get("style", "").split("; ") if part)
    attributes = {name: style[name].removesuffix("px") for name in _KEPT if name in style}
    attributes = {name: value for name, value in attributes.items() if _COMMON.get(name) != value}
    if element.tag.endswith("text"):
        attributes = {
            "x": _number(_hundredths(element.attrib["x"])),
            "y": _number(_hundredths(element.attrib["y"])),
            **attributes,
        }
    else:
        attributes = {"d": _relative(element.attrib["d"]), **attributes}
    out = Xml.Element(element.tag.removeprefix(f"{{{_SVG}}}"), attributes)
    out.text = element.text
    return out


def _relative(path: str) -> str:
    """The same path in relative steps of hundredths of a point: half as long. Counted in whole numbers, so nothing
    drifts."""
    out = ""
    x = y = 0
    start = (0, 0)
    for step, told in _STEP.findall(path):
        if step == "z":
            out += "z"
            x, y = start
            continue
        numbers = [_hundredths(number) for number in told.split()]
        points = [(a - x, b - y) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        if step == "L" and 0 in points[0]:
            out += f"h{_number(points[0][0])}" if points[0][1] == 0 else f"v{_number(points[0][1])}"
        else:
            out += step.lower() + " ".join(f"{_number(a)} {_number(b)}" for a, b in points).replace(" -", "-")
        x, y = numbers[-2:]
        start = (x, y) if step == "M" else start
    return out


def _hundredths(number: str) -> int:
    return round(float(number) * 100)


def _number(hundredths: int) -> str:
    return f"{hundredths / 100:.10g}"


def _face(weight: int, characters: str) -> str:
    """@font-face rules with just these letters as data: one for the text font, one for symbols if there are any."""
    text, symbols = font_paths(weight)
    others = "".join(character for character in characters if ord(character) not in advances(text))
    faces = [(FAMILIES[0], text, characters), (FAMILIES[1], symbols, others)]
    return "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{_letters(str(path), used)}) format('woff')}}"
        for family, path, used in faces
        if used
    )


@lru_cache(maxsize=256)
def _letters(path: str, characters: str) -> str:
    """A WOFF file of these characters, in base 64."""
    options = subset.Options(
        hinting=False,
        drop_tables=["DSIG", "FFTM"],
        layout_features=["kern", "mark", "mkmk", "ccmp"],
        name_IDs=[],
        notdef_outline=True,
    )
    font = TTFont(path, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff"
    file = BytesIO()
    font.save(file)
    return b64encode(file.getvalue()).decode()
