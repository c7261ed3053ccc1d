"""How a survey's codes are used: handed out, opened, started, completed, by collector and print run. Counts only.

Open codes have no frame, so this is a funnel and no response rate. Opened and started are counts of events: who opens a
form twice counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.errors import NotFound, PhieuError
from survey.services.particulars import MOST_PEOPLE, line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope, in_scope
from survey.statistics.participation import response_rate
from survey.storage.models import Collector, PrintRun
from survey.storage.queries import audit, collectors, responses, tickets, visits
from survey.storage.queries.tickets import Count
from survey.storage.queries.visits import Sums


@dataclass(frozen=True)
class Run:
    """A print run. ``completed`` counts spent codes where it has single-use ones, else answers sent through its own
    printed address."""

    number: int
    kind: str
    copies: int
    handed_out: int | None
    note: str
    printed_on: date
    opened: int
    started: int
    completed: int


@dataclass(frozen=True)
class Funnel:
    """One collector. ``handed_out`` adds up what is known of its print runs, None when nothing is. ``completed`` are
    its answers that count, ``flagged`` those of them with a flag; ``excluded`` and ``withdrawn`` stand beside.
    ``frame`` is how many people were given a code of their own, None where codes are open to everybody."""

    code: str
    name: str
    kind: str
    handed_out: int | None
    shown: int
    opened: int
    started: int
    completed: int
    flagged: int
    excluded: int
    withdrawn: int
    runs: tuple[Run, ...]
    frame: int | None = None

    @property
    def response_rate(self) -> float | None:
        """AAPOR RR1 in percent; None without a frame."""
        return None if self.frame is None else response_rate(self.completed, self.frame)


def funnels(runtime: Runtime, actor: Actor, slug: str) -> tuple[Funnel, ...]:
    """The participation of a survey, a row for each collector, oldest first."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        statuses = responses.count_by_collector_and_status(session, survey.id)
        counted = visits.of_survey(session, survey.id)
        return tuple(
            _funnel(session, one, statuses.get(one.id, {}), counted) for one in collectors.of_survey(session, survey.id)
        )


def hand_out(runtime: Runtime, actor: Actor, typed: str, run: int, handed_out: int | None, note: str = "") -> None:
    """Notes how many copies of a print run people were given; None: not known. Raises NotFound ``run_unknown``,
    PhieuError ``handed_out_unusable``."""
    demand(actor.role, Permission.COLLECT)
    _check(handed_out)
    kept = line("note", note, 200)

    def work(session: Session) -> None:
        collector, survey = collector_in_scope(session, actor, typed)
        found = collectors.run(session, collector.id, run)
        if found is None:
            raise NotFound("run_unknown", "There is no such print run.", "Look it up in the list.")
        found.handed_out, found.note = handed_out, kept
        detail = {"code": collector.code, "run": run, "handed_out": handed_out}
        audit.record(session, runtime.now(), actor.name, "run.hand_out", f"survey:{survey.slug}", detail)

    runtime.database.write(work)


def add_run(runtime: Runtime, actor: Actor, typed: str, handed_out: int, note: str = "") -> int:
    """Notes copies that were printed elsewhere, as a run of its own; gives its number."""
    demand(actor.role, Permission.COLLECT)
    _check(handed_out)
    kept = line("note", note, 200)

    def work(session: Session) -> int:
        collector, survey = collector_in_scope(session, actor, typed)
        made = collectors.add_run(
            session,
            collector.id,
            kind="other",
            copies=max(1, handed_out),
            handed_out=handed_out,
            note=kept,
            printed_on=runtime.today(),
        )
        detail = {"code": collector.code, "run": made.number, "handed_out": handed_out}
        audit.record(session, runtime.now(), actor.name, "run.add", f"survey:{survey.slug}", detail)
        return made.number

    return runtime.database.write(work)


def _check(handed_out: int | None) -> None:
    if handed_out is not None and not 0 <= handed_out <= MOST_PEOPLE:
        raise PhieuError(
            "handed_out_unusable", "The number handed out must lie between 0 and 100 million.", "Correct it."
        )


def _funnel(
    session: Session, one: Collector, statuses: Mapping[str, int], counted: Mapping[tuple[int, int], Sums]
) -> Funnel:
    mine = [sums for (collector, _), sums in counted.items() if collector == one.id]
    issued = tickets.counts(session, one.id) if one.single_use else ()
    spent = {count.run: count.spent for count in issued}
    runs = tuple(
        _run(run, counted.get((one.id, run.number), Sums()), spent) for run in collectors.runs(session, one.id)
    )
    given = [run.handed_out for run in runs if run.handed_out is not None]
    # A poster or sheet that was only looked at says nothing.
    used = tuple(
        run for run in runs if run.kind not in ("poster", "labels") or run.handed_out is not None or run.opened
    )
    return Funnel(
        code=one.code,
        name=one.name,
        kind=one.kind,
        handed_out=sum(given) if given else None,
        shown=sum(sums.shown for sums in mine),
        opened=sum(sums.opened for sums in mine),
        started=sum(sums.started for sums in mine),
        completed=sum(statuses.get(status, 0) for status in ("complete", "partial", "flagged")),
        flagged=statuses.get("flagged", 0),
        excluded=statuses.get("excluded", 0),
        withdrawn=statuses.get("withdrawn", 0),
        runs=used,
        frame=_frame(issued, runs) if one.single_use else None,
    )


def _frame(issued: Sequence[Count], runs: Sequence[Run]) -> int:
    """People given a code: of a print run as many as staff noted, else all its codes; letters carry one each."""
    given = {run.number: run.handed_out for run in runs}
    known = [(given.get(one.run), one.codes) for one in issued]
    return sum(codes if handed_out is None else handed_out for handed_out, codes in known)


def _run(run: PrintRun, sums: Sums, spent: Mapping[int, int]) -> Run:
    return Run(
        number=run.number,
        kind=run.kind,
        copies=run.copies,
        handed_out=run.handed_out,
        note=run.note,
        printed_on=run.printed_on,
        opened=sums.opened,
        started=sums.started,
        completed=spent.get(run.number, sums.completed),
    )
