"""Pages opened in a row like by a clock, held back, and sent much later: fetched in store by a program. Pure.

People hold pages back too: they are called in, put the phone away, finish at home. But then others who opened the
page at the same moment send it at once, and crowds open in waves, at first many and then fewer. What is looked for are
therefore openings close together of which nobody sent the form soon, evenly spread or all in half a minute, where pages
opened at other times are seldom held. Where everybody was asked to open the page before the talk and to send it after,
nothing is said.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from math import sqrt

from survey.collection.screening.chance import share_surprise

HELD = 600
"""Seconds after which nobody is still filling in: the longest questionnaire takes slow people eight minutes."""

KEPT = 384
"""Answers whose openings are remembered."""

APART = 30.0
"""Seconds without an opening that end a row."""

LEAST = 8
SOON = 0.03
"""Of a row, so many may have been sent soon: somebody honest opens a page at any time."""

SELDOM, OTHERS = 0.10, 8
"""Share of pages held that is supposed at least, as if of so many others."""

SURPRISE = 14.0
"""−ln of the chance, as for likeness."""

AT_ONCE = 30.0
EVEN = 1.2
"""Kolmogorov's distance from an even spread, times √n. A clock stays under 0.8, pages fetched at random moments nine
times in ten under 1.2; the wave after an announcement, whose rate falls off, reaches 2 with fifty people."""


class Held:
    """When the pages of the last answers behind one collector were opened."""

    def __init__(self) -> None:
        self._opened: list[tuple[float, int, bool]] = []
        self._arrived: deque[tuple[float, int, bool]] = deque()
        self._held = 0

    def observe(self, opened: float, seconds: int, reference: int) -> set[int]:
        """References of the answers, this one among them, whose pages were fetched in store."""
        this = (opened, reference, seconds >= HELD)
        insort(self._opened, this)
        self._arrived.append(this)
        self._held += this[2]
        if len(self._arrived) > KEPT:
            oldest = self._arrived.popleft()
            del self._opened[bisect_left(self._opened, oldest)]
            self._held -= oldest[2]
        if not this[2] or self._held < LEAST:
            return set()
        row = self._row(bisect_left(self._opened, this))
        held = [one for one in row if one[2]]
        if len(held) < LEAST or len(row) - len(held) > SOON * len(row):
            return set()
        others = len(self._opened) - len(row)
        usual = (self._held - len(held) + SELDOM * OTHERS) / (others + OTHERS)
        if share_surprise(len(held), len(row), max(usual, SELDOM)) < SURPRISE or not _even([one[0] for one in row]):
            return set()
        return {one[1] for one in held}

    def _row(self, here: int) -> list[tuple[float, int, bool]]:
        opened = self._opened
        start = end = here
        while start and opened[start][0] - opened[start - 1][0] <= APART:
            start -= 1
        while end + 1 < len(opened) and opened[end + 1][0] - opened[end][0] <= APART:
            end += 1
        return opened[start : end + 1]


def _even(times: list[float]) -> bool:
    """Whether these times, in order, lie as evenly as a clock's, or so close that there is no telling."""
    first, length = times[0], times[-1] - times[0]
    if length <= AT_ONCE:
        return True
    number = len(times) - 1
    farthest = max(abs((one - first) / length - place / number) for place, one in enumerate(times))
    return farthest * sqrt(number) <= EVEN
