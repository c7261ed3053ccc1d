"""The public page and the live wall in a real browser: read without script or cookie, the wall moving on by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from survey.services import cuts, embedding, publishing, walls
from survey.services.runtime import OPERATOR
from tests.browser.conftest import PHONE, LiveServer, NewPage
from tests.browser.seeing import violations
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

HALL = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def code(live_server: LiveServer) -> str:
    """A published survey with 52 answers."""
    code = open_survey(live_server.runtime)
    answer(live_server.runtime, code, [{"B7": "5", "B1": "4"}] * 47 + [{"B7": "2", "B1": "2"}] * 5)
    release(live_server.runtime, "conference")
    cuts.make_cut(live_server.runtime, OPERATOR, "conference")
    publishing.publish(live_server.runtime, OPERATOR, "conference", 1, open_data=True)
    return code


def test_everybody_reads_the_public_page_without_script(live_server: LiveServer, new_page: NewPage, code: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/p/conference")
    expect(page.locator(".share")).to_have_text("90,4%")
    assert code not in page.content()
    summary = page.locator("summary").first
    summary.scroll_into_view_if_needed()
    summary.click()
    expect(page.locator("details[open] table").first).to_be_visible()
    assert page.context.cookies() == []
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert started.value.suggested_filename == "conference.csv"


def test_the_public_page_fits_a_phone_and_its_charts_load(
    live_server: LiveServer, new_page: NewPage, code: str
) -> None:
    page = new_page()
    page.goto(f"{live_server.url}/p/conference")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    first = page.locator("img.chart").first
    first.scroll_into_view_if_needed()
    expect(first).to_be_visible()
    page.wait_for_function("document.querySelector('img.chart').naturalWidth > 0")
    assert violations(page) == []


def test_another_site_shows_the_badge_and_only_a_named_one_the_frame(
    live_server: LiveServer, new_page: NewPage, code: str
) -> None:
    page = new_page()
    elsewhere = '<img src="/p/conference/badge.svg"><iframe src="/p/conference/embed"></iframe>'
    page.route(f"{live_server.url}/elsewhere", lambda route: route.fulfill(body=elsewhere, content_type="text/html"))
    answered = page.request.get(f"{live_server.url}/p/conference/embed")
    assert "frame-ancestors 'none'" in answered.headers["content-security-policy"], "nobody is named yet"
    embedding.set_sites(live_server.runtime, OPERATOR, "conference", live_server.url)
    page.goto(f"{live_server.url}/elsewhere")
    page.wait_for_function("document.images[0].naturalWidth > 0")
    expect(page.frame_locator("iframe").locator(".share")).to_have_text("90,4%")


def test_the_wall_fills_the_screen_and_moves_on_by_itself(
    live_server: LiveServer, new_page: NewPage, code: str
) -> None:
    key = walls.make(live_server.runtime, OPERATOR, "conference")
    page = new_page(HALL)
    page.clock.install()
    page.goto(f"{live_server.url}/w/{key}")
    expect(page.locator(".count strong")).to_have_text("52")
    expect(page.locator(".share strong")).to_have_text("90%")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        HALL["width"],
        HALL["height"],
    ]
    page.wait_for_function("document.querySelector('.qr').naturalWidth > 0")
    # Letters that people in the last row have to read: 6 in 100 of the screen's height.
    sizes = page.eval_on_selector_all(
        ".count strong, .share strong, .count span", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 0.06 * HALL["height"]
    assert violations(page) == []
    answer(live_server.runtime, code, [{"B7": "1"}])
    page.clock.run_for(9_000)
    expect(page.locator(".count strong")).to_have_text("53")
    expect(page.locator(".share strong")).to_have_text("90%")
    answer(live_server.runtime, code, [{"B7": "1"}] * 60)
    page.clock.run_for(9_000)
    expect(page.locator(".share strong")).not_to_have_text("90%")
    walls.withdraw(live_server.runtime, OPERATOR, "conference")
    page.clock.run_for(9_000)
    expect(page.locator("body")).to_have_class("late")
    assert page.context.cookies() == []
