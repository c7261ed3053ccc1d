"""Printing paper forms of a collector: serials that go on from run to run, each run noted with its file's digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.errors import Conflict
from survey.paper import serials
from survey.paper.geometry import Geometry
from survey.printing import form as paper_form
from survey.services.collectors import Kind
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope
from survey.storage.models import Collector, QuestionnaireVersion, Survey
from survey.storage.queries import audit, collectors, surveys

FORM_KINDS = frozenset({Kind.PAPER, Kind.EVENT, Kind.COUNTER, Kind.SLIP, Kind.INTERVIEWER})
"""Kinds of collectors whose answers may come on paper, to be keyed in."""


@dataclass(frozen=True)
class Forms:
    """A print run of paper forms: the file, the first and last serial as printed, and where everything lies."""

    pdf: bytes
    first: str
    last: str
    geometry: Geometry


def forms(
    runtime: Runtime, actor: Actor, collector_code: str, language: str, *, copies: int = 1, first: str = ""
) -> Forms:
    """Paper forms of a collector. Serials go on where its last print run ended; a given ``first`` serial (or its bare
    number) prints those again that were lost. Raises NotFound, Conflict ``not_published``, ``not_on_paper``, or
    ``serials_taken`` when somebody printed meanwhile; ``serial_mistyped``; what ``survey.printing.form`` raises."""
    demand(actor.role, Permission.PRINT)
    with runtime.database.reading() as session:
        collector, survey, version = _published(session, actor, collector_code)
        if collector.kind not in FORM_KINDS:
            raise Conflict(
                "not_on_paper",
                "No paper forms are printed for this kind of collector.",
                "Add a collector of the kind “Paper forms” and print them there.",
            )
        begin = _first_serial(collector.code, first) if first.strip() else _next_serial(session, collector.id)
        printed = paper_form.Form(
            document.read(json.loads(version.document)),
            version.digest,
            language,
            collector.code,
            tuple(sorted(json.loads(collector.fixed).items())),
        )
        collector_id, slug = collector.id, survey.slug
    made = paper_form.copies(printed, begin, copies, runtime.today())
    serial, last = (serials.make(printed.collector, number) for number in (begin, begin + copies - 1))
    noted = {"code": printed.collector, "language": language, "copies": copies, "first": serial, "last": last}

    def work(session: Session) -> None:
        if not first.strip() and _next_serial(session, collector_id, locked=True) != begin:
            raise Conflict("serials_taken", "Somebody else has just printed forms with these serials.", "Print again.")
        digest = hashlib.sha256(made).hexdigest()
        run = collectors.add_run(
            session,
            collector_id,
            kind="form",
            copies=copies,
            first_serial=begin,
            digest=digest,
            printed_on=runtime.today(),
        )
        detail = {**noted, "run": run.number, "sha256": digest}
        audit.record(session, runtime.now(), actor.name, "print.form", f"survey:{slug}", detail)

    runtime.database.write(work)
    return Forms(made, serials.display(serial), serials.display(last), paper_form.layout(printed).geometry)


def _first_serial(collector_code: str, typed: str) -> int:
    bare = typed.strip()
    if bare.isascii() and bare.isdigit() and len(bare) <= serials.DIGITS:
        return int(bare)
    return serials.read(collector_code, typed)


def _next_serial(session: Session, collector_id: int, *, locked: bool = False) -> int:
    """The number after the last that was printed."""
    return collectors.last_serial(session, collector_id, locked=locked) + 1


def _published(session: Session, actor: Actor, typed: str) -> tuple[Collector, Survey, QuestionnaireVersion]:
    collector, survey = collector_in_scope(session, actor, typed)
    version = surveys.version(session, survey.id, survey.version_number)
    if version is None:
        raise Conflict("not_published", "This survey has not been published yet.", "Publish it, then print.")
    return collector, survey, version
