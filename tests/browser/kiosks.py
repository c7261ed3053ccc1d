"""A kiosk in a browser: made on the live server, opened on a tablet, and what hands do on it."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from survey.services import collectors, exporting
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR
from tests.browser.conftest import LiveServer, NewPage
from tests.factories.surveys import one_tap_survey

PORTRAIT = {"width": 800, "height": 1280}
LANDSCAPE = {"width": 1280, "height": 800}
NUMBERS = itertools.count()


@dataclass(frozen=True)
class Kiosk:
    """A survey of its own, behind one kiosk with the exit code 2468 and a follow-up, at the address in ``front``."""

    server: LiveServer
    slug: str
    code: str
    more: str
    front: str

    @property
    def address(self) -> str:
        return f"{self.front}/s/{self.code}"

    def rows(self) -> list[dict[str, str]]:
        """What is stored."""
        target = io.BytesIO()
        exporting.export_responses(self.server.runtime, OPERATOR, self.slug, target)
        return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"))))

    def answers(self) -> list[tuple[str, str]]:
        """Level and reasons of each answer, sorted."""
        reasons = ("W_good", "W_mid", "W_bad")
        return sorted((row["T0"], "".join(row[key] for key in reasons)) for row in self.rows())


def make(server: LiveServer) -> Kiosk:
    """A survey of its own with one kiosk."""
    slug = f"tap-{next(NUMBERS)}"
    more = one_tap_survey(server.runtime, slug=slug)
    traits = Traits(exit_code="2468", follow_up=more)
    code = collectors.add(server.runtime, OPERATOR, slug, "kiosk", "Quầy 3 – Ca sáng", traits=traits)
    return Kiosk(server, slug, code, more, server.url)


def begun(new_page: NewPage, kiosk: Kiosk, viewport: dict[str, int] = PORTRAIT, **options: object) -> Page:
    """The kiosk on a tablet with a clock of its own, its shift begun."""
    page = new_page(viewport, has_touch=True, **{"service_workers": "block", **options})
    page.clock.install()
    page.goto(kiosk.address)
    page.get_by_role("button", name="Bắt đầu ca").tap()
    expect(question(page)).to_be_visible()
    return page


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
