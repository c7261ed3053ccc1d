"""The last look before a sheet is given out: its pages are rendered and every code on them is read back.
A bad print run cannot be recalled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import zxingcpp

from survey.errors import PhieuError
from survey.typesetting import pictures

DPI = 200
"""Coarser than any office printer or scanner: what reads here reads on paper."""

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def readable(pdf: bytes, urls: Iterable[str], dpi: int = DPI) -> bytes:
    """``pdf`` itself if its codes hold exactly ``urls``, each as often as given; else raises PhieuError
    ``print_unreadable``."""
    expected = Counter(urls)
    found = Counter(read(pdf, dpi))
    if found != expected:
        raise PhieuError(
            "print_unreadable",
            "The codes on the finished sheet could not be read back, so it is not given out.",
            "Choose a larger label or a shorter public address.",
            (f"{(found & expected).total()}/{expected.total()}",),
        )
    return pdf


def read(pdf: bytes, dpi: int) -> tuple[str, ...]:
    """What the QR codes of all pages hold, as a scanner sees them: in grey at ``dpi``."""
    return tuple(
        code.text
        for page in pictures(pdf, dpi, grey=True)
        for code in zxingcpp.read_barcodes(page, _QR, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    )
