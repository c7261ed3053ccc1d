"""Too many at once: arrivals and openings of forms far beyond what the collector is used to. Pure.

A scan statistic: for the last 10, 15, 22 … answers, how many would the custom have brought in that time? Customs vary
from day to day, so the count is taken for negative binomial, and the chance must be under ``LEVEL``. Where a stretch is
a burst, all of it is, also what came before anyone could know.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from functools import lru_cache
from math import log

from survey.collection.screening.chance import least_expected

KEPT = 400
"""Answers looked back on; twice as many are held at most."""

OPENED = 128
"""Times of opening looked back on."""

WINDOWS = (8, 10, 13, 16, 20, 25, 32, 40, 50, 63, 80, 100, 128, 170, 230, 300, 400)
LEVEL = 1e-5
"""Chance of a false alarm at one look; some hundred looks a day are independent."""

GROUP = 120.0
"""Seconds added to every stretch: people come in families and groups, who all answer within a minute or two."""

APART = 4.6
"""Mean gaps of a burst after which an answer does not belong to it any more: a chance of 1 in 100."""

_UNKNOWN = 1e9


@lru_cache(maxsize=8)
def critical(shape: float) -> tuple[float, ...]:
    """For each window the number that the custom must fall short of for it to be a burst."""
    return tuple(least_expected(window - 1, shape, LEVEL) for window in WINDOWS)


class Pace:
    """Arrivals behind one collector. ``times`` are seconds, ``expected`` how many answers the custom would have brought
    until then, counted from any beginning."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._expected: list[float] = []
        self._references: list[int] = []
        self._opened: list[tuple[float, int]] = []

    def observe(
        self,
        now: float,
        opened: float | None,
        reference: int,
        rate: float | None,
        highest: float | None,
        shape: float,
        wave: float = 0.0,
    ) -> set[int]:
        """References of the answers that belong to a burst seen with this one; ``wave``: people who come at once."""
        times, expected = self._times, self._expected
        before = times[-1] if times else now
        gap = min(now - before, 172_800.0)
        passed = gap * rate if rate is not None else _UNKNOWN
        times.append(now)
        expected.append((expected[-1] if expected else 0.0) + passed)
        self._references.append(reference)
        if len(times) >= 2 * KEPT:
            del times[:-KEPT], expected[:-KEPT], self._references[:-KEPT]
        if rate is None or highest is None:
            return set()
        found = self._arrivals(shape, GROUP * rate + wave)
        if opened is not None:
            found |= self._openings(now, opened, reference, highest, shape, wave)
        return found

    def _arrivals(self, shape: float, group: float) -> set[int]:
        times, expected = self._times, self._expected
        best, start = 0.0, -1
        for window, least in zip(WINDOWS, critical(shape), strict=True):
            if window > len(times):
                break
            usual = expected[-1] - expected[-window] + group
            if usual < least:
                excess = window * log(window / usual) - (window - usual)
                if excess > best:
                    best, start = excess, len(times) - window
        if start < 0:
            return set()
        number = len(times) - start
        if times[-1] - times[-2] > APART * (times[-1] - times[start]) / (number - 1):
            return set()
        return set(self._references[start:])

    def _openings(
        self, now: float, opened: float, reference: int, highest: float, shape: float, wave: float
    ) -> set[int]:
        """A form opened an hour before it was sent belongs to the stretch in which it was opened."""
        all_opened = self._opened
        insort(all_opened, (opened, reference))
        if len(all_opened) > OPENED:
            all_opened.pop(0)
        here = bisect_right(all_opened, (opened, reference)) - 1
        best: list[tuple[float, int]] = []
        most = 0.0
        for window, least in zip(WINDOWS[::2], critical(shape)[::2], strict=True):
            if window > len(all_opened):
                break
            # As long as a stretch may be and still be too many for the custom.
            longest = (least - wave) / highest - GROUP
            for start in (here - window + 1, here - window // 2, here):
                if start < 0 or start + window > len(all_opened):
                    continue
                length = all_opened[start + window - 1][0] - all_opened[start][0]
                if length < longest:
                    usual = (length + GROUP) * highest + wave
                    excess = window * log(window / usual) - (window - usual)
                    if excess > most:
                        best, most = all_opened[start : start + window], excess
        if not best:
            return set()
        around = all_opened[max(here - 1, 0) : here + 2]
        nearest = min(abs(one - opened) for one, other in around if other != reference)
        return (
            {one for _, one in best} if nearest <= APART * (best[-1][0] - best[0][0]) / (len(best) - 1) + 1 else set()
        )
