"""A clerk keys in paper forms by keyboard alone: no key lost, no answer wrong, whatever network and browser do."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from survey.definition import library
from survey.services import authoring, batches, collectors, double_entry
from survey.services.runtime import OPERATOR
from survey.storage.models import KeyedSheet, Response
from tests.browser.clerks import Sheet, blank, pile, presses
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.factories.staff import account, session_of

LAN, HOA = "lan@example.gov.vn", "hoa@example.gov.vn"
ASKED = library.load("one-stop")
FORMS = 100 if os.environ.get("PHIEU_PROVE") else 12
PACE = 12
"""Keys a second that a fast clerk presses."""

Answers = dict[str, "str | list[str]"]


@pytest.fixture(scope="module")
def office(live_server: LiveServer) -> LiveServer:
    """Two clerks, and a survey at the one-stop desk with a box for paper forms and a telephone."""
    runtime = live_server.runtime
    authoring.create_survey(
        runtime, OPERATOR, slug="box", template="one-stop", unit="Sở Văn hóa, Thể thao và Du lịch", phone="1022"
    )
    authoring.publish(runtime, OPERATOR, "box")
    for clerk in (LAN, HOA):
        account(runtime, clerk, "staff", "Sở Văn hóa, Thể thao và Du lịch")
    return live_server


def batch(office: LiveServer, kind: str = "paper", percent: int = 0, expected: int | None = None) -> int:
    """A new batch behind a collector of its own."""
    code = collectors.add(office.runtime, OPERATOR, "box", kind, "Hòm phiếu tầng 1")
    return batches.open_batch(office.runtime, OPERATOR, code, "Hòm phiếu tuần 42", expected, percent)


def sit_down(page: Page, office: LiveServer, number: int, clerk: str = LAN, work: str = "key") -> None:
    """A clerk logged in at the key-in page."""
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, clerk), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie | {"httpOnly": True}])
    page.goto(f"{office.url}/staff/entry/{number}/{work}")
    expect(page.locator("#sheet.keyed")).to_be_visible()


def press(page: Page, one: str) -> None:
    """One key; letters that no keyboard has a key for come in as from an input method."""
    if len(one) == 1 and not one.isascii():
        page.keyboard.insert_text(one)
    else:
        page.keyboard.press(one)


def key(page: Page, sheets: list[Sheet]) -> float:
    """Presses all keys without waiting for anything; gives how many a second."""
    keys = list(presses(sheets))
    started = time.monotonic()
    for one in keys:
        press(page, one)
    return len(keys) / (time.monotonic() - started)


def all_sent(page: Page) -> None:
    """Nothing waits on this computer any more."""
    expect(page.locator("[data-state]")).to_have_text("đã lưu hết", timeout=60_000)
    expect(page.locator("[data-waiting]")).to_have_text("0")


def stored(office: LiveServer, number: int) -> list[tuple[str, Answers]]:
    """Serial and answers of every sheet of a batch."""
    with office.runtime.database.reading() as session:
        rows = session.execute(
            select(KeyedSheet.serial, Response.answers)
            .join(Response, Response.id == KeyedSheet.response_id)
            .where(KeyedSheet.batch_id == number)
            .order_by(KeyedSheet.serial, KeyedSheet.id)
        )
        return [(serial or "", json.loads(said)) for serial, said in rows]


def wrong(sheets: list[Sheet], found: list[tuple[str, Answers]]) -> list[str]:
    """Where what is stored is not what was on the paper."""
    kept = dict(found)
    faults = [f"{len(found)} stored of {len(sheets)}"] if len(found) != len(sheets) else []
    for one in sheets:
        said = kept.get(one.serial, {})
        faults += [
            f"{one.serial} {name}: {said.get(name)!r} for {one.answers.get(name)!r}"
            for name in sorted({*said, *one.answers})
            if said.get(name) != one.answers.get(name)
        ]
    return faults


def sound(page: Page, width: int) -> list[str]:
    """What axe finds on a page, and whether it has to be moved sideways."""
    found = [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > width else [])]


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
