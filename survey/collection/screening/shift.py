"""A habit of answering that suddenly far more people have: straight lines, or ratings as if drawn by lot. Pure.

One straight line proves nothing, nor do many where many are usual. Judged is the share among the last answers against
the share among those before, which this collector itself has brought; until there are ``KNOWN`` of them nothing is
said. Answers known for copies are left out: they are no habit of the crowd.
"""

from __future__ import annotations

from survey.collection.screening.chance import share_surprise

WINDOWS = (12, 24, 48, 96)
KNOWN = 24
"""Answers from before the window that make a share known. They count no further back than about ``MEMORY``."""

MEMORY = 400.0
LEAST = 8
"""Ratings a line must have: a straight line of three items is nothing."""

FLOOD = 0.25
"""What a flagged answer counts for what is usual: a flood must not become the custom, a false alarm must end."""

SURPRISE = 14.0
HONEST = 0.2
"""As for likeness, but stricter: that a crowd grows more content is no reason to flag it."""

_PRIOR, _SHARE = 6.0, 0.3
SCATTER = 1.4
"""Variance of one person's ratings in places of a five-point list. Drawn by lot it is 2; people stay under 1."""


def habit(scores: list[int]) -> str:
    """The level of a straight line (one item in ten may differ), ``scattered``, or nothing."""
    number = len(scores)
    if number < LEAST:
        return ""
    middle = sorted(scores)[number // 2]
    if scores.count(middle) >= number - max(1, number // 10):
        return f"line {middle}"
    mean = sum(scores) / number
    if sum((score - mean) ** 2 for score in scores) > SCATTER * number:
        return "scattered"
    return ""


class Shift:
    """The last answers' habits, what of them tells the usual (None: flagged), and how usual each was before."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._usual: list[str | None] = []
        self._references: list[int] = []
        self._people = 0.0
        self._shares: dict[str, float] = {}

    def observe(self, seen: str, reference: int) -> list[int]:
        """References of the answers, this one among them, whose habit has become far more frequent than it was."""
        self._seen.append(seen)
        self._usual.append(seen)
        self._references.append(reference)
        if len(self._seen) > WINDOWS[-1]:
            self._references.pop(0)
            self._learn(self._seen.pop(0), 1.0 if self._usual.pop(0) is not None else FLOOD)
        if not seen:
            return []
        surprise, window = max((self._risen(seen, window), window) for window in WINDOWS)
        if surprise < SURPRISE:
            return []
        number = len(self._seen)
        places = [place for place in range(number - window, number) if self._seen[place] == seen]
        for place in places:
            self._usual[place] = None
        return [self._references[place] for place in places]

    def leave_out(self, references: set[int]) -> None:
        """Forgets the habits of these answers."""
        for place, one in enumerate(self._references):
            if one in references:
                self._seen[place], self._usual[place] = "", None

    def _risen(self, seen: str, window: int) -> float:
        """How surprising the number among the last ``window`` is; 0 when too few of them are surplus."""
        before = self._usual[:-window]
        people = self._people + len(before) - before.count(None)
        if people < KNOWN or window > len(self._seen):
            return 0.0
        usual = self._shares.get(seen, 0.0) + before.count(seen)
        usual = max(usual / people, (usual + _PRIOR * _SHARE) / (people + _PRIOR))
        # Two standard errors more, since few answers tell a share only roughly.
        usual = min(0.99, usual + 2 * (usual * (1 - usual) / people) ** 0.5)
        count = self._seen[-window:].count(seen)
        now = count / window
        if now <= usual or usual * (1 - now) > HONEST * (1 - usual) * now:
            return 0.0
        return share_surprise(count, window, usual)

    def _learn(self, habit: str, weight: float) -> None:
        if self._people >= MEMORY:
            self._people *= 0.5
            self._shares = {one: number * 0.5 for one, number in self._shares.items()}
        self._people += weight
        if habit:
            self._shares[habit] = self._shares.get(habit, 0.0) + weight
