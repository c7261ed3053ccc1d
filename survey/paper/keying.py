"""What stands small beside each box and is keyed for it: the code if it is a short number, else its place. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 2
"""Digits of a code that is printed as it is; one longer code, or one that is no number, and its whole list counts
places instead."""


def marks(codes: Sequence[str]) -> tuple[str, ...]:
    """The marks of a choice list's codes, in their order; each stands for one code."""
    if all(len(code) <= LONGEST and code.isdigit() and code.isascii() for code in codes):
        return tuple(codes)
    return tuple(str(place) for place in range(1, len(codes) + 1))
