"""The form inside a page of another site: there for the sites a survey names, and for no others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from survey.collection import codes
from survey.services import collectors, embedding, surveys
from survey.services.runtime import OPERATOR
from tests.browser.conftest import DESKTOP, PHONE, LiveServer
from tests.factories.surveys import open_survey


class Site(BaseHTTPRequestHandler):
    """A site of an office: one page."""

    def __init__(self, body: bytes, *arguments: Any) -> None:
        self.body = body
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is logged."""


@contextmanager
def site(snippet: str) -> Iterator[str]:
    """A server of its own under another name than the survey's, so that the browser takes it for another site."""
    body = f'<!doctype html><html lang="vi"><title>Cổng của Sở</title><h1>Cổng của Sở</h1>{snippet}'
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, body.encode()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def opened(live_server: LiveServer) -> LiveServer:
    open_survey(live_server.runtime)
    return live_server


@pytest.fixture
def link(opened: LiveServer, live_server: LiveServer) -> str:
    """Of a collector of its own for each test, since a server remembers for a second which sites may show it."""
    code = collectors.add(live_server.runtime, OPERATOR, "conference", "web", "Cổng của Sở")
    return f"{live_server.url}/s/{codes.display(code)}"


@pytest.fixture(params=["with script", "without script"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=request.param == "with script")
    yield context.new_page()
    context.close()


def answers(server: LiveServer) -> int:
    return surveys.show(server.runtime, OPERATOR, "conference").answers


def inline(link: str) -> str:
    return f'<iframe src="{link}" title="Phiếu" width="100%" height="900" style="border:0"></iframe>'


def test_on_a_site_that_is_listed_a_person_answers_inside_the_page(
    live_server: LiveServer, link: str, visitor: Page
) -> None:
    sent: list[Request] = []
    visitor.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    before = answers(live_server)
    with site(inline(link)) as ours:
        embedding.set_sites(live_server.runtime, OPERATOR, "conference", f"https://www.example.gov.vn {ours}")
        visitor.goto(ours)
        frame = visitor.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT")
        frame.locator("#B7").get_by_label("Rất hài lòng", exact=True).check()
        frame.get_by_role("button", name="Gửi phiếu").click()
        expect(frame.get_by_role("heading", level=1)).to_contain_text("Xin trân trọng cảm ơn")
        expect(frame.locator(".receipt")).to_be_visible()
        assert visitor.url == f"{ours}/"
    assert answers(live_server) == before + 1
    assert visitor.context.cookies() == []
    said = [request.all_headers() for request in sent if "/s/" in request.url.lower()]
    assert {headers.get("sec-fetch-site") for headers in said} == {"same-origin"}


def test_on_a_site_that_is_not_listed_there_is_nothing(live_server: LiveServer, link: str, visitor: Page) -> None:
    with site(inline(link)) as listed, site(inline(link)) as foreign:
        embedding.set_sites(live_server.runtime, OPERATOR, "conference", listed)
        with visitor.expect_console_message(lambda said: "frame-ancestors" in said.text):
            visitor.goto(foreign)
        visitor.frames[1].wait_for_url("chrome-error:**")
        expect(visitor.frame_locator("iframe").get_by_text("PHIẾU KHẢO SÁT")).to_have_count(0)
        visitor.goto(listed)  # the same page, listed: that is what made the difference
        expect(visitor.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT")


def test_the_banner_leads_from_any_site_to_the_form(
    live_server: LiveServer, link: str, browser: Browser, photograph: Callable[[Page, str], None]
) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="vi-VN")
    page = context.new_page()
    picture = f'<a href="{link}"><img src="{link}/banner.svg" width="480" height="120" alt="Phiếu khảo sát"></a>'
    with site(picture) as foreign:
        page.goto(foreign)
        image = page.get_by_alt_text("Phiếu khảo sát")
        assert image.evaluate("image => image.complete && image.naturalWidth") == 480
        photograph(page, "banner")
        image.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("PHIẾU KHẢO SÁT")
    context.close()
