"""Who submits is never told that the database is locked, whoever reads, exports or backs up meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from tests.flows.crowding import read_then_write, run
from tests.flows.phones import environment

PROVE = bool(os.environ.get("PHIEU_PROVE"))
SUBMISSIONS = 10_000 if PROVE else 300


def test_eight_writers_beside_exports_and_backups_meet_no_lock(tmp_path: Path) -> None:
    seen = run(environment(tmp_path), SUBMISSIONS)
    print(f"R5: {seen}")
    assert len(seen.outcome.acknowledged) == SUBMISSIONS
    assert (seen.outcome.lost, seen.outcome.double) == (0, 0)
    assert (seen.locked, seen.refused) == (0, 0)
    assert seen.exports and seen.backups
    assert not PROVE or seen.quantile(0.99) <= 1.0


def test_transactions_that_begin_deferred_do_meet_it(tmp_path: Path) -> None:
    deferred, immediate = (read_then_write(tmp_path, begin) for begin in ("BEGIN", "BEGIN IMMEDIATE"))
    print(f"R5: of 8 writers {deferred} met a lock with BEGIN, {immediate} with BEGIN IMMEDIATE")
    assert deferred > 0
    assert immediate == 0
