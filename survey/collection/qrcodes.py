"""QR codes as module matrices, as one SVG path, and as characters for a terminal. Pure; draws no pixels."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from survey.errors import PhieuError

QUIET = 4
"""Light modules that must stay free on every side (ISO/IEC 18004)."""

LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules without the quiet zone, True is dark."""

_BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"
_RESET = "\x1b[0m"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@lru_cache(maxsize=256)
def modules(url: str, level: str = "M", mask: int | None = None) -> Modules:
    """The smallest code that holds ``url`` at this level of error correction; upper-case URLs use alphanumeric mode,
    so up to 38 characters fit version 2 (25 × 25) at level M. The best of the eight masks is searched for, or a given
    one taken in a sixth of the time. Raises PhieuError ``url_too_long`` beyond version 40."""
    code: QRCode[object] = QRCode(error_correction=LEVELS[level], border=0, mask_pattern=mask)
    code.add_data(url)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise PhieuError(
            "url_too_long", "The address is too long for a QR code.", "Use a shorter public address."
        ) from error
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def path(matrix: Modules) -> str:
    """SVG path data in units of one module: the outlines of the dark areas, to be filled even-odd in one go.

    Neighbouring modules share no edge in it, so no viewer can show hairlines between them.
    """
    size = len(matrix)

    def dark(x: int, y: int) -> bool:
        return 0 <= x < size and 0 <= y < size and matrix[y][x]

    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for y, row in enumerate(matrix):
        for x in (x for x, module in enumerate(row) if module):
            corners = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
            beside = (dark(x, y - 1), dark(x + 1, y), dark(x, y + 1), dark(x - 1, y))
            for side in range(4):
                if not beside[side]:
                    following.setdefault(corners[side], []).append(corners[(side + 1) % 4])
    outlines = []
    while following:
        start = next(iter(following))
        points = [start]
        while (point := _step(following, points[-1])) != start:
            points.append(point)
        outlines.append(_outline(points))
    return "".join(outlines)


def svg(url: str, level: str = "M", mask: int | None = None) -> str:
    """A whole SVG document, one unit per module: white ground with the quiet zone, and one dark path."""
    matrix = modules(url, level, mask)
    size = len(matrix) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" fill-rule="evenodd" transform="translate({QUIET} {QUIET})" d="{path(matrix)}"/></svg>'
    )


def terminal(url: str, *, colour: bool = True) -> str:
    """The code with its quiet zone in half-block characters, two modules per character, ending without a newline.

    With ``colour`` it is black on white on any terminal (the palette's fixed 16 and 231). Without, light modules are
    drawn in the text colour: right on a dark terminal, inverted on a light one.
    """
    matrix = modules(url)
    width = len(matrix) + 2 * QUIET
    blank = (False,) * width
    rows = [blank] * QUIET + [(False,) * QUIET + row + (False,) * QUIET for row in matrix] + [blank] * QUIET
    rows += [blank] * (len(rows) % 2)
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        line = "".join(_HALVES[above == colour, below == colour] for above, below in zip(upper, lower, strict=True))
        lines.append(f"{_BLACK_ON_WHITE}{line}{_RESET}" if colour else line)
    return "\n".join(lines)


def _step(following: dict[tuple[int, int], list[tuple[int, int]]], point: tuple[int, int]) -> tuple[int, int]:
    """Walks one edge on and forgets it; where two dark modules touch at a corner any way on closes in the end."""
    ahead = following[point]
    taken = ahead.pop()
    if not ahead:
        del following[point]
    return taken


def _outline(points: list[tuple[int, int]]) -> str:
    """``M x y`` and the turns as h and v, straight runs joined."""
    corners = [
        point
        for before, point, after in zip(points[-1:] + points[:-1], points, points[1:] + points[:1], strict=True)
        if (before[0] == point[0]) != (point[0] == after[0])
    ]
    parts = [f"M{corners[0][0]} {corners[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(corners):
        parts.append(f"h{to_x - x}" if y == to_y else f"v{to_y - y}")
    return "".join(parts) + "z"
