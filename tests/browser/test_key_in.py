"""A clerk keys in paper forms by keyboard alone: no key lost, no answer wrong, whatever network and browser do."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from survey.services import batches
from survey.services.runtime import OPERATOR
from survey.storage.models import KeyedSheet
from tests.browser.clerks import (
    ASKED,
    HOA,
    LAN,
    all_sent,
    batch,
    blank,
    key,
    open_office,
    pile,
    press,
    presses,
    sit_down,
    stored,
    wrong,
)
from tests.browser.conftest import LiveServer

FORMS = 100 if os.environ.get("PHIEU_PROVE") else 12
PACE = 12
"""Keys a second that a fast clerk presses."""


@pytest.fixture(scope="module")
def office(live_server: LiveServer) -> LiveServer:
    return open_office(live_server)


def test_a_pile_is_keyed_without_a_wrong_answer_faster_than_anybody_types(
    office: LiveServer, desktop_page: Page, photograph: Callable[[Page, str], None]
) -> None:
    number = batch(office, expected=FORMS)
    sheets = pile(ASKED, FORMS, seed=42)
    sit_down(desktop_page, office, number)
    rate = key(desktop_page, sheets)
    all_sent(desktop_page)
    answers = sum(len(one.answers) for one in sheets)
    keys = sum(len(one.keys) for one in sheets)
    assert wrong(sheets, stored(office, number)) == []
    print(f"\n{FORMS} forms, {answers} answers, {keys} keys at {rate:.0f} a second: 0 wrong")
    assert rate >= PACE, "the test itself pressed too slowly to prove anything"
    expect(desktop_page.locator("[data-stored]")).to_have_text(str(FORMS))
    photograph(desktop_page, "done")


def test_one_wrong_key_is_found_by_the_comparison(office: LiveServer, desktop_page: Page) -> None:
    number = batch(office)
    good = pile(ASKED, 2, seed=7)
    sit_down(desktop_page, office, number)
    key(desktop_page, [good[0], good[1].slipped()])
    all_sent(desktop_page)
    assert len(wrong(good, stored(office, number))) == 1


def test_a_key_that_cannot_be_stops_the_sheet_until_it_is_released(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sit_down(page, office, number)
    for one in ("1", "Enter", "7", "1", "2"):
        page.keyboard.press(one)
    expect(page.get_by_role("alert")).to_contain_text("“7” không ứng với ô nào")
    expect(page.get_by_role("alert")).to_contain_text("2")
    expect(page.locator(".now")).to_have_attribute("data-key", "G1")
    page.keyboard.press("Backspace")
    expect(page.get_by_role("alert")).to_be_empty()
    page.keyboard.press("2")
    expect(page.locator(".now")).to_have_attribute("data-key", "G2")
    page.keyboard.press("Numpad2")  # an arrow while NumLock is off: it must not choose the next box
    expect(page.get_by_role("alert")).to_contain_text("NumLock")
    expect(page.locator("[data-key=G2] input:checked")).to_have_count(0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")  # back to a wrong answer, which is typed over
    expect(page.locator(".now")).to_have_attribute("data-key", "G1")
    expect(page.get_by_role("radio", name="2 Đại diện doanh nghiệp")).to_be_checked()
    page.keyboard.press("1")
    expect(page.locator("[data-key=G1] .given")).to_have_text("1 Cá nhân")


def test_without_a_network_typing_goes_on_and_nothing_is_lost(
    office: LiveServer, desktop_page: Page, photograph: Callable[[Page, str], None]
) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 4, seed=3)
    sit_down(page, office, number)
    key(page, sheets[:1])
    all_sent(page)
    page.context.set_offline(True)
    key(page, sheets[1:3])
    expect(page.locator("[data-waiting]")).to_have_text("2")
    expect(page.locator("[data-state]")).to_contain_text("Mất kết nối")
    assert len(stored(office, number)) == 1
    key(page, sheets[3:])
    photograph(page, "offline")
    page.context.set_offline(False)
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []


def test_a_reload_in_the_middle_of_a_sheet_loses_nothing(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 3, seed=5)
    keys = list(presses(sheets))
    sit_down(page, office, number)
    for place, one in enumerate(keys):
        if place % 37 == 20:
            page.reload()
            expect(page.locator("#sheet.keyed")).to_be_visible()
        press(page, one)
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []


def test_a_reply_that_never_came_does_not_double_a_sheet(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    lost: list[int] = []

    def cut(route: Route) -> None:
        route.fetch()
        lost.append(1)
        if len(lost) == 1:
            route.abort()
        else:
            route.continue_()

    sit_down(page, office, number)
    page.route(re.compile(r"/entry/\d+/key$"), cut)
    sheets = pile(ASKED, 1, seed=9)
    key(page, sheets)
    all_sent(page)
    assert len(lost) == 2
    assert wrong(sheets, stored(office, number)) == []


def test_a_sheet_that_is_refused_comes_back_with_its_message(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 2, seed=11)
    sit_down(page, office, number)
    batches.close_batch(office.runtime, OPERATOR, number)
    key(page, sheets[:1])
    expect(page.locator("[data-news]")).to_contain_text("Phiếu 1000 chưa được lưu")
    expect(page.locator("[data-waiting]")).to_have_text("1")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Phiếu 1000 chưa được lưu")
    expect(page.get_by_label("Số phiếu (in trên phiếu)")).to_have_value("1000")
    batches.reopen_batch(office.runtime, OPERATOR, number)
    page.keyboard.press("Enter")
    last = page.locator(".now")
    while last.get_attribute("data-kind") != "end":
        page.keyboard.press("Control+Enter" if last.get_attribute("data-kind") == "long" else "Enter")
    page.keyboard.press("Enter")
    key(page, sheets[1:])
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []


def test_a_blank_sheet_is_told_and_discarded(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 2, seed=31)
    sit_down(page, office, number)
    key(page, [sheets[0], blank(ASKED, "999")])
    expect(page.locator("[data-news]")).to_contain_text("Phiếu trắng")
    key(page, sheets[1:])  # the next sheet is not disturbed
    expect(page.get_by_role("alert")).to_contain_text("Phiếu 999 chưa được lưu")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_text("Phiếu đã nhập xong.").click()
    page.get_by_role("button", name="Bỏ phiếu này").click()
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []


def test_sheets_are_never_sent_under_somebody_elses_name(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 1, seed=37)
    sit_down(page, office, number)
    page.route(
        re.compile(r"/entry/\d+/key$"),
        lambda route, request: route.abort() if request.method == "POST" else route.fallback(),
    )
    key(page, sheets)
    expect(page.locator("[data-waiting]")).to_have_text("1")
    sit_down(page, office, number, HOA)
    page.unroute_all()
    expect(page.locator("[data-news]")).to_contain_text("1 phiếu do người khác nhập")
    expect(page.locator("[data-waiting]")).to_have_text("0")
    assert stored(office, number) == []
    sit_down(page, office, number, LAN)
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []
    with office.runtime.database.reading() as session:
        assert set(session.scalars(select(KeyedSheet.keyed_by).where(KeyedSheet.batch_id == number))) == {LAN}


def test_a_logged_out_clerk_logs_in_again_and_the_sheets_go(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sheets = pile(ASKED, 1, seed=13)
    sit_down(page, office, number)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    key(page, sheets)
    expect(page.locator("[data-state]")).to_contain_text("đã đăng xuất")
    assert stored(office, number) == []
    # Another session, and another token, as after logging in in another tab.
    page.context.add_cookies([one for one in cookies if one["name"] == "phieu_staff"])
    page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert wrong(sheets, stored(office, number)) == []
