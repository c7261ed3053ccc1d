"""A finished sheet as a file: inert SVG whose text is text, or PNG. The same sheet gives the same bytes.

Stage: charts. The SVG is flat (paths and texts, presentation attributes since a page's policy may forbid style, no
style rules but the fonts), has a title and a description for those who cannot see it, and can carry the letters it
uses, so that it looks the same anywhere, also as ``<img>``. Never writes a date, a script, a reference or anything that
is fetched.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from fontTools import subset  # type: ignore[import-untyped]  # fontTools ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # as above

from survey.charts.lettering import REGULAR, advances, font_paths, line
from survey.charts.sheet import Shape, Sheet, Step, Writing
from survey.charts.theme import INK, LABEL, PAPER
from survey.errors import PhieuError
from survey.typesetting.fonts import FAMILIES

_SVG = "http://www.w3.org/2000/svg"
_FAMILY = ", ".join((*(f"'{family}'" for family in FAMILIES), "sans-serif"))
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
    it is to be set in a document that has the fonts."""
    wide, high = (_number(_hundredths(side)) for side in sheet.size)
    attributes = {"xmlns": _SVG, "width": f"{wide}pt", "height": f"{high}pt", "viewBox": f"0 0 {wide} {high}"}
    out = [_open("svg", {**attributes, "role": "img", "font-family": _FAMILY, **_COMMON})]
    out.append(f"<title>{escape(line(title))}</title><desc>{escape(line(description))}</desc>")
    if alone:
        faces = [_face(weight, "".join(sorted(used))) for weight, used in sheet.written.items() if used]
        out.append(
            f"<style>{''.join(faces)}</style>"
            + _open("rect", {"width": "100%", "height": "100%", "fill": PAPER}, end="/>")
        )
    out += [
        _writing(mark, sheet.margin) if isinstance(mark, Writing) else _shape(mark, sheet.margin)
        for mark in sheet.marks
    ]
    return "".join((*out, "</svg>\n")).encode()


def png(sheet: Sheet, dpi: int) -> bytes:
    """The sheet as PNG on white. Raises PhieuError ``picture_too_tall``."""
    from survey.charts.raster import rastered  # matplotlib takes a second to load, which no SVG should wait for

    if sheet.size[1] * dpi / 72 > _TALLEST:
        raise PhieuError(
            "picture_too_tall", "All charts together make too tall a picture.", "Choose single charts, or write a PDF."
        )
    return rastered(sheet, dpi)


def _open(tag: str, attributes: dict[str, str], end: str = ">") -> str:
    return f"<{tag}{''.join(f' {name}={quoteattr(value)}' for name, value in attributes.items())}{end}"


def _writing(mark: Writing, margin: float) -> str:
    anchor = {"left": "start", "center": "middle", "right": "end"}[mark.anchor]
    style = {"fill": mark.colour, "font-size": f"{mark.size:g}", "text-anchor": anchor}
    own = {name: value for name, value in style.items() if _COMMON[name] != value}
    if mark.weight != REGULAR:
        own["font-weight"] = str(mark.weight)
    place = {"x": _number(_hundredths(mark.x + margin)), "y": _number(_hundredths(mark.baseline + margin))}
    return f"{_open('text', {**place, **own})}{escape(mark.text)}</text>"


def _shape(mark: Shape, margin: float) -> str:
    own = {"d": _relative(mark.steps, margin)}
    if mark.fill != _COMMON["fill"]:
        own["fill"] = mark.fill or "none"
    if mark.stroke:
        own |= {"stroke": mark.stroke, "stroke-width": f"{mark.thick:g}"}
    if mark.dash:
        own["stroke-dasharray"] = " ".join(f"{length:g}" for length in mark.dash)
    return _open("path", own, end="/>")


def _relative(steps: tuple[Step, ...], margin: float) -> str:
    """The path in relative steps of hundredths of a point: half as long. Counted in whole numbers, nothing drifts."""
    out: list[str] = []
    x = y = 0
    start = (0, 0)
    for step, told in steps:
        if step == "z":
            out.append("z")
            x, y = start
            continue
        absolute = [(_hundredths(a + margin), _hundredths(b + margin)) for a, b in told]
        points = [(a - x, b - y) for a, b in absolute]
        if step == "L" and 0 in points[0]:
            out.append(f"h{_number(points[0][0])}" if points[0][1] == 0 else f"v{_number(points[0][1])}")
        else:
            out.append(step.lower() + " ".join(f"{_number(a)} {_number(b)}" for a, b in points).replace(" -", "-"))
        x, y = absolute[-1]
        start = (x, y) if step == "M" else start
    return "".join(out)


def _hundredths(number: float) -> int:
    return round(number * 100)


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
    """A WOFF file of these characters, in base 64. No kerning: texts are as wide as they were measured, and cutting
    takes a third of the time."""
    options = subset.Options(
        hinting=False,
        drop_tables=["DSIG", "FFTM", "GDEF", "GPOS", "GSUB"],
        layout_features=[],
        name_IDs=[],
        notdef_outline=True,
    )
    file = BytesIO()
    with TTFont(path, recalcTimestamp=False, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=characters)
        cutter.subset(font)
        font.flavor = "woff"
        font.save(file)
    return b64encode(file.getvalue()).decode()
