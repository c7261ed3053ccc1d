"""What the holder of a receipt may do: ask what became of the answer, withdraw it, have it erased. Never see it.

The receipt code is the only proof asked for; it was shown once, to the person who answered.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy.orm import Session

from survey.collection import receipts
from survey.definition import document
from survey.errors import Conflict, NotFound
from survey.services import jobs
from survey.services.runtime import Runtime
from survey.storage.queries import jobs as queries
from survey.storage.queries import responses
from survey.storage.queries.responses import Erased as Erased
from survey.storage.queries.responses import Fate as Fate
from survey.storage.queries.responses import Held


def fate(runtime: Runtime, typed: str) -> Fate | Erased:
    """What became of an answer. Raises PhieuError ``code_mistyped`` or NotFound ``receipt_unknown``."""
    receipt_hash = receipts.receipt_hash(receipts.canonical(typed))
    with runtime.database.reading() as session:
        found = responses.find_by_receipt(session, receipt_hash) or responses.find_erasure(session, receipt_hash)
    if found is None:
        raise _unknown()
    return found


def withdraw(runtime: Runtime, typed: str) -> None:
    """Takes an answer out of the count while its survey is open; what results hold changes with a later release. Doing
    it twice is the same. Raises as ``fate``, and Conflict ``survey_not_open``."""
    receipt_hash = receipts.receipt_hash(receipts.canonical(typed))

    def work(session: Session) -> None:
        held = _held(session, receipt_hash)
        if held.survey_status != "open":
            raise Conflict(
                "survey_not_open",
                "The survey is closed, so its answers are counted.",
                "You can still have your answer erased.",
            )
        responses.change(session, [held.id], "withdrawn")

    runtime.database.write(work)


def erase(runtime: Runtime, typed: str) -> None:
    """Takes an answer out for good, whatever the state of its survey: texts, receipt and the row itself go at once. If
    results hold it, its closed answers, which nothing links to anybody any more, stay in them until a release with at
    least five changes: otherwise the change would tell what they were. Files made of its survey that wait to be fetched
    go as well. Raises as ``fate``."""
    receipt_hash = receipts.receipt_hash(receipts.canonical(typed))

    def work(session: Session) -> frozenset[str]:
        held = _held(session, receipt_hash)
        severed = _severed(runtime, session, held) if held.released else None
        responses.erase(session, held, receipt_hash, severed, runtime.today())
        return queries.retire(session, held.survey_id, jobs.ERASED)

    for name in runtime.database.write(work):
        (jobs.folder(runtime) / name).unlink(missing_ok=True)


def _held(session: Session, receipt_hash: bytes) -> Held:
    held = responses.hold(session, receipt_hash)
    if held is None:
        raise _unknown()
    return held


def _severed(runtime: Runtime, session: Session, held: Held) -> dict[str, Any]:
    """The row as nobody can find it again: its closed answers under a new identifier and key."""
    row = responses.load_version(session, held.version_id)
    closed = {one.key for one in document.read(orjson.loads(row[1])).variables if one.closed} if row else set()
    kept = {key: answer for key, answer in orjson.loads(held.answers).items() if key in closed}
    return {
        "id": int.from_bytes(runtime.randomness(8), "big") >> 1,
        "submission_key": runtime.randomness(16),
        "answers": orjson.dumps(kept).decode(),
    }


def _unknown() -> NotFound:
    return NotFound("receipt_unknown", "No answer has this receipt code.", "Check the characters of the code.")
