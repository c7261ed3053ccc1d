"""Looking at stored answers for what wants a second look, and flagging them. It never refuses, delays or loses one.

What is seen is forgotten with the process: times and answers of the last hours behind each collector, no person's.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC
from functools import partial

from sqlalchemy.orm import Session

from survey.collection.screening import Flag, Limits, Rhythm, Submission
from survey.definition.routing import Answers
from survey.errors import Unavailable
from survey.services.doors import Door, Version
from survey.services.runtime import Runtime
from survey.services.soon import Soon
from survey.storage.queries import quality, releases, responses

COLLECTORS = 50
"""Collectors a process remembers the rhythm of, those that brought something last; at most 1.4 MB each (measured)."""

EVERY = 2.0
"""Seconds until flags are written together: a stuffed box must not cost twice the writing."""

log = logging.getLogger(__name__)


class Screens:
    """The rhythms of one process; ``processes`` share the answers of each collector."""

    def __init__(self, runtime: Runtime, processes: int = 1) -> None:
        self._runtime = runtime
        self._processes = processes
        self._rhythms: OrderedDict[int, tuple[Rhythm, threading.Lock]] = OrderedDict()
        self._found: dict[int, tuple[int, frozenset[Flag]]] = {}
        self._lock = threading.Lock()
        self._soon = Soon(EVERY, self._write)

    def look(
        self, door: Door, version: Version, response_id: int, answers: Answers, digest: bytes, rendered_at: int | None
    ) -> None:
        """Looks at one answer that was stored just now, once. ``rendered_at`` (seconds since 1970) is when its page was
        made, None where nothing vouches for that."""
        now = self._runtime.now()
        waited = None if rendered_at is None else int(now.timestamp()) - rendered_at
        submission = Submission(
            at=now.astimezone(UTC),
            seconds=waited if waited is not None and waited >= 0 else None,
            answers=answers,
            digest=digest,
            reference=response_id,
            local=now.astimezone(self._runtime.settings.timezone),
        )
        limits = Limits(door.kind, door.hours, door.expected_per_day, self._processes)
        rhythm, lock = self._rhythm(door.collector_id)
        with lock:
            verdict = rhythm.observe(submission, version.questionnaire, limits)
        found = dict(verdict.earlier)
        if verdict.flags:
            found[response_id] = verdict.flags
        if found:
            self._note(version.survey_id, found)

    def write(self) -> None:
        """Writes the flags that were found since the last time."""
        self._soon.now()

    def _rhythm(self, collector_id: int) -> tuple[Rhythm, threading.Lock]:
        with self._lock:
            if collector_id not in self._rhythms and len(self._rhythms) >= COLLECTORS:
                self._rhythms.popitem(last=False)
            found = self._rhythms.setdefault(collector_id, (Rhythm(), threading.Lock()))
            self._rhythms.move_to_end(collector_id)
            return found

    def _note(self, survey_id: int, found: Mapping[int, frozenset[Flag]]) -> None:
        with self._lock:
            for one, flags in found.items():
                self._found[one] = (survey_id, flags | self._found.get(one, (survey_id, frozenset()))[1])
        self._soon.ask()

    def _write(self) -> None:
        with self._lock:
            found, self._found = self._found, {}
        surveys: dict[int, dict[int, frozenset[str]]] = {}
        for one, (survey_id, flags) in found.items():
            surveys.setdefault(survey_id, {})[one] = frozenset(map(str, flags))
        for survey_id, some in surveys.items():
            try:
                self._runtime.database.write(partial(_flag, survey_id, some))
            except Unavailable as error:
                log.warning("%d answers were not flagged: %s", len(some), error)


def _flag(survey_id: int, found: Mapping[int, frozenset[str]], session: Session) -> None:
    releases.lock(session, survey_id)
    responses.change(session, quality.flag(session, found), "flagged")
