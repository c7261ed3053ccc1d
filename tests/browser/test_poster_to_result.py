"""The main job, walked in a browser: from the code on a poster to the thank-you page, the result and the files."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from survey.services import collecting, printing
from survey.services.charting import chart_file
from survey.services.collecting import Stored
from survey.services.doors import Doors
from survey.services.results import open_result
from survey.services.runtime import OPERATOR
from survey.typesetting import pictures
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.browser.rows import stored
from tests.browser.seeing import violations
from tests.factories.surveys import open_survey

SLUG = "conference"
WAYS: dict[str, dict[str, Any]] = {
    "with script": {},
    "without script": {"java_script_enabled": False},
    "in the dark, twice as large": {"color_scheme": "dark", "device_scale_factor": 2},
    "in forced colours": {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def address(live_server: LiveServer) -> str:
    """What a phone reads off the poster."""
    code = open_survey(live_server.runtime)
    poster = printing.poster(live_server.runtime, OPERATOR, code, "vi")
    found = [one.text for picture in pictures(poster, 200) for one in zxingcpp.read_barcodes(picture)]
    assert found == [f"{live_server.url.upper()}/S/{code}"]
    return found[0]


def choose(page: Page, key: str, label: str) -> None:
    page.locator(f"#{key}").get_by_label(label, exact=True).check()


@pytest.mark.parametrize("way", WAYS)
def test_a_person_walks_from_the_poster_to_the_thank_you_page(
    live_server: LiveServer, address: str, new_page: NewPage, way: str
) -> None:
    page = new_page(PHONE, **WAYS[way])
    before = len(stored(live_server.runtime, SLUG))
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    choose(page, "A1", "Doanh nghiệp")
    page.locator("#A4").get_by_label("Có, nộp trực tuyến").check()
    choose(page, "B1", "Rất hài lòng")
    choose(page, "B7", "Hài lòng")
    choose(page, "C8", "Bình thường")
    page.get_by_label("Thủ tục nào Quý vị thấy khó thực hiện nhất?").fill(f"Cấp phép quảng cáo, {way}")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xin trân trọng cảm ơn")
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator(".receipt").inner_text())
    assert page.context.cookies() == []
    rows = stored(live_server.runtime, SLUG)
    assert len(rows) == before + 1
    mine = [row for row in rows if row["E1"] == f"Cấp phép quảng cáo, {way}"]
    assert [(row["A1"], row["A4"], row["B1"], row["B7"], row["C8"]) for row in mine] == [("1", "2", "5", "4", "3")]


def test_script_hides_what_is_not_asked_and_the_server_drops_it(
    live_server: LiveServer, address: str, page: Page
) -> None:
    page.goto(address)
    choose(page, "C8", "Hài lòng")
    page.locator("#A4").get_by_label("Không", exact=True).check()
    expect(page.locator("#C8")).to_be_hidden()
    page.locator("#A4").get_by_label("Có, nộp trực tiếp").check()
    expect(page.locator("#A4").get_by_label("Không", exact=True)).not_to_be_checked()
    expect(page.locator("#C8")).to_be_visible()
    page.locator("#A4").get_by_label("Không", exact=True).check()
    page.locator("#E2").fill("không hỏi phần C")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".receipt")).to_be_visible()
    mine = [row for row in stored(live_server.runtime, SLUG) if row["E2"] == "không hỏi phần C"]
    assert [(row["A4"], row["C8"]) for row in mine] == [("4", "")]


def test_a_choice_can_be_cleared_and_a_mistake_keeps_everything(address: str, page: Page) -> None:
    page.goto(address)
    choose(page, "B7", "Hài lòng")
    page.locator("#B7").get_by_role("button", name="Bỏ lựa chọn này").click()
    expect(page.locator("#B7 :checked")).to_have_count(0)
    for label in ("Rút ngắn thời gian", "Giảm giấy tờ", "Hướng dẫn dễ hiểu hơn"):
        page.locator("#E3").get_by_label(label).check()
    page.locator("#E2").fill("Sửa ngay")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("#notice")).to_be_focused()
    assert page.title().startswith("Lỗi")
    expect(page.locator("#E2")).to_have_value("Sửa ngay")
    page.locator("#notice a").click()
    expect(page.locator("#E3")).to_be_in_viewport()


def test_without_script_back_after_sending_and_sending_again_stores_nothing_twice(
    live_server: LiveServer, address: str, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address)
    page.locator("#E2").fill("gửi một lần")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".receipt")).to_be_visible()
    receipt = page.locator(".receipt b").inner_text()
    page.go_back()
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    expect(page.locator(".receipt b, #notice")).to_be_visible()
    rows = [row for row in stored(live_server.runtime, SLUG) if row["E2"] == "gửi một lần"]
    assert len(rows) == 1
    assert receipt


@pytest.mark.parametrize(("language", "viewport"), [("vi", PHONE), ("en", DESKTOP)], ids=["vi, phone", "en, desktop"])
def test_axe_finds_nothing_to_object_to(
    address: str, new_page: NewPage, viewport: dict[str, int], language: str
) -> None:
    page = new_page(viewport, bypass_csp=True)
    for path in (f"{address}?lang={language}", address.rsplit("/", 2)[0] + f"/?lang={language}"):
        page.goto(path)
        assert violations(page) == []


def test_the_answers_are_in_the_result_the_chart_and_the_file(live_server: LiveServer, address: str) -> None:
    runtime = live_server.runtime
    doors = Doors(runtime)
    door = doors.find(address.rsplit("/", 1)[1])
    assert door.version_id is not None
    for number in range(20):
        given = {"A1": ["2"], "B7": ["5" if number % 4 else "1"], "E2": [f"người {number}"]}
        sent = collecting.submit(runtime, door, doors.version(door.version_id), os.urandom(16), given, "vi")
        assert isinstance(sent, Stored)
    result = open_result(runtime, OPERATOR, "conference")
    assert result.released >= 15
    counts = result.question("B7").figures.counts
    assert counts is not None and counts["5"] > 0
    chart = chart_file(runtime, OPERATOR, "conference", ".svg", "vi", names=[]).decode()
    assert "Hài lòng" in chart
    assert sum(row["E2"].startswith("người") for row in stored(runtime, SLUG)) == 20
