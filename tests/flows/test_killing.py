"""An acknowledged answer is never lost and never counted twice, whatever is killed meanwhile."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.flows.killing import run
from tests.flows.phones import Outcome

SUBMISSIONS, KILLS = (20_000, 200) if os.environ.get("PHIEU_PROVE") else (2_000, 8)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killing_all_workers_loses_nothing_acknowledged_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    environment = {"PHIEU_DATA_DIR": str(tmp_path), "PHIEU_PUBLIC_BASE_URL": "http://127.0.0.1"}
    if engine == "postgresql":
        environment["PHIEU_DATABASE_URL"] = request.getfixturevalue("postgresql")()
    outcome = run(environment, SUBMISSIONS, KILLS)
    print(f"{engine}: {outcome.faults} kills, {len(outcome.acknowledged)} acknowledged", end=", ")
    print(f"{outcome.lost} lost, {outcome.double} double")
    assert outcome.faults == KILLS
    assert len(outcome.acknowledged) == SUBMISSIONS
    assert (outcome.lost, outcome.double) == (0, 0)


def test_the_count_finds_what_is_lost_and_what_is_double() -> None:
    outcome = Outcome(frozenset({"mark-1", "mark-2"}), Counter({"mark-2": 3, "mark-9": 1}), 1)
    assert (outcome.lost, outcome.double) == (1, 2)
