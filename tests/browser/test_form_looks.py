"""How the form looks and works by setting and address: one question a screen, large text, answers told, read aloud."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.services import collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.browser.phone import worker_is_ready
from tests.browser.rows import stored
from tests.browser.seeing import violations
from tests.factories.surveys import one_a_screen, open_survey

# The browser of the tests has no voice. This one says nothing, and writes down what it was to say.
VOICE = """
window.said = [];
const voices = new EventTarget();
voices.getVoices = () => [{lang: 'vi_VN', name: 'planted'}];
voices.speak = part => { said.push(part.text); };
voices.cancel = () => { said.push('—'); };
Object.defineProperty(window, 'speechSynthesis', {value: voices});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest.fixture(scope="module")
def codes(live_server: LiveServer) -> dict[str, str]:
    """Codes by what stands behind them."""
    runtime = live_server.runtime
    found = {"page": open_survey(runtime)}
    for slug, instrument in (("steps", None), ("routing", "routing"), ("required", "required"), ("drawn", "shuffle")):
        found[slug] = open_survey(runtime, slug=slug, instrument=instrument)
    for slug in ("steps", "routing", "required"):
        one_a_screen(runtime, slug)
    told = Traits(fixed={"A1": "2", "B1": "4"})
    found["told"] = collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy số 1", traits=told)
    return found


@pytest.fixture
def address(live_server: LiveServer, codes: dict[str, str]) -> Callable[[str], str]:
    return lambda name: f"{live_server.url}/s/{codes[name]}"


def next_one(page: Page) -> None:
    page.get_by_role("button", name="Câu tiếp theo").click()


def at(page: Page, place: str) -> None:
    expect(page.locator("#progress")).to_have_text(f"Câu {place}")


def test_one_question_a_screen_with_progress_and_the_phones_back_button(
    live_server: LiveServer, address: Callable[[str], str], page: Page
) -> None:
    page.goto(address("routing"))
    at(page, "1 trên 1")
    expect(page.get_by_role("button", name="Câu trước")).to_be_hidden()
    page.locator("#Q1").get_by_label("Trực tuyến").check()
    at(page, "1 trên 2")
    next_one(page)
    at(page, "2 trên 2")
    expect(page.locator("#progress")).to_be_focused()
    expect(page.locator("#Q1")).to_be_hidden()
    page.locator("#Q2").get_by_label("Có").check()
    next_one(page)
    at(page, "3 trên 3")
    page.locator("#Q3").fill("Mạng chậm")
    page.go_back()
    expect(page.locator("#Q2 :checked")).to_have_value("1")
    page.go_back()
    at(page, "1 trên 3")
    page.go_forward()
    at(page, "2 trên 3")
    page.get_by_role("button", name="Câu tiếp theo").press("Enter")
    page.reload()
    at(page, "3 trên 3")
    expect(page.locator("#Q3")).to_have_value("Mạng chậm")
    for _ in range(2):
        page.get_by_role("button", name="Câu trước").click()
    page.locator("#Q1").get_by_label("Không nộp").check()
    at(page, "1 trên 1")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".receipt")).to_be_visible()
    assert [(row["Q1"], row["Q3"]) for row in stored(live_server.runtime, "routing")] == [("4", "")]


def test_the_enter_key_goes_on_and_sends_only_at_the_end(address: Callable[[str], str], page: Page) -> None:
    page.goto(address("steps"))
    page.locator("#A1").get_by_label("Doanh nghiệp").check()
    page.locator("#A1 :checked").press("Enter")
    at(page, "2 trên 33")


def test_a_mistake_leads_to_the_screen_it_is_on(address: Callable[[str], str], page: Page) -> None:
    page.goto(address("required"))
    while page.get_by_role("button", name="Câu tiếp theo").is_visible():
        next_one(page)
    page.locator("input:visible, textarea:visible").first.evaluate(
        "one => one.type === 'radio' || one.type === 'checkbox' ? one.click() : (one.value = 'x')"
    )
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#notice")).to_be_focused()
    wrong = [link.get_attribute("href") for link in page.locator("#notice a").all()]
    assert wrong
    expect(page.locator(str(wrong[0]))).to_be_visible()
    for link, place in zip(page.locator("#notice a").all(), wrong, strict=True):
        link.click()
        expect(page.locator(str(place))).to_be_visible()
        expect(page.locator(f"{place}-e")).to_be_visible()


def test_without_script_it_is_the_plain_page(address: Callable[[str], str], new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address("steps"))
    expect(page.locator("#A1")).to_be_visible()
    expect(page.locator("#E2")).to_be_visible()
    expect(page.get_by_role("button", name="Câu tiếp theo")).to_be_hidden()
    expect(page.get_by_role("button", name="Gửi phiếu")).to_be_visible()


def test_what_the_code_carries_is_told_not_asked_and_stored(
    live_server: LiveServer, address: Callable[[str], str], new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address("told"))
    expect(page.locator(".told").first).to_have_text("Quý vị đại diện cho: Hợp tác xã (theo mã QR)")
    expect(page.locator("#A1, #B1")).to_have_count(0)
    expect(page.locator("#B2")).to_be_visible()
    page.locator("#E2").fill("theo mã")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".receipt")).to_be_visible()
    mine = [row for row in stored(live_server.runtime, "conference") if row["E2"] == "theo mã"]
    assert [(row["A1"], row["B1"]) for row in mine] == [("2", "4")]


@pytest.mark.parametrize("script", [True, False])
def test_large_text_stays_with_links_errors_and_the_receipt(
    address: Callable[[str], str], new_page: NewPage, script: bool
) -> None:
    page = new_page(java_script_enabled=script)
    page.goto(address("page"))
    small = page.locator("legend").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") if script else 0
    page.get_by_role("link", name="Cỡ chữ lớn").click()
    if script:
        large = page.locator("legend").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert large >= 1.35 * small
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="English").click()
    assert re.search(r"lang=en&text=large", page.url)
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator("#notice")).to_contain_text("Nothing is answered yet")
    expect(page.locator("html.large")).to_be_attached()
    page.locator("#E2").fill("large")
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("html.large[lang=en]")).to_be_attached()


def test_questions_are_read_aloud_where_there_is_a_voice(address: Callable[[str], str], page: Page) -> None:
    page.goto(address("page"))
    expect(page.locator("#aloud")).to_be_hidden()
    page.add_init_script(VOICE)
    page.reload()
    page.get_by_role("button", name="Đọc to").click()
    said: list[str] = page.evaluate("said")
    assert any("PHIẾU KHẢO SÁT" in one for one in said)
    listen = page.locator("#A1").get_by_role("button", name="Nghe câu này")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("said.slice(said.lastIndexOf('—') + 1)")[:2] == ["Quý vị đại diện cho:", "Doanh nghiệp"]
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")


def test_the_order_of_choices_is_drawn_and_what_stays_stays(address: Callable[[str], str], page: Page) -> None:
    page.goto(address("drawn"))
    box = page.locator("[data-shuffle]").first
    drawn = int(box.get_attribute("data-shuffle") or 0)
    orders = set()
    for _ in range(12):
        page.reload()
        orders.add(tuple(box.locator("input").evaluate_all("all => all.map(one => one.value)")))
    assert len({order[:drawn] for order in orders}) > 1
    assert len({order[drawn:] for order in orders}) == 1
    assert len({frozenset(order) for order in orders}) == 1


def offline(page: Page) -> None:
    page.locator("#E2").fill("chờ mạng")
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".wait")).to_contain_text("vẫn an toàn")


def opened_again(page: Page) -> None:
    worker_is_ready(page)
    offline(page)
    page.reload()
    expect(page.locator("#held")).to_be_visible()


def sent_later(page: Page) -> None:
    opened_again(page)
    page.context.set_offline(False)
    expect(page.locator("#held a")).to_be_visible()


def put_back(page: Page) -> None:
    page.locator("#E2").fill("điền dở")
    page.reload()
    expect(page.locator("#kept")).to_be_visible()


def wrong(page: Page) -> None:
    for label in ("Rút ngắn thời gian", "Giảm giấy tờ", "Hướng dẫn dễ hiểu hơn"):
        page.locator("#E3").get_by_label(label).check()
    page.locator("#E2").fill("Rất dài " * 1000)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#notice")).to_be_focused()


def aloud(page: Page) -> None:
    page.add_init_script(VOICE)
    page.reload()
    page.get_by_role("button", name="Đọc to").click()


def second_screen(page: Page) -> None:
    page.locator("#A1").get_by_label("Doanh nghiệp").check()
    next_one(page)


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "form": ("page", lambda page: None),
    "large": ("page?text=large", lambda page: None),
    "told": ("told", lambda page: None),
    "steps": ("steps", lambda page: None),
    "second-step": ("steps", second_screen),
    "offline": ("page", offline),
    "opened-again": ("page", opened_again),
    "sent-later": ("page", sent_later),
    "put-back": ("page", put_back),
    "wrong": ("page", wrong),
    "aloud": ("page", aloud),
}
WAYS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE},
    "desktop": {"viewport": DESKTOP},
    "dark": {"viewport": PHONE, "color_scheme": "dark"},
    "zoomed": {"viewport": {"width": 320, "height": 450}, "device_scale_factor": 2},
    "forced": {"viewport": PHONE, "forced_colors": "active"},
}


PAIRS = [
    (state, way)
    for way in WAYS
    for state in STATES
    if way == "phone" or state in ("form", "wrong") or os.environ.get("PHIEU_PROVE")
]


@pytest.mark.parametrize(("state", "way"), PAIRS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    address: Callable[[str], str],
    new_page: NewPage,
    photograph: Callable[[Page, str], None],
    state: str,
    way: str,
) -> None:
    name, reach = STATES[state]
    slug, _, query = name.partition("?")
    page = new_page(bypass_csp=True, **WAYS[way])
    page.goto(f"{address(slug)}?{query}")
    reach(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll('button, .lang a, fieldset label, input[type=text], textarea')]
           .filter(e => e.offsetWidth && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    )
    assert small == []
    photograph(page, f"{state}-{way}")


def test_by_keyboard_alone(live_server: LiveServer, address: Callable[[str], str], page: Page) -> None:
    page.goto(address("routing"))
    page.locator("#Q1 input").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#Q1 [value='2']")).to_be_checked()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at(page, "2 trên 2")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#Q2 [value='1']")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#Q2 [value='2']")).to_be_checked()
    for words in ("Bỏ lựa chọn này", "Câu trước", "Câu tiếp theo"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=words)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while not page.evaluate("document.activeElement.textContent.includes('Gửi phiếu')"):
        page.keyboard.press("Tab")
    before = len(stored(live_server.runtime, "routing"))
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_be_visible()
    assert len(stored(live_server.runtime, "routing")) == before + 1


def test_names_roles_and_errors_are_there_for_a_screen_reader(address: Callable[[str], str], page: Page) -> None:
    page.goto(address("page"))
    group = page.get_by_role("group", name="Quý vị đại diện cho:")
    expect(group.get_by_role("radio", name="Doanh nghiệp")).to_be_visible()
    expect(page.get_by_role("region", name="Thông tin chung")).to_be_visible()
    wrong(page)
    expect(page.get_by_role("alert")).to_contain_text("Xin xem lại các câu trả lời sau")
    expect(page.locator("#E3")).to_have_accessible_description(re.compile("tối đa|nhiều nhất"))
    expect(page.locator("#E2")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#E2")).to_have_accessible_description(re.compile("ký tự"))
    expect(page.locator(".wait")).to_have_role("status")
