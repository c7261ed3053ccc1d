"""Letting answers into the results: by release, never one by one, so that no single answer can be told from a change.

Whoever reads results at two times sees states that differ by nobody or by at least five people, and never knows whether
the person who just answered is among them. While a survey collects the same holds behind each collector, since staff
may filter by it, and for flagged answers by themselves, since results stand with and without them. Withdrawals,
exclusions and corrections of what results hold wait in the same way: five that change the same thing in results, while
a survey collects behind one collector. The number of answers that were given is no secret and not treated here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from survey.services.runtime import Runtime
from survey.storage.queries import releases

READY = 10
"""While a survey collects, a release is made as soon as so many answers wait for one …"""

HELD_BACK = 5
"""… and leaves so many of them, chosen at random, for a later one."""

LEAST = 5
"""No release beside an earlier one has fewer answers, and while a survey collects none takes fewer from one place; they
wait."""

Place = TypeVar("Place", bound=Hashable)
"""What results can be looked at by: a collector, with or without the flagged answers. No part of it is told apart."""

Waiting = Mapping[Place, Sequence[int]]
"""Responses that wait for a release."""


def release_ready(runtime: Runtime, survey_id: int) -> int:
    """Makes the release that is due, if any, and gives the number of answers in it. Call it before showing results: it
    costs three small reads when there is nothing to do. Of a closed survey, stragglers are released too."""
    with runtime.database.reading() as session:
        status, newest = releases.standing(session, survey_id)
        fresh = _due(status, releases.waiting(session, survey_id).values(), newest)
        if not fresh and not _changeable(status, releases.changes(session, survey_id)):
            return 0

    def work(session: Session) -> int:
        status = releases.lock(session, survey_id)
        release_changes(session, survey_id, status, runtime.today(), runtime.randomness)
        waiting, newest = releases.waiting_ids(session, survey_id), releases.newest(session, survey_id)
        if not _due(status, [len(ids) for ids in waiting.values()], newest):
            return 0
        chosen = _all(waiting) if status == "closed" else draw(waiting, runtime.randomness)
        return _release(session, survey_id, chosen, newest + 1, runtime.today(), runtime.randomness)

    return runtime.database.write(work)


def release_everything(session: Session, survey_id: int, on: date, randomness: Callable[[int], bytes]) -> int:
    """Releases all answers that wait, unless they are too few beside an earlier release; gives their number. Closing
    and importing do so in their own transaction."""
    release_changes(session, survey_id, releases.lock(session, survey_id), on, randomness)
    ids, newest = _all(releases.waiting_ids(session, survey_id)), releases.newest(session, survey_id)
    return _release(session, survey_id, ids if _enough(len(ids), newest) else [], newest + 1, on, randomness)


def release_changes(
    session: Session, survey_id: int, status: str, on: date, randomness: Callable[[int], bytes]
) -> None:
    """Lets withdrawals, exclusions and corrections that wait into the results, where there are enough of them."""
    ids = _changeable(status, releases.changes(session, survey_id))
    if ids:
        releases.apply_changes(session, survey_id, ids, lambda: _revision(randomness), on)


def draw(waiting: Waiting[Place], randomness: Callable[[int], bytes]) -> list[int]:
    """The responses of the release that is due while a survey collects: as many as can be, chosen at random, so that
    ``HELD_BACK`` or more stay and of each place nobody or at least ``LEAST`` are taken."""
    if not _ready([len(ids) for ids in waiting.values()]):
        return []
    large = {place: ids for place, ids in waiting.items() if len(ids) >= LEAST}
    spare = {place: len(ids) - LEAST for place, ids in large.items()}
    hold = max(0, HELD_BACK - len(_all(waiting)) + len(_all(large)))
    if hold > sum(spare.values()):
        # Holding single ones back would leave somebody's part under five, so one whole part stays: the smallest.
        del large[min(large, key=lambda place: (spare[place], randomness(8)))]
        hold = 0
    people = [(one, place) for place, ids in large.items() for one in ids]
    chosen = []
    for one, place in sorted(people, key=lambda _: randomness(8)):
        if hold and spare[place]:
            hold, spare[place] = hold - 1, spare[place] - 1
        else:
            chosen.append(one)
    return chosen


def _due(status: str, waiting: Collection[int], newest: int) -> bool:
    """Whether a release is to be made now, with so many waiting at each place."""
    return _enough(sum(waiting), newest) if status == "closed" else _ready(waiting)


def _changeable(status: str, changes: Mapping[releases.Step, Sequence[int]]) -> list[int]:
    """The responses whose change may reach the results now: after closing, whatever collector they came through."""
    parts: dict[tuple[int, str, str], list[int]] = {}
    for (collector, now, then), ids in changes.items():
        parts.setdefault((0 if status == "closed" else collector, now, then), []).extend(ids)
    return [one for ids in parts.values() if len(ids) >= LEAST for one in ids]


def _revision(randomness: Callable[[int], bytes]) -> int:
    """Drawn, not counted, so that no cache ever takes one state of a release for another (see the model)."""
    return int.from_bytes(randomness(4), "big") >> 1


def _ready(waiting: Collection[int]) -> bool:
    return sum(waiting) >= READY and max(waiting) >= LEAST


def _enough(waiting: int, newest: int) -> bool:
    return waiting >= (LEAST if newest else 1)


def _all(waiting: Mapping[Place, Sequence[int]]) -> list[int]:
    return [one for ids in waiting.values() for one in ids]


def _release(
    session: Session, survey_id: int, ids: list[int], number: int, on: date, randomness: Callable[[int], bytes]
) -> int:
    if ids:
        releases.add(session, survey_id, ids, number=number, revision=_revision(randomness), on=on)
    return len(ids)
