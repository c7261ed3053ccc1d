"""Comments that are copies of one another. Pure; keeps hashes of the last comments only, for a day.

Two people do not write the same ten words by chance; three do write "khong co y kien". So the longer a comment, the
fewer equals it takes, and short ones prove nothing.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from survey.texts.folding import folded

KEPT = 512
"""Different comments remembered; the one not seen for longest is forgotten."""

REFERENCES = 64
"""Answers remembered with each comment, to be flagged once it is known for a copy."""

LONG, COPIES = 8, 3
"""A comment of eight words is a copy when it stands in three answers of a day."""

SHORT, MANY, SHARE = 5, 8, 0.4
"""One of five to seven words when it stands in eight and makes up two in five of the last ``RECENT`` comments: people
do share such phrases, but not all the same one."""

RECENT = 128
DAY = 86_400.0

_MOST = 400
"""Characters compared."""


def plain(text: str) -> str:
    """Words only: no case, diacritics, digits, punctuation, emoji or runs of space."""
    return " ".join("".join(c if c.isalpha() else " " for c in folded(text[:_MOST])).split())


class Comments:
    """What was written lately behind one collector."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, deque[tuple[float, int]]] = OrderedDict()
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
            key = hash(words)
            places = self._seen.pop(key, None) or deque(maxlen=REFERENCES)
            while places and places[0][0] < now - DAY:
                places.popleft()
            if not places or places[-1][1] != reference:
                places.append((now, reference))
            self._seen[key] = places
            if len(self._seen) > KEPT:
                self._seen.popitem(last=False)
            needed = COPIES if length >= LONG else max(MANY, SHARE * len(self._written))
            if len(places) >= needed:
                found.update(reference for _, reference in places)
        return found
