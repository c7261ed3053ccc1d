"""Ten and more styles of stuffing against an open code, and honest crowds: what screening makes of them (S19).

The figures are from simulation, with the crowds and styles that the thresholds were tuned with; ``PHIEU_PROVE=1`` draws
more of each.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from survey.collection.screening import Flag, Limits, Rhythm, Submission, Verdict
from survey.definition.questionnaire import Questionnaire
from tests.collection.stuffing_tuning import HONEST, STUFFED, Figures, run

SEEDS = 12 if os.environ.get("PHIEU_PROVE") else 2
UNTOLD = frozenset({"drip_varied"})
"""Plausible answers of plausible people at a plausible pace: told only where straight lines were rare before."""


def figures(name: str, processes: int, detector: Callable[[], Rhythm] = Rhythm) -> Figures:
    """The sum over all seeds."""
    found = [
        run((HONEST | STUFFED)[name](random.Random(f"{name} {seed}")), processes, random.Random(seed), detector)
        for seed in range(SEEDS)
    ]
    return Figures(
        sum(one.stuffed for one in found),
        sum(one.stuffed_flagged for one in found),
        sum(one.honest for one in found),
        sum(one.honest_flagged for one in found),
        {},
    )


def good(found: Figures) -> bool:
    """The bar: at least nine in ten of what was stuffed, at most one in a hundred of an honest crowd."""
    if found.stuffed:
        return found.stuffed_flagged >= 0.9 * found.stuffed
    return found.honest_flagged <= 0.01 * found.honest


def _say(name: str, processes: int, found: Figures) -> None:
    stuffed = f"{found.stuffed_flagged}/{found.stuffed} stuffed flagged, " if found.stuffed else ""
    print(f"S19 tuning {name}, {processes} processes: {stuffed}{found.honest_flagged}/{found.honest} honest flagged")


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("name", sorted(HONEST))
def test_an_honest_crowd_is_left_alone(name: str, processes: int) -> None:
    found = figures(name, processes)
    _say(name, processes, found)
    assert good(found)


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("name", sorted(STUFFED.keys() - UNTOLD))
def test_stuffing_is_flagged(name: str, processes: int) -> None:
    found = figures(name, processes)
    _say(name, processes, found)
    assert good(found)


class Blind(Rhythm):
    """Flags nothing."""

    def observe(self, submission: Submission, questionnaire: Questionnaire, limits: Limits) -> Verdict:
        return Verdict(frozenset(), {})


class Zealous(Rhythm):
    """Flags everything."""

    def observe(self, submission: Submission, questionnaire: Questionnaire, limits: Limits) -> Verdict:
        return Verdict(frozenset({Flag.BURST}), {})


def test_a_detector_that_flags_nothing_or_everything_fails() -> None:
    assert not good(figures("script_same", 1, Blind))
    assert not good(figures("hall", 1, Zealous))
