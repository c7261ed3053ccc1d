"""Single-use codes: each opens the form once, is spent with its answer or not at all, and is stored as a hash."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from survey.accounts.permissions import ROLES, Permission
from survey.collection import single_use as codes
from survey.collection.codes import display
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import collecting, collectors, single_use
from survey.services.collecting import Refused, Stored
from survey.services.doors import Doors, Version
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, SingleUseCode
from survey.storage.queries import tickets
from survey.storage.queries.doors import Door
from tests.conftest import SECRET
from tests.factories.surveys import open_survey

GOOD = {"B7": ["4"]}


def issued(runtime: Runtime, number: int) -> tuple[str, tuple[str, ...]]:
    """The code of a collector that takes single-use codes, and so many of them."""
    open_survey(runtime)
    traits = collectors.Traits(single_use=True)
    code = collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=traits)
    return code, single_use.issue(runtime, OPERATOR, code, number)[1]


def door(runtime: Runtime, code: str) -> tuple[Door, Version]:
    doors = Doors(runtime)
    found = doors.find(code)
    assert found.version_id is not None
    return found, doors.version(found.version_id)


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def rows(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


def test_a_code_brings_one_answer_and_then_says_it_was_used(any_runtime: Runtime) -> None:
    code, (one, _) = issued(any_runtime, 2)
    at, version = door(any_runtime, display(one).lower())
    assert (at.code, at.spent) == (code, False)
    first = collecting.submit(any_runtime, at, version, key(1), GOOD, "vi")
    assert isinstance(first, Stored)
    assert collecting.submit(any_runtime, at, version, key(2), GOOD, "vi") == Refused("spent")
    assert rows(any_runtime) == 1
    assert door(any_runtime, one)[0].spent
    # The same submission sent again, after its reply was lost, gets the same thank-you.
    again = collecting.submit(any_runtime, at, version, key(1), GOOD, "vi")
    assert again == Stored(first.receipt, repeated=True)


def test_twenty_phones_with_one_code_bring_one_answer(any_runtime: Runtime) -> None:
    _, (one,) = issued(any_runtime, 1)
    at, version = door(any_runtime, one)
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda n: collecting.submit(any_runtime, at, version, key(n), GOOD, "vi"), range(20)))
    assert sum(isinstance(outcome, Stored) for outcome in outcomes) == 1
    assert outcomes.count(Refused("spent")) == 19
    assert rows(any_runtime) == 1


def test_a_refused_answer_spends_no_code(any_runtime: Runtime) -> None:
    code, (one,) = issued(any_runtime, 1)
    at, version = door(any_runtime, one)
    assert isinstance(collecting.submit(any_runtime, at, version, key(1), {"B7": ["77"]}, "vi"), Refused)
    assert collecting.submit(any_runtime, at, version, key(1), {}, "vi") == Refused("empty")
    collectors.close(any_runtime, OPERATOR, code)
    assert collecting.submit(any_runtime, at, version, key(1), GOOD, "vi") == Refused("closed")
    assert not door(any_runtime, one)[0].spent
    collectors.reopen(any_runtime, OPERATOR, code)
    assert isinstance(collecting.submit(any_runtime, at, version, key(1), GOOD, "vi"), Stored)


def test_the_printed_code_of_such_a_collector_opens_nothing(any_runtime: Runtime) -> None:
    code, _ = issued(any_runtime, 1)
    at, version = door(any_runtime, code)
    assert at.single_use and at.ticket is None
    assert collecting.submit(any_runtime, at, version, key(1), GOOD, "vi") == Refused("closed")
    assert rows(any_runtime) == 0


def test_the_database_holds_no_code_and_no_time(any_runtime: Runtime) -> None:
    _, made = issued(any_runtime, 300)
    assert len(set(made)) == 300
    with any_runtime.database.reading() as session:
        stored = list(session.scalars(select(SingleUseCode)))
        trail = " ".join(session.scalars(select(AuditEntry.detail)))
    assert {one.code_hash for one in stored} == {codes.code_hash(SECRET, code) for code in made}
    assert {one.key_id for one in stored} == {codes.key_id(SECRET)}
    assert not any(code in trail or code in repr(one.code_hash) for code in made for one in stored[:1])
    assert set(SingleUseCode.__table__.columns.keys()) == {
        "code_hash",
        "collector_id",
        "print_run_id",
        "key_id",
        "spent",
    }


def test_codes_come_in_an_order_that_tells_nothing_of_their_place_in_the_table(runtime: Runtime) -> None:
    _, made = issued(runtime, 200)
    hashes = [codes.code_hash(SECRET, code) for code in made]
    assert hashes != sorted(hashes)


def test_a_code_outlives_a_new_key_and_ends_with_the_key_it_was_made_with(any_runtime: Runtime) -> None:
    _, (one,) = issued(any_runtime, 1)
    fresh = "another-key-0123456789-abcdefghijklmnop"
    rotated = replace(any_runtime, settings=replace(any_runtime.settings, secret_keys=(fresh, SECRET)))
    assert door(rotated, one)[0].ticket is not None
    retired = replace(any_runtime, settings=replace(any_runtime.settings, secret_keys=(fresh,)))
    with pytest.raises(NotFound):
        Doors(retired).find(one)
    with any_runtime.database.reading() as session:
        assert tickets.unused_of_other_keys(session, [codes.key_id(fresh)]) == 1
        assert tickets.unused_of_other_keys(session, [codes.key_id(fresh), codes.key_id(SECRET)]) == 0


def test_each_print_run_counts_its_own_codes(any_runtime: Runtime) -> None:
    code, first = issued(any_runtime, 3)
    number, second = single_use.issue(any_runtime, OPERATOR, code, 2, "quầy 2")
    assert number == 2 and not set(first) & set(second)
    at, version = door(any_runtime, second[0])
    collecting.submit(any_runtime, at, version, key(1), GOOD, "vi")
    assert list(single_use.counts(any_runtime, OPERATOR, code)) == [
        single_use.Count(1, 3, 0),
        single_use.Count(2, 2, 1),
    ]


def test_codes_are_made_only_where_they_are_taken_and_by_those_who_print(runtime: Runtime) -> None:
    code, _ = issued(runtime, 1)
    for number in (0, -1, single_use.MOST + 1):
        with pytest.raises(PhieuError, match="codes can be made"):
            single_use.issue(runtime, OPERATOR, code, number)
    open_to_all = collectors.add(runtime, OPERATOR, "conference", "leaflet", "Tờ rơi")
    with pytest.raises(Conflict) as refusal:
        single_use.issue(runtime, OPERATOR, open_to_all, 1)
    assert refusal.value.code == "not_single_use"
    elsewhere = Actor("x@example.gov.vn", "staff", 5, units=frozenset({99}))
    with pytest.raises(NotFound):
        single_use.issue(runtime, elsewhere, code, 1)
    (role,) = [name for name, held in ROLES.items() if Permission.PRINT not in held]
    with pytest.raises(NotAllowed):
        single_use.issue(runtime, Actor("y@example.gov.vn", role, 6), code, 1)


def test_answers_a_code_carries_are_stored_whatever_the_page_says(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    traits = collectors.Traits(fixed={"A2": "2"})
    code = collectors.add(any_runtime, OPERATOR, "conference", "counter", "Quầy lưu trú", traits=traits)
    at, version = door(any_runtime, code)
    assert collecting.submit(any_runtime, at, version, key(1), {}, "vi") == Refused("empty")
    assert isinstance(collecting.submit(any_runtime, at, version, key(1), {**GOOD, "A2": ["5"]}, "vi"), Stored)
    with any_runtime.database.reading() as session:
        (answers,) = session.scalars(text("SELECT answers FROM response"))
    assert json.loads(answers)["A2"] == "2"


@pytest.mark.parametrize("fixed", [{"A2": "77"}, {"E1": "x"}, {"A4": "1"}, {"nothing": "1"}])
def test_a_code_carries_only_one_choice_of_a_closed_question(runtime: Runtime, fixed: dict[str, str]) -> None:
    open_survey(runtime)
    with pytest.raises(PhieuError) as refusal:
        collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy", traits=collectors.Traits(fixed=fixed))
    assert refusal.value.code == "fixed_unusable"


def test_a_collector_with_a_limit_closes_behind_the_last_answer(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    traits = collectors.Traits(most_answers=2)
    code = collectors.add(any_runtime, OPERATOR, "conference", "event", "Hội thảo", traits=traits)
    at, version = door(any_runtime, code)
    outcomes = [collecting.submit(any_runtime, at, version, key(n), GOOD, "vi") for n in range(3)]
    assert [isinstance(outcome, Stored) for outcome in outcomes] == [True, True, False]
    assert outcomes[2] == Refused("closed")


def test_a_printed_code_can_be_led_to_another_survey_and_back(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    open_survey(any_runtime, slug="next")
    at, version = door(any_runtime, code)
    assert isinstance(collecting.submit(any_runtime, at, version, key(1), GOOD, "vi"), Stored)
    new = collectors.lead(any_runtime, OPERATOR, code, "next")
    led, its_version = door(any_runtime, code)
    assert (led.code, led.survey_id != at.survey_id, its_version.survey_id) == (new, True, led.survey_id)
    assert isinstance(collecting.submit(any_runtime, led, its_version, key(2), GOOD, "vi"), Stored)
    # A form that somebody opened before still counts where it was opened.
    assert isinstance(collecting.submit(any_runtime, at, version, key(3), GOOD, "vi"), Stored)
    assert [one.answers for one in collectors.list_collectors(any_runtime, OPERATOR, "conference")] == [2]
    shown, _ = collectors.show(any_runtime, OPERATOR, code)
    assert shown.leads_to is not None and shown.leads_to[0] == new
    with pytest.raises(Conflict):
        collectors.lead(any_runtime, OPERATOR, code, "next")
    assert collectors.lead(any_runtime, OPERATOR, code, "conference") == code
    assert door(any_runtime, code)[0] == at
