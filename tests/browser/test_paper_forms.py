"""Paper forms in a browser: an official takes a numbered run home, and prints a lost form again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from survey.paper import page_ids, serials
from survey.printing import preflight
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.browser.test_staff import ALICE, enter, sound
from tests.factories.staff import account


@pytest.fixture(scope="module")
def office(live_server: LiveServer, code: str) -> LiveServer:
    account(live_server.runtime, ALICE, "administrator")
    return live_server


@pytest.mark.parametrize("way", [{}, {"java_script_enabled": False}], ids=["with script", "without script"])
def test_a_run_is_taken_home_and_a_lost_form_printed_again(
    office: LiveServer, new_page: NewPage, way: dict[str, Any], code: str
) -> None:
    page = new_page(DESKTOP, **way)
    enter(page, office)
    page.goto(f"{office.url}/staff/collectors/{code}")
    page.get_by_label("Số bản").fill("3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải phiếu giấy").click()
    held = [page_ids.read(one) for one in preflight.read(download.value.path().read_bytes(), 200)]
    first = held[0].number
    assert [(one.number, one.page) for one in held] == [(first + n // 2, n % 2 + 1) for n in range(6)]

    page.get_by_text("In lại phiếu bị mất, hỏng").click()
    page.get_by_label("In lại từ số phiếu").fill(serials.display(serials.make(code, first + 1)).lower())
    page.get_by_label("Số bản").fill("1")
    with page.expect_download() as again:
        page.get_by_role("button", name="Tải phiếu giấy").click()
    held = [page_ids.read(one) for one in preflight.read(again.value.path().read_bytes(), 200)]
    assert [one.number for one in held] == [first + 1] * 2


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_collector_page_with_its_forms_is_accessible_and_fits_its_screen(
    office: LiveServer,
    new_page: NewPage,
    viewport: dict[str, int],
    code: str,
    photograph: Callable[[Page, str], None],
) -> None:
    page = new_page(viewport)
    enter(page, office)
    page.goto(f"{office.url}/staff/collectors/{code}")
    page.get_by_text("In lại phiếu bị mất, hỏng").click()
    assert sound(page, viewport["width"]) == []
    photograph(page, f"forms-{viewport['width']}")
