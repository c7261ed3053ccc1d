"""The last look before a sheet is given out: its pages are rendered and every code on them is read back.
A bad print run cannot be recalled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import zxingcpp
from PIL import Image, ImageDraw

from survey.errors import PhieuError
from survey.paper.geometry import Box, Geometry
from survey.printing.outlines import misplaced
from survey.typesetting import pictures

DPI = 200
"""Coarser than any office printer or scanner: what reads here reads on paper."""

PASSES = 50
"""Most looks at one page; 160 codes on a page take about five."""

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
"""Not the whole family: one corner mark of a code can be taken for a Micro QR code, as no phone would."""


def readable(pdf: bytes, urls: Iterable[str], dpi: int = DPI) -> bytes:
    """``pdf`` itself if its codes hold exactly ``urls``, each as often as given; else raises PhieuError
    ``print_unreadable``."""
    expected = Counter(urls)
    found = Counter(read(pdf, dpi))
    if found != expected:
        raise PhieuError(
            "print_unreadable",
            "The codes on the finished sheet could not be read back, so it is not given out.",
            "Choose larger labels or a shorter public address.",
            (f"{(found & expected).total()}/{expected.total()}",),
        )
    return pdf


def read(pdf: bytes, dpi: int) -> tuple[str, ...]:
    """What the QR codes of all pages hold, as a scanner sees them: in grey at ``dpi``."""
    return tuple(text for page in pictures(pdf, dpi, grey=True) for text in _codes(page))


def each_page_reads(pdf: bytes, expected: Sequence[str], at: tuple[float, float], side: float) -> None:
    """Raises PhieuError ``form_unreadable`` unless every page holds the one code of its place in ``expected``, with its
    corner ``at`` this place and so wide (in mm): on a paper form a code on the wrong page is as bad as none."""
    (left, top), around = at, side / 4
    part = (left - around, top - around, left + side + around, top + side + around)
    found = [tuple(_codes(page)) for page in pictures(pdf, DPI, grey=True, part=part)]
    if found != [(one,) for one in expected]:
        right = sum(page == (one,) for page, one in zip(found, expected, strict=False))
        raise _unreadable_form(right, len(expected))


def outlined(pdf: bytes, form: Geometry) -> bytes:
    """``pdf`` itself if on its first pages every box of ``form`` is where the geometry says; else raises PhieuError
    ``form_unreadable``."""
    pages = pictures(pdf, DPI, grey=True)
    lost: list[Box] = []
    for number, page in zip(range(1, form.pages + 1), pages, strict=False):
        lost += misplaced([box for box in form.boxes if box.page == number], page, DPI)
    if lost:
        raise _unreadable_form(len(form.boxes) - len(lost), len(form.boxes))
    return pdf


def _unreadable_form(found: int, expected: int) -> PhieuError:
    return PhieuError(
        "form_unreadable",
        "The finished form could not be read back, so it is not given out.",
        "Print it again; if this comes again, tell whoever runs this server.",
        (f"{found}/{expected}",),
    )


def _codes(page: Image.Image) -> Iterator[str]:
    """Of a page crowded with codes the reader finds some at a time: those are painted over until none is left."""
    pen = ImageDraw.Draw(page)
    for _ in range(PASSES):
        found = zxingcpp.read_barcodes(page, _QR, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
        if not found:
            return
        for code in found:
            at = code.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            pen.polygon([(corner.x, corner.y) for corner in corners], fill=255)
            yield code.text
