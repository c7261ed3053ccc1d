"""Texts in cells: what a person wrote must never run as a formula in somebody's spreadsheet.

Collection stage, pure: files of answers are written with this mark and read without it.
"""

from __future__ import annotations

import re

STARTERS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What begins a formula, in half and full width."""

# A cell may also begin inside a text, when a program is told another delimiter than the one in use.
_CELL = r"((?:^|[\n\r\t,;|])[^\S\n\r\t]*)"
_LIVE = re.compile(rf"{_CELL}(?='*[{re.escape(STARTERS)}])")
_GUARDED = re.compile(rf"{_CELL}'(?='*[{re.escape(STARTERS)}])")


def guarded(text: str) -> str:
    """``text`` with a ' before whatever would begin a formula at the start of a cell, a line or after a delimiter."""
    return _LIVE.sub(r"\1'", text) if any(map(text.__contains__, STARTERS)) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return _GUARDED.sub(r"\1", text) if "'" in text else text
