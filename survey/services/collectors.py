"""Collectors: the channels a survey is answered through, each with the short code that is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import codes, links
from survey.errors import Conflict, PhieuError
from survey.services.particulars import check_days, line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope, in_scope
from survey.services.traits import Slip as Slip
from survey.services.traits import Traits as Traits
from survey.services.traits import columns
from survey.services.traits import of as traits_of
from survey.storage.models import Collector
from survey.storage.queries import audit, collectors, offices, responses, surveys

MOST_SHIFTS = 12


class Kind(StrEnum):
    """Where a code hangs. Results tell the kinds apart, so a poster never shares a code with a leaflet."""

    LEAFLET = "leaflet"
    POSTER = "poster"
    COUNTER = "counter"
    KIOSK = "kiosk"
    SLIP = "slip"
    EVENT = "event"
    WEB = "web"
    LINK = "link"
    INTERVIEWER = "interviewer"
    PAPER = "paper"
    IMPORT = "import"


@dataclass(frozen=True)
class CollectorSummary:
    """A collector as pages and commands show it. ``url`` is None while no public address is configured. ``leads_to`` is
    the code and survey title of the collector that its printed code opens instead."""

    code: str
    kind: str
    name: str
    url: str | None
    typed: str | None
    opens_on: date | None
    closes_on: date | None
    closed_at: datetime | None
    answers: int
    traits: Traits
    leads_to: tuple[str, str] | None


def add(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    kind: str,
    name: str,
    opens_on: date | None = None,
    closes_on: date | None = None,
    traits: Traits | None = None,
) -> str:
    """A new collector of a survey; gives its code. Raises PhieuError for an unknown kind, an unusable name, days the
    wrong way round, or a trait that does not fit."""
    return add_each(runtime, actor, slug, kind, (name,), opens_on, closes_on, traits)[0]


def add_each(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    kind: str,
    names: Sequence[str],
    opens_on: date | None = None,
    closes_on: date | None = None,
    traits: Traits | None = None,
) -> tuple[str, ...]:
    """A new collector for each name, alike in all else: all of them or none. Gives their codes. Raises as ``add``."""
    demand(actor.role, Permission.COLLECT)
    if kind not in list(Kind):
        raise PhieuError("kind_unknown", "There is no such kind of collector.", "Choose one of those listed.", (*Kind,))
    kept, given = [_name(name) for name in names], traits or Traits()
    check_days(opens_on, closes_on)

    def work(session: Session) -> tuple[str, ...]:
        survey = in_scope(session, actor, slug)
        carried = columns(session, survey, given) | _referred(session, actor, given)
        days = {"opens_on": opens_on, "closes_on": closes_on, "created_at": runtime.now()}
        made = []
        for name in kept:
            code = _free_code(session, runtime)
            one = Collector(survey_id=survey.id, code=code, kind=kind, name=name, **days, **carried)
            made.append(collectors.insert(session, one).code)
        several = {"collectors": len(made)} if len(made) > 1 else {}
        detail = {"code": made[0], "kind": kind, **several}
        audit.record(session, runtime.now(), actor.name, "collector.add", f"survey:{slug}", detail)
        return tuple(made)

    return runtime.database.write(work)


def of_shifts(counter: str, shifts: Sequence[str]) -> tuple[str, ...]:
    """The names of one counter's collectors, one for each shift; the counter's own where it has none. Raises PhieuError
    ``name_missing`` or ``shifts_too_many``."""
    named: dict[str, str] = {}
    for shift in filter(None, (line("name", one, 200) for one in shifts)):
        named.setdefault(shift.casefold(), shift)
    if len(named) > MOST_SHIFTS:
        raise PhieuError("shifts_too_many", "A counter can have up to 12 shifts.", "Name fewer.")
    whole = _name(counter)
    return tuple(f"{whole} – {shift}" for shift in named.values()) or (whole,)


def edit(
    runtime: Runtime,
    actor: Actor,
    code: str,
    *,
    name: str,
    opens_on: date | None,
    closes_on: date | None,
    traits: Traits,
) -> None:
    """Changes what a collector is called and carries; its kind and code stay. Raises as ``add``."""
    demand(actor.role, Permission.COLLECT)
    kept = _name(name)
    check_days(opens_on, closes_on)

    def work(session: Session) -> None:
        collector, survey = collector_in_scope(session, actor, code)
        given = {
            "name": kept,
            "opens_on": opens_on,
            "closes_on": closes_on,
            **columns(session, survey, traits),
            **_referred(session, actor, traits),
        }
        for column, value in given.items():
            setattr(collector, column, value)
        audit.record(
            session, runtime.now(), actor.name, "collector.edit", f"survey:{survey.slug}", {"code": collector.code}
        )

    runtime.database.write(work)


def lead(runtime: Runtime, actor: Actor, code: str, slug: str) -> str:
    """From now on the printed code opens another survey: a collector of the same kind and name is made there, and its
    code given. What was answered through this one stays in its survey. Raises Conflict ``leads_nowhere_new`` for the
    survey it belongs to or leads to already."""
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> str:
        collector, survey = collector_in_scope(session, actor, code)
        target = in_scope(session, actor, slug)
        now_at = collectors.get(session, collector.leads_to_id) if collector.leads_to_id else collector
        if target.id == now_at.survey_id:
            raise Conflict("leads_nowhere_new", "This code opens that survey already.", "Choose another survey.")
        if target.id == survey.id:
            collector.leads_to_id = None
            new_code = collector.code
        else:
            new_code = _free_code(session, runtime)
            made = collectors.insert(
                session,
                Collector(
                    survey_id=target.id,
                    code=new_code,
                    kind=collector.kind,
                    name=collector.name,
                    slip=collector.slip,
                    place=collector.place,
                    unit_id=collector.unit_id,
                    language=collector.language,
                    hours_from=collector.hours_from,
                    hours_to=collector.hours_to,
                    expected_per_day=collector.expected_per_day,
                    single_use=collector.single_use,
                    exit_code=collector.exit_code,
                    created_at=runtime.now(),
                ),
            )
            collector.leads_to_id = made.id
        detail = {"code": collector.code, "to": slug}
        audit.record(session, runtime.now(), actor.name, "collector.lead", f"survey:{survey.slug}", detail)
        return new_code

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
        return tuple(_summary(session, runtime, row, counts.get(row.id, 0)) for row in rows)


def with_answers(runtime: Runtime, actor: Actor, slug: str) -> int:
    """How many of a survey's collectors brought answers."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        return responses.collectors_with_answers(session, in_scope(session, actor, slug).id)


def show(runtime: Runtime, actor: Actor, typed: str) -> tuple[CollectorSummary, str]:
    """One collector by its code and the slug of its survey. Raises NotFound, also outside the actor's units."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        collector, survey = collector_in_scope(session, actor, typed)
        counts = responses.count_by_collector(session, collector.survey_id)
        return _summary(session, runtime, collector, counts.get(collector.id, 0)), survey.slug


def _change(runtime: Runtime, actor: Actor, typed: str, action: str, change: Callable[[Collector], None]) -> None:
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> None:
        collector, survey = collector_in_scope(session, actor, typed)
        change(collector)
        audit.record(session, runtime.now(), actor.name, action, f"survey:{survey.slug}", {"code": collector.code})

    runtime.database.write(work)


def _referred(session: Session, actor: Actor, traits: Traits) -> dict[str, int | None]:
    """The columns that name other rows. Raises NotFound ``collector_unknown`` or PhieuError ``unit_unknown`` for what
    the actor cannot see."""
    follow_up = collector_in_scope(session, actor, traits.follow_up)[0] if traits.follow_up else None
    unit = offices.named(session, traits.unit, actor.units) if traits.unit else None
    if traits.unit and unit is None:
        raise PhieuError("unit_unknown", "There is no such office.", "Choose one of those listed.")
    return {"follow_up_id": follow_up.id if follow_up else None, "unit_id": unit.id if unit else None}


def _free_code(session: Session, runtime: Runtime) -> str:
    code = codes.make(runtime.randomness)
    while collectors.by_code(session, code) is not None:
        code = codes.make(runtime.randomness)
    return code


def _name(name: str) -> str:
    kept = line("name", name, 200)
    if not kept:
        raise PhieuError("name_missing", "The collector has no name.", "Name the place where the code hangs.")
    return kept


def _summary(session: Session, runtime: Runtime, row: Collector, answers: int) -> CollectorSummary:
    base = runtime.settings.public_base_url
    follow_up = collectors.get(session, row.follow_up_id) if row.follow_up_id else None
    unit = offices.get(session, row.unit_id) if row.unit_id else None
    leads_to = collectors.get(session, row.leads_to_id) if row.leads_to_id else None
    other = surveys.get(session, leads_to.survey_id) if leads_to else None
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
        traits=traits_of(row, follow_up.code if follow_up else None, unit.name if unit else None),
        leads_to=(leads_to.code, other.title) if leads_to and other else None,
    )
