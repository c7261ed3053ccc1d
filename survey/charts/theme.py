"""How every chart looks: sizes in points, colours, and the ramp of an ordered scale.

Stage: charts. Knows no result and draws nothing. Colours are orange-brown to blue (told apart with every common colour
blindness); lightness falls steadily from the neutral level to both ends, and the unfavourable side is hatched, so that
the two ends differ on a grey print as well.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """How wide a chart is drawn, and the white around one that stands alone, in points. ``most`` are the lines a text
    over the whole width may take, ``tick`` is the type size of numbers on an axis. On a ``narrow`` chart labels stand
    above what they label."""

    width: float
    margin: float
    most: int
    tick: float
    narrow: bool = False


WIDE = Format(454.0, 14.0, 3, 6.5)
"""The 160 mm between the margins of an official A4 page."""

NARROW = Format(176.0, 4.0, 12, 7.0, narrow=True)
"""A phone: at 320 CSS pixels less the margins of a page the smallest type is 11 pixels high."""

LABEL, SMALL, TITLE = 8.0, 7.0, 10.5
"""Type sizes in points: what is read first, what stands beside it, headings of a chart that stands alone."""

LEADING = 1.42
"""Line distance over type size: the mark of Ể (1.16) and the dot of Ự (0.25) just miss each other."""

INK, QUIET, HAIR, PAPER, BLACK = "#1d2530", "#56606c", "#d9dde2", "#ffffff", "#000000"

UNFAVOURABLE = ("#f2bd96", "#9f3a14")
NEUTRAL = "#e6e4df"
FAVOURABLE = ("#a5c8e8", "#1b5a96")
"""Each side from the level next to neutral to its end."""

TARGET = "#7a2f8f"
"""What is aimed at: always dashed as well."""

HEAT = ("#f6f4ee", "#c3d7ea", "#8fb6dc", "#5088c0", "#1b5a96")
"""Shares from low to high: one ramp of falling lightness, so that a grey print keeps the order."""

HEAT_BOUNDS = (50.0, 65.0, 80.0, 90.0)
"""Percent where the next colour begins; fixed, so that two heat tables can stand side by side."""

SMALL_BASE = 30
"""Fewer answers than this are drawn thin and starred: for reference only (docs/methodology.md)."""


@dataclass(frozen=True)
class Shade:
    """The fill of one level, the colour of its number, and of its hatching (empty: none)."""

    fill: str
    ink: str
    hatch: str = ""


def shades(levels: int) -> tuple[Shade, ...]:
    """Shades of an ordered scale, worst level first; an odd number has a neutral middle. Any number from 1."""
    side = levels // 2
    worse = [_shade(_step(UNFAVOURABLE, place, side), hatched=True) for place in range(side, 0, -1)]
    better = [_shade(_step(FAVOURABLE, place, side)) for place in range(1, side + 1)]
    middle = [_shade(NEUTRAL)] if levels % 2 else []
    return (*worse, *middle, *better)


def heat(share: float) -> Shade:
    """The shade of a share in percent."""
    return _shade(HEAT[sum(share >= bound for bound in HEAT_BOUNDS)])


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _step(ends: tuple[str, str], place: int, steps: int) -> str:
    """``place`` 1 is next to neutral; with a single step the stronger half of the ramp speaks for the side."""
    return _mix(ends[0], ends[1], (place - 1) / (steps - 1) if steps > 1 else 0.75)


def _shade(fill: str, *, hatched: bool = False) -> Shade:
    ink = PAPER if contrast(fill, PAPER) >= 4.5 else BLACK
    if not hatched:
        return Shade(fill, ink)
    lines = (_mix(fill, towards, 0.5) for towards in (PAPER, UNFAVOURABLE[1]))
    return Shade(fill, ink, max(lines, key=lambda line: contrast(fill, line)))


def _mix(one: str, other: str, part: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * part)):02x}" for a, b in pairs)


def _channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
