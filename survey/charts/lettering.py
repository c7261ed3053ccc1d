"""Text before it is drawn: made presentable, measured with the real font, wrapped.

Stage: charts. Widths are sums of the font's own advances: no kerning, so a text is never wider than measured by more
than a hair. Keeps no state but the tables of the fonts; never touches FreeType, whose faces are not safe for threads.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools ships no types

from survey.typesetting.fonts import font_files, presentable

REGULAR, BOLD = 400, 700

_WORD = re.compile(r"[^ /]*[ /]|[^ /]+$")
"""A word with the space or slash that allows a break after it."""

_FILES = {
    REGULAR: ("BeVietnamPro-Regular.ttf", "DejaVuSans.ttf"),
    BOLD: ("BeVietnamPro-Bold.ttf", "DejaVuSans-Bold.ttf"),
}


@lru_cache
def font_paths(weight: int) -> tuple[Path, Path]:
    """The text font and the symbol font of one weight."""
    by_name = {path.name: path for path in font_files()}
    text, symbols = _FILES[weight]
    return by_name[text], by_name[symbols]


@lru_cache
def advances(path: Path) -> dict[int, float]:
    """Advance width of every code point the font has, in units of the type size."""
    with TTFont(path, lazy=True) as font:
        metrics, unit = font["hmtx"], font["head"].unitsPerEm
        return {point: metrics[glyph][0] / unit for point, glyph in font.getBestCmap().items()}


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width in points of one line."""
    first, second = (advances(path) for path in font_paths(weight))
    return size * sum(first[point] if point in first else second.get(point, 1.0) for point in map(ord, text))


def line(text: str) -> str:
    """``text`` as one drawable line: NFC, single spaces, a visible box for each character no font shows."""
    return " ".join(presentable(text).split())


def wrap(text: str, room: float, size: float, weight: int = REGULAR, most: int = 3) -> tuple[str, ...]:
    """At most ``most`` lines of ``room`` points, of even length; what does not fit ends in an ellipsis.

    Breaks at spaces and after slashes, and inside a word only where the word alone is wider than the room."""
    text = line(text)
    lines = _fill(text, room, size, weight)
    if len(lines) > most:
        return (*lines[: most - 1], _cut(" ".join(lines[most - 1 : most + 1]), room, size, weight))
    longest = max((width(word.rstrip(), size, weight) for word in _WORD.findall(text)), default=0.0)
    low, high = max(room / 2, longest), room
    while high - low > 1.0:
        middle = (low + high) / 2
        narrower = _fill(text, middle, size, weight)
        if len(narrower) > len(lines):
            low = middle
        else:
            high, lines = middle, narrower
    return tuple(lines)


def _fill(text: str, room: float, size: float, weight: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in _WORD.findall(text):
        if width((current + word).rstrip(), size, weight) <= room:
            current += word
            continue
        if current:
            lines.append(current.rstrip())
        *whole, current = _chop(word, room, size, weight)
        lines.extend(whole)
    return [*lines, current.rstrip()]


def _chop(word: str, room: float, size: float, weight: int) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width((pieces[-1] + character).rstrip(), size, weight) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _cut(text: str, room: float, size: float, weight: int) -> str:
    """As much of ``text`` as fits before an ellipsis, in whole words unless one word fills the line."""
    fitting = text
    while fitting and width(f"{fitting}…", size, weight) > room:
        fitting = fitting[:-1]
    whole = fitting if text.startswith(f"{fitting} ") else fitting.rpartition(" ")[0]
    return f"{(whole or fitting).rstrip()}…"
