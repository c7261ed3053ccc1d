"""Around keying in: double entry, serials that come twice, interviews, without script, and pages fit for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from survey.collection import codes
from survey.services import batches, double_entry, paper_forms
from survey.services.runtime import OPERATOR
from tests.browser.clerks import (
    ASKED,
    HOA,
    LAN,
    Sheet,
    all_sent,
    batch,
    key,
    open_office,
    pile,
    press,
    sit_down,
    sound,
    stored,
    wrong,
)
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.factories.staff import session_of


@pytest.fixture(scope="module")
def office(live_server: LiveServer) -> LiveServer:
    return open_office(live_server)


def test_a_second_clerk_keys_the_sample_and_the_difference_is_settled(
    office: LiveServer, new_page: NewPage, photograph: Callable[[Page, str], None]
) -> None:
    number = batch(office, percent=50)
    sheets = pile(ASKED, 4, seed=17)
    page = new_page(DESKTOP)
    sit_down(page, office, number)
    key(page, sheets)
    all_sent(page)
    page.goto(f"{office.url}/staff/entry/{number}")
    page.get_by_role("button", name="Đóng đợt nhập").click()
    expect(page.get_by_role("link", name=re.compile("Nhập lần hai"))).to_have_count(0)  # nobody checks themselves

    other = new_page(DESKTOP)
    sit_down(other, office, number, HOA, "second")
    mine = double_entry.report(office.runtime, OPERATOR, number).for_me
    assert len(mine) == 2
    good, bad = [one for one in sheets if one.serial in mine]
    key(other, [good, bad.slipped()])
    all_sent(other)

    page.reload()
    expect(page.get_by_role("heading", name="Cần xử lý")).to_be_visible()
    assert sound(page, DESKTOP["width"]) == []
    photograph(page, "differences")
    page.get_by_role("button", name="Ghi nhận phiếu này").click()
    expect(page.get_by_role("heading", name="Cần xử lý")).to_have_count(0)
    assert wrong(sheets, stored(office, number)) == []  # the first had read it right
    expect(page.get_by_role("row", name=re.compile(HOA))).to_contain_text("1")


def test_a_serial_keyed_twice_is_asked_about(
    office: LiveServer, desktop_page: Page, photograph: Callable[[Page, str], None]
) -> None:
    page, number = desktop_page, batch(office)
    (one,) = pile(ASKED, 1, seed=19)
    sit_down(page, office, number)
    key(page, [one, one])
    all_sent(page)
    expect(page.locator("[data-news]")).to_contain_text("1000")
    assert len(stored(office, number)) == 2
    page.goto(f"{office.url}/staff/entry/{number}")
    photograph(page, "twins")
    assert sound(page, DESKTOP["width"]) == []
    page.get_by_role("button", name="Loại ra").last.click()
    assert wrong([one], stored(office, number)) == []


def test_a_mistyped_serial_of_a_printed_form_stops_at_once(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    code = batches.show_batch(office.runtime, OPERATOR, number).code
    forms = paper_forms.forms(office.runtime, OPERATOR, code, "vi", copies=2)
    sit_down(page, office, number)
    other = next(letter for letter in codes.ALPHABET if letter != forms.last[-1])
    for one in (*forms.last[:-1], other, "Enter"):
        press(page, one)
    expect(page.get_by_role("alert")).to_contain_text("gõ sai")
    page.keyboard.press("Backspace")  # releases
    page.keyboard.press("Backspace")  # the wrong letter
    press(page, forms.last[-1].lower())
    (one,) = pile(ASKED, 1, seed=41)
    key(page, [Sheet(forms.last.replace("-", ""), one.answers, {**one.typed, "": ["Enter"]})])
    all_sent(page)
    assert wrong([Sheet(forms.last.replace("-", ""), one.answers, {})], stored(office, number)) == []


def test_an_interview_is_read_from_the_screen(
    office: LiveServer, new_page: NewPage, photograph: Callable[[Page, str], None]
) -> None:
    number = batch(office, "interviewer")
    page = new_page(DESKTOP)
    sit_down(page, office, number)
    photograph(page, "interview")
    (one,) = pile(ASKED, 1, seed=23)
    key(page, [Sheet("", {}, {**one.typed, "": ["Enter"]})])
    all_sent(page)
    assert batches.show_batch(office.runtime, OPERATOR, number).keyed == 1


def test_a_sheet_can_be_sent_without_script(office: LiveServer, new_page: NewPage) -> None:
    number = batch(office)
    page = new_page(DESKTOP, java_script_enabled=False)
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, LAN), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie | {"httpOnly": True}])
    page.goto(f"{office.url}/staff/entry/{number}/key")
    page.get_by_role("button", name="Lưu phiếu này").click()
    expect(page.get_by_role("alert").last).to_contain_text("số phiếu")
    page.get_by_label("Số phiếu (in trên phiếu)").fill("12")
    page.get_by_label("2 Đại diện doanh nghiệp").check()
    page.get_by_role("button", name="Lưu phiếu này").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu phiếu")
    ((serial, said),) = stored(office, number)
    assert (serial, said["G1"]) == ("12", "2")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit_their_screen(
    office: LiveServer, new_page: NewPage, viewport: dict[str, int], photograph: Callable[[Page, str], None]
) -> None:
    number = batch(office, expected=3)
    code = batches.show_batch(office.runtime, OPERATOR, number).code
    page = new_page(viewport)
    sit_down(page, office, number)
    findings = {"begin": sound(page, viewport["width"])}
    key(page, pile(ASKED, 1, seed=29))
    all_sent(page)
    for one in ("5", "5", "Enter", "1", "2", "3"):
        page.keyboard.press(one)
    findings["middle"] = sound(page, viewport["width"])
    photograph(page, f"middle-{viewport['width']}")
    page.keyboard.press("x")
    findings["stopped"] = sound(page, viewport["width"])
    page.keyboard.press("Backspace")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    findings["help"] = sound(page, viewport["width"])
    photograph(page, f"keys-{viewport['width']}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    for name, path in {
        "batches": "/staff/entry",
        "batch": f"/staff/entry/{number}",
        "collector": f"/staff/collectors/{code}/entry",
    }.items():
        page.goto(office.url + path)
        findings[name] = sound(page, viewport["width"])
        photograph(page, f"{name}-{viewport['width']}")
    assert {name: found for name, found in findings.items() if found} == {}


def test_the_way_to_key_in_leads_from_the_collector(office: LiveServer, desktop_page: Page) -> None:
    page, number = desktop_page, batch(office)
    sit_down(page, office, number)
    code = batches.show_batch(office.runtime, OPERATOR, number).code
    page.goto(f"{office.url}/staff/collectors/{code}")
    page.get_by_role("link", name="Nhập phiếu của kênh này").click()
    page.get_by_label("Tên đợt nhập").fill("Tuần 43")
    page.get_by_label("Số lượng phiếu đã đếm").fill("20")
    page.get_by_role("button", name="Mở đợt nhập").click()
    expect(page.get_by_role("heading", name="Đợt nhập: Tuần 43")).to_be_visible()
    page.get_by_role("link", name="Nhập phiếu", exact=True).last.click()
    expect(page.locator("#sheet.keyed")).to_be_visible()
