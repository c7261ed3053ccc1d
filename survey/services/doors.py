"""What stands behind a code: the door of a collector, whether it is open, and the version asked there.

A process remembers doors for a moment and published versions for good, so that showing a form costs no query.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from survey.collection import codes, single_use
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.errors import NotFound
from survey.services.runtime import Runtime
from survey.storage.queries import doors, responses
from survey.storage.queries.doors import Door as Door

FRESHNESS = timedelta(seconds=1)
"""How long a process may show a page for a code that was closed meanwhile; storing an answer looks again."""

STAFF_ONLY = frozenset({"interviewer", "paper", "import"})
"""Kinds whose answers staff bring in: their codes open nothing for the public."""


class Opening(StrEnum):
    """Whether a collector takes answers today."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"


@dataclass(frozen=True)
class Version:
    """A published questionnaire as collection needs it."""

    id: int
    survey_id: int
    questionnaire: Questionnaire
    digest: str


def opening(door: Door, today: date) -> Opening:
    """Whether this door is open on a local calendar day; first and last days are included."""
    starts = [day for day in (door.opens_on, door.collector_opens_on) if day]
    ends = [day for day in (door.closes_on, door.collector_closes_on) if day]
    if door.survey_status == "closed" or door.collector_closed or (ends and min(ends) < today):
        return Opening.CLOSED
    if door.survey_status == "draft" or door.version_id is None or (starts and max(starts) > today):
        return Opening.NOT_YET
    return Opening.OPEN


class Doors:
    """What stands behind codes, as they were typed, remembered for ``FRESHNESS``; and published versions, which never
    change."""

    KEPT = 4096

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._doors: OrderedDict[str, tuple[datetime, Door]] = OrderedDict()
        self._versions: dict[int, Version] = {}
        self._lock = threading.Lock()

    def find(self, typed: str) -> Door:
        """The door behind a code as printed or typed: a collector's, or a single-use one. Raises NotFound
        ``code_unknown``, after the same work whether the code was mistyped, never given out or meant for staff."""
        now = self._runtime.now()
        seen = self._doors.get(typed)
        if seen is not None and timedelta(0) <= now - seen[0] < FRESHNESS:
            return seen[1]
        door = self._look(typed)
        if door is None or door.kind in STAFF_ONLY:
            raise NotFound(
                "code_unknown", "No survey has this code.", "Compare each character with the printed sheet, please."
            )
        with self._lock:
            if len(self._doors) >= self.KEPT:
                self._doors.popitem(last=False)
            self._doors[typed] = (now, door)
        return door

    def version(self, version_id: int) -> Version:
        """A published version; NotFound if there is none."""
        known = self._versions.get(version_id)
        if known is None:
            with self._runtime.database.reading() as session:
                row = responses.load_version(session, version_id) if version_id < 2**63 else None
            if row is None:
                raise NotFound(
                    "version_unknown", "This version of the questionnaire does not exist.", "Open the page again."
                )
            known = Version(version_id, row[0], document.read(json.loads(row[1])), row[2])
            with self._lock:
                if len(self._versions) >= 64:
                    self._versions.clear()
                self._versions[version_id] = known
        return known

    def _look(self, typed: str) -> Door | None:
        """Asks the database, also for a code that cannot be right: a wrong one is told from an unknown one by nothing,
        not even by the time it takes."""
        single = _canonical(typed, single_use.LENGTH)
        code = single or _canonical(typed, codes.LENGTH)
        hashes = single_use.code_hashes(self._runtime.settings.secret_keys, single or "")
        with self._runtime.database.reading() as session:
            return doors.find_ticket(session, hashes) if single or not code else doors.find(session, code)


def _canonical(typed: str, length: int) -> str:
    try:
        return codes.canonical(typed, length)
    except NotFound:
        return ""
