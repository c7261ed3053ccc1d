"""Drafts, tabs, stored pages: what the device keeps costs no answer and doubles none (R8)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.services import authoring
from survey.services.runtime import OPERATOR
from tests.browser.conftest import LiveServer
from tests.browser.line import Line, State
from tests.browser.phone import OPEN, SAFE, SENT, WAITS, crash, fill, receipt, remembered, says, send, worker_is_ready
from tests.browser.rows import stored
from tests.conftest import CHROMIUM_FLAGS, chromium
from tests.factories.surveys import open_survey

BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


def test_back_after_sending_shows_nobody_the_answers_again(
    address: str, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address + "?lang=en")
    page.goto(address)
    fill(page, "quay lại")
    send(page)
    receipt(page)
    page.go_back()
    expect(page.locator("#E2")).to_have_value("")
    assert remembered(page) == 0
    assert kept("quay lại") == 1


@pytest.mark.parametrize("end", ["reload", "crash", "other language"])
def test_what_was_typed_is_put_back(
    address: str, browser: Browser, page: Page, kept: Callable[[str], int], end: str
) -> None:
    page.goto(address)
    fill(page, f"còn nguyên, {end}")
    if end == "reload":
        page.reload()
    elif end == "other language":
        page.get_by_role("link", name="English").click()
    else:
        with page.expect_event("crash"):
            crash(browser)
        page = page.context.new_page()
        page.goto(address)
    expect(page.locator("#E2")).to_have_value(f"còn nguyên, {end}")
    expect(page.locator("#B7 :checked")).to_have_value("4")
    expect(page.locator("#kept")).to_be_visible()
    page.get_by_role("button", name=re.compile("Gửi phiếu|Send answers")).click()
    receipt(page)
    page.goto(address)
    expect(page.locator("#E2")).to_have_value("")
    assert kept(f"còn nguyên, {end}") == 1


def test_a_phone_that_is_shared_can_be_cleared(address: str, page: Page) -> None:
    page.goto(address)
    expect(page.locator("#kept")).to_be_hidden()
    fill(page, "không để lại")
    page.locator("#kept").get_by_role("button").click()
    expect(page.locator("#E2")).to_have_value("")
    expect(page.locator("input:checked")).to_have_count(0)
    says(page, "Đã xóa khỏi máy này")
    assert remembered(page) == 0
    page.reload()
    expect(page.locator("#E2")).to_have_value("")


def test_two_tabs_show_and_send_the_same_answers_once(address: str, page: Page, kept: Callable[[str], int]) -> None:
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    fill(page, "hai thẻ")
    expect(other.locator("#E2")).to_have_value("hai thẻ")
    send(page)
    first = receipt(page)
    says(other, SENT)
    send(other)
    assert receipt(other) == first
    assert kept("hai thẻ") == 1


@pytest.mark.parametrize("wrong", [BLOCKED, FULL], ids=["blocked", "full"])
def test_a_device_that_keeps_nothing_asks_to_keep_the_page_open(
    address: str, line: Line, page: Page, kept: Callable[[str], int], wrong: str
) -> None:
    page.add_init_script(wrong)
    page.goto(address)
    fill(page, f"máy không giữ {len(wrong)}")
    expect(page.locator("#kept")).to_be_hidden()
    line.turn(State.CUT)
    send(page)
    says(page, OPEN)
    line.turn(State.OPEN)
    receipt(page)
    assert kept(f"máy không giữ {len(wrong)}") == 1


def test_a_browser_that_takes_no_cookies_and_keeps_nothing_sends(
    address: str, browser: Browser, tmp_path: Path, kept: Callable[[str], int]
) -> None:
    (tmp_path / "Default").mkdir()
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium(), args=list(CHROMIUM_FLAGS), locale="vi-VN"
    )
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("(() => { try { localStorage; return 'open' } catch (e) { return e.name } })()") == (
        "SecurityError"
    )
    fill(page, "không cookie")
    send(page)
    receipt(page)
    context.close()
    assert kept("không cookie") == 1


def test_a_form_opened_once_opens_again_without_a_network(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    worker_is_ready(page)
    line.turn(State.CUT)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT")
    fill(page, "trang cũ trong máy")
    send(page)
    says(page, SAFE)
    line.turn(State.OPEN)
    receipt(page)
    assert kept("trang cũ trong máy") == 1


def test_a_network_that_does_not_reply_is_not_waited_for_without_end(address: str, line: Line, page: Page) -> None:
    page.goto(address)
    worker_is_ready(page)
    line.turn(State.SILENT)
    page.reload(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT", timeout=20_000)


def test_two_people_one_after_the_other_on_one_stored_page_are_two_answers(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    worker_is_ready(page)
    line.turn(State.CUT)
    for person in ("người thứ nhất", "người thứ hai"):
        page.goto(address)
        expect(page.locator("#E2")).to_have_value("")
        fill(page, person)
        send(page)
        says(page, SAFE)
    expect(page.locator("#held")).to_contain_text(WAITS)
    line.turn(State.OPEN)
    receipt(page)
    page.goto(address)
    assert [kept("người thứ nhất"), kept("người thứ hai")] == [1, 1]
    assert remembered(page, "phieu wait") == 0


def test_a_stored_page_whose_first_use_the_device_forgot_asks_whose_answers_these_are(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    worker_is_ready(page)
    line.turn(State.CUT)
    page.goto(address)
    fill(page, "dùng trước")
    line.turn(State.OPEN)
    send(page)
    receipt(page)
    line.turn(State.CUT)
    page.goto(address)
    page.evaluate("localStorage.clear()")
    page.goto(address)
    fill(page, "dùng sau")
    line.turn(State.OPEN)
    send(page)
    expect(page.locator("#notice")).to_contain_text("Trang này đã được dùng để gửi một phiếu khác")
    expect(page.locator("#E2")).to_have_value("dùng sau")
    assert kept("dùng sau") == 0
    send(page)
    receipt(page)
    assert [kept("dùng trước"), kept("dùng sau")] == [1, 1]


def test_a_draft_goes_over_to_the_next_version(
    live_server: LiveServer, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    runtime = live_server.runtime
    code = open_survey(runtime, slug="second")
    page.goto(f"{line.url}/s/{code}")
    fill(page, "phiên bản cũ")
    document = json.loads(authoring.export_document(runtime, OPERATOR, "second"))
    document["minutes"] = 7
    authoring.import_document(runtime, OPERATOR, json.dumps(document), slug="second")
    authoring.publish(runtime, OPERATOR, "second")
    for _ in range(200):  # each process of the server remembers for a moment what stands behind a code
        if "7 phút" in page.locator(".facts").inner_text():
            break
        page.reload()
    expect(page.locator(".facts")).to_contain_text("7 phút")
    expect(page.locator("#E2")).to_have_value("phiên bản cũ")
    assert remembered(page) == 1
    send(page)
    receipt(page)
    assert sum(row["E2"] == "phiên bản cũ" for row in stored(runtime, "second")) == 1


def test_keeping_the_form_asks_for_nothing_twice(address: str, line: Line, browser: Browser) -> None:
    context = browser.new_context()  # without the gate of the other tests, which has the browser keep nothing
    page = context.new_page()
    page.goto(address)
    worker_is_ready(page)
    context.close()
    assert sum(one.startswith("GET /s/") for one in line.requests) == 1


def test_answers_of_two_people_that_waited_are_sent_later_and_each_has_its_receipt(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    worker_is_ready(page)
    line.turn(State.CUT)
    for person in ("máy chung, một", "máy chung, hai"):
        page.goto(address)
        fill(page, person)
        send(page)
        says(page, SAFE)
    line.turn(State.OPEN)
    page.goto(address)
    expect(page.locator("#held a")).to_have_count(2)
    assert len(set(page.locator("#held a").all_inner_texts())) == 2
    assert [kept("máy chung, một"), kept("máy chung, hai")] == [1, 1]


def test_answering_again_in_the_place_of_an_answer_survives_the_network_too(
    live_server: LiveServer, address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    fill(page, "lần đầu")
    send(page)
    first = receipt(page)
    page.get_by_role("link", name="Trả lời lại").click()
    expect(page.locator("#E2")).to_have_value("")
    fill(page, "thay cho lần đầu")
    page.reload()
    expect(page.locator("#E2")).to_have_value("thay cho lần đầu")
    line.turn(State.DEAF)
    send(page)
    says(page, SAFE)
    line.turn(State.OPEN)
    assert receipt(page) != first
    statuses = {row["E2"]: row["status"] for row in stored(live_server.runtime, "conference")}
    assert kept("thay cho lần đầu") == 1
    assert statuses.get("lần đầu", "withdrawn") == "withdrawn"
    page.goto(f"{line.url}/r/{first}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("đã được rút")
