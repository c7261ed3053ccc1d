"""How much stuffing is flagged, and how many honest people, on streams the detector was not tuned on.

The promise: nine in ten of each style, at most one in a hundred of each crowd. Two processes share each stream, as two
workers of a server do; an answer counts as flagged on arrival or later. ``PHIEU_PROVE=1``: forty seeds and exact lists;
otherwise a few seeds, which the lists only bound. ``pytest -s`` shows the tables.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

from survey.collection.answers import check, digest
from survey.collection.screening import Flag, Limits, Rhythm, Submission, Verdict
from tests.collection.fresh_crowds import CROWDS, ZONE, Stream, honest
from tests.collection.fresh_people import questionnaire, regiven
from tests.collection.fresh_stuffing import STYLES, shares_by_day, stuffed

PROVE = bool(os.environ.get("PHIEU_PROVE"))
SEEDS = 40 if PROVE else 2
FOUND, SPARED = 0.90, 0.01

UNSEEN = frozenset({"top_marks", "rubber_stamp", "staff_order", "hired_hands", "noon_clerk", "slow_script", "mimic"})
"""Styles of which fewer than nine in ten answers are flagged over forty seeds: a promise not kept yet."""

DISTURBED = frozenset({"television"})
"""Honest crowds of which more than one answer in a hundred is flagged over forty seeds: likewise."""

UNEVEN: frozenset[str] = frozenset()
"""What meets its bar over forty seeds and not over the first few."""

Observe = Callable[[Submission, str, Limits], Verdict]
Detector = Callable[[], Observe]
"""Makes what one process knows of one collector."""


def shipped() -> Observe:
    """The product's."""
    rhythm = Rhythm()
    return lambda submission, name, limits: rhythm.observe(submission, questionnaire(name), limits)


def sleepy() -> Observe:
    """Flags nobody."""
    return lambda submission, name, limits: Verdict(frozenset(), {})


def zealous() -> Observe:
    """Flags everybody."""
    return lambda submission, name, limits: Verdict(frozenset(list(Flag)[:1]), {})


@dataclass
class Tally:
    """``flags`` of each answer of one kind, over all seeds; ``shares`` flagged by seed."""

    flags: list[set[str]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def add(self, flags: list[set[str]]) -> None:
        """One more seed."""
        self.flags += flags
        self.shares.append(sum(map(bool, flags)) / len(flags))

    @property
    def share(self) -> float:
        """Flagged, of all."""
        return sum(map(bool, self.flags)) / len(self.flags)

    def line(self) -> str:
        """For the tables."""
        counted = Counter(flag for flags in self.flags for flag in flags).most_common()
        seeds = f"{min(self.shares):.1%} to {max(self.shares):.1%} by seed"
        return f"{self.share:7.2%} of {len(self.flags):6} ({seeds}); " + ", ".join(f"{k} {n}" for k, n in counted)


def flags_of(detector: Detector, stream: Stream, chance: random.Random, processes: int = 2) -> list[set[str]]:
    """The flags that each event of the stream has in the end."""
    workers = [detector() for _ in range(processes)]
    limits = Limits(kind=stream.kind, hours=stream.hours, budget=stream.budget, processes=processes)
    references = chance.sample(range(1 << 40), len(stream.events))
    flags: dict[int, set[str]] = {reference: set() for reference in references}
    for reference, event in zip(references, stream.events, strict=True):
        mark = digest(stream.instrument, event.answers)
        local = event.at.astimezone(ZONE)
        submission = Submission(event.at, event.seconds, event.answers, mark, reference, local)
        verdict = chance.choice(workers)(submission, stream.instrument, limits)
        flags[reference] |= set(map(str, verdict.flags))
        for before, more in verdict.earlier.items():
            flags[before] |= set(map(str, more))
    return [flags[reference] for reference in references]


@cache
def of_styles(detector: Detector, seeds: int = SEEDS) -> dict[str, tuple[Tally, Tally]]:
    """By style: what was stuffed, and the honest answers beside it."""
    table = {name: (Tally(), Tally()) for name in STYLES}
    for name, tallies in table.items():
        for seed in range(seeds):
            stream = stuffed(name, seed)
            flags = flags_of(detector, stream, random.Random(f"fresh split {name} {seed}"))
            for tally, kind in zip(tallies, (True, False), strict=True):
                tally.add([one for one, event in zip(flags, stream.events, strict=True) if event.stuffed is kind])
    return table


@cache
def of_crowds(detector: Detector, seeds: int = SEEDS) -> dict[str, Tally]:
    """By crowd, where nobody stuffs."""
    table = {name: Tally() for name in CROWDS}
    for name, tally in table.items():
        for seed in range(seeds):
            tally.add(flags_of(detector, honest(name, seed), random.Random(f"fresh split {name} {seed}")))
    return table


def test_stuffing_of_each_style_is_flagged_unless_it_is_known_to_pass() -> None:
    table = of_styles(shipped)
    for name, (bad, good) in table.items():
        print(
            f"\n{'found' if bad.share >= FOUND else 'MISSED':9} {name:16} {bad.line()}; honest {good.share:.2%}", end=""
        )
    assert len(STYLES) == 10 and set(STYLES) > UNSEEN
    missed = {name for name, (bad, _) in table.items() if bad.share < FOUND}
    assert missed == UNSEEN if PROVE else missed <= UNSEEN | UNEVEN


def test_each_honest_crowd_is_left_alone_unless_it_is_known_to_be_disturbed() -> None:
    table = of_crowds(shipped)
    for name, tally in table.items():
        print(f"\n{'in peace' if tally.share <= SPARED else 'DISTURBED':9} {name:16} {tally.line()}", end="")
    assert len(CROWDS) == 12 and set(CROWDS) > DISTURBED
    over = {name for name, tally in table.items() if tally.share > SPARED}
    assert over == DISTURBED if PROVE else over <= DISTURBED | UNEVEN


def test_a_detector_that_sleeps_misses_every_style_and_a_zealous_one_disturbs_every_crowd() -> None:
    assert all(bad.share < FOUND for bad, _ in of_styles(sleepy, 1).values())
    assert all(tally.share <= SPARED for tally in of_crowds(sleepy, 1).values())
    assert all(bad.share >= FOUND for bad, _ in of_styles(zealous, 1).values())
    assert all(tally.share > SPARED for tally in of_crowds(zealous, 1).values())


@pytest.mark.parametrize("name", STYLES)
def test_each_style_is_valid_repeatable_and_at_least_a_fifth_of_its_days(name: str) -> None:
    stream = stuffed(name, 1)
    assert stream == stuffed(name, 1) != stuffed(name, 2)
    assert min(shares_by_day(stream).values()) >= 0.2
    _is_valid(stream)


@pytest.mark.parametrize("name", CROWDS)
def test_each_crowd_is_valid_repeatable_and_honest(name: str) -> None:
    stream = honest(name, 1)
    assert stream == honest(name, 1) != honest(name, 2)
    assert len(stream.events) >= 20 and not any(event.stuffed for event in stream.events)
    _is_valid(stream)


def _is_valid(stream: Stream) -> None:
    assert [event.at for event in stream.events] == sorted(event.at for event in stream.events)
    for event in stream.events:
        checked = check(questionnaire(stream.instrument), regiven(event.answers))
        assert (checked.answers, checked.errors, checked.dropped) == (event.answers, (), ())
        assert event.seconds is None or event.seconds >= 0
