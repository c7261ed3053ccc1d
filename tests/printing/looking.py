"""Where things are on a printed page, as a viewer of the PDF sees them; all in mm from the top left."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import zxingcpp

from survey.typesetting import pictures

MM = 72 / 25.4


def pages(made: bytes) -> int:
    """How many there are."""
    document = pypdfium2.PdfDocument(made)
    count = len(document)
    document.close()
    return count


def text(made: bytes) -> str:
    """All text of the first page with every run of white space as one space."""
    document = pypdfium2.PdfDocument(made)
    found = document[0].get_textpage().get_text_bounded()
    document.close()
    return " ".join(found.replace("\u200b", "").split())


def glyphs(made: bytes) -> Iterator[tuple[str, float, float, float, float]]:
    """Every visible character of the first page with left, top, right and bottom of its ink."""
    document = pypdfium2.PdfDocument(made)
    page = document[0]
    height, found = page.get_height(), page.get_textpage()
    for index in range(found.count_chars()):
        left, bottom, right, top = found.get_charbox(index)
        character = found.get_text_range(index, 1)
        if character.strip("\u200b \r\n"):
            yield character, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM
    document.close()


def code_corners(made: bytes, dpi: int = 300) -> list[tuple[float, float, float]]:
    """Left, top and width of every code on the first page, without its quiet zone, row by row."""
    codes = zxingcpp.read_barcodes(next(pictures(made, dpi)))
    scale = 25.4 / dpi
    found = [
        (
            code.position.top_left.x * scale,
            code.position.top_left.y * scale,
            (code.position.top_right.x - code.position.top_left.x) * scale,
        )
        for code in codes
    ]
    return sorted(found, key=lambda corner: (round(corner[1]), corner[0]))
