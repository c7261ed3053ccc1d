"""Answers that are none of the crowd's: by a practised hand, drawn by lot, or by a program that waits. Pure.

Bets on three kinds of stuffing, each on evidence that people give too, only seldom together and never so many in a row:

- a practised hand fills a form in sooner than others who answer alike, goes down the page in one line and leaves
  nothing out;
- who draws by lot has an answer to everything, and ratings that hang together less than one person's do;
- a program that waits does so for long, has an answer to everything, and varies it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from survey.collection.screening.evidence import PENDING, Ranks, Shares, Sum, bet
from survey.collection.screening.flags import Flag
from survey.collection.screening.limits import CROWDS, Limits
from survey.collection.screening.plan import Plan
from survey.definition.routing import Answers

LEAST_SCALES = 5
"""Ratings a questionnaire and an answer must have for lines and variance to mean anything."""

KNOWN = 20
"""Answers that make a crowd to compare with."""

LINE = (0.15, 0.21, 0.03, 0.61)
"""Under a practised hand: no line, a line at the low end, in the middle, at the high end. Few bother to vary."""

VARIED = (0.85, 0.03, 0.03, 0.09)
"""The same under a program that waits: one that sends lines is found out as such."""

COMPLETE = (0.03, 0.97)
"""Leaving out, leaving nothing out: whoever has no opinion of his own has no reason to leave anything out."""

TYPING = 0.3
"""Seconds a character takes."""

EASIER = 1.5
"""Times as quick as others a line is ticked by people, while few lines are known here."""

STRETCH = 600.0
"""Seconds without an answer after which a wave begins anew."""

TAUGHT = 4
"""Every so many of the answers flagged teach what is usual all the same, so that a false alarm ends."""


@dataclass(frozen=True, slots=True)
class _Look:
    """``line``: place in ``LINE``; ``variance`` of the ratings; ``complete``: 1 if every rating asked for was given;
    ``pace``: log of the seconds an answer took, None if unknown."""

    reference: int
    line: int
    variance: float
    complete: int
    pace: float | None


class Crowd:
    """The answers to one questionnaire behind one collector, each as a few numbers."""

    def __init__(self) -> None:
        self._paces = (Ranks(), Ranks())
        self._variances = Ranks()
        self._lines = Shares(0.5, 0.04, 0.06, 0.4)
        self._complete = Shares(0.2, 0.8)
        self._sums = {Flag.PRACTISED: Sum(), Flag.SCATTERED: Sum(), Flag.WAITING: Sum()}
        self._pending: deque[_Look] = deque()
        self._doubted: set[int] = set()
        self._started = self._last = 0.0
        self._flagged = 0

    def observe(
        self,
        plan: Plan,
        row: list[int],
        scores: list[int],
        answers: Answers,
        seconds: int | None,
        now: float,
        reference: int,
        limits: Limits,
    ) -> Mapping[Flag, set[int]]:
        """By flag the references of the answers that tell against the crowd."""
        if plan.scales < LEAST_SCALES or len(scores) < LEAST_SCALES:
            return {}
        parts = sum(map(bool, row)) + 2  # the notice and the button take time too
        if not limits.timed:
            seconds = None
        look = _look(plan, scores, answers, seconds, reference, parts)
        longest = self._wave(now, seconds)
        found: dict[Flag, set[int]] = {}
        if len(self._variances) >= KNOWN:
            for flag, e in self._bets(look, log(longest / parts), limits.kind).items():
                found[flag] = self._sums[flag].add(e, reference)
                self._doubted |= found[flag]
        self._pending.append(look)
        if not any(one.height for one in self._sums.values()):
            while self._pending:
                self._learn(self._pending.popleft())
            self._doubted.clear()
        elif len(self._pending) > PENDING:
            self._learn(self._pending.popleft())
        return found

    def _wave(self, now: float, seconds: int | None) -> float:
        """Seconds since the first page of this wave was opened: nobody in it can have taken longer."""
        opened = now - min(seconds or 0, STRETCH)
        if now - self._last > STRETCH:
            self._started = opened
        self._last = now
        self._started = min(self._started, opened)
        return max(now - self._started, 1.0)

    def _bets(self, look: _Look, longest: float, kind: str) -> dict[Flag, float]:
        complete = self._complete.bet(look.complete, COMPLETE)
        fast, slow = self._pace_bets(look, longest, kind)
        bets = {Flag.SCATTERED: bet(self._variances.above(look.variance)) * complete}
        if look.pace is not None:
            bets[Flag.PRACTISED] = fast * self._lines.bet(look.line, LINE) * complete
            bets[Flag.WAITING] = slow * self._lines.bet(look.line, VARIED) * complete
        return bets

    def _pace_bets(self, look: _Look, longest: float, kind: str) -> tuple[float, float]:
        """E-values of a quick and of a slow hand, among those who went down in a line too, or did not either."""
        alike, others = self._paces[look.line > 0], self._paces[not look.line]
        if look.pace is None or max(len(alike), len(others)) < KNOWN:
            return 1.0, 1.0
        paces, allowed = alike, 0.0
        if len(alike) < KNOWN:
            paces, allowed = others, log(EASIER) if look.line else 0.0
        # Of a wave that has just begun only the quickest have come, and the slowest are its last.
        come = paces.below(longest + allowed) if kind in CROWDS else 1.0
        fast = bet(min(1.0, paces.below(look.pace + allowed) / come))
        no_slow = kind in CROWDS or (paces is others and not look.line)
        return fast, 1.0 if no_slow else bet(paces.above(look.pace))

    def _learn(self, look: _Look) -> None:
        if look.reference in self._doubted:
            self._doubted.discard(look.reference)
            self._flagged += 1
            if self._flagged % TAUGHT:
                return
        if look.pace is not None:
            self._paces[look.line > 0].learn(look.pace)
        self._variances.learn(look.variance)
        self._lines.learn(look.line)
        self._complete.learn(look.complete)


def _look(plan: Plan, scores: list[int], answers: Answers, seconds: int | None, reference: int, parts: int) -> _Look:
    number = len(scores)
    middle = sorted(scores)[number // 2]
    line = 0
    if number - scores.count(middle) <= max(1, number // 6):
        line = 1 if middle <= 2 else 2 if middle == 3 else 3
    mean = sum(scores) / number
    variance = sum(score * score for score in scores) / number - mean * mean
    asked = sum(key in answers for key, _ in plan.one[: plan.scales])
    pace = None
    if seconds is not None:
        typed = sum(len(text) for key in plan.texts if isinstance(text := answers.get(key), str))
        pace = log(max(seconds - TYPING * typed, 1 + parts / 4) / parts)
    return _Look(reference, line, round(variance, 6), int(asked == number), pace)
