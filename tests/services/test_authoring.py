"""Surveys from draft to closed: versions never change, nothing half-made is published, strangers find nothing."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, collecting, surveys
from survey.services.doors import Doors
from survey.services.particulars import Particulars
from survey.services.releasing import release_ready
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.queries import audit, releases
from survey.storage.queries import surveys as queries
from tests.conftest import Clock
from tests.factories.staff import account, actor
from tests.factories.surveys import open_survey

OFFICE = {"office_name": "Sở Văn hóa, Thể thao và Du lịch", "phone": "1022", "email": "gopy@example.gov.vn"}


def draft(runtime: Runtime, slug: str = "doi-thoai", **said: Any) -> str:
    return authoring.create_survey(runtime, OPERATOR, slug=slug, template="conference", **{**OFFICE, **said})


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(PhieuError) as refusal:
        act()
    return refusal.value.code


def test_a_template_becomes_a_draft_with_the_office_filled_in(any_runtime: Runtime) -> None:
    draft(any_runtime, superior="UBND tỉnh", website="dichvucong.gov.vn", population=580, title="Đối thoại 2026")
    shown = surveys.show(any_runtime, OPERATOR, "doi-thoai")
    asked = surveys.questionnaire(any_runtime, OPERATOR, "doi-thoai")
    assert (shown.status, shown.version, shown.changed, shown.title) == ("draft", 0, True, "Đối thoại 2026")
    assert (shown.population, shown.target) == (580, 237)
    assert asked.office.name.to("vi") == OFFICE["office_name"]
    assert asked.office.superior.to("en") == "UBND tỉnh"
    assert asked.office.contact == "1022, gopy@example.gov.vn"
    assert asked.office.website == "https://dichvucong.gov.vn"
    assert OFFICE["office_name"] in asked.filled(asked.notice).to("vi")


def test_an_office_that_says_nothing_is_its_unit(runtime: Runtime) -> None:
    account(runtime, "alice@example.gov.vn", "staff", "Sở Nội vụ")
    alice = actor(runtime, "alice@example.gov.vn")
    authoring.create_survey(runtime, alice, slug="a", template="conference")
    assert surveys.questionnaire(runtime, alice, "a").office.name.to("vi") == "Sở Nội vụ"
    assert surveys.show(runtime, alice, "a").unit == "Sở Nội vụ"


def test_the_first_survey_gives_a_nameless_unit_its_name(runtime: Runtime) -> None:
    account(runtime, "alice@example.gov.vn", "administrator")
    authoring.create_survey(
        runtime, actor(runtime, "alice@example.gov.vn"), slug="a", template="conference", office_name=" Sở  Nội vụ "
    )
    draft(runtime, "b", office_name="Sở khác")
    assert {one.unit for one in surveys.list_surveys(runtime, OPERATOR)} == {"Sở Nội vụ"}


@pytest.mark.parametrize(
    "slug", ["", "-a", "a-", "A", "đối-thoại", "a b", "a/b", "a" * 65, "a\x00b", "../a", "a\n", "\ud800"]
)
def test_a_short_name_is_fit_for_an_address(runtime: Runtime, slug: str) -> None:
    assert code_of(lambda: draft(runtime, slug)) == "slug_unusable"
    assert code_of(lambda: surveys.show(runtime, OPERATOR, slug)) == "survey_unknown"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"opens_on": date(2026, 10, 2), "closes_on": date(2026, 10, 1)}, "dates_reversed"),
        ({"population": 0}, "people_unusable"),
        ({"population": 10**30}, "people_unusable"),
        ({"target": -1}, "people_unusable"),
        ({"title": "x" * 501}, "text_too_long"),
        ({"office_name": "x" * 301}, "text_too_long"),
        ({"website": "javascript:alert(1)//://"}, "website_unusable"),
        ({"website": "https://"}, "website_unusable"),
        ({"website": "https://[::1"}, "website_unusable"),
    ],
)
def test_unusable_particulars_are_refused_and_nothing_is_kept(
    runtime: Runtime, said: dict[str, Any], code: str
) -> None:
    assert code_of(lambda: draft(runtime, **said)) == code
    assert surveys.list_surveys(runtime, OPERATOR) == ()


def test_what_is_typed_is_kept_composed_and_without_control_characters(runtime: Runtime) -> None:
    typed = unicodedata.normalize("NFD", "Đối thoại\x00\x1b[31m  Ễ Ự\u202e\ud800 2026")
    draft(runtime, title=typed, office_name=typed)
    kept = surveys.show(runtime, OPERATOR, "doi-thoai").title
    assert unicodedata.is_normalized("NFC", kept)
    assert kept.startswith("Đối thoại")
    assert kept.isprintable()


def test_a_short_name_is_taken_once_even_at_once(any_runtime: Runtime) -> None:
    def attempt(_: int) -> str:
        try:
            return draft(any_runtime)
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == ["doi-thoai", "slug_taken", "slug_taken", "slug_taken"]


def test_a_free_short_name_is_found(runtime: Runtime) -> None:
    draft(runtime, authoring.free_slug(runtime, "Đối thoại"))
    draft(runtime, authoring.free_slug(runtime, "Đối thoại"))
    assert {one.slug for one in surveys.list_surveys(runtime, OPERATOR)} == {"doi-thoai", "doi-thoai-2"}
    assert authoring.free_slug(runtime, "調查") == "khao-sat"


def test_publishing_makes_a_version_that_a_later_one_leaves_as_it_is(any_runtime: Runtime) -> None:
    draft(any_runtime)
    assert authoring.publish(any_runtime, OPERATOR, "doi-thoai") == 1
    assert surveys.show(any_runtime, OPERATOR, "doi-thoai").status == "open"
    assert code_of(lambda: authoring.publish(any_runtime, OPERATOR, "doi-thoai")) == "nothing_to_publish"
    value = json.loads(authoring.export_document(any_runtime, OPERATOR, "doi-thoai"))
    value["minutes"] = 9
    authoring.import_document(any_runtime, OPERATOR, json.dumps(value), slug="doi-thoai")
    assert surveys.show(any_runtime, OPERATOR, "doi-thoai").changed
    assert authoring.publish(any_runtime, OPERATOR, "doi-thoai") == 2
    with any_runtime.database.reading() as session:
        survey = queries.find(session, "doi-thoai")
        assert survey is not None
        minutes = [json.loads(one.document)["minutes"] for one in queries.versions(session, survey.id)]
    assert minutes == [4, 9]


def test_pressed_twice_at_once_publish_makes_one_version(any_runtime: Runtime) -> None:
    draft(any_runtime)

    def attempt(_: int) -> object:
        try:
            return authoring.publish(any_runtime, OPERATOR, "doi-thoai")
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(map(str, pool.map(attempt, range(4)))) == ["1", *["nothing_to_publish"] * 3]


def test_a_questionnaire_with_a_mistake_is_not_published_and_each_mistake_is_named(runtime: Runtime) -> None:
    draft(runtime)
    value = json.loads(authoring.export_document(runtime, OPERATOR, "doi-thoai"))
    value["sections"][0]["questions"][0]["text"] = {"vi": " "}
    value["headline"] = "nothing"
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug="doi-thoai")
    with pytest.raises(PhieuError) as refusal:
        authoring.publish(runtime, OPERATOR, "doi-thoai")
    assert refusal.value.code == "questionnaire_problems"
    assert len(refusal.value.details) == 2
    assert surveys.show(runtime, OPERATOR, "doi-thoai").status == "draft"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"languages": ["vi"], "title": "\\ud800", "sections": []}',
        b'{"languages": ["vi"], "title": "x", "sections": [], "minutes": NaN}',
        b'{"languages": ["vi"], "title": "x", "sections": [], "minutes": 1e999}',
        b" " * 1_000_001,
    ],
)
def test_what_is_no_document_is_refused_with_a_clear_word(runtime: Runtime, data: bytes) -> None:
    assert code_of(lambda: authoring.import_document(runtime, OPERATOR, data)) == "document_unreadable"


def test_a_document_without_a_short_name_is_a_new_survey_named_after_its_title(runtime: Runtime) -> None:
    draft(runtime, title="Đối thoại 2026")
    text = authoring.export_document(runtime, OPERATOR, "doi-thoai")
    assert authoring.import_document(runtime, OPERATOR, text) == "doi-thoai-2026"
    assert code_of(lambda: authoring.import_document(runtime, OPERATOR, text)) == "slug_taken"
    assert surveys.questionnaire(runtime, OPERATOR, "doi-thoai-2026") == surveys.questionnaire(
        runtime, OPERATOR, "doi-thoai"
    )


def test_a_document_brings_no_link_that_runs_script(runtime: Runtime) -> None:
    draft(runtime)
    value = json.loads(authoring.export_document(runtime, OPERATOR, "doi-thoai"))
    value["office"]["website"] = "javascript:alert(1)"
    text = json.dumps(value)
    assert code_of(lambda: authoring.import_document(runtime, OPERATOR, text, slug="doi-thoai")) == "website_unusable"
    assert code_of(lambda: authoring.import_document(runtime, OPERATOR, text, slug="moi")) == "website_unusable"


def test_before_publication_everything_may_change_afterwards_only_the_plan(runtime: Runtime) -> None:
    draft(runtime, population=580)
    said = Particulars(title="Tên mới", office="Sở Nội vụ", closes_on=date(2026, 12, 1), population=120)
    authoring.update_survey(runtime, OPERATOR, "doi-thoai", said)
    shown, asked = surveys.show(runtime, OPERATOR, "doi-thoai"), surveys.questionnaire(runtime, OPERATOR, "doi-thoai")
    assert (shown.title, shown.target, shown.closes_on) == ("Tên mới", 93, date(2026, 12, 1))
    assert (asked.office.name.to("vi"), asked.office.phone) == ("Sở Nội vụ", "")
    authoring.publish(runtime, OPERATOR, "doi-thoai")
    authoring.update_survey(
        runtime, OPERATOR, "doi-thoai", Particulars(title="Lại khác", office="Khác", population=300)
    )
    assert surveys.show(runtime, OPERATOR, "doi-thoai").title == "Tên mới"
    assert surveys.show(runtime, OPERATOR, "doi-thoai").population == 300
    assert surveys.questionnaire(runtime, OPERATOR, "doi-thoai").office.name.to("vi") == "Sở Nội vụ"


def answer(runtime: Runtime, code: str, times: int) -> None:
    doors = Doors(runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    for _ in range(times):
        stored = collecting.submit(runtime, door, version, runtime.randomness(16), {"A1": ["1"], "B7": ["5"]}, "vi")
        assert isinstance(stored, collecting.Stored)


def test_closing_releases_what_waits_and_reopening_collects_again(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    answer(any_runtime, code, 12)
    survey_id = surveys.show(any_runtime, OPERATOR, "conference").id
    assert release_ready(any_runtime, survey_id) == 7
    authoring.close(any_runtime, OPERATOR, "conference")
    with any_runtime.database.reading() as session:
        assert releases.waiting(session, survey_id) == {}
    assert surveys.show(any_runtime, OPERATOR, "conference").answers == 12
    assert code_of(lambda: authoring.close(any_runtime, OPERATOR, "conference")) == "survey_not_open"
    assert code_of(lambda: authoring.publish(any_runtime, OPERATOR, "conference")) == "survey_closed"
    authoring.reopen(any_runtime, OPERATOR, "conference")
    answer(any_runtime, code, 1)
    assert code_of(lambda: authoring.reopen(any_runtime, OPERATOR, "conference")) == "survey_not_closed"


def test_a_survey_that_ended_by_its_last_day_is_reopened_without_it(runtime: Runtime) -> None:
    draft(runtime, closes_on=date(2026, 10, 1))
    authoring.publish(runtime, OPERATOR, "doi-thoai")
    authoring.close(runtime, OPERATOR, "doi-thoai")
    authoring.reopen(runtime, OPERATOR, "doi-thoai")
    assert surveys.show(runtime, OPERATOR, "doi-thoai").closes_on is None


def test_what_collects_comes_first_then_the_newest(runtime: Runtime, clock: Clock) -> None:
    for slug in ("a", "b", "c"):
        draft(runtime, slug)
        clock.advance(days=1)
    authoring.publish(runtime, OPERATOR, "a")
    assert [one.slug for one in surveys.list_surveys(runtime, OPERATOR)] == ["a", "c", "b"]


def test_strangers_find_nothing_and_change_nothing(runtime: Runtime) -> None:
    account(runtime, "alice@example.gov.vn", "administrator", "Tỉnh")
    account(runtime, "bob@example.gov.vn", "staff", "Sở A")
    account(runtime, "charlie@example.gov.vn", "administrator", "Sở B")
    alice, bob, charlie = (actor(runtime, f"{name}@example.gov.vn") for name in ("alice", "bob", "charlie"))
    authoring.create_survey(runtime, bob, slug="a", template="conference", **OFFICE)
    for who in (alice, bob):
        assert [one.slug for one in surveys.list_surveys(runtime, who)] == ["a"]
    assert surveys.list_surveys(runtime, charlie) == ()
    acts: tuple[Callable[[Actor], object], ...] = (
        lambda who: surveys.show(runtime, who, "a"),
        lambda who: surveys.questionnaire(runtime, who, "a"),
        lambda who: authoring.problems(runtime, who, "a"),
        lambda who: authoring.update_survey(runtime, who, "a", Particulars()),
        lambda who: authoring.publish(runtime, who, "a"),
        lambda who: authoring.close(runtime, who, "a"),
        lambda who: authoring.reopen(runtime, who, "a"),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act(charlie)
    with pytest.raises(NotAllowed):
        authoring.publish(runtime, Actor("x", "reform_team", 9, bob.unit_id, bob.units), "a")
    assert surveys.show(runtime, bob, "a").status == "draft"


def test_every_change_leaves_one_entry(runtime: Runtime) -> None:
    draft(runtime)
    authoring.publish(runtime, OPERATOR, "doi-thoai")
    authoring.close(runtime, OPERATOR, "doi-thoai")
    assert code_of(lambda: authoring.close(runtime, OPERATOR, "doi-thoai")) == "survey_not_open"
    with runtime.database.reading() as session:
        entries = [(one.action, one.detail) for one in reversed(audit.newest(session, ["survey:doi-thoai"]))]
    assert entries == [
        ("survey.create", '{"template": "conference"}'),
        ("survey.publish", '{"version": 1}'),
        ("survey.close", "{}"),
    ]
