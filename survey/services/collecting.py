"""The one way in for an answer, whichever channel brings it: check, store exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from sqlalchemy.orm import Session

from survey.collection import answers, receipts
from survey.collection.tokens import FormToken
from survey.services.doors import STAFF_ONLY, Door, Opening, Version, opening
from survey.services.runtime import Runtime
from survey.services.screening import Screens
from survey.storage import faults
from survey.storage.queries import health, responses, tickets


@dataclass(frozen=True)
class Stored:
    """The answer is kept for good. ``repeated``: it had been before, this was the same submission again."""

    receipt: str
    repeated: bool = False


@dataclass(frozen=True)
class Refused:
    """Nothing was stored. ``invalid``: see ``errors``; ``empty``: no question was answered; ``other_content``: the page
    was used before for other answers; ``spent``: so was the single-use code; ``replaced``: there is no answer left that
    this one could replace; ``closed``: the survey or collector closed meanwhile, or has all it was to bring."""

    reason: Literal["invalid", "empty", "other_content", "spent", "replaced", "closed"]
    errors: tuple[answers.AnswerError, ...] = ()


def look(runtime: Runtime) -> None:
    """Nothing when answers can be read now; raises Unavailable, or the database's own error, when they cannot."""
    path = runtime.database.path
    if path is not None and not path.exists():  # connections that are open read on from a file that was deleted
        raise faults.gone()
    with runtime.database.reading() as session:
        health.look(session)


def new_token(runtime: Runtime, door: Door, version_id: int) -> FormToken:
    """A token for one view of the form."""
    return FormToken(version_id, door.collector_id, runtime.randomness(16), int(runtime.now().timestamp()))


def fixed_answers(door: Door, version: Version) -> dict[str, tuple[str, ...]]:
    """The answers that the code carries, as far as this version has the question and the choice."""
    known = version.questionnaire.by_key
    return {
        key: (code,)
        for key, code in door.fixed
        if key in known and known[key].closed and code in known[key].listed.codes
    }


class _Spent(Exception):
    """The single-use code was used already."""


class _NotStored(Exception):
    """Nothing was stored, so nothing is withdrawn either."""


class _Replaced(Exception):
    """The answer that was to be replaced is withdrawn already, erased, or of another survey."""


def submit(
    runtime: Runtime,
    door: Door,
    version: Version,
    submission_key: bytes,
    given: Mapping[str, Sequence[str]],
    language: str,
    *,
    replaces: bytes | int | None = None,
    after: Callable[[Session, int], None] | None = None,
    screens: Screens | None = None,
    rendered_at: int | None = None,
) -> Stored | Refused:
    """Checks and stores one submission, exactly once per ``submission_key`` (16 bytes). When this returns ``Stored``
    the answer is on disk. Raises Unavailable when storage cannot take it now; sending again is then safe.

    ``replaces`` is the hash of the receipt of an earlier answer of the same person, or for staff who correct one its
    id; that one is withdrawn as this one is stored. ``after`` does what must be stored with the answer or not at all,
    given its id; what it raises is raised, and nothing is kept. It is not called for what was stored before.

    ``screens`` looks at what was stored and may flag it; ``rendered_at`` (seconds since 1970) is when its page was
    made, None where nothing vouches for that.

    Staff bring in what somebody else wrote, who cannot be asked again: what is required may be blank there.
    """
    is_open = opening(door, runtime.today()) is Opening.OPEN
    fixed = fixed_answers(door, version)
    checked = answers.check(version.questionnaire, {**given, **fixed})
    errors = tuple(one for one in checked.errors if one.code != "required" or door.kind not in STAFF_ONLY)
    if is_open and errors:
        return Refused("invalid", errors)
    if is_open and not any(answer for key, answer in checked.answers.items() if key not in fixed):
        return Refused("empty")
    digest = answers.digest(version.digest, checked.answers)
    code = receipts.receipt(runtime.settings.secret_keys[0], submission_key)
    response_id = int.from_bytes(runtime.randomness(8), "big") >> 1
    row = {
        "id": response_id,
        "version_id": version.id,
        "submission_key": submission_key,
        "digest": digest,
        "receipt_hash": receipts.receipt_hash(code),
        "language": language,
        "status": "complete",
        "received_on": runtime.today(),
        "answers": orjson.dumps(checked.answers).decode(),
        "flags": "",
    }

    def work(session: Session) -> bool:
        if replaces is not None:
            earlier = responses.hold(session, replaces)
            if earlier is None or earlier.survey_id != version.survey_id or earlier.status == "withdrawn":
                raise _Replaced
            responses.change(session, [earlier.id], "withdrawn")
        entitled = door.ticket is not None or replaces is not None
        stored = responses.insert_if_open(session, door.collector_id, row, ticketed=entitled)
        if not stored and replaces is not None:
            raise _NotStored
        if stored and door.ticket is not None and replaces is None and not tickets.spend(session, door.ticket):
            raise _Spent
        if stored and after is not None:
            after(session, response_id)
        return stored

    refused = Refused("closed")
    try:
        if is_open and runtime.database.write(work):
            if screens is not None and replaces is None:
                screens.look(door, version, response_id, checked.answers, digest, rendered_at)
            return Stored(code)
    except _NotStored:
        pass
    except _Spent:
        refused = Refused("spent")
    except _Replaced:
        refused = Refused("replaced")
    return _earlier(runtime, submission_key, digest) or refused


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
