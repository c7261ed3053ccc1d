"""What a report says, as plain data: headings, paragraphs, tables, charts, notes. Knows no file format.

``official`` builds it; ``to_pdf`` and ``to_docx`` set it. Every text is in the report's language, every number already
written as people read it; only a chart's native data are numbers, for programs that redraw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Heading:
    """``level`` 1 to 3; 1 is a part (“I. …”) or an annex."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """``style`` is ``body``, ``note`` (smaller, below a table or chart) or ``finding`` (bold)."""

    text: str
    style: str = "body"


@dataclass(frozen=True)
class Points:
    """A list of sentences, each with a dash."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """``width`` counts against the other columns'; ``align`` is ``left``, ``right`` or ``center``."""

    title: str
    width: float
    align: str = "left"


@dataclass(frozen=True)
class Row:
    """Cells from the left; with ``across`` the first cell alone goes over the whole row. ``words`` stand in place of
    the cells that are missing at the end."""

    cells: tuple[str, ...]
    strong: bool = False
    across: bool = False
    words: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on every page; ``small`` sets it in smaller type."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    small: bool = False


@dataclass(frozen=True)
class Serie:
    """One colour of a native chart: a value for each category, None where there is none."""

    name: str
    values: tuple[float | None, ...]
    colour: str


@dataclass(frozen=True)
class Spans:
    """The axes of a scatter: where each ends, across and up, what they are called, and where they cross."""

    across: tuple[float, float]
    up: tuple[float, float]
    parted: tuple[float, float]
    titles: tuple[str, str]


@dataclass(frozen=True)
class Native:
    """What an office program redraws: ``stacked`` (bars of parts), ``bars`` (one bar a category) or ``lines`` (a line
    for each unbroken stretch) or ``scatter`` (a dot for each category, named by it: the first series across, the
    others up, in ``spans``). ``decimals`` and ``unit`` of the numbers beside them; ``least`` and ``most`` end the
    axis."""

    kind: str
    categories: tuple[str, ...]
    series: tuple[Serie, ...]
    decimals: int = 1
    least: float = 0.0
    most: float | None = None
    unit: str = ""
    spans: Spans | None = None


@dataclass(frozen=True)
class Picture:
    """One SVG without fonts of its own, and the words that stand for it."""

    svg: bytes
    told: str


@dataclass(frozen=True)
class Chart:
    """``pictures`` for paper, ``native`` for office programs where they can draw it."""

    caption: str
    pictures: tuple[Picture, ...]
    native: Native | None = None


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


Block = Heading | Paragraph | Points | Table | Chart | PageBreak


@dataclass(frozen=True)
class Letterhead:
    """The head of an official paper. What belongs to the records office and the signer stays blank."""

    superior: str
    office: str
    nation: str
    motto: str
    number: str
    place: str
    draft: str
    kind: str
    subject: str


@dataclass(frozen=True)
class Report:
    """A whole report. ``foot`` stands small at the bottom of each page; ``created`` is the files' stated date;
    ``signing`` are the lines above the blank for the signature, ``recipients`` those of “Nơi nhận”."""

    language: str
    title: str
    head: Letterhead
    blocks: tuple[Block, ...]
    annexes: tuple[Block, ...]
    recipients: tuple[str, ...]
    signing: tuple[str, ...]
    foot: str
    created: date


@dataclass(frozen=True)
class Beside:
    """What stands in a report beside the frozen figures: quotes, personal data masked, and which cut it is."""

    quotes: tuple[str, ...] = ()
    cut_number: int | None = None
    cut_digest: str = ""
