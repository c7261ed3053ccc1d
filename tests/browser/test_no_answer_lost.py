"""Whatever the network does: each answer is stored once, and the page says what is true (R8)."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from survey.services import collectors
from survey.services.runtime import OPERATOR
from tests.browser.conftest import LiveServer, NewPage
from tests.browser.line import Line, State
from tests.browser.phone import SAFE, SENT, fill, receipt, remembered, says, send


def test_a_double_tap_counts_once(address: str, page: Page, kept: Callable[[str], int]) -> None:
    page.goto(address)
    fill(page, "hai lần chạm")
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    receipt(page)
    assert kept("hai lần chạm") == 1


def test_without_a_network_it_waits_and_is_sent_by_itself(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    fill(page, "mất mạng")
    line.turn(State.CUT)
    send(page)
    says(page, SAFE)
    assert kept("mất mạng") == 0
    line.turn(State.OPEN)
    receipt(page)
    assert kept("mất mạng") == 1


def test_the_browser_says_that_the_network_is_back(address: str, page: Page, kept: Callable[[str], int]) -> None:
    page.goto(address)
    fill(page, "có mạng lại")
    page.context.set_offline(True)
    send(page)
    says(page, SAFE)
    page.context.set_offline(False)
    receipt(page)
    assert kept("có mạng lại") == 1


# How long the page waits for a reply is more than a short test can.
LONG = [State.SILENT] if os.environ.get("PHIEU_PROVE") else []


@pytest.mark.parametrize("state", [State.DEAF, State.BUSY, State.PORTAL, *LONG])
def test_only_a_receipt_is_taken_for_a_receipt(
    address: str, line: Line, page: Page, kept: Callable[[str], int], state: State
) -> None:
    page.goto(address)
    fill(page, f"đường truyền {state.name}")
    line.turn(state)
    send(page)
    says(page, SAFE, patience=60_000)
    assert remembered(page, "phieu wait") == 1
    line.turn(State.OPEN)
    receipt(page)
    assert remembered(page, "phieu wait") == 0
    assert kept(f"đường truyền {state.name}") == 1


def test_a_slow_network_is_told_while_it_lasts(address: str, page: Page, kept: Callable[[str], int]) -> None:
    page.goto(address)
    fill(page, "mạng chậm")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1500, "downloadThroughput": 5000, "uploadThroughput": 2000},
    )
    send(page)
    says(page, "Đang gửi")
    send(page)
    receipt(page)
    assert kept("mạng chậm") == 1


def test_a_page_closed_while_its_answers_wait_sends_them_when_a_form_is_opened_again(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    fill(page, "đóng trang")
    line.turn(State.CUT)
    send(page)
    says(page, SAFE)
    context = page.context
    page.close()
    line.turn(State.OPEN)
    later = context.new_page()
    later.goto(address)
    expect(later.locator("#held")).to_contain_text(SENT)
    expect(later.locator("#E2")).to_have_value("")
    later.locator("#held a").click()
    receipt(later)
    assert kept("đóng trang") == 1


def test_a_browser_too_old_to_send_by_script_sends_the_plain_form(
    address: str, page: Page, kept: Callable[[str], int]
) -> None:
    page.add_init_script("delete window.fetch; delete window.AbortController; delete navigator.serviceWorker")
    page.goto(address)
    fill(page, "máy rất cũ")
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    receipt(page)
    assert kept("máy rất cũ") == 1


def test_without_script_the_plain_form_sends(address: str, new_page: NewPage, kept: Callable[[str], int]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address + "?text=large")
    fill(page, "không script")
    send(page)
    receipt(page)
    assert "text=large" in page.url
    assert kept("không script") == 1


def test_who_changes_an_answer_while_it_waits_sends_it_anew(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    fill(page, "trước khi sửa")
    line.turn(State.CUT)
    send(page)
    says(page, SAFE)
    page.locator("#E2").fill("sau khi sửa")
    says(page, "Xin bấm gửi lại")
    line.turn(State.OPEN)
    page.reload()
    expect(page.locator("#E2")).to_have_value("sau khi sửa")
    send(page)
    receipt(page)
    assert [kept("trước khi sửa"), kept("sau khi sửa")] == [0, 1]


def test_answers_that_need_a_look_say_so_and_open_where_they_were_wrong(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    page.goto(address)
    fill(page, "cần xem lại")
    for label in ("Rút ngắn thời gian", "Giảm giấy tờ", "Hướng dẫn dễ hiểu hơn"):
        page.locator("#E3").get_by_label(label).check()
    line.turn(State.CUT)
    send(page)
    says(page, SAFE)
    line.turn(State.OPEN)
    page.goto(address)
    expect(page.locator("#held")).to_contain_text("Xin xem lại các câu trả lời sau")
    page.get_by_role("button", name="Mở ra xem").click()
    expect(page.locator("#notice")).to_be_focused()
    page.locator("#E3").get_by_label("Giảm giấy tờ").uncheck()
    send(page)
    receipt(page)
    page.goto(address)
    expect(page.locator("#held")).to_be_hidden()
    assert kept("cần xem lại") == 1


def test_answers_that_came_too_late_are_told_of_and_can_be_erased(
    live_server: LiveServer, address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    late = collectors.add(live_server.runtime, OPERATOR, "conference", "poster", "Sắp đóng")
    page.goto(f"{line.url}/s/{late}")
    fill(page, "quá muộn")
    line.turn(State.CUT)
    send(page)
    says(page, SAFE)
    collectors.close(live_server.runtime, OPERATOR, late)
    line.turn(State.OPEN)
    page.goto(address)
    expect(page.locator("#held")).to_contain_text("Phiếu khảo sát đã đóng")
    page.get_by_role("button", name="Xóa khỏi máy này").click()
    assert remembered(page, "phieu wait") == 0
    assert kept("quá muộn") == 0


def test_a_token_of_ones_own_would_count_twice(
    address: str, line: Line, page: Page, kept: Callable[[str], int]
) -> None:
    """The control: were the token made anew at each attempt, a lost reply would double the answer."""
    page.goto(address)
    fill(page, "hai mã")
    line.turn(State.DEAF)
    send(page)
    says(page, SAFE)
    line.turn(State.OPEN)
    page.evaluate(
        """async () => {
            const text = await (await fetch(location.href)).text();
            const token = new DOMParser().parseFromString(text, 'text/html').querySelector('[name=_token]').value;
            for (const name of Object.keys(localStorage).filter(name => name.startsWith('phieu wait'))) {
                const one = JSON.parse(localStorage[name]);
                one.b = one.b.replace(one.t, token);
                localStorage[name] = JSON.stringify(one);
            }
        }"""
    )
    page.evaluate("window.dispatchEvent(new Event('online'))")
    receipt(page)
    assert kept("hai mã") == 2


def test_the_first_answer_is_told_once(address: str, line: Line, page: Page) -> None:
    page.goto(address)
    assert page.locator("[name=_began]").count() == 0
    with page.expect_request(lambda request: request.url.endswith("/started")):
        page.locator("#B7").get_by_label("Hài lòng", exact=True).check()
    page.locator("#E2").fill("bắt đầu")
    page.reload()
    page.locator("#E2").fill("tiếp tục")
    expect(page.locator("[name=_began]")).to_have_value("1")
    send(page)
    receipt(page)
    assert sum("/started" in one for one in line.requests) == 1
