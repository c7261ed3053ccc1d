"""Weak evidence added up: none of it says anything of one answer, much of it says something of many. Pure.

An answer is compared with those before it behind the same collector, never with a norm. Out of its rank among them, or
of the share of them that do the same, comes an e-value: a bet that wins on average no more than its stake if the answer
is one of the crowd (Vovk and Wang 2021, to be verified). The e-values of one answer are multiplied; those of many are
added up as Page's cumulative sum of logarithms, where each bets that ``MIXED`` of the answers are none of the crowd's.
So an honest crowd brings the sum to s, from any one beginning, with a chance of at most e to the minus s.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from math import log, sqrt

SURPRISE = 7.5
"""A chance of 1 in 1,800 from any one beginning by its bound. Crowds of people, whose quick ones are not the straight
and complete ones, stay far below: under 6.6 in all that were simulated."""

MOST = 10.5
"""The sum goes no higher, so that it ends soon after what it is made of ends."""

MIXED = 0.4
"""Who stuffs wants to be seen in the results: under a third of the answers of some hours is hardly worth it."""

TILT = 0.35
"""Exponent of the bet on a rank. Small ones bet on very small ranks, 1 does not bet."""

KEPT = 192
PENDING = 160
"""Answers that a sum is made of at most."""

_PRIOR = 8.0


def bet(rank: float) -> float:
    """The e-value of a rank over 0 and up to 1, which is small where the answer is none of the crowd's."""
    return float(TILT * rank ** (TILT - 1.0))


class Ranks:
    """The last values of something measured, in order."""

    def __init__(self) -> None:
        self._order: deque[float] = deque()
        self._sorted: list[float] = []

    def __len__(self) -> int:
        return len(self._order)

    def learn(self, value: float) -> None:
        """One more; the oldest is forgotten."""
        self._order.append(value)
        insort(self._sorted, value)
        if len(self._order) > KEPT:
            del self._sorted[bisect_left(self._sorted, self._order.popleft())]

    def below(self, value: float) -> float:
        """The share of values up to this one, itself counted."""
        return (bisect_right(self._sorted, value) + 1) / (len(self._sorted) + 1)

    def above(self, value: float) -> float:
        """The share of values from this one up, itself counted."""
        return (len(self._sorted) - bisect_left(self._sorted, value) + 1) / (len(self._sorted) + 1)


class Shares:
    """How many of the last people belong to each of some classes. ``supposed``: shares before anybody has answered."""

    def __init__(self, *supposed: float) -> None:
        self._counts = [_PRIOR * one for one in supposed]
        self._people = _PRIOR

    def learn(self, which: int) -> None:
        """One more; older ones fade."""
        if self._people > 2 * KEPT:
            self._people /= 2
            self._counts = [one / 2 for one in self._counts]
        self._counts[which] += 1
        self._people += 1

    def bet(self, which: int, against: tuple[float, ...]) -> float:
        """The e-value of an answer of this class, if ``against`` are the shares among answers that are none of the
        crowd's. One standard error is added to the crowd's share."""
        share = self._counts[which] / self._people
        return against[which] / min(0.97, share + sqrt(share * (1 - share) / self._people))


class Sum:
    """A cumulative sum of bets, and the answers that it is made of."""

    def __init__(self) -> None:
        self.height = 0.0
        self._since: deque[tuple[int, float]] = deque(maxlen=PENDING)

    def add(self, e: float, reference: int) -> set[int]:
        """References of the answers that tell against the crowd, this one among them, once the sum is too high."""
        self.height = min(MOST, max(0.0, self.height + log(1 - MIXED + MIXED * e)))
        if not self.height:
            self._since.clear()
            return set()
        self._since.append((reference, e))
        if self.height < SURPRISE or e <= 1:
            return set()
        return {one for one, each in self._since if each > 1}
