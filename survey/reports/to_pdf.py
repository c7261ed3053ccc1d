"""A report as PDF: tagged (PDF/UA-1) and fit for archives (PDF/A-2a), with text that can be searched and copied.

``templates/documents/official.typ`` sets it; the same report gives the same bytes.
"""

from __future__ import annotations

from typing import Any

from survey.reports.document import Block, Chart, Heading, PageBreak, Paragraph, Points, Report, Table
from survey.texts import texts
from survey.typesetting import Standard, pdf

STANDARDS: tuple[Standard, ...] = ("ua-1", "a-2a")


def to_pdf(report: Report) -> bytes:
    """The file. Raises what ``survey.typesetting.pdf`` raises."""
    t = texts(report.language)
    images: dict[str, bytes] = {}
    head = report.head
    data = {
        "language": report.language,
        "title": report.title,
        "head": {
            "superior": head.superior,
            "office": head.office,
            "nation": head.nation,
            "motto": head.motto,
            "number": head.number,
            "place": head.place,
            "draft": head.draft,
            "kind": head.kind,
            "subject": head.subject,
        },
        "blocks": [_block(one, images) for one in report.blocks],
        "annexes": [_block(one, images) for one in report.annexes],
        "recipients_title": t("Recipients:"),
        "recipients": list(report.recipients),
        "signing": list(report.signing),
        "foot": report.foot,
    }
    return pdf("official", data, images, standards=STANDARDS, created=report.created)


def _block(one: Block, images: dict[str, bytes]) -> dict[str, Any]:
    match one:
        case Heading(level, text):
            return {"is": "heading", "level": level, "text": text}
        case Paragraph(text, style):
            return {"is": "paragraph", "text": text, "style": style}
        case Points(items):
            return {"is": "points", "items": list(items)}
        case Table():
            return _table(one)
        case Chart():
            return _chart(one, images)
        case PageBreak():
            return {"is": "pagebreak"}


def _table(one: Table) -> dict[str, Any]:
    return {
        "is": "table",
        "caption": one.caption,
        "small": one.small,
        "columns": [{"title": c.title, "width": c.width, "align": c.align} for c in one.columns],
        "rows": [
            {"cells": list(row.cells), "strong": row.strong, "across": row.across, "words": row.words}
            for row in one.rows
        ],
    }


def _chart(one: Chart, images: dict[str, bytes]) -> dict[str, Any]:
    pictures = []
    for picture in one.pictures:
        name = f"chart-{len(images) + 1}.svg"
        images[name] = picture.svg
        pictures.append({"name": name, "told": picture.told})
    return {"is": "chart", "caption": one.caption, "pictures": pictures}
