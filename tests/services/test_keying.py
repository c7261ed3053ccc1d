"""Keying in: a sheet is stored once with who keyed it or not at all, and two sheets with one serial are asked about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.accounts.permissions import ROLES, Permission
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.paper import serials
from survey.services import authoring, batches, collectors, double_entry, keying
from survey.services.collecting import Refused
from survey.services.doors import Doors
from survey.services.keying import Keyed
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, KeyedSheet, Response
from survey.storage.queries import collectors as queries
from tests.factories.surveys import open_survey

LAN, HOA = Actor("lan@example.vn", "staff"), Actor("hoa@example.vn", "staff")
GOOD = {"A1": ["5"], "B1": ["4"], "A4": ["1", "2"]}


class Pile:
    """A batch of paper (or interviews) of the conference survey, and those who key it in."""

    def __init__(self, runtime: Runtime, kind: str = "paper", instrument: str | None = None, percent: int = 50) -> None:
        self.runtime, self.doors = runtime, Doors(runtime)
        open_survey(runtime, slug="conference", instrument=instrument)
        self.code = collectors.add(runtime, OPERATOR, "conference", kind, "Hòm phiếu")
        self.batch = batches.open_batch(runtime, LAN, self.code, "Tập 1", 3, percent)
        self.version = keying.desk(runtime, LAN, self.doors, self.batch).version.id
        self.made = iter(range(1, 10_000))

    def key(
        self,
        serial: str,
        given: dict[str, list[str]] | None = None,
        *,
        number: int | None = None,
        by: Actor = LAN,
        batch: int | None = None,
    ) -> Keyed | Refused:
        mark = (number or next(self.made)).to_bytes(16, "big")
        return keying.key(
            self.runtime,
            by,
            self.doors,
            batch or self.batch,
            version_id=self.version,
            key=mark,
            serial=serial,
            given=GOOD if given is None else given,
        )

    def again(self, serial: str, given: dict[str, list[str]], *, by: Actor = HOA, number: int = 0) -> int | Refused:
        mark = (number or next(self.made)).to_bytes(16, "big")
        return double_entry.second(
            self.runtime,
            by,
            self.doors,
            self.batch,
            version_id=self.version,
            key=mark,
            serial=serial,
            given=given,
        )

    def settle(self, sheet: int, second_right: Sequence[str]) -> None:
        double_entry.settle(self.runtime, HOA, self.doors, self.batch, sheet, second_right)

    def report(self, by: Actor = HOA) -> double_entry.Report:
        return double_entry.report(self.runtime, by, self.batch)

    def stored(self) -> list[tuple[str, dict[str, object]]]:
        """Status and answers of every response."""
        with self.runtime.database.reading() as session:
            rows = session.execute(select(func.coalesce(Response.change, Response.status), Response.answers))
            return sorted(((status, json.loads(said)) for status, said in rows), key=str)

    def sheets(self) -> list[KeyedSheet]:
        with self.runtime.database.reading() as session:
            return list(session.scalars(select(KeyedSheet).order_by(KeyedSheet.id)))


def test_a_sheet_sent_twice_is_stored_once_with_who_keyed_it(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)
    assert pile.key(" ab 12 ", number=7) == Keyed("AB12", False, False, 1)
    assert pile.key("AB12", number=7) == Keyed("AB12", True, False, 1)
    (sheet,) = pile.sheets()
    assert (sheet.serial, sheet.keyed_by, sheet.second_by) == ("AB12", LAN.name, None)
    ((status, said),) = pile.stored()
    assert status == "complete" and {key: said[key] for key in GOOD} == {"A1": "5", "B1": "4", "A4": ["1", "2"]}
    # The same key with other content is another sheet's, and stores nothing.
    assert pile.key("AB13", {"A1": ["1"]}, number=7) == Refused("other_content")
    assert len(pile.sheets()) == len(pile.stored()) == 1


def test_neither_an_answer_without_its_sheet_nor_a_sheet_without_its_answer(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)
    batches.close_batch(any_runtime, LAN, pile.batch)
    with pytest.raises(Conflict, match="closed"):
        pile.key("1")
    assert (pile.sheets(), pile.stored()) == ([], [])
    batches.reopen_batch(any_runtime, LAN, pile.batch)
    pile.key("1", number=1)
    batches.close_batch(any_runtime, LAN, pile.batch)
    assert pile.key("1", number=1) == Keyed("1", True, False, 1)  # the reply was lost, the sheet was not
    batches.reopen_batch(any_runtime, LAN, pile.batch)
    authoring.close(any_runtime, OPERATOR, "conference")
    assert pile.key("2") == Refused("closed")
    assert len(pile.sheets()) == len(pile.stored()) == 1


def test_many_clerks_at_once_and_every_sheet_sent_twice(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)

    def send(number: int) -> str:
        try:
            return type(pile.key(str(number // 2), number=1 + number // 2, by=(LAN, HOA)[number % 2])).__name__
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(8) as clerks:
        outcomes = list(clerks.map(send, range(60)))
        assert set(outcomes) == {"Keyed"}
        closing = clerks.submit(batches.close_batch, any_runtime, LAN, pile.batch)
        late = list(clerks.map(send, range(60, 120)))
        closing.result()
    assert set(late) <= {"Keyed", "batch_closed"}
    kept = {sheet.response_id for sheet in pile.sheets()}
    with any_runtime.database.reading() as session:
        assert kept == set(session.scalars(select(Response.id)))
    assert len(kept) == len(pile.sheets()) == len({sheet.serial for sheet in pile.sheets()}) >= 30


def test_what_a_person_left_out_on_paper_stays_blank(runtime: Runtime) -> None:
    pile = Pile(runtime, instrument="required")
    assert isinstance(pile.key("1", {"Q2": ["1"], "X": ["1"]}), Keyed | Refused)
    questionnaire = pile.doors.version(pile.version).questionnaire
    required = [one for one in questionnaire.variables if one.required and not one.rules]
    other = next(one for one in questionnaire.variables if not one.required or one is not required[0])
    given = {other.key: [other.listed.codes[0]] if other.closed else ["chữ"]}
    assert isinstance(pile.key("2", given), Keyed)


def test_a_serial_printed_here_is_checked_by_its_letter(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)
    run = {"copies": 20, "first_serial": 1, "kind": "form", "printed_on": any_runtime.today()}

    def print_forms(session: Session) -> None:
        collector = queries.by_code(session, pile.code)
        assert collector is not None
        queries.add_run(session, collector[0].id, **run)

    any_runtime.database.write(print_forms)
    printed = serials.display(serials.make(pile.code, 12))
    assert pile.key(f" {printed.lower()} ") == Keyed(printed.replace("-", ""), False, False, 1)
    for typed in ("12", printed[:-1] + ("0" if printed[-1] != "0" else "1"), "0013" + printed[4:]):
        with pytest.raises(PhieuError) as raised:
            pile.key(typed)
        assert raised.value.code == "serial_mistyped"
    assert pile.report().shown(printed.replace("-", "")) == printed
    batches.close_batch(any_runtime, LAN, pile.batch)
    assert pile.again(printed, GOOD) == 0


@pytest.mark.parametrize(
    ("serial", "given", "code"),
    [("", None, "serial_missing"), ("x" * 17, None, "serial_unusable"), ("\u202e \x00", None, "serial_missing")],
)
def test_a_sheet_of_paper_has_a_serial(runtime: Runtime, serial: str, given: None, code: str) -> None:
    with pytest.raises(PhieuError) as raised:
        Pile(runtime).key(serial, given)
    assert raised.value.code == code


def test_what_cannot_be_is_refused_and_a_blank_sheet_told(runtime: Runtime) -> None:
    pile = Pile(runtime)
    refused = pile.key("1", {"A1": ["77"]})
    assert isinstance(refused, Refused) and refused.reason == "invalid"
    assert pile.key("1", {}) == Refused("empty")
    assert pile.sheets() == []


def test_an_interview_has_no_serial_and_no_way_to_its_answer(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime, "interviewer")
    assert pile.key("ignored") == Keyed(None, False, False, 1)
    (sheet,) = pile.sheets()
    assert (sheet.serial, sheet.response_id) == (None, 0)
    assert batches.totals(any_runtime, LAN, pile.batch) == (None, ())
    assert batches.show_batch(any_runtime, LAN, pile.batch).double_percent == 0


def test_two_sheets_with_one_serial_are_both_kept_and_asked_about(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)
    pile.key("1")
    assert pile.key("1", by=HOA) == Keyed("1", False, True, 2)
    pile.key("1", {"A1": ["2"]}, by=HOA)
    assert len(pile.stored()) == 3
    ((first, same, other),) = keying.twins(any_runtime, LAN, pile.batch)
    assert [one.equal for one in (first, same, other)] == [True, True, False]
    keying.take_out(any_runtime, LAN, pile.batch, same.sheet_id)
    keying.give_serial(any_runtime, LAN, pile.batch, other.sheet_id, "1/2")
    assert keying.twins(any_runtime, LAN, pile.batch) == ()
    assert [one.serial for one in pile.sheets()] == ["1", "1/2"]
    assert sorted(status for status, _ in pile.stored()) == ["complete", "complete", "withdrawn"]
    with pytest.raises(Conflict, match="No other sheet"):
        keying.take_out(any_runtime, LAN, pile.batch, first.sheet_id)
    with pytest.raises(Conflict, match="Another sheet"):
        keying.give_serial(any_runtime, LAN, pile.batch, other.sheet_id, "1")


def test_the_totals_are_those_of_the_pile(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime)
    pile.key("1", {"A1": ["5"], "A4": ["1", "2"], "E1": ["Tốt"]})
    pile.key("2", {"A1": ["5"], "A4": ["4"]})
    pile.key("3", {"A1": ["2"]})
    asked, counts = batches.totals(any_runtime, LAN, pile.batch)
    assert asked is not None
    found = {one.key: one for one in counts}
    assert found["A1"] == batches.Count("A1", {"5": 2, "2": 1}, 3, 0, 0)
    assert found["A4"] == batches.Count("A4", {"1": 1, "2": 1, "4": 1}, 2, 1, 0)
    assert found["E1"] == batches.Count("E1", {}, 1, 2, 0)
    assert found["C1"] == batches.Count("C1", {}, 0, 2, 1)  # not asked of those who filed nothing
    assert batches.show_batch(any_runtime, LAN, pile.batch).keyed == 3


def test_each_change_leaves_one_entry_and_a_sheet_says_itself_who_keyed_it(runtime: Runtime) -> None:
    pile = Pile(runtime)
    for serial in ("1", "1"):
        pile.key(serial)
    keying.take_out(runtime, LAN, pile.batch, pile.sheets()[1].id)
    batches.close_batch(runtime, LAN, pile.batch)
    with runtime.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("entry."))).all()
    assert [one.action for one in entries] == ["entry.open", "entry.take_out", "entry.close"]
    assert {one.actor for one in entries} == {LAN.name}


def test_only_who_may_key_in_does_and_only_in_their_units(runtime: Runtime) -> None:
    pile = Pile(runtime)
    assert {role for role, held in ROLES.items() if Permission.ENTER in held} == {"administrator", "staff"}
    reader = Actor("binh@example.vn", "reform_team")
    stranger = Actor("cam@example.vn", "staff", units=frozenset({999}))
    for call in (
        lambda by: batches.open_batch(runtime, by, pile.code, "Tập 2"),
        lambda by: batches.show_batch(runtime, by, pile.batch),
        lambda by: batches.totals(runtime, by, pile.batch),
        lambda by: batches.close_batch(runtime, by, pile.batch),
        lambda by: pile.key("1", by=by),
        lambda by: pile.again("1", GOOD, by=by),
        lambda by: pile.report(by),
        lambda by: keying.twins(runtime, by, pile.batch),
        lambda by: keying.take_out(runtime, by, pile.batch, 1),
        lambda by: keying.give_serial(runtime, by, pile.batch, 1, "2"),
        lambda by: double_entry.settle(runtime, by, pile.doors, pile.batch, 1, ()),
    ):
        with pytest.raises(NotAllowed):
            call(reader)
        with pytest.raises(NotFound):
            call(stranger)
    assert batches.list_batches(runtime, stranger) == ()
    assert pile.stored() == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**30])
def test_a_batch_that_cannot_be_is_not_there(any_runtime: Runtime, number: int) -> None:
    with pytest.raises(NotFound):
        batches.show_batch(any_runtime, LAN, number)


def test_nothing_is_keyed_in_behind_a_poster(runtime: Runtime) -> None:
    code = open_survey(runtime)
    with pytest.raises(Conflict, match="Nothing is keyed"):
        batches.open_batch(runtime, LAN, code, "Tập 1")
