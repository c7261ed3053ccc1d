"""Batches of paper sheets or interviews to key in: opened and closed, and what they come to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.particulars import check_people, line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope
from survey.storage.models import EntryBatch
from survey.storage.queries import audit, entry, responses
from survey.storage.queries.entry import Batch

KINDS = frozenset({"paper", "interviewer"})
"""Kinds of collectors whose answers are keyed in."""

DOUBLE_PERCENT = 10
"""Sheets in a hundred that a second person keys again, unless said otherwise."""


@dataclass(frozen=True)
class BatchSummary:
    """A batch as pages show it: ``keyed`` sheets of the ``expected``. Of a closed one ``to_check`` are still to be
    keyed a second time; ``unsettled`` ones were read differently."""

    id: int
    name: str
    code: str
    collector: str
    kind: str
    slug: str
    title: str
    expected: int | None
    double_percent: int
    opened_by: str
    opened_on: date
    is_open: bool
    keyed: int
    to_check: int
    unsettled: int

    @property
    def serials(self) -> bool:
        """Whether each sheet has a serial: paper does, an interview has nothing that could be found again."""
        return self.kind == "paper"


def open_batch(
    runtime: Runtime, actor: Actor, code: str, name: str, expected: int | None = None, double_percent: int | None = None
) -> int:
    """A new batch behind a collector for paper or interviews; gives its id. Interviews leave no sheet that a second
    person could key. Raises PhieuError, or Conflict for a collector of another kind or with single-use codes."""
    demand(actor.role, Permission.ENTER)
    kept = line("name", name, 200)
    if not kept:
        raise PhieuError("batch_name_missing", "The batch has no name.", "Write on which pile or shift it is.")
    check_people(expected)
    percent = DOUBLE_PERCENT if double_percent is None else double_percent
    if not 0 <= percent <= 100:
        raise PhieuError("percent_unusable", "The share lies between 0 and 100 percent.", "Correct it.")

    def work(session: Session) -> int:
        collector, survey = collector_in_scope(session, actor, code)
        if collector.kind not in KINDS or collector.single_use:
            raise Conflict(
                "nothing_to_key",
                "Nothing is keyed in behind this collector.",
                "Add a collector for paper forms or interviews, without single-use codes.",
            )
        batch = entry.add_batch(
            session,
            EntryBatch(
                collector_id=collector.id,
                name=kept,
                expected=expected,
                double_percent=percent if collector.kind == "paper" else 0,
                opened_by=actor.name,
                opened_on=runtime.today(),
            ),
        )
        detail = {"code": collector.code, "batch": batch.id}
        audit.record(session, runtime.now(), actor.name, "entry.open", f"survey:{survey.slug}", detail)
        return batch.id

    return runtime.database.write(work)


def close_batch(runtime: Runtime, actor: Actor, batch_id: int) -> None:
    """No more sheets come into a batch: the pile is keyed, and the sample for second entry is drawn."""
    _change(runtime, actor, batch_id, closed=True)


def reopen_batch(runtime: Runtime, actor: Actor, batch_id: int) -> None:
    """More sheets of the same pile turned up."""
    _change(runtime, actor, batch_id, closed=False)


def _change(runtime: Runtime, actor: Actor, batch_id: int, *, closed: bool) -> None:
    demand(actor.role, Permission.ENTER)

    def work(session: Session) -> None:
        batch, collector, survey = in_scope(session, actor, batch_id, changing=True)
        if (batch.closed_at is not None) == closed:
            raise Conflict("batch_unchanged", "Somebody else did this meanwhile.", "Nothing needs to be done.")
        batch.closed_at = runtime.now() if closed else None
        detail = {"code": collector.code, "batch": batch.id}
        action = "entry.close" if closed else "entry.reopen"
        audit.record(session, runtime.now(), actor.name, action, f"survey:{survey.slug}", detail)

    runtime.database.write(work)


def list_batches(runtime: Runtime, actor: Actor, code: str | None = None) -> tuple[BatchSummary, ...]:
    """Batches the actor may see, newest first: all of one collector, or of all collectors those with work left."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        collector = collector_in_scope(session, actor, code)[0].id if code is not None else None
        found = _summaries(session, entry.visible(session, actor.units, collector))
        return (
            found if code is not None else tuple(one for one in found if one.is_open or one.to_check or one.unsettled)
        )


def show_batch(runtime: Runtime, actor: Actor, batch_id: int) -> BatchSummary:
    """One batch. Raises NotFound, also outside the actor's units."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        return _summaries(session, [in_scope(session, actor, batch_id)])[0]


def sample_size(sheets: int, percent: int) -> int:
    """How many sheets of a closed batch are keyed twice."""
    return -(-sheets * percent // 100)


@dataclass(frozen=True)
class Count:
    """What a batch's sheets say to one question: code → sheets, those where it was left blank, and those where it was
    not asked. ``written`` counts texts."""

    key: str
    codes: Mapping[str, int]
    written: int
    blank: int
    not_asked: int


def totals(runtime: Runtime, actor: Actor, batch_id: int) -> tuple[Questionnaire | None, tuple[Count, ...]]:
    """The counts of a batch of paper, for comparing with a tally of the pile, and the questionnaire they belong to.
    They are what the people who have the sheets in their hands can count themselves; of interviews there are none."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        batch, _, _ = in_scope(session, actor, batch_id)
        found = responses.written(session, {sheet.response_id for sheet in entry.sheets(session, batch.id)})
        version = responses.load_version(session, max(one.version_id for one in found.values())) if found else None
    if version is None:
        return None, ()
    asked = document.read(json.loads(version[1]))
    said = [json.loads(one.answers) for one in found.values() if one.status != "withdrawn"]
    return asked, tuple(_count(key, said, asked.by_key[key].closed) for key in asked.by_key)


def _count(key: str, said: Collection[Mapping[str, str | list[str]]], closed: bool) -> Count:
    answers = [one[key] for one in said if key in one]
    given = [answer for answer in answers if answer]
    codes = Counter(code for answer in given for code in ([answer] if isinstance(answer, str) else answer))
    return Count(key, codes if closed else {}, len(given), len(answers) - len(given), len(said) - len(answers))


def in_scope(session: Session, actor: Actor, batch_id: int, *, keying: bool = False, changing: bool = False) -> Batch:
    """The batch with its collector and survey. Raises the same NotFound for a missing one and one outside the actor's
    units."""
    found = (
        entry.find(session, batch_id, actor.units, keying=keying, changing=changing) if 0 < batch_id < 2**31 else None
    )
    if found is None:
        raise NotFound("batch_unknown", "There is no such batch.", "Look it up in the list of batches.")
    return found


def _summaries(session: Session, rows: Sequence[Batch]) -> tuple[BatchSummary, ...]:
    known = entry.progress(session, [batch.id for batch, _, _ in rows])
    return tuple(_summary(row, known.get(row[0].id, entry.Progress())) for row in rows)


def _summary(row: Batch, so_far: entry.Progress) -> BatchSummary:
    batch, collector, survey = row
    drawn = sample_size(so_far.keyed, batch.double_percent) if batch.closed_at is not None else 0
    return BatchSummary(
        id=batch.id,
        name=batch.name,
        code=collector.code,
        collector=collector.name,
        kind=collector.kind,
        slug=survey.slug,
        title=survey.title,
        expected=batch.expected,
        double_percent=batch.double_percent,
        opened_by=batch.opened_by,
        opened_on=batch.opened_on,
        is_open=batch.closed_at is None,
        keyed=so_far.keyed,
        to_check=max(0, drawn - so_far.again),
        unsettled=so_far.unsettled,
    )
