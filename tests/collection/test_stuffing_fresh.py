"""How much stuffing is flagged, and how many honest people, on streams the detector was not tuned on.

The promise: nine in ten of each style, at most one in a hundred of each crowd. Two processes share each stream, as two
workers of a server do; an answer counts as flagged on arrival or later. ``PHIEU_PROVE=1``: forty seeds and exact lists;
otherwise a few seeds, which the lists only bound. ``pytest -s`` shows the tables.
"""

from __future__ import annotations

import random
from functools import cache

import pytest

from survey.collection.answers import check, digest
from survey.collection.screening import Limits, Rhythm, Submission
from tests.collection.fresh_crowds import CROWDS, ZONE, Stream, honest
from tests.collection.fresh_people import questionnaire, regiven
from tests.collection.fresh_stuffing import STYLES, shares_by_day, stuffed
from tests.collection.stuffing_harness import FOUND, FULL, SPARED, Count, Detector, Observe, seen, sleepy, zealous

SEEDS = 40 if FULL else 2

UNSEEN = frozenset({"top_marks", "rubber_stamp", "staff_order", "hired_hands", "noon_clerk", "slow_script", "mimic"})
"""Styles of which fewer than nine in ten answers are flagged over forty seeds: a promise not kept yet."""

DISTURBED = frozenset({"television"})
"""Honest crowds of which more than one answer in a hundred is flagged over forty seeds: likewise."""

UNEVEN: frozenset[str] = frozenset()
"""What meets its bar over forty seeds and not over the first few."""


def shipped() -> Observe:
    """The product's."""
    rhythm = Rhythm()
    return lambda submission, name, limits: rhythm.observe(submission, questionnaire(name), limits)


def flags_of(detector: Detector, stream: Stream, chance: random.Random, processes: int = 2) -> list[set[str]]:
    """The flags that each event of the stream has in the end."""
    limits = Limits(kind=stream.kind, hours=stream.hours, budget=stream.budget, processes=processes)
    references = chance.sample(range(1 << 40), len(stream.events))
    sent = [
        Submission(
            at=event.at,
            seconds=event.seconds,
            answers=event.answers,
            digest=digest(stream.instrument, event.answers),
            reference=reference,
            local=event.at.astimezone(ZONE),
        )
        for reference, event in zip(references, stream.events, strict=True)
    ]
    return seen(detector, stream.instrument, limits, sent, chance)


@cache
def of_styles(detector: Detector, seeds: int = SEEDS) -> dict[str, tuple[Count, Count]]:
    """By style: what was stuffed, and the honest answers beside it."""
    table = {name: (Count(), Count()) for name in STYLES}
    for name, tallies in table.items():
        for seed in range(seeds):
            stream = stuffed(name, seed)
            flags = flags_of(detector, stream, random.Random(f"fresh split {name} {seed}"))
            for tally, kind in zip(tallies, (True, False), strict=True):
                tally.add([one for one, event in zip(flags, stream.events, strict=True) if event.stuffed is kind])
    return table


@cache
def of_crowds(detector: Detector, seeds: int = SEEDS) -> dict[str, Count]:
    """By crowd, where nobody stuffs."""
    table = {name: Count() for name in CROWDS}
    for name, tally in table.items():
        for seed in range(seeds):
            tally.add(flags_of(detector, honest(name, seed), random.Random(f"fresh split {name} {seed}")))
    return table


def test_stuffing_of_each_style_is_flagged_unless_it_is_known_to_pass() -> None:
    table = of_styles(shipped)
    for name, (bad, good) in table.items():
        print(f"\n{'found' if bad.share >= FOUND else 'MISSED':9} {bad.line(name)}; honest {good.share:.2%}", end="")
    assert len(STYLES) == 10 and set(STYLES) > UNSEEN
    missed = {name for name, (bad, _) in table.items() if bad.share < FOUND}
    assert missed == UNSEEN if FULL else missed <= UNSEEN | UNEVEN


def test_each_honest_crowd_is_left_alone_unless_it_is_known_to_be_disturbed() -> None:
    table = of_crowds(shipped)
    for name, tally in table.items():
        print(f"\n{'in peace' if tally.share <= SPARED else 'DISTURBED':9} {tally.line(name)}", end="")
    assert len(CROWDS) == 12 and set(CROWDS) > DISTURBED
    over = {name for name, tally in table.items() if tally.share > SPARED}
    assert over == DISTURBED if FULL else over <= DISTURBED | UNEVEN


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
