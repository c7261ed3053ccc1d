"""Staff set up the kiosks of a counter: a code for each shift in one go, the exit code, the follow-up."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask.testing import FlaskClient

from survey.services import collectors
from survey.services.collectors import of_shifts
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries import audit
from survey.web.app import create_app
from tests.factories.staff import CSRF, account, browser_of
from tests.factories.surveys import one_tap_survey

BOB = "bob@example.gov.vn"
PAGE = "/staff/surveys/one-tap/kiosks"


@pytest.fixture
def code(runtime: Runtime) -> str:
    return one_tap_survey(runtime)


@pytest.fixture
def bob(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, BOB, "staff")
    return browser_of(create_app(runtime), runtime, BOB)


def names(runtime: Runtime) -> list[str]:
    return [one.name for one in collectors.list_collectors(runtime, OPERATOR, "one-tap")][1:]


def send(bob: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    found = CSRF.search(bob.get(path).text)
    assert found
    answer = bob.post(path, data={"csrf_token": found.group(1), **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def exits(bob: FlaskClient, code: str, digits: str) -> bool:
    """Whether the page on the tablet lets these digits out."""
    found = re.search(r'data-exit="(\w+):(\w+)"', bob.get(f"/s/{code}").text)
    return bool(found) and hashlib.sha256(f"{found.group(1)}{digits}".encode()).hexdigest() == found.group(2)


def test_one_press_adds_a_code_for_each_shift_of_a_counter(bob: FlaskClient, runtime: Runtime, code: str) -> None:
    more = collectors.add(runtime, OPERATOR, "one-tap", "counter", "Nói thêm")
    status, page = send(
        bob,
        PAGE,
        name="Quầy 3",
        shift=["morning", "afternoon"],
        others="Sáng thứ Bảy\r\n\r\n ca sáng \r\n",
        exit_code="2468",
        follow_up=more,
    )
    assert status == 200 and "Đã thêm 3 mã" in page
    assert names(runtime)[1:] == ["Quầy 3 – Ca sáng", "Quầy 3 – Ca chiều", "Quầy 3 – Sáng thứ Bảy"]
    made = collectors.list_collectors(runtime, OPERATOR, "one-tap")[2:]
    assert len({one.code for one in made}) == 3 and {one.kind for one in made} == {"kiosk"}
    assert {one.traits.follow_up for one in made} == {more}
    assert all(exits(bob, one.code, "2468") and not exits(bob, one.code, "1357") for one in made)
    with runtime.database.reading() as session:
        newest = audit.newest(session, most=1)[0]
    assert newest.action == "collector.add" and "3" in str(newest.detail)


def test_a_counter_without_shifts_has_one_code(bob: FlaskClient, runtime: Runtime) -> None:
    assert send(bob, PAGE, name="Quầy 3")[0] == 200
    assert names(runtime) == ["Quầy 3"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Hãy ghi tên quầy."),
        ({"name": "x" * 151}, "Nội dung này quá dài."),
        ({"exit_code": "12a4"}, "Mã gồm 4 đến 12 chữ số."),
        ({"exit_code": "123"}, "Mã gồm 4 đến 12 chữ số."),
        ({"exit_code": "١٢٣٤"}, "Mã gồm 4 đến 12 chữ số."),
        ({"others": "\n".join(f"ca {n}" for n in range(13))}, "Mỗi quầy có nhiều nhất 12 ca."),
        ({"others": "x" * 300}, "Nội dung này quá dài."),
        ({"others": "x" * 199}, "Nội dung này quá dài."),
        ({"follow_up": "ABCDEFGHJK"}, "Mã QR ở màn hình cảm ơn"),
        ({"follow_up": "\0"}, "Mã QR ở màn hình cảm ơn"),
        ({"opens_on": "2/10/2026", "closes_on": "1/10/2026"}, "Ngày kết thúc trước ngày bắt đầu."),
    ],
)
def test_a_mistake_is_named_and_no_code_is_added(
    bob: FlaskClient, runtime: Runtime, fields: dict[str, str], words: str
) -> None:
    status, page = send(bob, PAGE, **{"name": "Quầy 3", "shift": "morning", **fields})
    assert 400 <= status < 500 and words in page
    assert names(runtime) == []


def test_exit_code_and_follow_up_are_changed_later_and_an_empty_code_keeps_the_old(
    bob: FlaskClient, runtime: Runtime, code: str
) -> None:
    more = collectors.add(runtime, OPERATOR, "one-tap", "counter", "Nói thêm")
    path = f"/staff/collectors/{code}/kiosk"
    assert send(bob, path, exit_code="2468", follow_up=more)[0] == 200
    assert send(bob, path, exit_code="", follow_up="")[0] == 200
    one, _ = collectors.show(runtime, OPERATOR, code)
    assert one.name == "Quầy 3" and one.traits.follow_up is None
    with_new_memory = browser_of(create_app(runtime), runtime, BOB)
    assert exits(with_new_memory, code, "2468")
    assert bob.get(f"/staff/collectors/{more}/kiosk").status_code == 404


def test_shifts_of_the_same_name_are_one() -> None:
    assert of_shifts("Quầy 1", ["Ca tối", "", "ca tối"]) == ("Quầy 1 – Ca tối",)
