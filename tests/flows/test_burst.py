"""A hall of phones answers at once, some of them slow, over a network that loses: everybody gets in, and nobody waits
for the slow ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.flows.burst import Crowd, run
from tests.flows.phones import environment

PROVE = bool(os.environ.get("PHIEU_PROVE"))
SMALL = ("--workers", "1", "--threads", "4")


@pytest.mark.parametrize("behind", [False, True], ids=["phieu serve", "behind nginx"])
def test_a_conference_gets_in_while_its_slow_phones_are_still_sending(tmp_path: Path, behind: bool) -> None:
    crowd = Crowd(60, 15, 1.0, gated=True)
    seen, outcome = run(environment(tmp_path), crowd, *SMALL, behind=behind)
    print(f"R10, {'behind nginx' if behind else 'phieu serve'}: {seen}; {outcome}")
    assert len(outcome.acknowledged) == crowd.phones
    assert (outcome.lost, outcome.double) == (0, 0)


def test_gunicorns_own_worker_lets_nobody_in_meanwhile(tmp_path: Path) -> None:
    crowd = Crowd(60, 15, 1.0, gated=True, giving_up=6.0)
    seen, outcome = run(environment(tmp_path) | {"VARIANT": "stock"}, crowd, *SMALL)
    print(f"R10, stock worker: {seen}")
    assert not seen.times and outcome.lost == 0


if PROVE:

    @pytest.mark.parametrize("behind", [False, True], ids=["phieu serve", "behind nginx"])
    def test_five_hundred_phones_in_a_minute_are_through_in_three_seconds(tmp_path: Path, behind: bool) -> None:
        crowd = Crowd()
        seen, outcome = run(environment(tmp_path), crowd, behind=behind)
        print(f"R10 full, {'behind nginx' if behind else 'phieu serve'}: {seen}; {outcome}")
        assert len(outcome.acknowledged) == crowd.phones
        assert (outcome.lost, outcome.double) == (0, 0)
        assert seen.quantile(0.95) <= 3.0
