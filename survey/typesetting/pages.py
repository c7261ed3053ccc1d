"""Pages of a PDF as pictures, for looking at them and for reading codes back."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

import pypdfium2
from PIL import Image

_PDFIUM = Lock()
"""PDFium is not safe for threads: every call into it is made under this lock."""


def pictures(pdf: bytes, dpi: int, *, grey: bool = False) -> Iterator[Image.Image]:
    """One RGB (or grey) picture per page, in order, rendered when it is asked for."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            yield _picture(document, number, dpi, grey)
    finally:
        with _PDFIUM:
            document.close()


def _picture(document: pypdfium2.PdfDocument, number: int, dpi: int, grey: bool) -> Image.Image:
    with _PDFIUM:
        page = document[number]
        bitmap = page.render(scale=dpi / 72, grayscale=grey)
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    return picture
