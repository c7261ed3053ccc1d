"""Collectors: the channels a survey is answered through, each with the short code that is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import codes, links
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Collector
from survey.storage.queries import audit, collectors, responses


class Kind(StrEnum):
    """Where a code hangs. Results tell the kinds apart, so a poster never shares a code with a leaflet."""

    LEAFLET = "leaflet"
    POSTER = "poster"
    COUNTER = "counter"
    KIOSK = "kiosk"
    SLIP = "slip"
    EVENT = "event"
    WEB = "web"
    INTERVIEWER = "interviewer"
    PAPER = "paper"
    IMPORT = "import"


@dataclass(frozen=True)
class CollectorSummary:
    """A collector as pages and commands show it. ``url`` is None while no public address is configured."""

    code: str
    kind: str
    name: str
    url: str | None
    typed: str | None
    opens_on: date | None
    closes_on: date | None
    closed_at: datetime | None
    answers: int


def add(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    kind: str,
    name: str,
    opens_on: date | None = None,
    closes_on: date | None = None,
) -> str:
    """A new collector of a survey; gives its code. Raises PhieuError for an unknown kind, an unusable name, or days
    the wrong way round."""
    demand(actor.role, Permission.COLLECT)
    if kind not in list(Kind):
        raise PhieuError("kind_unknown", "There is no such kind of collector.", "Choose one of those listed.", (*Kind,))
    kept = line("name", name, 200)
    if not kept:
        raise PhieuError("name_missing", "The collector has no name.", "Name the place where the code hangs.")
    if opens_on and closes_on and closes_on < opens_on:
        raise PhieuError("dates_reversed", "The last day is before the first.", "Correct one of the two days.")

    def work(session: Session) -> str:
        survey = in_scope(session, actor, slug)
        code = codes.make(runtime.randomness)
        while collectors.by_code(session, code) is not None:
            code = codes.make(runtime.randomness)
        collectors.insert(
            session,
            Collector(
                survey_id=survey.id,
                code=code,
                kind=kind,
                name=kept,
                opens_on=opens_on,
                closes_on=closes_on,
                created_at=runtime.now(),
            ),
        )
        audit.record(
            session, runtime.now(), actor.name, "collector.add", f"survey:{slug}", {"code": code, "kind": kind}
        )
        return code

    return runtime.database.write(work)


def close(runtime: Runtime, actor: Actor, code: str) -> None:
    """Takes no more answers through this code; what came in stays."""

    def change(collector: Collector) -> None:
        if collector.closed_at is not None:
            raise Conflict("collector_closed", "This collector is closed already.", "Reopen it to collect again.")
        collector.closed_at = runtime.now()

    _change(runtime, actor, code, "collector.close", change)


def reopen(runtime: Runtime, actor: Actor, code: str) -> None:
    """Takes answers through this code again; its last day is taken away if it has passed."""

    def change(collector: Collector) -> None:
        if collector.closed_at is None:
            raise Conflict("collector_open", "This collector is open already.", "Nothing needs to be done.")
        collector.closed_at = None
        if collector.closes_on is not None and collector.closes_on < runtime.today():
            collector.closes_on = None

    _change(runtime, actor, code, "collector.reopen", change)


def list_collectors(runtime: Runtime, actor: Actor, slug: str) -> tuple[CollectorSummary, ...]:
    """A survey's collectors, oldest first, with how many answered through each."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        counts = responses.count_by_collector(session, survey.id)
        rows = collectors.of_survey(session, survey.id)
        return tuple(_summary(runtime, row, counts.get(row.id, 0)) for row in rows)


def show(runtime: Runtime, actor: Actor, typed: str) -> tuple[CollectorSummary, str]:
    """One collector by its code and the slug of its survey. Raises NotFound, also outside the actor's units."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        collector, slug = _in_scope(session, actor, typed)
        counts = responses.count_by_collector(session, collector.survey_id)
        return _summary(runtime, collector, counts.get(collector.id, 0)), slug


def _in_scope(session: Session, actor: Actor, typed: str) -> tuple[Collector, str]:
    found = collectors.by_code(session, codes.canonical(typed), actor.units)
    if found is None:
        raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
    collector, survey = found
    return collector, survey.slug


def _change(runtime: Runtime, actor: Actor, typed: str, action: str, change: Callable[[Collector], None]) -> None:
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> None:
        collector, slug = _in_scope(session, actor, typed)
        change(collector)
        audit.record(session, runtime.now(), actor.name, action, f"survey:{slug}", {"code": collector.code})

    runtime.database.write(work)


def _summary(runtime: Runtime, row: Collector, answers: int) -> CollectorSummary:
    base = runtime.settings.public_base_url
    return CollectorSummary(
        code=row.code,
        kind=row.kind,
        name=row.name,
        url=links.survey_url(base, row.code) if base else None,
        typed=links.typed_address(base, row.code) if base else None,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        closed_at=row.closed_at,
        answers=answers,
    )
