"""Themes and the keyword rules that suggest them. Pure: rules are text that offices edit, suggestions are only shown.

A rule is one line: a word or a phrase, looked for as whole words without regard to case and diacritics. In quotation
marks its diacritics count: ``"chờ"`` (wait) does not find ``cho`` (give). Empty lines and what follows ``#`` are
remarks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from survey.comments.words import marked, plain

_QUOTES = {'"': '"', "“": "”", "«": "»"}


@dataclass(frozen=True)
class Rules:
    """Phrases with a space around them, as ``words.plain`` and ``words.marked`` write texts."""

    phrases: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    def fit(self, text: Written) -> bool:
        """Whether a comment says one of these phrases."""
        return any(one in text.plain for one in self.phrases) or any(one in text.marked for one in self.exact)


class Written:
    """A comment as rules see it; written once for all themes, with diacritics only where a rule asks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain: str | None = None
        self._marked: str | None = None

    @property
    def plain(self) -> str:
        """Without diacritics."""
        if self._plain is None:
            self._plain = plain(self._text)
        return self._plain

    @property
    def marked(self) -> str:
        """With diacritics."""
        if self._marked is None:
            self._marked = marked(self._text)
        return self._marked


def rules(words: str) -> Rules:
    """The rules of a theme, one a line."""
    phrases: dict[str, None] = {}
    exact: dict[str, None] = {}
    for line in words.splitlines():
        said = line.partition("#")[0].strip()
        quoted = len(said) > 2 and _QUOTES.get(said[0]) == said[-1]
        written = marked(said) if quoted else plain(said)
        if written.strip():
            (exact if quoted else phrases)[written] = None
    return Rules(tuple(phrases), tuple(exact))


def suggested(text: str, themes: Iterable[tuple[int, Rules]]) -> tuple[int, ...]:
    """The themes whose rules fit a comment, in the order given."""
    written = Written(text)
    return tuple(number for number, wanted in themes if wanted.fit(written))


@dataclass(frozen=True)
class Starter:
    """A theme to begin with."""

    name: str
    words: str


@cache
def starters(language: str) -> tuple[Starter, ...]:
    """Themes for public services in ``vi`` or ``en``; other languages get the Vietnamese ones."""
    found = json.loads((Path(__file__).parent / "starters.json").read_text(encoding="utf-8"))
    return tuple(Starter(one["name"], "\n".join(one["words"])) for one in found.get(language, found["vi"]))
