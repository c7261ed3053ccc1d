"""Single-use codes of a collector: made by the thousand, shown to whoever prints them once, and never again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import single_use
from survey.errors import Conflict, PhieuError
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope
from survey.storage.queries import audit, collectors, tickets
from survey.storage.queries.tickets import Count as Count

MOST = 100_000
"""Codes made at once; more are made in several print runs."""


def issue(runtime: Runtime, actor: Actor, typed: str, number: int, note: str = "") -> tuple[int, tuple[str, ...]]:
    """Makes ``number`` codes for a collector that takes single-use codes, as a print run of its own. Gives the run's
    number and the codes, in random order; they cannot be had again, since only their hashes are kept.

    Raises NotFound, Conflict ``not_single_use`` or ``collector_closed``, PhieuError ``number_unusable``."""
    demand(actor.role, Permission.PRINT)
    if not 1 <= number <= MOST:
        raise PhieuError("number_unusable", "Between 1 and 100,000 codes can be made at once.", "Correct the number.")
    key = runtime.settings.secret_keys[0]
    made: dict[bytes, str] = {}
    while len(made) < number:
        code = single_use.make(runtime.randomness)
        made[single_use.code_hash(key, code)] = code

    def work(session: Session) -> int:
        collector, survey = collector_in_scope(session, actor, typed)
        if not collector.single_use:
            raise Conflict(
                "not_single_use",
                "This collector is open to everybody who has its code.",
                "Add a collector with single-use codes.",
            )
        if collector.closed_at is not None:
            raise Conflict("collector_closed", "This collector is closed already.", "Reopen it to collect again.")
        run = collectors.add_run(
            session, collector.id, kind="codes", copies=number, printed_on=runtime.today(), note=note[:200]
        )
        tickets.insert_codes(session, sorted(made), collector.id, run.id, single_use.key_id(key))
        detail = {"code": collector.code, "run": run.number, "codes": number}
        audit.record(session, runtime.now(), actor.name, "code.issue", f"survey:{survey.slug}", detail)
        return run.number

    return runtime.database.write(work), tuple(made.values())


def counts(runtime: Runtime, actor: Actor, typed: str) -> Sequence[Count]:
    """How many codes each print run of a collector has and how many of them were used."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        collector, _ = collector_in_scope(session, actor, typed)
        return tickets.counts(session, collector.id)
