"""Texts in the cells of a workbook: what XML and spreadsheets can hold, whole or cut with a word about it.

Reports stage, pure. No text is ever a formula here: a cell of text says that it is one.
"""

from __future__ import annotations

import re

from survey.texts import Texts

LONGEST = 32_767
"""Units of UTF-16 that a cell holds; spreadsheet programs call a file with more damaged."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, its header among them."""

_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_", "\r": "_x000D_"}


def whole(text: str) -> str:
    """``text`` with what no XML can hold replaced by U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def fitting(text: str, t: Texts) -> str:
    """``text`` as a cell holds it: one that is too long is cut and says so."""
    if len(text) <= LONGEST // 2 or _units(text) <= LONGEST:
        return text
    note = " " + t("[cut: a cell holds no more]")
    room = LONGEST - len(note)
    kept = text[:room]
    while _units(kept) > room:
        kept = kept[: len(kept) - (_units(kept) - room + 1) // 2]
    return kept + note


def escaped(text: str) -> str:
    """``text`` between the tags of a cell. What looks like an escape of the format is escaped itself."""
    return _SPECIAL.sub(_entity, text) if _SPECIAL.search(text) else text


def _entity(found: re.Match[str]) -> str:
    return _NAMED.get(found[0], "\ufffd")


def _units(text: str) -> int:
    return len(text) + sum(one > "\uffff" for one in text)
