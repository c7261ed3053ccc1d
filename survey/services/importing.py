"""Importing answers from CSV or XLSX: one table, through the one validator, all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import answers, codes
from survey.collection.rows import Row, rows
from survey.collection.tabular import open_table
from survey.definition import document
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.releasing import release_everything
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope, in_scope
from survey.storage.models import Collector
from survey.storage.queries import audit, collectors, imports, surveys
from survey.texts import Translate, texts

MOST_LISTED = 100
"""Errors told one by one; the others are counted."""

_LONGEST_NAME = 200

_READING = 0.8
"""Share of the work that is reading and checking."""


@dataclass(frozen=True)
class Imported:
    """What was taken in: ``rows`` answers behind collector ``collector``; ``blank`` rows without an answer were left
    out, and ``dropped`` single answers to questions the rules do not ask."""

    rows: int
    blank: int
    dropped: int
    collector: str


@dataclass
class _Batch:
    """What was read so far: rows to store, their digests, and what is wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: int = 0
    blank: int = 0
    dropped: int = 0


def import_responses(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    path: Path,
    *,
    collector: str | None = None,
    progress: Callable[[float], None] = lambda done: None,
    t: Translate | None = None,
) -> Imported:
    """Takes the table in a file into an open survey and releases it. ``collector`` is the code of one of its
    collectors; without it a closed one of kind ``import`` is made. ``progress`` hears from 0 to 1 how much is done.

    Raises PhieuError ``import_errors`` (one detail per row and column), ``import_columns``, ``import_empty`` and those
    of ``tabular.open_table``; Conflict ``already_imported``, ``survey_not_open``, ``version_changed``;
    NotFound. Then nothing was stored."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        version = surveys.version(session, survey.id, survey.version_number)
        if survey.status != "open" or version is None:
            raise _not_open()
        _collector(session, actor, survey.id, collector)
    questionnaire = document.read(orjson.loads(version.document))
    batch, words, today = _Batch(), t or texts("en"), runtime.today()
    with open_table(path) as table:
        for row in rows(questionnaire, table, words, today):
            if row.number % 500 == 0:
                progress(_READING * table.done())
            _take(batch, row, words, lambda row: _stored(row, version.digest, today, runtime.randomness))
    _demand_sound(batch, words)
    digest = hashlib.sha256(b"".join(sorted(batch.digests))).digest()
    name = answers.normalise(path.name, lines=False)[:_LONGEST_NAME]
    # In the order of their random ids, rows tell nothing of their place in the file and are quickest to store.
    batch.rows.sort(key=lambda row: row["id"])

    def work(session: Session) -> Imported:
        survey = in_scope(session, actor, slug, lock=True)
        if survey.status != "open":
            raise _not_open()
        if survey.version_number != version.number:
            raise Conflict("version_changed", "A new version was published meanwhile.", "Import the file again.")
        number = imports.insert_batch(
            session, survey.id, digest=digest, filename=name, rows=len(batch.rows), imported_at=runtime.now()
        )
        behind = _collector(session, actor, survey.id, collector) or _new_collector(session, runtime, survey.id, name)
        imports.insert_responses(
            session,
            batch.rows,
            survey_id=survey.id,
            version_id=version.id,
            collector_id=behind.id,
            import_id=number,
            status="complete",
            receipt_hash=None,
            release_number=None,
        )
        release_everything(session, survey.id, today, runtime.randomness)
        detail = {"rows": len(batch.rows), "collector": behind.code, "digest": digest.hex()}
        audit.record(session, runtime.now(), actor.name, "response.import", f"survey:{slug}", detail)
        return Imported(len(batch.rows), batch.blank, batch.dropped, behind.code)

    imported = runtime.database.write(work)
    progress(1.0)
    return imported


def _not_open() -> Conflict:
    return Conflict("survey_not_open", "This survey is not collecting.", "Publish or reopen it first.")


def _take(batch: _Batch, row: Row, t: Translate, stored: Callable[[Row], dict[str, Any]]) -> None:
    if row.faults:
        batch.wrong += len(row.faults)
        batch.errors += [
            t("Row {row}, column {column}: {reason}", row=row.number, column=column, reason=reason)
            for column, reason in row.faults[: MOST_LISTED - len(batch.errors)]
        ]
    elif row.blank:
        batch.blank += 1
    elif not batch.wrong:
        batch.dropped += len(row.checked.dropped)
        batch.rows.append(stored(row))
        # A table is recognised by what people said, not by version, order, or how blanks are written.
        said = {key: answer for key, answer in row.checked.answers.items() if answer}
        batch.digests.append(answers.digest(f"{row.language} {row.day or ''}", said))


def _demand_sound(batch: _Batch, t: Translate) -> None:
    if batch.wrong:
        more = batch.wrong - len(batch.errors)
        raise PhieuError(
            "import_errors",
            "Some values cannot be taken in, so nothing was stored.",
            "Correct them in the file and import it again.",
            (*batch.errors, *([t("… and {number} more.", number=more)] if more else [])),
        )
    if not batch.rows:
        raise PhieuError(
            "import_empty", "The file holds no answers.", "Below the header, give one row for each person."
        )


def _stored(row: Row, version_digest: str, today: date, randomness: Callable[[int], bytes]) -> dict[str, Any]:
    return {
        "id": int.from_bytes(randomness(8), "big") >> 1,
        "submission_key": randomness(16),
        "digest": answers.digest(version_digest, row.checked.answers),
        "language": row.language,
        "received_on": row.day or today,
        "answers": orjson.dumps(row.checked.answers).decode(),
    }


def _collector(session: Session, actor: Actor, survey_id: int, typed: str | None) -> Collector | None:
    """The collector named by its code; None when none is named. Raises NotFound ``collector_unknown``."""
    if typed is None:
        return None
    collector, survey = collector_in_scope(session, actor, typed)
    if survey.id != survey_id:
        raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
    return collector


def _new_collector(session: Session, runtime: Runtime, survey_id: int, name: str) -> Collector:
    code = codes.make(runtime.randomness)
    while collectors.by_code(session, code) is not None:
        code = codes.make(runtime.randomness)
    now = runtime.now()
    # Closed from the start: its code is for telling answers apart, not for giving any.
    return collectors.insert(
        session,
        Collector(survey_id=survey_id, code=code, kind="import", name=name, closed_at=now, created_at=now),
    )
