"""What a report says of comments: themes and words by people. Pure, and after disclosure control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey.comments import personal
from survey.comments.words import counts

LEAST = 5
"""Fewer people than this are never shown as a theme or a word."""

PEOPLE = 10
"""Of fewer people who wrote something nothing is counted."""

WORDS = 40
"""Words that are listed at most."""


def t(message: str) -> str:
    """Marks a message for translation."""
    return message


OTHERS = t("Other themes")
"""The name under which themes of fewer than ``LEAST`` people stand together, where they have so many in all."""


@dataclass(frozen=True)
class CommentsReport:
    """``themes``: name and how many people, most first, those pooled (``OTHERS``) last. ``words`` and how many people
    used each. ``people`` wrote something, None where they are too few to be told. No quotes: these can be erased."""

    themes: tuple[tuple[str, int], ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    people: int | None = None


def themes(given: Mapping[str, Iterable[object]]) -> tuple[tuple[str, int], ...]:
    """Theme → the people whose comments have it; as it may be shown."""
    people = {name: set(some) for name, some in given.items()}
    shown = sorted(
        ((name, len(some)) for name, some in people.items() if len(some) >= LEAST), key=lambda one: (-one[1], one[0])
    )
    rest = set().union(*(some for some in people.values() if len(some) < LEAST))
    return (*shown, (OTHERS, len(rest))) if len(rest) >= LEAST else tuple(shown)


def words(comments: Iterable[tuple[object, str]]) -> tuple[tuple[str, int], ...]:
    """Pairs of a person and a text → the words that at least ``LEAST`` people used, without personal data."""
    cut = ((person, _cut(text)) for person, text in comments)
    return counts(cut, least=LEAST, most=WORDS)


def _cut(text: str) -> str:
    return ". ".join(part.text for part in personal.parts(text) if not part.kind)
