"""The four corner marks that tell a reader of scans where the page lies: ArUco 4×4_50, numbers 0 to 3. Pure.

Bits from OpenCV's ``predefined_dictionaries.hpp`` (Apache-2.0; first four rows of ``DICT_4X4_1000_BYTES``, first
rotation), so that printing needs no OpenCV. The dictionary is that of S. Garrido-Jurado et al., 2014.
"""

from __future__ import annotations

from survey.collection.qrcodes import Modules

_BYTES = ((181, 50), (15, 154), (51, 45), (153, 70))

CELLS = 6
"""Cells of one side: four of the pattern within a black frame of one."""


def marker(number: int) -> Modules:
    """Rows of cells of marker ``number`` (0 top left, then clockwise), True is dark; its frame included."""
    high, low = _BYTES[number]
    bits = f"{high << 8 | low:016b}"
    rows = [(True, *(bit == "0" for bit in bits[start : start + 4]), True) for start in range(0, 16, 4)]
    frame = (True,) * CELLS
    return (frame, *rows, frame)
