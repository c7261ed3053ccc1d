"""One button of a kiosk pressed again and again, seen in a row of taps. Pure.

A rush is no proof: when a group leaves, forty people tap within minutes, and many of them the same face. Whoever
hammers is told by both together: the same tap as before, and again before anybody else could have stepped up. Each tap
adds how much better somebody hammering explains it than a queue does (ln of the ratio of the two chances); the sum
starts anew wherever a queue explains the taps better (Page's cumulative sum). The page is made anew after each tap, so
its age tells the wait since the last one even where processes share the taps.
"""

from __future__ import annotations

from collections import Counter, deque
from math import log

SURPRISE = 6.0
"""Sum at which one does not believe in a queue: by its bound a chance of 1 in 400 from any one beginning, and far less
since AGREE, LIKED and QUEUE each favour the queue."""

MOST = 10.0
"""The sum goes no higher, so that it ends soon after the hammering does."""

KEPT = 400
"""Taps that tell how often each answer is given and how long people wait."""

RUN = 128

AGREE = 0.3
"""Of those who tap otherwise as a rule, so many are taken to agree with whoever tapped before: groups share a mood."""

LIKED, FEW = 0.8, 20
"""Share of any answer supposed beforehand, as if of so many taps: there are offices that nearly everybody likes."""

SLIPS = 0.05
"""Of the taps of somebody hammering, so many hit another face."""

MIXED = 0.7
"""Of the taps while somebody hammers, so many are theirs: others may step in between."""

AT_ONCE, NEXT = 1, 7
"""Seconds: the thanks are hardly over; the next of a queue has stepped up and tapped at the earliest."""

HAMMERING = (0.30, 0.67, 0.03)
QUEUE = (0.15, 0.45, 0.40)
"""Shares of taps at once, within reach and later when somebody hammers, and at least in the densest queue. Where a
kiosk's own taps come faster than that, its own shares count: its screen is quick."""

UNKNOWN = 200
"""Taps it takes until a kiosk's own shares count as much as these."""

_SCREEN = 2.0
TOO_MANY = 32
"""So many taps in under two seconds each come from no screen, whatever they say."""


class Taps:
    """The last taps on one kiosk."""

    def __init__(self) -> None:
        self._kept: deque[tuple[bytes, int]] = deque()
        self._rows: Counter[bytes] = Counter()
        self._waits = [0, 0, 0]
        self._times: deque[tuple[float, int]] = deque(maxlen=TOO_MANY)
        self._sum = 0.0
        self._row = b""
        self._run: deque[int] = deque(maxlen=RUN)

    def hammered(self, now: float, waited: int | None, row: list[int], reference: int) -> set[int]:
        """References of the taps, this one among them, that somebody hammered. ``waited``: seconds since the page was
        made."""
        if waited is None:
            waited = int(now - self._times[-1][0]) if self._times else NEXT + 1
        answer = b"".join(one.to_bytes(2) for one in row)
        wait = 0 if waited <= AT_ONCE else 1 if waited <= NEXT else 2
        if not self._sum:
            self._row = answer
            self._run.clear()
        self._sum = min(MOST, max(0.0, self._sum + self._evidence(answer, wait)))
        self._times.append((now, reference))
        if self._sum < SURPRISE:  # else it would make itself the custom
            self._learn(answer, wait)
        if not self._sum or wait == 2:
            return set()
        self._run.append(reference)
        return set(self._run) if self._sum >= SURPRISE else set()

    def too_many(self, processes: int) -> set[int]:
        """References of the last taps if one screen cannot have sent them; each process sees its share of them."""
        times = self._times
        if len(times) < TOO_MANY or times[-1][0] - times[0][0] > _SCREEN * processes * (TOO_MANY - 1):
            return set()
        return {reference for _, reference in times}

    def _evidence(self, answer: bytes, wait: int) -> float:
        number = len(self._kept)
        usual = (self._rows[self._row] + LIKED * FEW) / (number + FEW)
        usual += (1 - usual) * AGREE
        same = (1 - SLIPS) / usual if answer == self._row else SLIPS / (1 - usual)
        own = (self._waits[wait] + UNKNOWN * QUEUE[wait]) / (number + UNKNOWN)
        return log(1 - MIXED + MIXED * same * HAMMERING[wait] / max(QUEUE[wait], own))

    def _learn(self, answer: bytes, wait: int) -> None:
        self._kept.append((answer, wait))
        self._rows[answer] += 1
        self._waits[wait] += 1
        if len(self._kept) > KEPT:
            answer, wait = self._kept.popleft()
            self._rows[answer] -= 1
            if not self._rows[answer]:
                del self._rows[answer]
            self._waits[wait] -= 1
