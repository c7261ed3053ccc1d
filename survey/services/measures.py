"""“You said – we did”: what was heard and what is done about it, for the report and for a poster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.errors import Conflict, NotFound, PhieuError
from survey.printing.measures import SIZES, Sheet, Told, measures_poster
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Measure, Survey
from survey.storage.queries import audit, measures, surveys
from survey.texts import texts

MOST = 60
"""Measures of one survey."""

LONGEST = 400
"""Characters of what was heard, and of what is done."""


@dataclass(frozen=True)
class Said:
    """A measure as it is written: what was heard, the ``action`` taken, the unit in the ``lead``, the day it is due and
    the day it was done."""

    heard: str
    action: str
    lead: str = ""
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Kept:
    """A measure with its number; ``late``: its day is past and it is not done."""

    id: int
    said: Said
    late: bool


def list_measures(runtime: Runtime, actor: Actor, slug: str) -> tuple[Kept, ...]:
    """The measures of a survey, the nearest day first."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        rows = measures.of_survey(session, in_scope(session, actor, slug).id)
        return tuple(_kept(row, runtime.today()) for row in rows)


def add(runtime: Runtime, actor: Actor, slug: str, said: Said) -> int:
    """A new measure; gives its number. Raises PhieuError ``text_missing``, ``text_too_long``, ``too_many_measures``."""
    kept = _checked(said)

    def work(session: Session, survey: Survey) -> int:
        if measures.count(session, survey.id) >= MOST:
            raise PhieuError("too_many_measures", "A survey keeps at most 60 measures.", "Remove one, or join two.")
        row = Measure(survey_id=survey.id)
        _set(row, kept)
        return measures.insert(session, row).id

    return _change(runtime, actor, slug, "measure.add", work)


def change(runtime: Runtime, actor: Actor, slug: str, number: int, said: Said) -> None:
    """Writes a measure anew. Raises NotFound ``measure_unknown`` and as ``add``."""
    kept = _checked(said)

    def work(session: Session, survey: Survey) -> int:
        _set(_found(session, survey, number), kept)
        return number

    _change(runtime, actor, slug, "measure.change", work)


def remove(runtime: Runtime, actor: Actor, slug: str, number: int) -> None:
    """Takes a measure away. Raises NotFound ``measure_unknown``."""

    def work(session: Session, survey: Survey) -> int:
        measures.remove(session, _found(session, survey, number).id)
        return number

    _change(runtime, actor, slug, "measure.remove", work)


def poster(runtime: Runtime, actor: Actor, slug: str, language: str, size: str = "a4") -> bytes:
    """The poster as PDF, in the audit trail with its digest. Raises Conflict ``not_published`` or ``measures_missing``,
    PhieuError ``size_unknown``, and what setting a document raises."""
    demand(actor.role, Permission.PUBLISH)
    if size not in SIZES:
        raise PhieuError("size_unknown", "There is no such size of paper.", "Choose one of those listed.", SIZES)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        version = surveys.version(session, survey.id, survey.version_number)
        rows = measures.of_survey(session, survey.id)
        told = tuple(Told(row.heard, row.action, row.lead, row.due_on, row.done_on) for row in rows)
    if version is None:
        raise Conflict("not_published", "This survey has not been published yet.", "Publish it, then print.")
    if not told:
        raise Conflict("measures_missing", "There is no measure to print.", "Write one first.")
    asked = document.read(json.loads(version.document))
    sheet = Sheet(
        title=asked.title.to(language),
        office=asked.office.name.to(language),
        superior=asked.office.superior.to(language),
        contact=asked.office.contact,
        size=size,
    )
    made = measures_poster(sheet, told, texts(language), runtime.today())
    detail = {"language": language, "size": size, "sha256": hashlib.sha256(made).hexdigest()}
    runtime.database.write(
        lambda session: audit.record(session, runtime.now(), actor.name, "print.measures", f"survey:{slug}", detail)
    )
    return made


def _change(runtime: Runtime, actor: Actor, slug: str, action: str, change: Callable[[Session, Survey], int]) -> int:
    demand(actor.role, Permission.PUBLISH)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug, lock=True)
        number = change(session, survey)
        audit.record(session, runtime.now(), actor.name, action, f"survey:{survey.slug}", {"number": number})
        return number

    return runtime.database.write(work)


def _found(session: Session, survey: Survey, number: int) -> Measure:
    row = measures.get(session, survey.id, number) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound("measure_unknown", "There is no such measure.", "Look it up in the list.")
    return row


def _checked(said: Said) -> Said:
    heard, action = line("heard", said.heard, LONGEST), line("action", said.action, LONGEST)
    if not heard or not action:
        raise PhieuError("text_missing", "What was heard and what is done belong together.", "Write both.")
    return Said(heard, action, line("lead", said.lead, 300), said.due_on, said.done_on)


def _set(row: Measure, said: Said) -> None:
    row.heard, row.action, row.lead, row.due_on, row.done_on = (
        said.heard,
        said.action,
        said.lead,
        said.due_on,
        said.done_on,
    )


def _kept(row: Measure, today: date) -> Kept:
    late = row.done_on is None and row.due_on is not None and row.due_on < today
    return Kept(row.id, Said(row.heard, row.action, row.lead, row.due_on, row.done_on), late)
