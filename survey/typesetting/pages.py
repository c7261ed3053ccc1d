"""Pages of a PDF as pictures, for looking at them and for reading codes back."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

import pypdfium2
from PIL import Image

_PDFIUM = Lock()
"""PDFium is not safe for threads: every call into it is made under this lock."""


Part = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a page, in mm from its top left."""

_MM = 72 / 25.4


def pictures(pdf: bytes, dpi: int, *, grey: bool = False, part: Part | None = None) -> Iterator[Image.Image]:
    """One RGB (or grey) picture per page or of one ``part`` of each, in order, rendered when it is asked for."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            yield _picture(document, number, dpi, grey, part)
    finally:
        with _PDFIUM:
            document.close()


def _picture(document: pypdfium2.PdfDocument, number: int, dpi: int, grey: bool, part: Part | None) -> Image.Image:
    with _PDFIUM:
        page = document[number]
        bitmap = page.render(scale=dpi / 72, grayscale=grey, crop=_cut_away(page, part) if part else (0, 0, 0, 0))
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    return picture


def _cut_away(page: pypdfium2.PdfPage, part: Part) -> tuple[float, float, float, float]:
    """What pdfium leaves out at left, bottom, right and top, in points."""
    left, top, right, bottom = (length * _MM for length in part)
    return left, page.get_height() - bottom, page.get_width() - right, top
