"""Keying in one sheet of paper or one interview, and asking about sheets that bear the same serial.

Each goes in through ``collecting.submit`` like any answer; the row that says who keyed which sheet is written in the
same transaction and takes the place of an audit entry. Interviews get such a row without the answer's id: in their
order it would tell who said what.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import answers
from survey.errors import Conflict, NotFound, PhieuError
from survey.paper import serials
from survey.services import collecting
from survey.services.batches import in_scope
from survey.services.collecting import Refused, Stored
from survey.services.doors import Door, Doors, Version
from survey.services.runtime import Actor, Runtime
from survey.storage.models import KeyedSheet
from survey.storage.queries import audit, collectors, doors, entry, responses

SERIAL_LENGTH = 16
"""Characters of a serial, as printed on a sheet."""


@dataclass(frozen=True)
class Desk:
    """What a clerk keys in at: the door of the batch's collector, and the version asked there now. ``printed``: its
    forms were printed here, so their serials have a check letter."""

    door: Door
    version: Version
    language: str
    printed: bool


@dataclass(frozen=True)
class Keyed:
    """A sheet that is stored. ``repeated``: it had been before, this was the same sheet sent again. ``twice``: another
    sheet of the collector bears its serial. ``sheets`` are those of the batch now."""

    serial: str | None
    repeated: bool
    twice: bool
    sheets: int


@dataclass(frozen=True)
class Twin:
    """One of several sheets with the same serial."""

    sheet_id: int
    batch_id: int
    batch: str
    serial: str
    keyed_by: str
    equal: bool
    """Whether it says the same as the first of them."""


def desk(runtime: Runtime, actor: Actor, opened: Doors, batch_id: int, language: str = "") -> Desk:
    """What is asked in a batch, in ``language`` if the questionnaire has it, else the collector's, else the first.
    Raises NotFound, and Conflict ``not_published`` before publication."""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        batch, _, _ = in_scope(session, actor, batch_id)
        door = doors.find_own(session, batch.collector_id)
        printed = door.kind == "paper" and collectors.last_serial(session, batch.collector_id) > 0
    if door.version_id is None:
        raise Conflict("not_published", "The survey is not published yet.", "Publish it first.")
    version = opened.version(door.version_id)
    offered = version.questionnaire.languages
    chosen = next((one for one in (language, door.language) if one in offered), None) or offered[0]
    return Desk(door, version, chosen, printed)


def key(
    runtime: Runtime,
    actor: Actor,
    opened: Doors,
    batch_id: int,
    *,
    version_id: int,
    key: bytes,
    serial: str,
    given: Mapping[str, Sequence[str]],
    language: str = "",
) -> Keyed | Refused:
    """Stores one sheet, exactly once per ``key`` (made where it was typed). Raises PhieuError ``serial_missing`` for
    paper without one, Conflict ``batch_closed``, Unavailable when it must be sent again."""
    here = desk(runtime, actor, opened, batch_id, language)
    paper = here.door.kind == "paper"
    read = _read(here, serial) if paper else None
    version = version_of(opened, here, version_id)

    def after(session: Session, response_id: int) -> None:
        batch, _, _ = in_scope(session, actor, batch_id, keying=True)
        if batch.closed_at is not None:
            raise Conflict("batch_closed", "This batch is closed.", "Reopen it if more sheets of it turned up.")
        entry.add_sheet(
            session,
            KeyedSheet(
                batch_id=batch.id,
                serial=read,
                response_id=response_id if paper else 0,
                keyed_by=actor.name,
                keyed_on=runtime.today(),
            ),
        )

    stored = collecting.submit(runtime, here.door, version, bound(batch_id, key), given, here.language, after=after)
    if not isinstance(stored, Stored):
        return stored
    with runtime.database.reading() as session:
        alike = entry.with_serial(session, here.door.collector_id, [read]) if read else ()
        return Keyed(read, stored.repeated, len(alike) > 1, entry.progress(session, [batch_id])[batch_id].keyed)


def serial_of(typed: str) -> str:
    """A serial as it is kept and compared: in capitals, without spaces and hyphens. Raises PhieuError
    ``serial_unusable``."""
    kept = unicodedata.normalize("NFKC", answers.normalise(typed[:200], lines=False)).upper()
    kept = "".join(letter for letter in kept if unicodedata.category(letter) != "Pd" and not letter.isspace())
    if len(kept) > SERIAL_LENGTH:
        raise PhieuError(
            "serial_unusable", "This is no serial: it is too long.", "Compare it with the sheet, please.", (kept[:40],)
        )
    return kept


def _read(here: Desk, typed: str) -> str:
    """The serial typed for a new sheet; where the forms were printed here its check letter must be right. Raises
    PhieuError ``serial_missing``, ``serial_unusable`` or ``serial_mistyped``."""
    kept = serial_of(typed)
    if not kept:
        raise PhieuError("serial_missing", "The sheet has no serial.", "Type the one printed on it, or number it.")
    return serials.make(here.door.code, serials.read(here.door.code, kept)) if here.printed else kept


def bound(batch_id: int, key: bytes) -> bytes:
    """The submission key of what was typed under ``key`` in a batch: no key of a clerk's meets one of another page."""
    return hashlib.sha256(b"key-in %d " % batch_id + key).digest()[:16]


def twins(runtime: Runtime, actor: Actor, batch_id: int) -> tuple[tuple[Twin, ...], ...]:
    """The sheets of a batch whose serial another sheet of the collector bears, each with those others: was one keyed
    twice, or misread, or are there two?"""
    demand(actor.role, Permission.ENTER)
    with runtime.database.reading() as session:
        batch, _, _ = in_scope(session, actor, batch_id)
        serials = {sheet.serial for sheet in entry.sheets(session, batch.id) if sheet.serial}
        groups: dict[str, list[tuple[KeyedSheet, str]]] = {}
        for sheet, other in entry.with_serial(session, batch.collector_id, serials):
            groups.setdefault(sheet.serial or "", []).append((sheet, other.name))
        several = {serial: group for serial, group in groups.items() if len(group) > 1}
        ids = {sheet.response_id for group in several.values() for sheet, _ in group}
        said = {response_id: one.answers for response_id, one in responses.written(session, ids).items()}
    return tuple(
        tuple(
            Twin(
                sheet.id,
                sheet.batch_id,
                name,
                serial,
                sheet.keyed_by,
                said.get(sheet.response_id) == said.get(group[0][0].response_id),
            )
            for sheet, name in group
        )
        for serial, group in several.items()
    )


def give_serial(runtime: Runtime, actor: Actor, batch_id: int, sheet_id: int, typed: str) -> None:
    """Another serial for a sheet: the first was misread, or two sheets bear the same. Raises Conflict
    ``serial_taken``."""
    demand(actor.role, Permission.ENTER)
    serial = serial_of(typed)
    if not serial:
        raise PhieuError("serial_missing", "The sheet has no serial.", "Type the one printed on it, or number it.")

    def work(session: Session) -> None:
        batch, collector, survey = in_scope(session, actor, batch_id, changing=True)
        sheet = sheet_in(session, batch.id, sheet_id)
        if entry.with_serial(session, batch.collector_id, [serial]):
            raise Conflict("serial_taken", "Another sheet bears this serial.", "Type another one.")
        detail = {"code": collector.code, "batch": batch.id, "serial": serial}
        sheet.serial = serial
        audit.record(session, runtime.now(), actor.name, "entry.serial", f"survey:{survey.slug}", detail)

    runtime.database.write(work)


def take_out(runtime: Runtime, actor: Actor, batch_id: int, sheet_id: int) -> None:
    """Takes out a sheet that was keyed twice: its answer is withdrawn, the other one stays. Raises Conflict
    ``serial_single`` when no other sheet bears its serial."""
    demand(actor.role, Permission.ENTER)

    def work(session: Session) -> None:
        batch, collector, survey = in_scope(session, actor, batch_id, changing=True)
        sheet = sheet_in(session, batch.id, sheet_id)
        if sheet.serial is None or len(entry.with_serial(session, batch.collector_id, [sheet.serial])) < 2:
            raise Conflict("serial_single", "No other sheet bears this serial.", "Nothing was changed.")
        held = responses.hold(session, sheet.response_id)
        if held is not None:
            responses.change(session, [held.id], "withdrawn")
        detail = {"code": collector.code, "batch": batch.id, "serial": sheet.serial}
        entry.remove_sheet(session, sheet.id)
        audit.record(session, runtime.now(), actor.name, "entry.take_out", f"survey:{survey.slug}", detail)

    runtime.database.write(work)


def sheet_in(session: Session, batch_id: int, sheet_id: int) -> KeyedSheet:
    """A sheet of a batch that is in the actor's scope. Raises NotFound ``sheet_unknown``."""
    found = entry.sheet(session, batch_id, sheet_id) if 0 < sheet_id < 2**31 else None
    if found is None:
        raise NotFound("sheet_unknown", "There is no such sheet.", "It may have been taken out meanwhile.")
    return found


def version_of(opened: Doors, here: Desk, version_id: int) -> Version:
    """The version a sheet was typed in, which may be older than the one asked now."""
    found = opened.version(version_id)
    if found.survey_id != here.door.survey_id:
        raise NotFound("version_unknown", "This version of the questionnaire does not exist.", "Open the page again.")
    return found
