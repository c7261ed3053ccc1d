"""Flagged answers: kept, shown in groups, and left out of results only with a reason, by somebody who answers for it.

Nobody looks at single answers here: what is left out is all answers behind one code on one day that carry one flag.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope, in_scope
from survey.storage.models import Exclusion
from survey.storage.queries import audit, quality, releases, responses


@dataclass(frozen=True)
class Group:
    """Answers behind one collector on one local day that carry a flag: ``answers`` of all ``total`` that day."""

    collector: str
    name: str
    day: date
    flag: str
    answers: int
    total: int


@dataclass(frozen=True)
class Decision:
    """An exclusion as people read it; ``lifted_on`` None while it holds."""

    id: int
    collector: str
    day: date | None
    flag: str
    reason: str
    answers: int
    by: str
    on: date
    lifted_by: str | None
    lifted_on: date | None


def groups(runtime: Runtime, actor: Actor, slug: str) -> tuple[Group, ...]:
    """All flagged answers that count, in groups: newest day first. An answer with two flags is in two groups."""
    demand(actor.role, Permission.EXCLUDE)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        totals = quality.days(session, survey.id)
        counted: Counter[tuple[str, str, date, str]] = Counter()
        for code, name, day, flags, number in quality.flagged(session, survey.id):
            for flag in flags.split():
                counted[code, name, day, flag] += number
    found = [Group(*place, number, totals[place[0], place[2]]) for place, number in counted.items()]
    return tuple(sorted(found, key=lambda one: (-one.day.toordinal(), one.name, one.flag)))


def decisions(runtime: Runtime, actor: Actor, slug: str) -> tuple[Decision, ...]:
    """What was left out and taken back in, newest first."""
    demand(actor.role, Permission.EXCLUDE)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        return tuple(
            Decision(
                one.id,
                name or "",
                one.day,
                one.flag or "",
                one.reason,
                one.responses,
                one.excluded_by,
                one.excluded_on,
                one.lifted_by,
                one.lifted_on,
            )
            for one, name in quality.of_survey(session, survey.id)
        )


def exclude(runtime: Runtime, actor: Actor, slug: str, typed: str, day: date, flag: str, reason: str) -> int:
    """Leaves out all answers behind a collector on one day that carry a flag; gives their number. Results follow with a
    release. Raises NotFound, PhieuError ``reason_missing``, Conflict ``nothing_to_exclude``."""
    demand(actor.role, Permission.EXCLUDE)
    kept = line("reason", reason, 500)
    if not kept:
        raise PhieuError("reason_missing", "There is no reason.", "Say why; it stands in the report.")

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug)
        collector, owner = collector_in_scope(session, actor, typed)
        if owner.id != survey.id:
            raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
        releases.lock(session, survey.id)
        ids = quality.chosen(session, survey.id, collector.id, day, flag)
        if not ids:
            raise Conflict("nothing_to_exclude", "No answer that counts carries this flag.", "Load the page again.")
        made = Exclusion(
            survey_id=survey.id,
            collector_id=collector.id,
            day=day,
            flag=flag,
            reason=kept,
            responses=len(ids),
            excluded_by=actor.name,
            excluded_on=runtime.today(),
        )
        number = quality.add(session, made, ids)
        responses.change(session, ids, "excluded")
        detail = {"exclusion": number, "code": collector.code, "flag": flag, "rows": len(ids)}
        audit.record(session, runtime.now(), actor.name, "response.exclude", f"survey:{slug}", detail)
        return len(ids)

    return runtime.database.write(work)


def lift(runtime: Runtime, actor: Actor, slug: str, number: int) -> int:
    """Takes back in what an exclusion left out; gives the number of answers. Raises NotFound ``exclusion_unknown``,
    Conflict ``exclusion_lifted``."""
    demand(actor.role, Permission.EXCLUDE)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug)
        releases.lock(session, survey.id)
        found = quality.get(session, survey.id, number) if 0 < number < 2**31 else None
        if found is None:
            raise NotFound("exclusion_unknown", "There is no such exclusion.", "Look it up in the list.")
        if found.lifted_on is not None:
            raise Conflict("exclusion_lifted", "These answers were taken back in already.", "Nothing needs to be done.")
        found.lifted_by, found.lifted_on = actor.name, runtime.today()
        back = quality.left_out(session, found)
        for status, ids in back.items():
            responses.change(session, ids, status)
        rows = sum(map(len, back.values()))
        detail = {"exclusion": number, "rows": rows}
        audit.record(session, runtime.now(), actor.name, "response.readmit", f"survey:{slug}", detail)
        return rows

    return runtime.database.write(work)
