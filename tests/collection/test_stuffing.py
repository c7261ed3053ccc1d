"""How much of what is stuffed into an open code is flagged, and how many of an honest crowd. ``PHIEU_PROVE=1``: more.

The promise is nine in ten of each style and one in a hundred of each crowd. The crowds and styles here are those that
screening was **developed with**: a bar met on them is no proof, only a guard. Where it is not met, the name stands in
``UNSEEN`` below. That nobody is refused is proven in ``tests/flows/test_stuffing_is_kept.py``.

``pytest -s`` shows the tables.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from survey.collection.answers import check, digest
from survey.collection.screening import Limits, Rhythm, Submission
from tests.collection import stuffing_tuning as tuning
from tests.collection.stuffing_crowds import CROWDS, ZONE, Stream, crowd
from tests.collection.stuffing_harness import FOUND, FULL, SPARED, Count, Detector, Observe, seen, sleepy, zealous
from tests.collection.stuffing_offices import questionnaire
from tests.collection.stuffing_people import submissions
from tests.collection.stuffing_styles import BLIND, STYLES, days_stuffed, stuffing

SEEDS = 40 if FULL else 2
EARLY_SEEDS = 12 if FULL else 1

UNSEEN = frozenset({"patient_script", "one_phone", "taking_turns"})
"""Styles of which fewer than nine in ten answers are flagged. The long version fails when one of them comes to be seen
and still stands here, so that the list only shrinks."""

UNTOLD = frozenset({"drip_varied"})
"""An early style that is told only where straight lines were rare before: plausible answers of plausible people at a
plausible pace. Six to eight in ten are flagged, and none with some seeds."""

UNEVEN = frozenset({"hammering", "clerk", "night_trickle", "marginal_bot"})
"""What meets its bar over all seeds and not with some of them; the few seeds of the short version say nothing of it."""


def shipped() -> Observe:
    """The detector of the product."""
    rhythm = Rhythm()
    return lambda submission, name, limits: rhythm.observe(submission, questionnaire(name), limits)


def flags_of(detector: Detector, stream: Stream, chance: random.Random, processes: int = 2) -> list[set[str]]:
    """The flags of each event of a stream that the processes share."""
    sent = [
        Submission(
            at=event.at,
            seconds=event.seconds,
            answers=event.answers,
            digest=digest(stream.instrument, event.answers),
            reference=chance.getrandbits(56),
            local=event.at.astimezone(ZONE),
        )
        for event in stream.events
    ]
    limits = Limits(kind=stream.kind, hours=stream.hours, budget=stream.budget, processes=processes)
    return seen(detector, stream.instrument, limits, sent, chance)


@cache
def styles(detector: Detector, seeds: int = SEEDS) -> dict[str, tuple[Count, Count]]:
    """By style: the stuffed answers and the honest ones beside them."""
    table: dict[str, tuple[Count, Count]] = {}
    for name in (*STYLES, *BLIND):
        stuffed, honest = table.setdefault(name, (Count(), Count()))
        for seed in range(seeds):
            stream = stuffing(name, seed)
            flags = flags_of(detector, stream, random.Random(f"split {name} {seed}"))
            stuffed.add([each for each, event in zip(flags, stream.events, strict=True) if event.stuffed])
            honest.add([each for each, event in zip(flags, stream.events, strict=True) if not event.stuffed])
    return table


@cache
def crowds(detector: Detector, seeds: int = SEEDS) -> dict[str, Count]:
    """By crowd: honest answers where nobody stuffs."""
    table: dict[str, Count] = {}
    for name in CROWDS:
        for seed in range(seeds):
            flags = flags_of(detector, crowd(name, seed), random.Random(f"split {name} {seed}"))
            table.setdefault(name, Count()).add(flags)
    return table


def early(name: str, processes: int) -> Count:
    """The answers of one early crowd or style that are its own: all of a crowd, what was stuffed of a style."""
    count = Count()
    for seed in range(EARLY_SEEDS):
        case = (tuning.HONEST | tuning.STUFFED)[name](random.Random(f"{name} {seed}"))
        sent, stuffed = submissions(case.questionnaire, case.forms)
        limits = replace(case.limits, processes=processes)
        flags = seen(shipped, case.questionnaire.template, limits, sent, random.Random(seed))
        own = name in tuning.HONEST
        count.add([each for one, each in zip(sent, flags, strict=True) if own or stuffed[one.reference]])
    return count


def test_each_style_not_known_to_pass_unseen_is_flagged() -> None:
    table = styles(shipped)
    print(f"\nflagged of what was stuffed, {SEEDS} seeds; honest answers beside it")
    for name, (stuffed, honest) in table.items():
        note = "blind spot" if name in BLIND else "MISSED" if stuffed.share < FOUND else "found"
        print(f"{note:10} {stuffed.line(name)}; honest beside {honest.share:.2%}")
    assert len(STYLES) == 10 and set(STYLES) > UNSEEN
    short = {name for name in STYLES if table[name][0].share < FOUND}
    assert short == UNSEEN if FULL else short <= UNSEEN | UNEVEN


def test_each_honest_crowd_is_left_in_peace() -> None:
    table = crowds(shipped)
    print(f"\nflagged of honest crowds, {SEEDS} seeds")
    for name, count in table.items():
        print(f"{'DISTURBED' if count.share > SPARED else 'in peace':10} {count.line(name)}")
    assert {name for name, count in table.items() if count.share > SPARED} == set()


@pytest.mark.parametrize("processes", [1, 2] if FULL else [2])
def test_each_early_crowd_is_left_in_peace(processes: int) -> None:
    table = {name: early(name, processes) for name in tuning.HONEST}
    print(f"\nflagged of early crowds, {processes} processes, {EARLY_SEEDS} seeds")
    for name, count in table.items():
        print(count.line(name))
    assert {name for name, count in table.items() if count.share > SPARED} == set()


@pytest.mark.parametrize("processes", [1, 2] if FULL else [2])
def test_each_early_style_is_flagged(processes: int) -> None:
    table = {name: early(name, processes) for name in tuning.STUFFED}
    print(f"\nflagged of early styles, {processes} processes, {EARLY_SEEDS} seeds")
    for name, count in table.items():
        print(count.line(name))
    short = {name for name, count in table.items() if count.share < FOUND}
    assert short == UNTOLD if FULL else short <= UNTOLD


def test_the_bars_tell_a_detector_that_sleeps_and_one_that_flags_everybody() -> None:
    assert all(stuffed.share < FOUND for stuffed, _ in styles(sleepy, 1).values())
    assert all(count.share <= SPARED for count in crowds(sleepy, 1).values())
    assert all(stuffed.share >= FOUND for stuffed, _ in styles(zealous, 1).values())
    assert all(count.share > SPARED for count in crowds(zealous, 1).values())


@pytest.mark.parametrize("name", [*STYLES, *BLIND])
def test_each_style_gives_answers_the_validator_stores_and_enough_of_them_to_matter(name: str) -> None:
    stream = stuffing(name, 1)
    assert stream == stuffing(name, 1) != stuffing(name, 2)
    assert min(days_stuffed(stream).values()) >= 0.2
    _is_sound(stream)


@pytest.mark.parametrize("name", CROWDS)
def test_each_crowd_gives_answers_the_validator_stores_in_order_of_arrival(name: str) -> None:
    stream = crowd(name, 1)
    assert stream == crowd(name, 1) != crowd(name, 2)
    assert not any(event.stuffed for event in stream.events)
    _is_sound(stream)


def _is_sound(stream: Stream) -> None:
    assert [event.at for event in stream.events] == sorted(event.at for event in stream.events)
    for event in stream.events:
        given = {key: [value] if isinstance(value, str) else value for key, value in event.answers.items()}
        checked = check(questionnaire(stream.instrument), given)
        assert (checked.answers, checked.errors, checked.dropped) == (event.answers, (), ())
        assert event.seconds is None or event.seconds >= 0
