"""A real server and a real browser: ``phieu serve`` on a folder of its own, Chromium that may reach nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from survey.config import ROOT, read_settings
from survey.services.runtime import Runtime
from survey.services.start import open_runtime
from tests.browser.line import Line, line_to
from tests.browser.rows import stored
from tests.conftest import SECRET
from tests.factories.surveys import open_survey

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class LiveServer:
    """Where it answers, and a runtime over the same database for what a test prepares and looks up."""

    url: str
    runtime: Runtime


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """``phieu serve`` with two processes on a fresh database, shared by the tests of one module."""
    folder = tmp_path_factory.mktemp("live")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = {"PHIEU_DATA_DIR": str(folder / "data"), "PHIEU_SECRET_KEY": SECRET, "PHIEU_PUBLIC_BASE_URL": url}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PHIEU_")} | settings
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [Path(sys.executable).with_name("phieu"), "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(f"{url}/healthz", server, log)
        runtime = open_runtime(read_settings(settings))
        yield LiveServer(url, runtime)
        runtime.database.close()
    finally:
        server.terminate()
        server.wait(60)
    assert "Traceback" not in log.read_text(), log.read_text()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    while True:
        try:
            server.wait(0.05)
            pytest.fail(f"The server ended at its start:\n{log.read_text()}")
        except subprocess.TimeoutExpired:
            pass
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except (urllib.error.URLError, ConnectionError):
            continue


class NewPage(Protocol):
    """Opens a page of a person of its own; ``options`` are those of a Playwright context."""

    def __call__(self, viewport: dict[str, int] = PHONE, **options: Any) -> Page: ...


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Pages in Vietnamese. At the end the test fails if one asked another host, raised an error or broke its policy."""
    contexts: list[BrowserContext] = []
    findings: list[str] = []

    def gate(route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            findings.append(f"asked {request.url}")
            route.abort()

    def open_page(viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, **{"locale": "vi-VN", **options})
        contexts.append(context)
        context.route("**/*", gate)
        page = context.new_page()
        page.on("pageerror", lambda error: findings.append(f"raised {error}"))
        page.on("console", lambda said: findings.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert findings == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page as wide as a small phone."""
    return new_page()


@pytest.fixture
def desktop_page(new_page: NewPage) -> Page:
    """One page on a desk."""
    return new_page(DESKTOP)


@pytest.fixture
def photograph(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a whole page in build/pictures, to be looked at by people; only with ``PHIEU_PROVE=1``: a
    picture takes as long as the look of axe."""
    folder = ROOT / "build" / "pictures"

    def take(page: Page, name: str) -> None:
        if not os.environ.get("PHIEU_PROVE"):
            return
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{request.node.path.stem}-{name}.png", full_page=True)

    return take


@pytest.fixture(scope="module")
def code(live_server: LiveServer) -> str:
    """What opens the conference questionnaire on this server."""
    return open_survey(live_server.runtime)


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """What stands between the browser and the server."""
    with line_to(live_server.url) as line:
        yield line


@pytest.fixture
def address(line: Line, code: str) -> str:
    """The form behind the line."""
    return f"{line.url}/s/{code}"


@pytest.fixture
def kept(live_server: LiveServer) -> Callable[[str], int]:
    """How often an answer with these words is stored; printed, for it is what the scoreboard asks (R8)."""

    def count(words: str) -> int:
        found = sum(row["E2"] == words for row in stored(live_server.runtime, "conference"))
        print(f"\nR8: “{words}” is stored {found} time(s)")
        return found

    return count
