"""Letting answers into the results: by release, never one by one, so that no single answer can be told from a change.

Whoever reads results at two times sees states that differ by nobody or by at least five people, and never knows whether
the person who just answered is among them. The number of answers that were given is no secret and not treated here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from survey.services.runtime import Runtime
from survey.storage.queries import releases

READY = 10
"""While a survey collects, a release is made as soon as so many answers wait for one …"""

HELD_BACK = 5
"""… and leaves so many of them, chosen at random, for a later one."""

LEAST = 5
"""No release beside an earlier one has fewer answers; they wait."""


def release_ready(runtime: Runtime, survey_id: int) -> int:
    """Makes the release that is due, if any, and gives the number of answers in it. Call it before showing results: it
    costs three small reads when there is nothing to do. Of a closed survey, stragglers are released too."""
    with runtime.database.reading() as session:
        newest = releases.newest(session, survey_id)
        if not _due(releases.status(session, survey_id), releases.waiting(session, survey_id, READY), newest):
            return 0

    def work(session: Session) -> int:
        status = releases.lock(session, survey_id)
        ids, newest = releases.waiting_ids(session, survey_id), releases.newest(session, survey_id)
        number = _due(status, len(ids), newest)
        chosen = sorted(ids, key=lambda _: runtime.randomness(8))[:number]
        return _release(session, survey_id, chosen, newest + 1, runtime.today(), runtime.randomness)

    return runtime.database.write(work)


def release_everything(session: Session, survey_id: int, on: date, randomness: Callable[[int], bytes]) -> int:
    """Releases all answers that wait, unless they are too few beside an earlier release; gives their number. Closing
    and importing do so in their own transaction."""
    releases.lock(session, survey_id)
    ids, newest = releases.waiting_ids(session, survey_id), releases.newest(session, survey_id)
    return _release(session, survey_id, ids if _enough(len(ids), newest) else [], newest + 1, on, randomness)


def _due(status: str, waiting: int, newest: int) -> int:
    """How many of those waiting a release would hold now."""
    if status == "closed":
        return waiting if _enough(waiting, newest) else 0
    return waiting - HELD_BACK if waiting >= READY else 0


def _enough(waiting: int, newest: int) -> bool:
    return waiting >= LEAST or newest == 0


def _release(
    session: Session, survey_id: int, ids: list[int], number: int, on: date, randomness: Callable[[int], bytes]
) -> int:
    if ids:
        # Drawn, not counted, so that no cache ever takes one state of a release for another (see the model).
        revision = int.from_bytes(randomness(4), "big") >> 1
        releases.add(session, survey_id, ids, number=number, revision=revision, on=on)
    return len(ids)
