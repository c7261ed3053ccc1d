"""Reads the questionnaires as they were given (tests/data/questionnaires.md), against which templates are held."""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey.config import ROOT

_MARKS = "①②③④⑤⑥⑦⑧⑨"
_ROW = re.compile(r"\| \*{0,2}([A-Za-z0-9.]+)(★?)\*{0,2} \| ([^|]+) \| ([^|]+) \|(?: [^|]+ \|)?")
_HEADING = re.compile(r"\| \| \*\*(F\d)\. (.+?)\*\*(?: .*)? \| \*\*F\d (.+?)\*\*(?: .*)? \|")


@dataclass(frozen=True)
class Given:
    """One row: the question and its options by language, and whether it is in the short form."""

    key: str
    short: bool
    text: dict[str, str]
    options: dict[str, tuple[str, ...]]


def given(letter: str) -> dict[str, Given]:
    """The rows of questionnaire ``letter`` by code, in order; headings of parts left out."""
    rows = (_ROW.fullmatch(line) for line in _part(letter).splitlines())
    return {
        row[1]: _read(row[1], bool(row[2]), row[3], row[4])
        for row in rows
        if row and row[1] not in ("Code", "Chip", "I", "II", "III", "IV")
    }


def factors() -> dict[str, dict[str, str]]:
    """The five factors of B by code: their names by language."""
    rows = (_HEADING.fullmatch(line) for line in _part("B").splitlines())
    return {row[1]: {"vi": row[2], "en": row[3]} for row in rows if row}


def plain(text: str, language: str) -> str:
    """As compared: the Vietnamese to the letter but for its last colon, the English without capitals and with one form
    of the apostrophe."""
    text = text.strip().removesuffix(":")
    return text if language == "vi" else text.casefold().replace("’", "'")


def _part(letter: str) -> str:
    text = (ROOT / "tests/data/questionnaires.md").read_text(encoding="utf-8")
    return text.split(f"\n## {letter}. ")[1].split("\n## ")[0]


def _read(key: str, short: bool, vi: str, en: str) -> Given:
    cells = {"vi": _cleared(vi), "en": _cleared(en)}
    parts = {language: re.split(f"[{_MARKS}]", cell) for language, cell in cells.items()}
    return Given(
        key,
        short,
        {language: plain(text, language) for language, (text, *_) in parts.items()},
        {language: tuple(plain(one, language) for one in options) for language, (_, *options) in parts.items()},
    )


def _cleared(cell: str) -> str:
    """Without bold, remarks to whoever builds the form, and the dots to be written on."""
    cell = re.sub(r"\*\((?!nếu có|if any).*?\)\*|\{.*?\}|\(DY5.*?\)|→ O5", "", cell.replace("**", ""))
    return re.sub(r"\s*…", "", cell.replace("*", ""))
