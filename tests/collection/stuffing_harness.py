"""How a detector is tried on streams of answers, whoever made them: who gets which answer, what is flagged, the bars.

Each answer reaches one of several processes at random, as behind a server with as many workers, so each sees a part. An
answer counts as flagged when it was flagged on arrival or by an answer that came later.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from survey.collection.screening import Flag, Limits, Submission, Verdict

FULL = bool(os.environ.get("PHIEU_PROVE"))

FOUND, SPARED = 0.90, 0.01
"""Nine in ten of each style are to be flagged, and one in a hundred of each honest crowd at most."""

Observe = Callable[[Submission, str, Limits], Verdict]
Detector = Callable[[], Observe]
"""Makes what one process knows of one collector; the text names the questionnaire."""


def sleepy() -> Observe:
    """Flags nothing."""
    return lambda submission, name, limits: Verdict(frozenset(), {})


def zealous() -> Observe:
    """Flags everything."""
    return lambda submission, name, limits: Verdict(frozenset({Flag.BURST}), {})


@dataclass
class Count:
    """Flagged and all answers of one kind, over all seeds; ``shares`` are flagged by seed."""

    flagged: int = 0
    answers: int = 0
    shares: list[float] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Flagged, of all."""
        return self.flagged / self.answers

    def add(self, flags: list[set[str]]) -> None:
        """The answers of one stream."""
        flagged = sum(map(bool, flags))
        self.flagged += flagged
        self.answers += len(flags)
        self.shares.append(flagged / len(flags))
        self.flags.update(flag for each in flags for flag in each)

    def line(self, name: str) -> str:
        """For the tables that ``pytest -s`` shows."""
        flags = ", ".join(f"{flag} {number}" for flag, number in self.flags.most_common())
        seeds = f"{min(self.shares):.1%} to {max(self.shares):.1%} by seed"
        return f"{name:16} {self.flagged:6} of {self.answers:6} {self.share:7.2%} ({seeds}); {flags}"


def seen(
    detector: Detector, name: str, limits: Limits, sent: Sequence[Submission], chance: random.Random
) -> list[set[str]]:
    """The flags that each submission has in the end."""
    processes = [detector() for _ in range(limits.processes)]
    flags: dict[int, set[str]] = {one.reference: set() for one in sent}
    for one in sent:
        verdict = chance.choice(processes)(one, name, limits)
        flags[one.reference] |= set(map(str, verdict.flags))
        for before, added in verdict.earlier.items():
            flags[before] |= set(map(str, added))
    return [flags[one.reference] for one in sent]
