"""A kiosk as people and staff meet it: tapped, offline, abandoned, left by code; every answer is stored once."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from survey.definition import document, library
from survey.services import authoring, collectors, exporting
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR
from tests.browser.conftest import PHONE, LiveServer, NewPage
from tests.factories.surveys import one_tap_survey

PORTRAIT = {"width": 800, "height": 1280}
LANDSCAPE = {"width": 1280, "height": 800}
NUMBERS = itertools.count()


@dataclass(frozen=True)
class Kiosk:
    """A survey of its own, behind one kiosk with the exit code 2468 and a follow-up."""

    server: LiveServer
    slug: str
    code: str
    more: str

    @property
    def address(self) -> str:
        return f"{self.server.url}/s/{self.code}"

    def rows(self) -> list[dict[str, str]]:
        """What is stored."""
        target = io.BytesIO()
        exporting.export_responses(self.server.runtime, OPERATOR, self.slug, target)
        return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"))))

    def answers(self) -> list[tuple[str, str]]:
        """Level and reasons of each answer, sorted."""
        reasons = ("W_good", "W_mid", "W_bad")
        return sorted((row["T0"], "".join(row[key] for key in reasons)) for row in self.rows())


@pytest.fixture
def kiosk(live_server: LiveServer) -> Kiosk:
    slug = f"tap-{next(NUMBERS)}"
    runtime = live_server.runtime
    more = one_tap_survey(runtime, slug=slug)
    code = collectors.add(
        runtime, OPERATOR, slug, "kiosk", "Quầy 3 – Ca sáng", traits=Traits(exit_code="2468", follow_up=more)
    )
    return Kiosk(live_server, slug, code, more)


@pytest.fixture
def tablet(new_page: NewPage) -> Callable[..., Page]:
    """Opens a kiosk on a tablet with a clock of its own and begins the shift."""

    def open_tablet(kiosk: Kiosk, viewport: dict[str, int] = PORTRAIT, **options: object) -> Page:
        page = new_page(viewport, has_touch=True, **{"service_workers": "block", **options})
        page.clock.install()
        page.goto(kiosk.address)
        page.get_by_role("button", name="Bắt đầu ca").tap()
        expect(question(page)).to_be_visible()
        return page

    return open_tablet


def question(page: Page) -> Locator:
    return page.get_by_role("heading", name="Quý vị hài lòng với lần phục vụ vừa rồi ở mức nào?")


def face(page: Page, words: str) -> None:
    page.locator("[data-screen=rate]").get_by_role("button", name=words, exact=True).tap()


def reason(page: Page, words: str) -> None:
    page.locator("[data-screen=why]:visible").get_by_text(words, exact=True).tap()


def press(page: Page, name: str) -> None:
    page.locator("#kiosk section:visible").get_by_role("button", name=name, exact=True).tap()


def person(page: Page, words: str, *reasons: str) -> None:
    """One citizen from the first tap to the thanks, and the next one steps up."""
    face(page, words)
    for one in reasons:
        reason(page, one)
    press(page, "Gửi" if reasons else "Bỏ qua")
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    press(page, "Người tiếp theo")


def staff(page: Page, digits: str) -> None:
    page.get_by_role("button", name="Nhân viên").tap()
    for digit in digits:
        press(page, digit)
    press(page, "Nhập")


def sent(page: Page) -> None:
    """Waits until the device holds no answer any more."""
    expect(page.locator("[data-fact=waiting]")).to_have_text("0")


def forgotten(page: Page, kiosk: Kiosk, anew: Callable[[int, str], bool]) -> None:
    """Waits until no process of the server remembers how the code was a moment ago."""
    while not all(anew(reply.status, reply.text()) for reply in (page.request.get(kiosk.address) for _ in range(8))):
        continue


@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE, PHONE], ids=["portrait", "landscape", "phone"])
def test_a_citizen_taps_a_face_gives_reasons_and_is_thanked(
    kiosk: Kiosk, tablet: Callable[..., Page], photograph: Callable[[Page, str], None], viewport: dict[str, int]
) -> None:
    page = tablet(kiosk, viewport)
    name = f"{viewport['width']}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    photograph(page, f"rate-{name}")
    face(page, "Không hài lòng")
    expect(page.get_by_role("heading", name="Điều gì làm Quý vị chưa hài lòng?")).to_be_visible()
    boxes = page.locator("[data-screen=why]:visible input")
    assert boxes.evaluate_all("list => list.map(e => e.checked)") == [False] * 9
    assert boxes.last.get_attribute("value") == "w9"
    reason(page, "Thời gian chờ")
    reason(page, "Thái độ phục vụ")
    photograph(page, f"why-{name}")
    press(page, "Gửi")
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    photograph(page, f"thanks-{name}")
    picture = Image.open(io.BytesIO(page.locator(".k-qr").screenshot()))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [f"{kiosk.server.url.upper()}/S/{kiosk.more}"]
    page.clock.fast_forward(16_000)
    expect(question(page)).to_be_visible()
    sent(page)
    assert kiosk.answers() == [("2", "w1 w4")]
    assert page.context.cookies() == []


def test_targets_are_large_and_nothing_scrolls_on_a_tablet(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    for viewport in (PORTRAIT, LANDSCAPE):
        page = tablet(kiosk, viewport)
        face(page, "Hài lòng")
        for screen in ("why", "rate"):
            if screen == "rate":
                press(page, "Chọn lại")
            sizes = (
                page.locator(f"#kiosk [data-screen={screen}]:visible")
                .locator("button, label")
                .evaluate_all("list => list.map(e => Math.min(e.offsetWidth, e.offsetHeight))")
            )
            assert min(sizes) >= 44
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert kiosk.rows() == []


def test_answers_given_without_network_wait_survive_a_reload_and_are_stored_once(
    kiosk: Kiosk, tablet: Callable[..., Page]
) -> None:
    page = tablet(kiosk, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready")
    while not page.evaluate("caches.open('phieu forms').then(shelf => shelf.keys()).then(kept => kept.length)"):
        continue
    page.context.set_offline(True)
    person(page, "Rất hài lòng", "Đúng hẹn")
    person(page, "Bình thường")
    person(page, "Rất không hài lòng", "Kết quả", "Khác")
    expect(page.get_by_text("3 phiếu chờ gửi")).to_be_visible()
    page.reload()
    expect(question(page)).to_be_visible()
    expect(page.get_by_text("3 phiếu chờ gửi")).to_be_visible()
    assert kiosk.rows() == []
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)
    expect(page.get_by_text("phiếu chờ gửi")).to_be_hidden()
    assert kiosk.answers() == [("1", "w7 w9"), ("3", ""), ("5", "w6")]


def test_who_walks_away_has_answered_with_what_was_tapped(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    face(page, "Hài lòng")
    page.clock.fast_forward(19_000)
    reason(page, "Kết quả")
    page.clock.fast_forward(19_000)
    expect(page.get_by_role("heading", name="Điều gì làm Quý vị hài lòng?")).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    page.clock.fast_forward(16_000)
    face(page, "Không hài lòng")
    page.clock.fast_forward(21_000)
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    sent(page)
    assert kiosk.answers() == [("2", ""), ("4", "w7")]


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


def test_who_taps_the_wrong_face_chooses_again(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    face(page, "Rất không hài lòng")
    press(page, "Chọn lại")
    person(page, "Rất hài lòng")
    sent(page)
    assert kiosk.answers() == [("5", "")]


def tap_thrice(page: Page, button: Locator) -> None:
    """As fast as a nervous finger, on one spot."""
    button.tap(trial=True)  # waits until the screen takes taps
    box = button.bounding_box()
    assert box
    for _ in range(3):
        page.touchscreen.tap(box["x"] + 60, box["y"] + box["height"] / 2)


def test_a_double_tap_answers_once_and_chooses_nothing_on_the_next_screen(
    kiosk: Kiosk, tablet: Callable[..., Page]
) -> None:
    page = tablet(kiosk)
    tap_thrice(page, page.locator("[data-screen=rate]").get_by_role("button", name="Bình thường"))
    expect(page.get_by_role("heading", name="Điều gì cần tốt hơn?")).to_be_visible()
    assert page.locator("[data-screen=why] input:checked").count() == 0
    tap_thrice(page, page.locator("[data-screen=why]:visible [data-do=send]"))
    expect(page.get_by_role("heading", name="Cảm ơn Quý vị!")).to_be_visible()
    sent(page)
    assert kiosk.answers() == [("3", "")]


def test_the_language_is_the_persons_and_falls_back_for_the_next(kiosk: Kiosk, tablet: Callable[..., Page]) -> None:
    page = tablet(kiosk)
    page.get_by_role("button", name="English").tap()
    assert page.evaluate("document.documentElement.lang") == "en"
    face(page, "Very satisfied")
    reason(page, "Attitude")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.get_by_text("Scan this code")).to_be_visible()
    page.clock.fast_forward(16_000)
    expect(question(page)).to_be_visible()
    page.get_by_role("button", name="English").tap()
    page.clock.fast_forward(21_000)
    expect(question(page)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "vi"
    sent(page)
    assert [(row["T0"], row["W_good"], row["language"]) for row in kiosk.rows()] == [("5", "w4", "en")]


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


def test_without_script_the_form_at_a_kiosk_is_the_ordinary_one(kiosk: Kiosk, new_page: NewPage) -> None:
    page = new_page(PORTRAIT, java_script_enabled=False)
    page.goto(kiosk.address)
    page.locator("#T0").get_by_label("Hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert kiosk.answers() == [("4", "")]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PORTRAIT, "light"), (LANDSCAPE, "dark")], ids=["portrait", "landscape"]
)
def test_axe_finds_nothing_to_object_to_on_any_screen(
    kiosk: Kiosk, new_page: NewPage, viewport: dict[str, int], scheme: str
) -> None:
    page = new_page(viewport, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.goto(kiosk.address)

    def look() -> None:
        assert Axe().run(page).response["violations"] == []

    look()
    page.get_by_role("button", name="Bắt đầu ca").click()
    look()
    page.get_by_role("button", name="Về phiếu khảo sát này").click()
    look()
    page.locator("[data-screen=about] [data-do=next]").click()
    page.locator("[data-screen=rate] [data-code='1']").click()
    page.locator("[data-screen=why]:visible label").first.click()
    look()
    page.locator("[data-screen=why]:visible [data-do=send]").click()
    look()
    page.get_by_role("button", name="Nhân viên").click()
    page.keyboard.type("2467")
    page.keyboard.press("Enter")
    look()
    page.keyboard.type("2468")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dành cho nhân viên")).to_be_visible()
    look()


def test_a_keyboard_goes_all_the_way(kiosk: Kiosk, new_page: NewPage) -> None:
    page = new_page(LANDSCAPE)
    page.goto(kiosk.address)
    page.get_by_role("button", name="Bắt đầu ca").press("Enter")
    expect(question(page)).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Điều gì làm Quý vị hài lòng?")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("[data-screen=why]:visible [data-do=send]").press("Enter")
    sent(page)
    assert [level for level, reasons in kiosk.answers() if len(reasons) == 2] == ["4"]


def test_motion_is_left_out_and_faces_stay_where_colours_are_forced(
    kiosk: Kiosk, tablet: Callable[..., Page], photograph: Callable[[Page, str], None]
) -> None:
    page = tablet(kiosk, reduced_motion="reduce", forced_colors="active")
    face(page, "Hài lòng")
    assert page.locator("[data-screen=why]:visible").evaluate("e => getComputedStyle(e).animationName") == "none"
    skin, line = page.locator("[data-screen=why]:visible .face").evaluate(
        "e => [getComputedStyle(e.querySelector('.skin')).fill, getComputedStyle(e).stroke]"
    )
    assert skin != line
    photograph(page, "forced")
