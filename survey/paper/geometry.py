"""Where everything that is read lies on a paper form, in mm from the top left of each page: one document for printing,
key-in and the reading of marks. Made from the layout itself, never by hand. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from survey.collection.codes import ALPHABET

A4 = (210.0, 297.0)

MARKER = 10.0
"""Side of a corner mark."""

EDGE = 8.0
"""Between a corner mark and the edges of the paper."""

MARKERS = (
    (EDGE, EDGE),
    (A4[0] - EDGE - MARKER, EDGE),
    (A4[0] - EDGE - MARKER, A4[1] - EDGE - MARKER),
    (EDGE, A4[1] - EDGE - MARKER),
)
"""Top left corners of the marks 0 to 3, clockwise from the top left."""

CODE = 16.0
"""Side of the page's code without its quiet zone."""

CODE_AT = ((A4[0] - CODE) / 2, EDGE)

BOX = 4.6
"""Side of a box from outer edge to outer edge."""

LINE = 0.35
"""Its outline."""

APART = 8.0
"""Least distance between the middles of two boxes."""

RING = 1.4
"""Around a box nothing is printed this far: a box that somebody circles is told from one that is crossed."""

STAPLE = 20.0
"""The upper corners (from each edge) hold no text and no box: a staple through the sheet spoils nothing."""

FORMAT = 1


@dataclass(frozen=True)
class Box:
    """``key`` and ``code`` as they are stored, ``mark`` as printed beside the box (``keying.marks``), ``number`` as the
    question is counted on the paper; ``x`` and ``y`` are those of its top left outer corner."""

    key: str
    code: str
    mark: str
    number: int
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Area:
    """Room to write in for a question with free words."""

    key: str
    number: int
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Geometry:
    """One layout: of a published version (``asked``: its digest) in one language. ``boxes`` and ``areas`` stand in the
    order of asking, the boxes of a question in the order of its choices. Marks, code and box size are those above."""

    asked: str
    language: str
    pages: int
    boxes: tuple[Box, ...]
    areas: tuple[Area, ...]

    @property
    def form_id(self) -> str:
        """Six letters that name this layout: they differ as soon as one box is elsewhere."""
        digest = int.from_bytes(hashlib.sha256(json.dumps(self.write()).encode()).digest()[:4])
        return "".join(ALPHABET[digest >> shift & 31] for shift in range(0, 30, 5))

    @property
    def questions(self) -> tuple[tuple[int, str, Mapping[str, str]], ...]:
        """What a clerk goes through: number on the paper, key, and mark → code (empty for words), in order."""
        found: dict[int, tuple[str, dict[str, str]]] = {}
        for box in self.boxes:
            found.setdefault(box.number, (box.key, {}))[1][box.mark] = box.code
        for area in self.areas:
            found.setdefault(area.number, (area.key, {}))
        return tuple((number, *found[number]) for number in sorted(found))

    def write(self) -> dict[str, Any]:
        """Its JSON form, with the measures of whatever program printed it."""
        return {
            "format": FORMAT,
            "asked": self.asked,
            "language": self.language,
            "pages": self.pages,
            "paper": list(A4),
            "markers": {"side": MARKER, "at": [list(corner) for corner in MARKERS]},
            "code": {"side": CODE, "at": list(CODE_AT)},
            "box": BOX,
            "boxes": [asdict(box) for box in self.boxes],
            "areas": [asdict(area) for area in self.areas],
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Geometry:
        """From its JSON form; raises ValueError for a form of another program's measures."""
        geometry = cls(
            value["asked"],
            value["language"],
            value["pages"],
            tuple(Box(**box) for box in value["boxes"]),
            tuple(Area(**area) for area in value["areas"]),
        )
        if geometry.write() != value:
            raise ValueError("a geometry of other measures")
        return geometry
