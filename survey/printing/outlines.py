"""Looks whether each box of a printed form is where the geometry says: a dark outline, white inside and around."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy
from numpy.typing import NDArray
from PIL import Image

from survey.paper.geometry import BOX, LINE, RING, Box

DARK, WHITE = 0.45, 0.9
"""Brightness that the middle of an outline stays under on average, and that white paper stays over at every point."""

_SLACK = 0.2
"""Millimetres at both sides of the outline where grey is neither."""


def misplaced(boxes: Iterable[Box], page: Image.Image, dpi: int) -> tuple[Box, ...]:
    """Those of ``boxes`` that are not seen at their place on the picture of their page."""
    grey = numpy.asarray(page.convert("L"), dtype=float) / 255
    return tuple(box for box in boxes if not _seen(grey, box, dpi / 25.4))


def _seen(grey: NDArray[Any], box: Box, scale: float) -> bool:
    """Depth counts in mm from the box's outer edge inwards, negative around it."""
    reach = BOX / 2 + RING
    rows, columns = (
        numpy.arange(int((middle - reach) * scale), int((middle + reach) * scale) + 1)
        for middle in (box.y + BOX / 2, box.x + BOX / 2)
    )
    if rows[0] < 0 or columns[0] < 0 or rows[-1] >= grey.shape[0] or columns[-1] >= grey.shape[1]:
        return False
    across = numpy.abs((columns + 0.5) / scale - box.x - BOX / 2)
    down = numpy.abs((rows + 0.5) / scale - box.y - BOX / 2)
    depth = BOX / 2 - numpy.maximum(across[None, :], down[:, None])
    patch = grey[numpy.ix_(rows, columns)]
    outline = patch[numpy.abs(depth - LINE / 2) < LINE / 4]
    inside, around = patch[depth > LINE + _SLACK], patch[(depth < -_SLACK) & (depth > -RING)]
    return bool(outline.mean() < DARK and inside.min() > WHITE and around.min() > WHITE)
