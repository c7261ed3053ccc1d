"""A slip with a single-use code from the clerk to the thank-you and back, and the pages of channels seen by axe."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey.services import collectors, participation, quality, single_use, surveys
from survey.services.runtime import OPERATOR
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.browser.seeing import violations as objections
from tests.factories.answers import answer, release
from tests.factories.staff import account, session_of
from tests.factories.surveys import open_survey

ALICE = "alice@example.gov.vn"


@pytest.fixture(scope="module")
def slip(live_server: LiveServer) -> str:
    """The code of a collector with single-use codes, in a survey that has flagged answers and a decision."""
    runtime = live_server.runtime
    hall = open_survey(runtime)
    answer(runtime, hall, [{"B7": "5"}] * 30)
    answer(runtime, hall, [{"B7": "1"}] * 12, status="flagged", flags="burst speeder")
    release(runtime, "conference")
    quality.exclude(runtime, OPERATOR, "conference", hall, runtime.today(), "burst", "Thử máy trước giờ mở cửa")
    answer(runtime, hall, [{"B7": "1"}] * 6, status="flagged", flags="same_text")
    participation.add_run(runtime, OPERATOR, hall, 200, "In ở bưu điện")
    account(runtime, ALICE, "administrator")
    traits = collectors.Traits(single_use=True, slip="receipt", place="Bộ phận Một cửa")
    return collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn – Quầy 3", traits=traits)


def log_in(page: Page, server: LiveServer) -> None:
    token = session_of(server.runtime, ALICE)
    page.context.add_cookies([{"name": "phieu_staff", "value": token, "url": f"{server.url}/staff"}])


def violations(page: Page) -> list[str]:
    """What axe finds, and whether the page has to be moved sideways."""
    found = [f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['any']}" for one in objections(page)]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return found + (["scrolls sideways"] if wide else [])


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_code_from_the_clerks_table_opens_the_form_once(
    live_server: LiveServer, slip: str, new_page: NewPage, script: bool
) -> None:
    clerk = new_page(DESKTOP)
    log_in(clerk, live_server)
    clerk.goto(f"{live_server.url}/staff/collectors/{slip}/codes")
    clerk.get_by_label("Số mã", exact=True).fill("3")
    with clerk.expect_download() as download:
        clerk.get_by_role("button", name="Tạo mã và tải về").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        (one, *_) = list(csv.DictReader(file))
    person = new_page(java_script_enabled=script)
    person.goto(f"{live_server.url}/s/{one['code']}")
    person.locator("input[name=B7][value='4']").check()
    person.get_by_role("button", name="Gửi phiếu").click()
    expect(person.get_by_text("Phiếu của Quý vị đã được lưu.")).to_be_visible()
    receipt = person.locator(".receipt b").inner_text()
    # Somebody else with the same slip, later.
    other = new_page()
    while other.goto(f"{live_server.url}/s/{one['code']}") and other.locator("input[name=B7]").count():
        pass  # a process may show a code as it was a second ago
    expect(other.get_by_role("heading", name="Mã này đã được sử dụng")).to_be_visible()
    # The first person changes their mind, from the receipt they kept.
    other.get_by_label("Mã phiếu của Quý vị").fill(receipt)
    other.get_by_role("button", name="Mở trang mã phiếu").click()
    other.get_by_text("Rút lại phiếu này").click()
    other.get_by_role("button", name="Rút phiếu").click()
    expect(other.get_by_role("heading", name="Phiếu của Quý vị đã được rút")).to_be_visible()
    assert surveys.show(live_server.runtime, OPERATOR, "conference").responses["withdrawn"] >= 1


PAGES = {
    "participation": "/staff/surveys/conference/participation",
    "quality": "/staff/surveys/conference/quality",
    "settings": "/staff/collectors/SLIP/settings",
    "codes": "/staff/collectors/SLIP/codes",
    "lead": "/staff/collectors/SLIP/lead",
    "collector": "/staff/collectors/SLIP",
    "collect": "/staff/surveys/conference/collect",
    "results": "/staff/surveys/conference/results",
    "personal": "/s/SLIP",
}


SEEN = [
    pytest.param(name, viewport, id=f"{name}-{viewport['width']}")
    for name in PAGES
    for viewport in (PHONE, DESKTOP)
    if viewport is PHONE or name in ("results", "settings") or os.environ.get("PHIEU_PROVE")
]


@pytest.mark.parametrize(("name", "viewport"), SEEN)
def test_axe_finds_nothing_on_the_pages_of_channels(
    live_server: LiveServer, slip: str, new_page: NewPage, name: str, viewport: dict[str, int]
) -> None:
    page = new_page(viewport)
    log_in(page, live_server)
    page.goto(live_server.url + PAGES[name].replace("SLIP", slip))
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    assert violations(page) == []


def test_axe_finds_nothing_on_receipts_in_any_state(live_server: LiveServer, slip: str, new_page: NewPage) -> None:
    _, (code,) = single_use.issue(live_server.runtime, OPERATOR, slip, 1)
    page = new_page()
    page.goto(f"{live_server.url}/s/{code}")
    page.locator("input[name=B7][value='4']").check()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("Phiếu của Quý vị đã được lưu.")).to_be_visible()
    assert violations(page) == []
    address = page.url.partition("?")[0]
    page.goto(f"{address}/again")
    assert violations(page) == []
    page.goto(address)
    page.get_by_text("Yêu cầu xóa phiếu này").click()
    page.get_by_role("button", name="Xóa phiếu").click()
    expect(page.get_by_role("heading", name="Phiếu của Quý vị đã được xóa")).to_be_visible()
    assert violations(page) == []
