"""A kiosk as people meet it: tapped once or twice, abandoned, in two languages, by keyboard; what it looks like."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, LiveServer, NewPage
from tests.browser.kiosks import LANDSCAPE, PORTRAIT, Kiosk, begun, face, make, person, press, question, reason, sent
from tests.browser.seeing import violations


@pytest.fixture
def kiosk(live_server: LiveServer) -> Kiosk:
    return make(live_server)


@pytest.fixture
def tablet(new_page: NewPage) -> Callable[..., Page]:
    return partial(begun, new_page)


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
        assert violations(page) == []

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
