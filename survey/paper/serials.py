"""Serials of paper forms: a number that counts within a collector and one check letter, as in ``0012-K``. Pure.

The check letter also covers the collector's code, so that a form from another pile is found when it is typed.
"""

from __future__ import annotations

import unicodedata

from survey.collection import codes
from survey.errors import PhieuError

LARGEST = 999_999
"""Largest number a serial can carry."""

DIGITS = 4
"""Digits of a small number; larger ones take as many as they need."""

_TYPED_LIMIT = 40
_LOOKALIKES = str.maketrans("OIL", "011")


def make(collector_code: str, number: int) -> str:
    """The serial of form ``number`` (from 1) of the collector with this canonical code, without its hyphen."""
    if not 1 <= number <= LARGEST:
        raise PhieuError(
            "serial_range",
            "Serials run from 1 to 999,999.",
            "Begin with a smaller number, or print fewer forms.",
        )
    digits = f"{number:0{DIGITS}d}"
    # A whole code would bring the check to zero, the same for every collector: its own check letter is left out.
    return digits + codes.check_letter(collector_code[:-1] + digits)


def read(collector_code: str, typed: str) -> int:
    """The number of the serial somebody typed: any case, spaces, hyphens and full-width forms allowed, O read as 0, I
    and L as 1. Raises PhieuError ``serial_mistyped`` for anything that is no serial of this collector."""
    folded = unicodedata.normalize("NFKC", typed[:_TYPED_LIMIT]).upper()
    kept = "".join(letter for letter in folded if unicodedata.category(letter) not in ("Zs", "Cc", "Cf", "Pd"))
    serial = kept.translate(_LOOKALIKES)
    digits = serial[:-1]
    if len(typed) <= _TYPED_LIMIT and digits.isascii() and digits.isdigit() and 1 <= int(digits) <= LARGEST:
        number = int(digits)
        if serial == make(collector_code, number):
            return number
    raise PhieuError(
        "serial_mistyped",
        "This serial holds a typing error, or the form belongs to another collector.",
        "Compare it with the printed one, and the collector's code beside it.",
    )


def display(serial: str) -> str:
    """``0012-K``, as it is printed."""
    return f"{serial[:-1]}-{serial[-1]}"
