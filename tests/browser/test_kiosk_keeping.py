"""What a kiosk keeps: offline, closed, cut off, every answer is stored once; and how staff leave it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from survey.definition import document, library
from survey.services import authoring, collectors
from survey.services.runtime import OPERATOR
from tests.browser.conftest import LiveServer, NewPage
from tests.browser.kiosks import (
    PORTRAIT,
    Kiosk,
    begun,
    face,
    forgotten,
    make,
    person,
    press,
    question,
    reason,
    sent,
    staff,
)
from tests.browser.line import Line, State
from tests.browser.phone import worker_is_ready


@pytest.fixture
def kiosk(live_server: LiveServer) -> Kiosk:
    return make(live_server)


@pytest.fixture
def tablet(new_page: NewPage) -> Callable[..., Page]:
    return partial(begun, new_page)


def test_answers_given_without_network_wait_survive_a_reload_and_are_stored_once(
    kiosk: Kiosk, line: Line, tablet: Callable[..., Page]
) -> None:
    # By a cut line: a browser told to be offline lets through what a page sends while it is being reloaded.
    page = tablet(replace(kiosk, front=line.url), service_workers="allow")
    worker_is_ready(page)
    line.turn(State.CUT)
    person(page, "Rất hài lòng", "Đúng hẹn")
    person(page, "Bình thường")
    person(page, "Rất không hài lòng", "Kết quả", "Khác")
    expect(page.get_by_text("3 phiếu chờ gửi")).to_be_visible()
    page.reload()
    expect(question(page)).to_be_visible()
    expect(page.get_by_text("3 phiếu chờ gửi")).to_be_visible()
    assert kiosk.rows() == []
    line.turn(State.OPEN)
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)
    expect(page.get_by_text("phiếu chờ gửi")).to_be_hidden()
    assert kiosk.answers() == [("1", "w7 w9"), ("3", ""), ("5", "w6")]


def test_a_page_that_goes_away_right_after_the_tap_loses_nothing(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    face(page, "Hài lòng")
    reason(page, "Kết quả")
    page.reload()
    expect(question(page)).to_be_visible()
    assert kiosk.rows() == []
    page.clock.run_for(91_000)
    sent(page)
    assert kiosk.answers() == [("4", "w7")]


def test_what_a_closed_survey_refuses_is_kept_counted_and_sent_when_it_opens_again(
    kiosk: Kiosk, tablet: Callable[..., Page]
) -> None:
    page = tablet(kiosk)
    collectors.close(kiosk.server.runtime, OPERATOR, kiosk.code)
    forgotten(page, kiosk, lambda status, text: status == 410)
    person(page, "Không hài lòng", "Kết quả")
    expect(page.get_by_role("heading", name="Hiện quầy này không nhận ý kiến")).to_be_visible()
    staff(page, "2468")
    expect(page.locator("[data-fact=aside]")).to_have_text("1")
    assert kiosk.rows() == []
    collectors.reopen(kiosk.server.runtime, OPERATOR, kiosk.code)
    press(page, "Gửi ngay")
    expect(page.locator("[data-fact=aside]")).to_be_hidden()
    sent(page)
    assert kiosk.answers() == [("2", "w7")]


def losing_replies(page: Page, times: int, change: Callable[[str, int], str]) -> None:
    """The server gets every submission, the device no reply to the first ones."""
    attempts = itertools.count(1)

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        attempt = next(attempts)
        reply = route.fetch(post_data=change(route.request.post_data or "", attempt), max_redirects=0)
        assert reply.status == 303
        if attempt <= times:
            return route.abort("connectionreset")
        return route.fallback()

    page.route("**/s/*", lose)


def test_an_answer_whose_replies_are_lost_is_stored_once(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    losing_replies(page, 3, lambda body, attempt: body)
    person(page, "Hài lòng", "Kết quả")
    while page.locator("[data-fact=waiting]").text_content() != "0":
        page.clock.run_for(5_000)
    assert kiosk.answers() == [("4", "w7")]


def test_a_page_that_made_a_new_key_for_each_attempt_would_store_doubles(
    kiosk: Kiosk, tablet: Callable[..., Page]
) -> None:
    page = tablet(kiosk)
    losing_replies(page, 2, lambda body, attempt: re.sub(r"_key=[0-9a-f]+", f"_key={attempt:032x}", body))
    person(page, "Hài lòng")
    while page.locator("[data-fact=waiting]").text_content() != "0":
        page.clock.run_for(5_000)
    assert len(kiosk.rows()) > 1


def test_a_page_open_for_days_brings_answers_and_finds_the_new_version(
    kiosk: Kiosk, tablet: Callable[..., Page]
) -> None:
    page = tablet(kiosk)
    value = document.write(library.load("one-tap"))
    value["sections"][0]["questions"][0]["text"]["vi"] = "Hôm nay Quý vị hài lòng không?"
    value["office"] = {"name": {"vi": "Sở"}, "phone": "1022"}
    authoring.import_document(kiosk.server.runtime, OPERATOR, json.dumps(value), slug=kiosk.slug)
    authoring.publish(kiosk.server.runtime, OPERATOR, kiosk.slug)
    forgotten(page, kiosk, lambda status, text: "Hôm nay Quý vị" in text)
    person(page, "Hài lòng")
    sent(page)
    page.clock.fast_forward(3 * 24 * 3600 * 1000)
    expect(page.get_by_role("heading", name="Hôm nay Quý vị hài lòng không?")).to_be_visible()
    person(page, "Bình thường")
    sent(page)
    assert kiosk.answers() == [("3", ""), ("4", "")]


def test_a_browser_that_keeps_nothing_still_sends_and_says_so(kiosk: Kiosk, new_page: NewPage) -> None:
    page = new_page(PORTRAIT, service_workers="block")
    page.add_init_script("Storage.prototype.setItem = function () { throw new Error('full') }")
    page.goto(kiosk.address)
    page.get_by_role("button", name="Bắt đầu ca").click()
    page.locator("[data-screen=rate] [data-code='5']").click()
    page.locator("[data-screen=why]:visible [data-do=skip]").click()
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    expect(page.locator("[data-fact=last]")).to_have_text(re.compile(r"\d"))
    expect(page.locator("p[data-unsafe]")).not_to_have_attribute("hidden", "")
    assert kiosk.answers() == [("5", "")]


def test_staff_leave_by_their_code_and_see_the_counts(
    kiosk: Kiosk, tablet: Callable[..., Page], photograph: Callable[[Page, str], None]
) -> None:
    page = tablet(kiosk)
    person(page, "Hài lòng")
    sent(page)
    for wrong in ("1357", "", "24680"):
        staff(page, wrong)
        expect(page.get_by_text("Mã chưa đúng.")).to_be_visible()
        press(page, "Quay lại")
    staff(page, "2468")
    expect(page.get_by_role("heading", name="Dành cho nhân viên")).to_be_visible()
    photograph(page, "staff")
    assert page.locator("[data-fact=today]").inner_text() == "1"
    assert page.locator("[data-fact=waiting]").inner_text() == "0"
    assert re.match(r"\d\d:\d\d", page.locator("[data-fact=last]").inner_text())
    filled = page.locator("html:fullscreen")
    expect(filled).to_have_count(1)
    press(page, "Thoát toàn màn hình")
    expect(filled).to_have_count(0)
    press(page, "Về màn hình lấy ý kiến")
    person(page, "Bình thường")
    expect(filled).to_have_count(0)
    staff(page, "2468")
    assert page.locator("[data-fact=today]").inner_text() == "2"
    press(page, "Toàn màn hình")
    expect(filled).to_have_count(1)
    press(page, "Đóng ca")
    expect(page.get_by_role("heading", name="Máy đã sẵn sàng cho ca này chưa?")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Máy đã sẵn sàng cho ca này chưa?")).to_be_visible()


def test_guessing_the_exit_code_is_slowed_down(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    page.get_by_role("button", name="Nhân viên").tap()
    for digits in ("1111", "1112", "1113", "1114", "1115", "2468"):
        for digit in digits:
            press(page, digit)
        press(page, "Nhập")
    expect(page.get_by_text("Đã thử quá nhiều lần.")).to_be_visible()
    page.clock.run_for(31_000)
    expect(question(page)).to_be_visible()
    staff(page, "2468")
    expect(page.get_by_role("heading", name="Dành cho nhân viên")).to_be_visible()


def test_without_an_exit_code_only_a_long_press_opens_the_panel(
    kiosk: Kiosk, new_page: NewPage, live_server: LiveServer
) -> None:
    page = new_page(PORTRAIT)
    page.clock.install()
    page.goto(f"{live_server.url}/s/{kiosk.more}")
    page.get_by_role("button", name="Bắt đầu ca").click()
    corner = page.get_by_role("button", name="Nhân viên")
    corner.click()
    expect(question(page)).to_be_visible()
    corner.hover()
    page.mouse.down()
    page.clock.run_for(3_100)
    page.mouse.up()
    expect(page.get_by_role("heading", name="Dành cho nhân viên")).to_be_visible()
