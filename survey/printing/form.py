"""A questionnaire on paper: set once, as generously as its sheets allow, then copied with a serial on every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from survey.collection import codes, qrcodes
from survey.definition.questionnaire import Questionnaire
from survey.errors import PhieuError
from survey.paper import geometry as measures
from survey.paper import markers, page_ids, serials
from survey.paper.geometry import Area, Box, Geometry
from survey.printing.form_content import blocks
from survey.printing.preflight import each_page_reads, outlined
from survey.texts import Texts, texts
from survey.typesetting import pdf, typeset

LEVELS: tuple[dict[str, Any], ...] = tuple(
    {"size": size, "pitch": pitch, "gap": gap, "lines": lines, "title": title, "wrap": wrap, "whole": whole}
    for size, pitch, gap, lines, title, wrap, whole in (
        (11.0, 10.0, 3.2, 4, 1.4, 3.0, True),
        (10.5, 9.6, 2.8, 3, 1.4, 3.0, True),
        (10.0, 9.2, 2.6, 3, 1.4, 3.0, True),
        (9.5, 8.8, 2.4, 3, 1.4, 2.5, True),
        (9.5, 8.4, 2.2, 3, 1.4, 2.5, False),
        (9.0, 8.2, 2.0, 2, 1.4, 2.0, False),
        (9.0, 8.0, 1.8, 2, 1.4, 1.5, False),
        (8.5, 8.0, 1.8, 2, 1.4, 1.0, False),
        (8.0, 8.0, 1.8, 2, 1.35, 0.5, False),
        (7.5, 8.0, 1.8, 1, 1.35, 0.0, False),
    )
)
"""How generously a form is set, from large print down: type in points, the least distance of rows and the space around
questions in mm, least lines of a long text, the title's size, and whether tables stay whole."""

LARGE, READABLE = 2, 6
"""The last level in large print, and the last for forms of several sheets: smaller type may save the second sheet, but
no more."""

MOST_COPIES = 500
"""Copies in one file: a thousand pages, a quarter of a minute on an idle machine, most of it for reading them back."""

LEVEL, MASK = "Q", 3
"""Error correction of the page's code, since forms are handled and folded; and its mask, the same for all."""


@dataclass(frozen=True)
class Form:
    """What is printed: a published version (``digest`` names it) in one language behind one collector, whose own
    answers (``fixed``) are told instead of asked."""

    asked: Questionnaire = field(compare=False)
    digest: str
    language: str
    collector: str
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Layout:
    """The pages without serials, and where everything on them lies."""

    pdf: bytes
    geometry: Geometry


@lru_cache(maxsize=16)
def layout(form: Form) -> Layout:
    """Sets the form on the fewest sheets it fits, as generously as those allow. Raises PhieuError
    ``characters_missing``, or ``form_unusable`` when a box would lie where it cannot be read."""
    data = _data(form, texts(form.language))
    tried: dict[int, tuple[bytes, int, tuple[Any, ...]]] = {}

    def sheets(level: int) -> int:
        if level not in tried:
            tried[level] = _set(data, level, odd=False)
        return (tried[level][1] + 1) // 2

    low, high = 0, len(LEVELS) - 1
    if sheets(high) > 1:
        high = READABLE
    fewest = sheets(high)
    if sheets(low) <= fewest:
        high = low  # most forms fit as generously as can be
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if sheets(middle) <= fewest else (middle + 1, high)
    if fewest == 1 and low < LARGE:
        # One side that need not be turned over is worth smaller type, as long as that is still large.
        low = next((level for level in range(low, LARGE + 1) if sheets(level) and tried[level][1] == 1), low)
    sheets(low)
    made, pages, told = tried[low] if tried[low][1] % 2 == 0 else _set(data, low, odd=True)
    found = _geometry(form, told, pages)
    _check(found)
    return Layout(made, found)


def copies(form: Form, first: int, count: int, created: date) -> bytes:
    """``count`` copies with serials from ``first`` on as one PDF for two-sided printing; every page's code is read
    back, and the boxes of the first copy are looked for. Raises PhieuError ``copies_unusable``, ``serial_range``,
    ``form_unreadable``, or as ``layout`` does."""
    if not 1 <= count <= MOST_COPIES:
        raise PhieuError(
            "copies_unusable", "So many copies cannot be printed at once.", "Print between 1 and 500 copies."
        )
    serials.make(form.collector, first + count - 1)
    set_out = layout(form)
    images: dict[str, bytes] = {"form.pdf": set_out.pdf}
    printed, expected = [], []
    for number in range(first, first + count):
        held = []
        for page in range(1, set_out.geometry.pages + 1):
            holds = page_ids.write(page_ids.PageId(form.collector, set_out.geometry.form_id, number, page))
            name = f"code-{number}-{page}.svg"
            images[name] = qrcodes.svg(holds, LEVEL, MASK).encode()
            held.append({"name": name, "holds": holds})
            expected.append(holds)
        printed.append({"serial": serials.display(serials.make(form.collector, number)), "codes": held})
    module = measures.CODE / len(qrcodes.modules(expected[-1], LEVEL, MASK))
    data = {
        "language": form.language,
        "title": form.asked.title.to(form.language),
        "office": form.asked.office.name.to(form.language),
        "serial": texts(form.language)("Serial"),
        "at": [corner - qrcodes.QUIET * module for corner in measures.CODE_AT],
        "side": measures.CODE + 2 * qrcodes.QUIET * module,
        "copies": printed,
    }
    made = pdf("form_copies", data, images, created=created)
    each_page_reads(made, expected, measures.CODE_AT, measures.CODE)
    return outlined(made, set_out.geometry)


def _data(form: Form, t: Texts) -> dict[str, Any]:
    asked, language = form.asked, form.language
    notice = asked.filled(asked.notice).to(language)
    return {
        "language": language,
        "title": asked.title.to(language),
        "office": asked.office.name.to(language),
        "superior": asked.office.superior.to(language),
        "collector": codes.display(form.collector),
        "notice": [paragraph for paragraph in notice.split("\n") if paragraph.strip()],
        "closing": asked.filled(asked.closing).to(language) or t("Thank you very much."),
        "how": [
            t("Mark your choice with"),
            t("If you make a mistake, fill the wrong box"),
            t("and mark the right one."),
        ],
        "words": {
            "page": t("Page"),
            "collector": t("Collector"),
            "overleaf": t("Please turn over."),
            "onward": t("Please go on to the next sheet."),
            "told": t("Already noted:"),
            "empty": t("This side is left empty."),
        },
        "blocks": blocks(asked, t, language, dict(form.fixed)),
        "last": len(asked.variables),
        "marker": measures.MARKER,
        "markers": measures.MARKERS,
        "box": measures.BOX,
        "line": measures.LINE,
        "ring": measures.RING,
    }


@lru_cache
def _marker_images() -> Mapping[str, bytes]:
    side = markers.CELLS
    return {
        f"marker{number}.svg": (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
            f'<path fill="#000" fill-rule="evenodd" d="{qrcodes.path(markers.marker(number))}"/></svg>'
        ).encode()
        for number in range(4)
    }


def _set(data: Mapping[str, Any], level: int, *, odd: bool) -> tuple[bytes, int, tuple[Any, ...]]:
    """The form at one level, its pages (with ``odd`` an empty side after the last) and what it tells of its layout."""
    made = typeset("form", {**data, "level": LEVELS[level], "odd": odd}, _marker_images(), missing="refuse")
    return made.pdf, next(one["page"] for one in made.told if one["kind"] == "last") + odd, made.told


def _geometry(form: Form, told: tuple[Any, ...], pages: int) -> Geometry:
    boxes = tuple(
        Box(
            one["key"],
            one["code"],
            one["mark"],
            one["number"],
            one["page"],
            round(one["x"], 2),
            round(one["y"], 2),
        )
        for one in told
        if one["kind"] == "box"
    )
    ends = {one["number"]: one for one in told if one["kind"] == "end"}
    areas = tuple(
        Area(
            one["key"],
            one["number"],
            one["page"],
            round(one["x"], 2),
            round(one["y"], 2),
            round(ends[one["number"]]["x"] - one["x"], 2),
            round(ends[one["number"]]["y"] - one["y"], 2),
        )
        for one in told
        if one["kind"] == "words"
    )
    return Geometry(form.digest, form.language, pages, boxes, areas)


def _check(found: Geometry) -> None:
    """No box lies off the page's field, and no two are too near: such a sheet could not be read."""
    right, bottom = measures.A4[0] - measures.EDGE, measures.A4[1] - measures.EDGE - measures.MARKER
    stray = [
        box.key
        for box in found.boxes
        if not (measures.EDGE <= box.x <= right - measures.BOX and 26 <= box.y <= bottom - measures.BOX)
    ]
    near = [
        one.key
        for page in range(1, found.pages + 1)
        for one, other in _neighbours([box for box in found.boxes if box.page == page])
        if max(abs(one.x - other.x), abs(one.y - other.y)) < measures.APART - 0.02
    ]
    if stray or near:
        raise PhieuError(
            "form_unusable",
            "This questionnaire cannot be printed as a paper form.",
            "Shorten the longest texts of these questions.",
            tuple(dict.fromkeys(stray + near)),
        )


def _neighbours(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """Pairs that may be near each other: a page holds some hundred boxes at most."""
    placed = sorted(boxes, key=lambda box: box.y)
    pairs = []
    for place, one in enumerate(placed):
        for other in placed[place + 1 :]:
            if other.y - one.y >= measures.APART:
                break
            pairs.append((one, other))
    return pairs
