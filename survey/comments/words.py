"""Words of a comment as rules and counts see them. Pure; every function takes time proportional to the text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from survey.texts.folding import folded

_LISTS = json.loads((Path(__file__).parent / "lists.json").read_text(encoding="utf-8"))

_NO_WORD = re.compile(r"[\W_]+")

_TONE = re.compile("([\u0300\u0301\u0303\u0309\u0323])([\\w\u0300-\u036f]*)")
"""A tone mark and what follows it in its syllable, in decomposed characters."""

_NO_MARKED_WORD = re.compile("[^\\w\u0300-\u036f]+|_+")


def listed(name: str) -> frozenset[str]:
    """A list of words of ``lists.json``."""
    return frozenset(" ".join(_LISTS[name]).split())


STOP_WORDS = listed("stop_words")
"""Syllables that say nothing by themselves, with their marks."""

MOSTLY = 0.7
"""A single syllable is left out when so large a part of those who used it used it within one counted pair."""


def plain(text: str) -> str:
    """Words without diacritics and case, a space around each: ``" chi lan "``."""
    return f" {_NO_WORD.sub(' ', folded(text)).strip()} "


def marked(text: str) -> str:
    """The same with diacritics, wherever the tone mark of a syllable was put (``hòa`` and ``hoà`` are one word), in
    decomposed characters with the tone mark last."""
    moved = _TONE.sub(r"\2\1", unicodedata.normalize("NFD", text.casefold()))
    return f" {_NO_MARKED_WORD.sub(' ', moved).strip()} "


def counts(comments: Iterable[tuple[object, str]], *, least: int, most: int) -> tuple[tuple[str, int], ...]:
    """What many people wrote: single syllables and pairs of neighbouring ones → people, most first, no more than
    ``most``. ``comments`` are pairs of a person and a text. What fewer than ``least`` people used is left out, and so
    is a syllable nearly always used in one pair. Words are told apart by their diacritics."""
    single: Counter[str] = Counter()
    double: Counter[str] = Counter()
    for singles, doubles in _by_person(comments).values():
        single.update(singles.keys())
        double.update(doubles.keys())
    pairs = _bound(single, {pair: people for pair, people in double.items() if people >= least})
    inside: dict[str, int] = {}
    for pair, people in pairs.items():
        for syllable in pair.split():
            inside[syllable] = max(inside.get(syllable, 0), people)
    kept = [
        (word, people)
        for word, people in single.items()
        if people >= least and inside.get(word, 0) < MOSTLY * people and not word.isdigit()
    ]
    ranked = sorted([*kept, *pairs.items()], key=lambda one: (-one[1], one[0]))
    return tuple(ranked[:most])


def _bound(single: Mapping[str, int], pairs: Mapping[str, int]) -> dict[str, int]:
    """The pairs without those that only lie across two words: of ``hồ sơ chậm`` not ``sơ chậm``, since nearly all who
    say ``sơ`` say ``hồ sơ``."""
    best: dict[str, str] = {}
    for pair, people in pairs.items():
        for syllable in pair.split():
            if people > pairs.get(best.get(syllable, ""), 0):
                best[syllable] = pair
    mostly = {one: pair for one, pair in best.items() if pairs[pair] >= MOSTLY * single.get(one, 0)}
    return {
        pair: people
        for pair, people in pairs.items()
        if all(mostly.get(syllable, pair) == pair for syllable in pair.split())
    }


def _by_person(comments: Iterable[tuple[object, str]]) -> Mapping[object, tuple[dict[str, None], dict[str, None]]]:
    """Person → the syllables and the pairs they used, in the order they used them."""
    used: dict[object, tuple[dict[str, None], dict[str, None]]] = {}
    for person, text in comments:
        singles, doubles = used.setdefault(person, ({}, {}))
        for clause in re.split(r"[^\w\s]+", unicodedata.normalize("NFC", text).casefold()):
            syllables = [one for one in clause.split() if len(one) < 30]
            telling = [one not in STOP_WORDS and any(c.isalpha() for c in one) for one in syllables]
            for number, (syllable, tells) in enumerate(zip(syllables, telling, strict=True)):
                if tells and len(syllable) > 1:
                    singles[syllable] = None
                if tells and number and telling[number - 1]:
                    doubles[f"{syllables[number - 1]} {syllable}"] = None
    return used
