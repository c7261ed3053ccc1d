"""Words and numbers for people, in their language. Message ids are the English wording; ``<language>/*.po`` translate.

A low layer: every stage that writes for people (charts, reports, printing, web, cli) asks here. In code the function
is called ``t`` or ``_`` so that the guard test can collect every message and demand its Vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("vi", "en")
"""Languages of the product's own words, the default first. Questionnaires may have others."""

DOMAINS = Path(__file__).parent


@dataclass(frozen=True)
class Texts:
    """Calling it with an English message gives the wording in ``language``; named ``{placeholders}`` are filled in."""

    language: str
    messages: dict[str, str]

    def __call__(self, message: str, **values: object) -> str:
        wording = self.messages.get(message, message)
        return wording.format(**values) if values else wording

    def number(self, value: float | int | Decimal, decimals: int = 0) -> str:
        """``1.234,5`` in Vietnamese, ``1,234.5`` in English; halves round up."""
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return str(format_decimal(rounded, format=pattern, locale=self.language))

    def percent(self, value: float | None, decimals: int = 1) -> str:
        """``83,9%``; ``value`` runs from 0 to 100; None gives an en dash."""
        return "–" if value is None else self.number(value, decimals) + "%"

    def day(self, value: date) -> str:
        """``16/10/2020`` in Vietnamese, ``16 October 2020`` in English."""
        if self.language == "vi":
            return f"{value.day:02d}/{value.month:02d}/{value.year}"
        return f"{value.day} {value:%B} {value.year}"

    def long_day(self, value: date) -> str:
        """``ngày 16 tháng 10 năm 2020``; days below 10 and months below 3 take a zero, as official papers do."""
        if self.language == "vi":
            month = f"{value.month:02d}" if value.month < 3 else str(value.month)
            return f"ngày {value.day:02d} tháng {month} năm {value.year}"
        return self.day(value)


@lru_cache
def texts(language: str) -> Texts:
    """The wordings of one language; an unknown language gets the default one."""
    code = language if language in LANGUAGES else LANGUAGES[0]
    messages: dict[str, str] = {}
    for path in sorted((DOMAINS / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string:
                    messages[message.id] = message.string
    return Texts(code, messages)


Translate = Callable[..., str]
"""What functions that write for people take: ``texts(language)``."""
