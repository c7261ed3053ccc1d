"""The one way in: stored exactly once, refused with everything kept, open and closed by the local calendar day."""

from __future__ import annotations

import json
import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from survey.errors import NotFound, PhieuError
from survey.services import authoring, collecting, collectors, receipts
from survey.services.collecting import Refused, Stored
from survey.services.doors import Doors, Opening, Version, opening
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries.doors import Door
from tests.conftest import SECRET, Clock
from tests.factories.surveys import INSTRUMENTS, open_survey

GOOD = {"A1": ["1"], "A4": ["1", "2"], "B1": ["5"], "B7": ["4"], "E1": ["Thủ tục cấp phép"]}
KEY = b"0123456789abcdef"


def at_the_door(runtime: Runtime) -> tuple[Door, Version]:
    doors = Doors(runtime)
    door = doors.find(open_survey(runtime))
    assert door.version_id is not None
    return door, doors.version(door.version_id)


def rows(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


def test_the_same_submission_sent_twenty_times_at_once_is_stored_once_and_always_thanked(any_runtime: Runtime) -> None:
    door, version = at_the_door(any_runtime)
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda _: collecting.submit(any_runtime, door, version, KEY, GOOD, "vi"), range(20)))
    assert rows(any_runtime) == 1
    assert all(isinstance(outcome, Stored) for outcome in outcomes)
    assert len({outcome.receipt for outcome in outcomes if isinstance(outcome, Stored)}) == 1
    assert sum(not outcome.repeated for outcome in outcomes if isinstance(outcome, Stored)) == 1


def test_other_keys_with_the_same_content_all_count(runtime: Runtime) -> None:
    door, version = at_the_door(runtime)
    for number in range(5):
        collecting.submit(runtime, door, version, number.to_bytes(16, "big"), GOOD, "vi")
    assert rows(runtime) == 5


def test_other_content_under_a_used_key_is_not_stored_and_gets_no_receipt(any_runtime: Runtime) -> None:
    door, version = at_the_door(any_runtime)
    assert isinstance(collecting.submit(any_runtime, door, version, KEY, GOOD, "vi"), Stored)
    again = collecting.submit(any_runtime, door, version, KEY, {**GOOD, "B7": ["1"]}, "vi")
    assert again == Refused("other_content")
    assert rows(any_runtime) == 1


def test_answers_that_differ_only_in_unicode_form_are_the_same_submission(runtime: Runtime) -> None:
    door, version = at_the_door(runtime)
    words = "Thủ tục ở Ễ Ự"
    first = collecting.submit(runtime, door, version, KEY, {"E1": [words]}, "vi")
    again = collecting.submit(runtime, door, version, KEY, {"E1": [unicodedata.normalize("NFD", words)]}, "vi")
    assert isinstance(first, Stored) and again == Stored(first.receipt, repeated=True)


def test_invalid_and_empty_submissions_store_nothing(runtime: Runtime) -> None:
    door, version = at_the_door(runtime)
    invalid = collecting.submit(runtime, door, version, KEY, {"B7": ["77"]}, "vi")
    assert isinstance(invalid, Refused) and invalid.reason == "invalid" and invalid.errors[0].key == "B7"
    assert collecting.submit(runtime, door, version, KEY, {"E1": ["  \n "]}, "vi") == Refused("empty")
    assert rows(runtime) == 0


def test_a_survey_closed_meanwhile_takes_nothing_more_but_still_thanks_for_what_it_has(any_runtime: Runtime) -> None:
    door, version = at_the_door(any_runtime)
    first = collecting.submit(any_runtime, door, version, KEY, GOOD, "vi")
    authoring.close(any_runtime, OPERATOR, "conference")
    again = collecting.submit(any_runtime, door, version, KEY, GOOD, "vi")
    assert isinstance(first, Stored) and isinstance(again, Stored)
    assert again == Stored(first.receipt, repeated=True)
    assert collecting.submit(any_runtime, door, version, b"f" * 16, GOOD, "vi") == Refused("closed")
    assert rows(any_runtime) == 1


def test_whatever_language_is_published_answers_in_it_are_stored(any_runtime: Runtime) -> None:
    value = json.loads((INSTRUMENTS / "scale.json").read_text(encoding="utf-8").replace('"en":', '"fil-Latn":'))
    for language in ("fil-Latn", "fil-Latin"):  # the longest tag there is, and one longer
        value["languages"] = ["vi", language]
        authoring.import_document(any_runtime, OPERATOR, json.dumps(value), slug=language.lower())
    with pytest.raises(PhieuError) as refusal:
        authoring.publish(any_runtime, OPERATOR, "fil-latin")
    assert any(detail.startswith("fil-Latin: A language is") for detail in refusal.value.details)
    authoring.publish(any_runtime, OPERATOR, "fil-latn")
    doors = Doors(any_runtime)
    door = doors.find(collectors.add(any_runtime, OPERATOR, "fil-latn", "event", "Hội trường"))
    assert door.version_id is not None
    version = doors.version(door.version_id)
    assert isinstance(collecting.submit(any_runtime, door, version, KEY, {"Q1": ["5"]}, "fil-Latn"), Stored)
    assert rows(any_runtime) == 1


def test_a_receipt_survives_the_rotation_of_keys(runtime: Runtime) -> None:
    door, version = at_the_door(runtime)
    first = collecting.submit(runtime, door, version, KEY, GOOD, "vi")
    rotated = replace(runtime, settings=replace(runtime.settings, secret_keys=("n" + SECRET, SECRET)))
    again = collecting.submit(rotated, door, version, KEY, GOOD, "vi")
    assert isinstance(first, Stored) and again == Stored(first.receipt, repeated=True)
    assert receipts.fate(rotated, first.receipt.lower()).status == "complete"


def test_nothing_finer_than_the_local_day_is_stored(runtime: Runtime, clock: Clock) -> None:
    door, version = at_the_door(runtime)
    clock.at = datetime(2026, 10, 15, 17, 5, tzinfo=UTC)  # five past midnight on the 16th in Việt Nam
    collecting.submit(runtime, door, version, KEY, GOOD, "vi")
    with runtime.database.reading() as session:
        stored = session.execute(text("SELECT * FROM response")).mappings().one()
    assert str(stored["received_on"]) == "2026-10-16"
    assert not any("17:05" in str(value) or "00:05" in str(value) for value in stored.values())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 9), Opening.NOT_YET),
        (date(2026, 10, 10), Opening.OPEN),
        (date(2026, 10, 20), Opening.OPEN),
        (date(2026, 10, 21), Opening.CLOSED),
    ],
)
def test_first_and_last_day_are_included(runtime: Runtime, day: date, expected: Opening) -> None:
    open_survey(runtime)
    first, last = date(2026, 10, 10), date(2026, 10, 20)
    code = collectors.add(runtime, OPERATOR, "conference", "poster", "Sảnh", opens_on=first, closes_on=last)
    assert opening(Doors(runtime).find(code), day) is expected


def test_an_unknown_code_and_an_unknown_version_are_not_found(runtime: Runtime) -> None:
    doors = Doors(runtime)
    with pytest.raises(NotFound):
        doors.find("0000000000")
    with pytest.raises(NotFound):
        doors.version(2**64 - 1)


def test_identifiers_are_random_so_that_no_order_of_arrival_can_be_read_from_them(runtime: Runtime) -> None:
    door, version = at_the_door(runtime)
    for _ in range(40):
        collecting.submit(runtime, door, version, os.urandom(16), GOOD, "vi")
    with runtime.database.reading() as session:
        ids = list(session.execute(text("SELECT id FROM response ORDER BY submission_key")).scalars())
        kept = list(session.execute(text("SELECT id FROM response")).scalars())
    assert len(set(ids)) == 40
    assert kept == sorted(kept)
