"""An acknowledged answer is never lost and never counted twice, whatever is killed meanwhile."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.flows.killing import run
from tests.flows.phones import Outcome, environment

PROVE = bool(os.environ.get("PHIEU_PROVE"))
SUBMISSIONS, KILLS = (20_000, 200) if PROVE else (900, 5)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killing_all_workers_loses_nothing_acknowledged_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    url = request.getfixturevalue("postgresql")() if engine == "postgresql" else None
    outcome = run(environment(tmp_path, url), SUBMISSIONS, KILLS)
    print(f"{engine}: {outcome.faults} kills, {len(outcome.acknowledged)} acknowledged", end=", ")
    print(f"{outcome.lost} lost, {outcome.double} double")
    assert outcome.faults == KILLS
    assert len(outcome.acknowledged) == SUBMISSIONS
    assert (outcome.lost, outcome.double) == (0, 0)


def test_the_count_finds_what_is_lost_and_what_is_double() -> None:
    outcome = Outcome(frozenset({"mark-1", "mark-2"}), Counter({"mark-2": 3, "mark-9": 1}), 1)
    assert (outcome.lost, outcome.double) == (1, 2)


if PROVE:

    def test_phones_that_take_a_new_form_for_each_try_leave_doubles(tmp_path: Path) -> None:
        outcome = run(environment(tmp_path), 2_000, 40, keep_key=False)
        print(f"R1 with new forms: {outcome}")
        assert outcome.double > 0 and outcome.lost == 0
