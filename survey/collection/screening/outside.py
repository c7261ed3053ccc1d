"""Answers opened and sent while nobody was served, when there are more than a few who answer from home. Pure."""

from __future__ import annotations

from collections import deque

from survey.collection.screening.chance import count_surprise

HALF_A_DAY = 43_200.0
KEPT = 128

AT_HOME = 0.03
"""Of the answers of a day, so many come from people who took a photograph of the code or the link home."""

FEW = 0.5
"""Expected at least, so that it takes four."""

SURPRISE = 4.0
"""−ln of the chance: once in fifty nights would be too often by numbers alone; but nobody was served."""


class Outside:
    """The last answers outside opening hours behind one collector."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=KEPT)

    def observe(self, now: float, reference: int, of_the_day: int) -> set[int]:
        """References of the answers outside hours, this one among them, that are too many for people at home;
        ``of_the_day``: answers of the last day."""
        seen = self._seen
        seen.append((now, reference))
        while seen[0][0] < now - HALF_A_DAY:
            seen.popleft()
        if count_surprise(len(seen), max(FEW, AT_HOME * (of_the_day - len(seen)))) < SURPRISE:
            return set()
        return {one for _, one in seen}
