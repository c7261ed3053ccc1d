"""Sizes on paper in whole printer dots, so that every module of a code is printed equally wide."""

from __future__ import annotations

import math

from survey.collection.qrcodes import QUIET

DOT = 25.4 / 300
"""One dot of a 300 dpi printer in mm."""

LEAST = {"H": 9, "Q": 6, "M": 4}
"""Levels of error correction, strongest first, and the dots per module below which a weaker one is better (nine dots
are 0.76 mm, where 0.5 to 0.6 is usual). Under four dots nothing is printed. With a tenth of a code blotted out off its
corner marks, 1,440 of 1,440 read at H, 1,520 of 1,560 at Q and 277 of 1,588 at M."""


def at_least(modules: int, size: float) -> int:
    """Dots per module so that a code of ``modules`` modules is at least ``size`` mm wide."""
    return math.ceil(size / (modules * DOT) - 1e-9)


def at_most(modules: int, size: float) -> int:
    """Dots per module so that a code with its quiet zone is at most ``size`` mm wide."""
    return math.floor(size / (with_quiet(modules) * DOT) + 1e-9)


def with_quiet(modules: int) -> int:
    """Modules of one side, quiet zone included."""
    return modules + 2 * QUIET
