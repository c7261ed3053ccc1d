"""Traces of one device or program, seen in nothing but times: forms opened one after another, the same number of
seconds each time. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import exp

from survey.collection.screening.chance import count_surprise

SURPRISE = 14.0
"""−ln of the chance, as for likeness."""

KEPT = 128

AFTER = 4.0
"""Seconds within which the next form is opened by whoever has just sent one."""

SAME = 8
LEAST_SECONDS = 10
"""Shorter times lie so close together that many are equal."""

WINDOW = 64


class Devices:
    """The last arrivals behind one collector."""

    def __init__(self) -> None:
        self._sent: list[float] = []
        self._references: list[int] = []
        self._linked: list[tuple[float, set[int]]] = []
        self._seconds: list[int] = []
        self._paced: list[int] = []

    def one_by_one(self, now: float, opened: float | None, reference: int) -> set[int]:
        """Forms that form a chain: each opened just after one was sent, oftener than the traffic itself explains."""
        sent, linked = self._sent, self._linked
        found: set[int] = set()
        if opened is not None:
            first = bisect_left(sent, opened - AFTER)
            last = bisect_right(sent, opened + 1.0)
            linked.append(
                (self._chance(opened, now), {*self._references[first:last][-1:], reference} if last > first else set())
            )
            if len(linked) > WINDOW:
                linked.pop(0)
            for window in (12, 24, WINDOW):
                part = linked[-window:]
                if len(part) < window or not part[-1][1]:
                    continue
                links = sum(1 for _, pair in part if pair)
                if count_surprise(links, sum(chance for chance, _ in part)) > SURPRISE:
                    found.update(*(pair for _, pair in part))
        sent.append(now)
        self._references.append(reference)
        if len(sent) >= 2 * KEPT:
            del sent[:-KEPT], self._references[:-KEPT]
        return found

    def _chance(self, opened: float, now: float) -> float:
        """That a form opened then follows one just sent, at the rate of those minutes; never under one in a hundred."""
        sent = self._sent
        if not sent:
            return 0.01
        highest = 0.0
        for reach in (30.0, 120.0, 600.0):
            start, end = max(opened - reach, sent[0] - 5.0), min(opened + reach, now)
            number = bisect_right(sent, end) - bisect_left(sent, start)
            if number > 1:
                highest = max(highest, number / max(end - start, 10.0))
        return max(0.01, 1 - exp(-highest * (AFTER + 1.0)))

    def same_pace(self, seconds: int, reference: int) -> set[int]:
        """Forms filled in in the same time to the second, oftener than times near it explain."""
        if seconds < LEAST_SECONDS:
            return set()
        kept = self._seconds
        kept.append(seconds)
        self._paced.append(reference)
        if len(kept) > WINDOW:
            kept.pop(0)
            self._paced.pop(0)
        if kept.count(seconds - 1) + kept.count(seconds) + kept.count(seconds + 1) < SAME:
            return set()
        reach = max(4, seconds // 4)
        near = [place for place, one in enumerate(kept) if abs(one - seconds) <= reach]
        same = [place for place in near if abs(kept[place] - seconds) <= 1]
        around = len(near) - len(same)
        # Twice what evenly spread times would bring to three seconds out of those around.
        if count_surprise(len(same), 2 * 3 * (around + 2) / (2 * reach - 2)) < SURPRISE:
            return set()
        return {self._paced[place] for place in same}
