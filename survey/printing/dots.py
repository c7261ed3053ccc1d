"""Sizes on paper in whole printer dots, so that every module of a code is printed equally wide."""

from __future__ import annotations

import math

from survey.collection.qrcodes import QUIET

DOT = 25.4 / 300
"""One dot of a 300 dpi printer in mm."""

LEAST = 4
"""Dots per module below which codes are not printed."""


def at_least(modules: int, size: float) -> int:
    """Dots per module so that a code of ``modules`` modules is at least ``size`` mm wide."""
    return max(LEAST, math.ceil(size / (modules * DOT) - 1e-9))


def at_most(modules: int, size: float) -> int:
    """Dots per module so that a code with its quiet zone is at most ``size`` mm wide; may be below ``LEAST``."""
    return math.floor(size / (with_quiet(modules) * DOT) + 1e-9)


def with_quiet(modules: int) -> int:
    """Modules of one side, quiet zone included."""
    return modules + 2 * QUIET
