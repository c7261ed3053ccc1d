"""The QR code alone as a picture, for people who lay out their own sheets."""

from __future__ import annotations

import io
import math

from PIL import Image

from survey.collection import qrcodes
from survey.printing.dots import with_quiet

SIDE = 1200
"""Least width in pixels: 10 cm at 300 dpi."""


def png(url: str, side: int = SIDE) -> bytes:
    """Black on white with its quiet zone, every module equally many pixels wide; at level H, since nobody knows what
    will be done to it."""
    matrix = qrcodes.modules(url, "H")
    modules = with_quiet(len(matrix))
    each = math.ceil(side / modules)
    image = Image.new("1", (modules, modules), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + qrcodes.QUIET, y + qrcodes.QUIET), 0)
    target = io.BytesIO()
    image.resize((modules * each, modules * each), Image.Resampling.NEAREST).save(target, "PNG", dpi=(300, 300))
    return target.getvalue()
