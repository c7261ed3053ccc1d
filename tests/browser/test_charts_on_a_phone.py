"""Every chart of the results on a phone: nothing moves sideways, and its letters can be read."""

from __future__ import annotations

import random
from collections.abc import Callable
from xml.etree import ElementTree as Xml

import pytest
from playwright.sync_api import Page

from survey.definition.variables import Form
from survey.services import collectors, cuts, publishing, surveys
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR
from tests.browser.conftest import DESKTOP, LiveServer, NewPage
from tests.browser.seeing import violations
from tests.factories.answers import answer, release
from tests.factories.staff import account, session_of
from tests.factories.surveys import open_survey

ALICE = "alice@example.gov.vn"
UNITS = ("Trung tâm Phục vụ hành chính công tỉnh Đồng Tháp", "Ủy ban nhân dân phường Mỹ Trà")

PAGES = {
    "results": "/staff/surveys/conference/results",
    "compared": "/staff/surveys/conference/results?by=A1",
    "analysis": "/staff/surveys/conference/results/analysis?by=A1",
    "course": "/staff/surveys/conference/course?measure=B7",
    "participation": "/staff/surveys/conference/participation",
    "public": "/p/conference",
}

KINDS = (
    "index-",
    "scale-",
    "choice-",
    "by-",
    "heat-",
    "groups-",
    "priority-",
    "units.svg",
    "participation.svg",
)

SMALLEST = {360: 12.0, 320: 10.9}
"""CSS pixels that the smallest type of a chart is high."""


@pytest.fixture(scope="module")
def office(live_server: LiveServer) -> LiveServer:
    """A published survey with 180 answers to every question, from two offices."""
    runtime = live_server.runtime
    account(runtime, ALICE, "administrator", UNITS[0])
    account(runtime, "bob@example.gov.vn", "administrator", UNITS[1])
    open_survey(runtime)
    first, second = (
        collectors.add(runtime, OPERATOR, "conference", "counter", f"Quầy {number}", traits=Traits(unit=unit))
        for number, unit in enumerate(UNITS, 1)
    )
    chance = random.Random(7)
    asked = surveys.questionnaire(runtime, OPERATOR, "conference").variables
    for code in (first, second):
        people = []
        for _ in range(90):
            mood = chance.choice((0, 1, 2))
            people.append(
                {
                    one.key: str(min(5, mood + chance.choice((1, 2, 3))))
                    if one.form is Form.SCALE
                    else one.listed.codes[0]
                    for one in asked
                    if one.form in (Form.SCALE, Form.SINGLE)
                }
                | {"A1": chance.choice("123")}
            )
        answer(runtime, code, people)
    release(runtime, "conference")
    cuts.make_cut(runtime, OPERATOR, "conference")
    publishing.publish(runtime, OPERATOR, "conference", 1, open_data=False)
    return live_server


def opened(office: LiveServer, new_page: NewPage, width: int) -> Page:
    page = new_page({"width": width, "height": 800})
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, ALICE), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie | {"httpOnly": True}])
    return page


def look(page: Page, least: float) -> tuple[list[str], list[str]]:
    """The addresses of the charts on a page, and what is wrong with them: what moves sideways, letters smaller
    than ``least``."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    images = page.locator("img.chart")
    for number in range(images.count()):
        images.nth(number).scroll_into_view_if_needed()
        images.nth(number).evaluate("image => image.decode()")
    charts = images.evaluate_all("all => all.map(one => [one.currentSrc, one.getBoundingClientRect().width])")
    wrong = []
    for address, wide in charts:
        svg = Xml.fromstring(page.request.get(address).body())
        scale = wide / float(svg.attrib["viewBox"].split()[2])
        sizes = [
            float(one.attrib.get("font-size", svg.attrib["font-size"]))
            for one in svg.iter()
            if one.tag.endswith("text")
        ]
        if min(sizes) * scale < least:
            wrong.append(f"{min(sizes) * scale:.1f} px: {address}")
    moved = page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('figure')]"
        ".filter(one => one.scrollWidth > one.clientWidth).map(one => one.tagName)"
    )
    return [address for address, _ in charts], wrong + moved


@pytest.mark.parametrize("width", SMALLEST)
def test_every_chart_of_the_results_fits_a_phone_and_can_be_read(
    office: LiveServer, new_page: NewPage, width: int, photograph: Callable[[Page, str], None]
) -> None:
    page = opened(office, new_page, width)
    seen: list[str] = []
    for name, path in PAGES.items():
        page.goto(office.url + path)
        charts, wrong = look(page, SMALLEST[width])
        assert charts and wrong == [], name
        assert all("width=narrow" in one for one in charts), name
        photograph(page, f"{name}-{width}")
        seen += charts
    assert [kind for kind in KINDS if not any(kind in one for one in seen)] == []
    assert violations(page) == []


def test_a_chart_drawn_for_a_desk_would_be_found_on_a_phone(office: LiveServer, new_page: NewPage) -> None:
    page = opened(office, new_page, 360)
    page.goto(f"{office.url}/p/conference")
    page.evaluate("document.querySelectorAll('source').forEach(one => one.remove())")
    charts, wrong = look(page, SMALLEST[360])
    assert len(wrong) == len(charts) > 0, "letters too small"
    page.evaluate("document.querySelectorAll('.chart').forEach(one => { one.style.minWidth = '38rem' })")
    assert "FIGURE" in look(page, 0.0)[1]


def test_a_desk_asks_once_for_each_chart_and_for_none_of_a_phone(
    office: LiveServer, new_page: NewPage, photograph: Callable[[Page, str], None]
) -> None:
    page = new_page(DESKTOP)
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if ".svg" in request.url and "charts" in request.url else None,
    )
    page.goto(f"{office.url}/p/conference")
    charts = page.locator("img.chart")
    for number in range(charts.count()):
        charts.nth(number).scroll_into_view_if_needed()
        charts.nth(number).evaluate("image => image.decode()")
    assert len(asked) == len(set(asked)) == charts.count()
    assert not any("width" in one for one in asked)
    photograph(page, "public-desk")


def test_the_first_screen_of_a_phone_shows_the_headline_and_where_one_is(office: LiveServer, new_page: NewPage) -> None:
    page = opened(office, new_page, 360)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(office.url + PAGES["results"])
    page.evaluate("document.querySelector('h1').textContent = 'Đối thoại với doanh nghiệp quý IV năm 2026'")
    share = page.locator(".headline .share").bounding_box()
    assert share and share["y"] + share["height"] <= 740
    page.goto(f"{office.url}/staff/surveys/conference/wall")
    for menu in (".top nav", ".steps", ".further"):
        link = page.locator(f"{menu} a[aria-current]").bounding_box()
        assert link and link["x"] >= 0 and link["x"] + link["width"] <= 360, (menu, link)
        assert link["height"] >= 44, (menu, link)
