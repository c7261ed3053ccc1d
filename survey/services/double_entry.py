"""Double entry: a sample of a batch is keyed again by another person, and what the two read differently is settled.

The sample is drawn when the batch is closed: of all its sheets those whose hash with the answer's random identifier is
smallest. It follows from what is stored, and nobody can know it beforehand.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import answers
from survey.errors import Conflict, NotFound
from survey.paper import serials
from survey.services import collecting, keying
from survey.services.batches import in_scope, sample_size
from survey.services.collecting import Refused, Stored
from survey.services.doors import Doors
from survey.services.runtime import Actor, Runtime
from survey.statistics.proportions import wilson
from survey.statistics.results import Interval
from survey.storage.models import EntryBatch, KeyedSheet
from survey.storage.queries import audit, collectors, entry, responses

Answer = str | list[str] | None
"""What one person read: a code, several, a text; None where the rules did not ask."""


@dataclass(frozen=True)
class Difference:
    """A sheet that two people read differently: question key → (first, second) while that is not settled."""

    sheet_id: int
    serial: str
    first_by: str
    second_by: str
    answers: Mapping[str, tuple[Answer, Answer]]


@dataclass(frozen=True)
class Clerk:
    """How well somebody keys. Of ``sheets`` keyed by two people ``wrong_sheets`` turned out to hold an error of theirs
    (``interval``: of that share, in percent), of ``compared`` closed answers ``wrong``; ``open`` ones are not
    settled. Texts do not count here. The interval is that of sheets: errors on one sheet go together."""

    name: str
    sheets: int
    wrong_sheets: int
    interval: Interval | None
    compared: int
    wrong: int
    open: int


@dataclass(frozen=True)
class Report:
    """Where a batch's double entry stands. ``drawn`` sheets, ``done`` of them; ``for_me`` are the serials that the one
    who asks may key; ``by_question``: key → sheets on which the two differed."""

    drawn: int
    done: int
    for_me: tuple[str, ...]
    open: tuple[Difference, ...]
    by_question: Mapping[str, int]
    clerks: tuple[Clerk, ...]
    printed: bool

    def shown(self, serial: str) -> str:
        """A serial as it stands on the sheet; those of forms that were printed here have a hyphen."""
        return serials.display(serial) if self.printed and serial.isalnum() else serial


def second(
    runtime: Runtime,
    actor: Actor,
    opened: Doors,
    batch_id: int,
    *,
    version_id: int,
    key: bytes,
    serial: str,
    given: Mapping[str, Sequence[str]],
) -> int | Refused:
    """Keeps what a second person read on a drawn sheet, once per ``key``; gives in how many answers the two differ. The
    sheet says who keyed it, so there is no audit entry. Raises NotFound ``sheet_not_drawn``, Conflict ``own_sheet`` or
    ``keyed_again_already``."""
    here = keying.desk(runtime, actor, opened, batch_id)
    version = keying.version_of(opened, here, version_id)
    checked = answers.check(version.questionnaire, {**given, **collecting.fixed_answers(here.door, version)})
    wrong = tuple(error for error in checked.errors if error.code != "required")
    if wrong:
        return Refused("invalid", wrong)
    read, mark = keying.serial_of(serial), keying.bound(batch_id, key).hex()
    texts = {one.key for one in version.questionnaire.variables if not one.closed}

    def work(session: Session) -> int:
        batch, _, _ = in_scope(session, actor, batch_id, changing=True)
        sheets = [one for one in entry.sheets(session, batch.id) if one.serial == read]
        for one in sheets:
            if one.second_answers is not None and json.loads(one.second_answers)["key"] == mark:
                return one.differences or 0
        sheet = _to_key(batch, entry.sheets(session, batch.id), actor, read, sheets)
        first = responses.written(session, [sheet.response_id]).get(sheet.response_id)
        said: dict[str, Any] = json.loads(first.answers) if first else {}
        differing = differences(said, checked.answers)
        sheet.second_by, sheet.differences, sheet.settled = actor.name, len(differing), not differing
        sheet.second_answers = _written(
            {
                "key": mark,
                "compared": len({*said, *checked.answers} - texts - {key for key, _ in here.door.fixed}),
                "differing": differing,
                "texts": sorted(texts & differing.keys()),
                "wrong": {},
            }
        )
        return len(differing)

    return runtime.database.write(work)


def settle(
    runtime: Runtime, actor: Actor, opened: Doors, batch_id: int, sheet_id: int, second_right: Collection[str]
) -> None:
    """Decides what a sheet says that two people read differently: the second reading of the questions named, the first
    of the others. Where the second is right the answer is stored anew in place of the first. What the two had read is
    not kept, only who erred where. Raises Conflict when that is done already or the survey takes no answers now."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        in_scope(session, actor, batch_id)
        sheet = keying.sheet_in(session, batch_id, sheet_id)
        kept: dict[str, Any] = json.loads(sheet.second_answers or '{"differing": {}}')
        old = responses.written(session, [sheet.response_id]).get(sheet.response_id)
    right = {key: kept["differing"][key][1] for key in second_right if key in kept["differing"]}
    if sheet.settled or not kept["differing"] or (right and old is None):
        raise _settled_already()

    def done(session: Session, response_id: int) -> None:
        batch, collector, survey = in_scope(session, actor, batch_id, changing=True)
        now = keying.sheet_in(session, batch.id, sheet_id)
        if now.settled or now.response_id != sheet.response_id:
            raise _settled_already()
        now.response_id, now.settled = response_id, True
        erred = {key: "first" if key in right else "second" for key in kept["differing"]}
        now.second_answers = _written({**kept, "differing": {}, "wrong": erred})
        detail = {"code": collector.code, "batch": batch.id, "serial": now.serial, "corrected": len(right)}
        audit.record(session, runtime.now(), actor.name, "entry.settle", f"survey:{survey.slug}", detail)

    if not right or old is None:
        runtime.database.write(lambda session: done(session, sheet.response_id))
        return
    here = keying.desk(runtime, actor, opened, batch_id)
    merged = {**json.loads(old.answers), **right}
    given = {key: [said] if isinstance(said, str) else said for key, said in merged.items() if said is not None}
    key = hashlib.sha256(b"settle %d of %d" % (sheet_id, sheet.response_id)).digest()[:16]
    stored = collecting.submit(
        runtime,
        here.door,
        opened.version(old.version_id),
        key,
        given,
        old.language,
        replaces=sheet.response_id,
        after=done,
    )
    if not isinstance(stored, Stored):
        raise Conflict(
            "not_corrected",
            "The answers cannot be corrected now.",
            "The survey or its collector may be closed, or the answers be withdrawn.",
        )
    if stored.repeated:
        raise _settled_already()


def report(runtime: Runtime, actor: Actor, batch_id: int) -> Report:
    """Where the double entry of a batch stands."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        batch, _, _ = in_scope(session, actor, batch_id)
        sheets = entry.sheets(session, batch.id)
        printed = collectors.last_serial(session, batch.collector_id) > 0
    chosen = drawn(batch, sheets)
    done = [(sheet, json.loads(sheet.second_answers)) for sheet in sheets if sheet.second_answers is not None]
    waiting = [one for one in chosen if one.second_by is None and one.keyed_by != actor.name]
    return Report(
        drawn=len(chosen),
        done=len(done),
        for_me=tuple(sorted(one.serial or "" for one in waiting)),
        open=tuple(
            Difference(
                sheet.id,
                sheet.serial or "",
                sheet.keyed_by,
                sheet.second_by or "",
                {key: (pair[0], pair[1]) for key, pair in kept["differing"].items()},
            )
            for sheet, kept in done
            if not sheet.settled
        ),
        by_question=Counter(key for _, kept in done for key in (*kept["differing"], *kept["wrong"])),
        clerks=_clerks(done),
        printed=printed,
    )


def drawn(batch: EntryBatch, sheets: Sequence[KeyedSheet]) -> list[KeyedSheet]:
    """The sheets of a closed batch that are keyed twice, those that were already among them; of an open one only
    these."""
    done = [sheet for sheet in sheets if sheet.second_by is not None]
    if batch.closed_at is None:
        return done
    wanted = sample_size(len(sheets), batch.double_percent)
    others = sorted((sheet for sheet in sheets if sheet.second_by is None), key=lambda one: _lot(batch.id, one))
    return done + others[: max(0, wanted - len(done))]


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, tuple[Answer, Answer]]:
    """Where two readings of a sheet differ; in texts capitals, spaces and marks between words do not count."""
    keys = [*first, *(key for key in second if key not in first)]
    pairs = {key: (first.get(key), second.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if _bare(pair[0]) != _bare(pair[1])}


def _to_key(
    batch: EntryBatch, every: Sequence[KeyedSheet], actor: Actor, serial: str, alike: Sequence[KeyedSheet]
) -> KeyedSheet:
    """The drawn sheet with this serial that the actor may key."""
    chosen = {sheet.id for sheet in drawn(batch, every)} & {sheet.id for sheet in alike}
    if not chosen:
        raise NotFound(
            "sheet_not_drawn", "This sheet was not drawn for second entry.", "Take one of those listed, please."
        )
    free = [sheet for sheet in alike if sheet.id in chosen and sheet.second_by is None]
    if not free:
        raise Conflict("keyed_again_already", "This sheet was keyed a second time already.", "Take another one.")
    if free[0].keyed_by == actor.name:
        raise Conflict("own_sheet", "You keyed this sheet yourself.", "Somebody else is to key it the second time.")
    return free[0]


def _clerks(done: Sequence[tuple[KeyedSheet, Mapping[str, Any]]]) -> tuple[Clerk, ...]:
    """Everybody who keyed one of the sheets that were keyed twice, by name."""
    return tuple(
        _clerk(name, done) for name in sorted({who for one, _ in done for who in (one.keyed_by, one.second_by or "")})
    )


def _clerk(name: str, done: Sequence[tuple[KeyedSheet, Mapping[str, Any]]]) -> Clerk:
    mine = [(sheet, kept) for sheet, kept in done if name in (sheet.keyed_by, sheet.second_by)]
    wrong = [
        sum(
            who == ("first" if sheet.keyed_by == name else "second") and key not in kept["texts"]
            for key, who in kept["wrong"].items()
        )
        for sheet, kept in mine
    ]
    bad = sum(1 for count in wrong if count)
    return Clerk(
        name=name,
        sheets=len(mine),
        wrong_sheets=bad,
        interval=wilson(bad, len(mine)),
        compared=sum(kept["compared"] for _, kept in mine),
        wrong=sum(wrong),
        open=sum(len(kept["differing"]) for _, kept in mine),
    )


def _lot(batch_id: int, sheet: KeyedSheet) -> bytes:
    return hashlib.sha256(b"second entry %d %d" % (batch_id, sheet.response_id)).digest()


def _bare(said: Answer) -> Answer:
    if isinstance(said, str):
        return "".join(character for character in said.casefold() if character.isalnum())
    return said or ""


def _written(kept: Mapping[str, Any]) -> str:
    return json.dumps(kept, ensure_ascii=False)


def _settled_already() -> Conflict:
    return Conflict("settled_already", "Somebody else settled this meanwhile.", "Load the page again.")
