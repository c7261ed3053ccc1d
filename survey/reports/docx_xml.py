"""Pieces of WordprocessingML: texts, tables, drawings. Pure strings; whoever calls puts them into a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from survey.reports.document import Row, Table

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)

TWIPS = 9070
"""Width between the margins: 160 mm in twentieths of a point."""

EMU = 36000
"""A millimetre in the unit of drawings."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without what no XML document may hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def run(text: str, properties: str = "") -> str:
    """Text in one run; line breaks stay."""
    lines = clean(text).split("\n")
    inside = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(one)}</w:t>' for one in lines)
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def paragraph(text: str, style: str = "", properties: str = "", run_properties: str = "") -> str:
    """One paragraph in a named style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    told = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{told}{run(text, run_properties) if text else ''}</w:p>"


SHORT, SHORT_SMALL = 14, 5
"""Rows of a table that stays on one page; of one in small type, whose rows have several lines."""


def table(one: Table, style: str, *, held: bool = False) -> str:
    """A table whose first row is repeated on every page, with its caption as alternative text; ``held`` keeps its end
    with what follows."""
    whole = sum(column.width for column in one.columns)
    widths = [round(TWIPS * column.width / whole) for column in one.columns]
    size = "18" if one.small else "23"
    rows = [_head(one, widths, "17" if one.small else "23")]
    rows += [_row(row, one, widths, size, keep=keep) for row, keep in zip(one.rows, _kept(one, held=held), strict=True)]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    told = quoteattr(clean(one.caption))
    return (
        f'<w:tbl {SPACES}><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'
        f'</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val={told}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _kept(one: Table, *, held: bool) -> list[bool]:
    """Which rows stay with the next: all of a short table; in a longer one the title of a part, and the first and the
    last but one row of each part, so that no row stands alone on a page."""
    rows = one.rows
    if len(rows) <= (SHORT_SMALL if one.small else SHORT):
        return [*[True] * (len(rows) - 1), held] if rows else []
    first = [not place or rows[place - 1].across for place in range(len(rows))]
    last = [place + 1 == len(rows) or rows[place + 1].across for place in range(len(rows))]
    kept = [row.across or (not last[place] and (first[place] or last[place + 1])) for place, row in enumerate(rows)]
    return [*kept[:-1], held]


def _head(one: Table, widths: Sequence[int], size: str) -> str:
    cells = "".join(
        _cell(column.title, width, 1, "center", size, bold=True, keep=True)
        for column, width in zip(one.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(row: Row, one: Table, widths: Sequence[int], size: str, *, keep: bool) -> str:
    count = len(widths)
    if row.across:
        cells = _cell(row.cells[0], sum(widths), count, "left", size, bold=row.strong, keep=keep)
    else:
        cells = "".join(
            _cell(text, widths[place], 1, one.columns[place].align, size, bold=row.strong, keep=keep)
            for place, text in enumerate(row.cells)
        )
        if (rest := count - len(row.cells)) > 0:
            cells += _cell(row.words, sum(widths[-rest:]), rest, "left", size, italic=True, keep=keep)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(
    text: str,
    width: int,
    span: int,
    align: str,
    size: str,
    *,
    bold: bool = False,
    italic: bool = False,
    keep: bool = False,
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties = f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
    properties += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    held = f'{"<w:keepNext/>" if keep else ""}<w:jc w:val="{align}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph(text, 'TableText', held, properties)}</w:tc>"
    )


def beside(left: str, right: str, parts: tuple[int, int]) -> str:
    """Two cells beside each other without a border, as the head of an official paper has them."""
    whole = sum(parts)
    widths = [round(TWIPS * part / whole) for part in parts]
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'
        for width, inside in zip(widths, (left, right), strict=True)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {SPACES}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def chart(relation: str, number: int, told: str, height: float) -> str:
    """A drawing that holds a chart, across the page and ``height`` mm high."""
    return (
        f'<w:p {SPACES}><w:pPr><w:pStyle w:val="Figure"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{160 * EMU}" cy="{round(height * EMU)}"/>'
        f'<wp:docPr id="{1000 + number}" name="Chart {number}" descr={quoteattr(clean(told))}/>'
        "<wp:cNvGraphicFramePr/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
