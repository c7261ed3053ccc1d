"""The one way in for an answer: find what stands behind a code, check, store exactly once, tell what became of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

import orjson
from sqlalchemy.orm import Session

from survey.collection import answers, codes, receipts
from survey.collection.tokens import FormToken
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.errors import NotFound
from survey.services.runtime import Runtime
from survey.storage import faults
from survey.storage.queries import health, responses
from survey.storage.queries.responses import Door as Door
from survey.storage.queries.responses import Fate as Fate

FRESHNESS = timedelta(seconds=1)
"""How long a process may show a page for a code that was closed meanwhile; storing an answer looks again."""


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


@dataclass(frozen=True)
class Stored:
    """The answer is kept for good. ``repeated``: it had been before, this was the same submission again."""

    receipt: str
    repeated: bool = False


@dataclass(frozen=True)
class Refused:
    """Nothing was stored. ``invalid``: see ``errors``; ``empty``: no question was answered; ``other_content``: the page
    was used before for other answers; ``closed``: the survey or collector closed meanwhile."""

    reason: Literal["invalid", "empty", "other_content", "closed"]
    errors: tuple[answers.AnswerError, ...] = ()


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
        self._doors: dict[str, tuple[datetime, Door]] = {}
        self._versions: dict[int, Version] = {}
        self._lock = threading.Lock()

    def find(self, typed: str) -> Door:
        """The door behind a code as printed or typed. Raises NotFound ``code_mistyped`` or ``code_unknown``."""
        now = self._runtime.now()
        seen = self._doors.get(typed)
        if seen is not None and timedelta(0) <= now - seen[0] < FRESHNESS:
            return seen[1]
        code = codes.canonical(typed)
        with self._runtime.database.reading() as session:
            door = responses.find_door(session, code)
        if door is None:
            raise NotFound("code_unknown", "No survey has this code.", "Check the characters on the printed sheet.")
        with self._lock:
            if len(self._doors) >= self.KEPT:
                self._doors.clear()
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


def look(runtime: Runtime) -> None:
    """Nothing when answers can be read now; raises Unavailable, or the database's own error, when they cannot."""
    path = runtime.database.path
    if path is not None and not path.exists():  # connections that are open read on from a file that was deleted
        raise faults.gone()
    with runtime.database.reading() as session:
        health.look(session)


def new_token(runtime: Runtime, door: Door, version_id: int) -> FormToken:
    """A token for one view of the form."""
    return FormToken(version_id, door.collector_id, runtime.randomness(16), int(runtime.now().timestamp() // 60))


def submit(
    runtime: Runtime,
    door: Door,
    version: Version,
    submission_key: bytes,
    given: Mapping[str, Sequence[str]],
    language: str,
) -> Stored | Refused:
    """Checks and stores one submission, exactly once per ``submission_key`` (16 bytes). When this returns ``Stored``
    the answer is on disk. Raises Unavailable when storage cannot take it now; sending again is then safe."""
    is_open = opening(door, runtime.today()) is Opening.OPEN
    checked = answers.check(version.questionnaire, given)
    if is_open and checked.errors:
        return Refused("invalid", checked.errors)
    if is_open and not any(checked.answers.values()):
        return Refused("empty")
    digest = answers.digest(version.digest, checked.answers)
    code = receipts.receipt(runtime.settings.secret_keys[0], submission_key)
    row = {
        "id": int.from_bytes(runtime.randomness(8), "big") >> 1,
        "version_id": version.id,
        "submission_key": submission_key,
        "digest": digest,
        "receipt_hash": receipts.receipt_hash(code),
        "language": language,
        "status": "complete",
        "received_on": runtime.today(),
        "answers": orjson.dumps(checked.answers).decode(),
    }

    def work(session: Session) -> bool:
        return responses.insert_if_open(session, door.collector_id, row)

    if is_open and runtime.database.write(work):
        return Stored(code)
    return _earlier(runtime, submission_key, digest) or Refused("closed")


def _earlier(runtime: Runtime, submission_key: bytes, digest: bytes) -> Stored | Refused | None:
    """What an earlier submission under the same key means for this one; None when there was none."""
    with runtime.database.reading() as session:
        earlier = responses.find_by_submission_key(session, submission_key)
    if earlier is None:
        return None
    if earlier.digest != digest or earlier.receipt_hash is None:
        return Refused("other_content")
    code = receipts.recover(runtime.settings.secret_keys, submission_key, earlier.receipt_hash)
    return Stored(code or "", repeated=True)


def fate(runtime: Runtime, typed_receipt: str) -> Fate:
    """What became of an answer. Raises PhieuError ``code_mistyped`` or NotFound ``receipt_unknown``."""
    code = receipts.canonical(typed_receipt)
    with runtime.database.reading() as session:
        found = responses.find_by_receipt(session, receipts.receipt_hash(code))
    if found is None:
        raise NotFound("receipt_unknown", "No answer has this receipt code.", "Check the characters of the code.")
    return found
