"""Screening at the door: what is seen is flagged after it was stored, and never costs, delays or changes an answer."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from survey.services import collecting, quality
from survey.services.collecting import Stored
from survey.services.doors import Doors
from survey.services.runtime import OPERATOR, Runtime
from survey.services.screening import COLLECTORS, Screens
from survey.storage.models import Response
from tests.conftest import Clock
from tests.factories.answers import release
from tests.factories.surveys import open_survey

BEST = {f"B{n}": ["5"] for n in range(1, 8)} | {f"C{n}": ["5"] for n in range(1, 9)} | {"A4": ["1"]}
BEST |= {f"D{n}": ["5"] for n in range(1, 9)}


class Stuffer:
    """A program that sends the same answers again and again, a second after each page was made."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.screens = Screens(runtime)
        doors = Doors(runtime)
        self.door = doors.find(open_survey(runtime))
        self.version = doors.version(self.door.version_id or 0)
        self.sent = 0

    def send(self, number: int, seconds: int = 1) -> None:
        for _ in range(number):
            rendered = int(self.clock().timestamp())
            self.clock.advance(seconds=seconds)
            self.sent += 1
            outcome = collecting.submit(
                self.runtime,
                self.door,
                self.version,
                self.sent.to_bytes(16, "big"),
                BEST,
                "vi",
                screens=self.screens,
                rendered_at=rendered,
            )
            assert isinstance(outcome, Stored)

    def statuses(self) -> Counter[str]:
        self.screens.write()
        with self.runtime.database.reading() as session:
            return Counter(session.scalars(select(Response.status)))


@pytest.fixture
def stuffer(any_runtime: Runtime, clock: Clock) -> Stuffer:
    return Stuffer(any_runtime, clock)


def test_a_stuffed_box_is_taken_and_flagged_from_the_first_answer_on(stuffer: Stuffer, any_runtime: Runtime) -> None:
    stuffer.send(60)
    assert stuffer.statuses() == {"flagged": 60}
    assert {one.flag for one in quality.groups(any_runtime, OPERATOR, "conference")} >= {"speeder"}


def test_a_person_who_took_their_time_is_not_flagged(stuffer: Stuffer) -> None:
    stuffer.send(3, seconds=240)
    assert stuffer.statuses() == {"complete": 3}


def test_what_results_hold_already_is_flagged_with_a_later_release(stuffer: Stuffer, any_runtime: Runtime) -> None:
    stuffer.send(20)
    release(any_runtime, "conference")
    assert stuffer.statuses() == {"complete": 20}
    with any_runtime.database.reading() as session:
        assert set(session.scalars(select(Response.change))) == {"flagged"}


def test_the_same_submission_sent_again_is_looked_at_once(
    any_runtime: Runtime, stuffer: Stuffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(stuffer.screens, "look", lambda door, version, response_id, *more: seen.append(response_id))
    for _ in range(5):
        stuffer.sent = 0
        stuffer.send(1)
    assert len(seen) == 1


def test_only_so_many_collectors_are_remembered(runtime: Runtime) -> None:
    screens = Screens(runtime)
    for number in range(COLLECTORS + 30):
        screens._rhythm(number)
    assert len(screens._rhythms) == COLLECTORS
