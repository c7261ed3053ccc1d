"""Numbers as people type them into tables of fields."""

from __future__ import annotations

import re

from survey.errors import PhieuError
from survey.web.fields import LONGEST_NUMBER

_WHOLE = re.compile(r"\d{1,3}(?:[.\s]?\d{3})*|\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?")


def whole(typed: str) -> int | None:
    """A whole number with or without marks between thousands, None for an empty field.
    Raises PhieuError ``number_unreadable``."""
    text = typed.strip()
    if not text:
        return None
    if not (len(text) <= LONGEST_NUMBER and text.isascii() and _WHOLE.fullmatch(text)):
        raise PhieuError("number_unreadable", "This is no whole number.", "Write it in digits.", (text[:40],))
    return int(re.sub(r"\D", "", text))


def decimal(typed: str) -> float:
    """A number with a decimal comma or point. Raises PhieuError ``number_unreadable``."""
    text = typed.strip()
    if not (_DECIMAL.fullmatch(text) and text.isascii()):
        raise PhieuError("number_unreadable", "This is no number.", "Write it like 85,5.", (text[:40],))
    return float(text.replace(",", "."))
