"""Comments that are copies of one another. Pure; keeps hashes of the last comments only, for a day.

Two people do not write the same ten words by chance; three do write "khong co y kien". So the longer a comment, the
fewer equals it takes, and short ones prove nothing. A long one that goes round a group gets a greeting in front or a
word behind: long ones are therefore compared by passages, of which the same few are picked from each (those with the
least hashes; Broder 1997, to be verified).
"""

from __future__ import annotations

from collections import OrderedDict, deque
from zlib import crc32

from survey.texts.folding import folded

KEPT = 768
"""Different comments and passages remembered; the one not seen for longest is forgotten."""

REFERENCES = 64
"""Answers remembered with each comment, to be flagged once it is known for a copy."""

LONG, COPIES = 8, 3
"""A comment of eight words is a copy when it stands in three answers of a day."""

SHORT, MANY, SHARE = 5, 8, 0.4
"""One of five to seven words when it stands in eight and makes up two in five of the last ``RECENT`` comments: people
do share such phrases, but not all the same one."""

RECENT = 128
PASSAGE, PICKED = 9, 3
"""Words of a passage and how many are picked."""

DAY = 86_400.0

_MOST = 400
"""Characters compared."""


def plain(text: str) -> str:
    """Words only: no case, diacritics, digits, punctuation, emoji or runs of space."""
    return " ".join("".join(c if c.isalpha() else " " for c in folded(text[:_MOST])).split())


def keys(words: str) -> list[int]:
    """Hashes under which a comment is found again: its own, or those of the passages picked from a long one."""
    each = words.split()
    if len(each) <= PASSAGE:
        return [crc32(words.encode())]
    passages = {crc32(" ".join(each[at : at + PASSAGE]).encode()) for at in range(len(each) - PASSAGE + 1)}
    return sorted(passages)[:PICKED]


class Comments:
    """What was written lately behind one collector."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, list[tuple[float, int]]] = OrderedDict()
        self._written: deque[float] = deque(maxlen=RECENT)

    def observe(self, texts: list[str], reference: int, now: float) -> set[int]:
        """References of the answers, this one among them, whose comment is a copy."""
        found: set[int] = set()
        for text in texts:
            words = plain(text)
            length = words.count(" ") + 1
            if not words:
                continue
            self._written.append(now)
            if length < SHORT:
                continue
            needed = COPIES if length >= LONG else max(MANY, SHARE * len(self._written))
            for key in keys(words):
                places = self._note(key, reference, now)
                if len(places) >= needed:
                    found.update(reference for _, reference in places)
        return found

    def _note(self, key: int, reference: int, now: float) -> list[tuple[float, int]]:
        places = self._seen.pop(key, None) or []
        while places and places[0][0] < now - DAY:
            places.pop(0)
        if not places or places[-1][1] != reference:
            places.append((now, reference))
            del places[:-REFERENCES]
        self._seen[key] = places
        if len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        return places
