"""Sharing and inviting as staff see it, on a desk and on a phone: walked once, and looked at by axe."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from survey.config import Settings
from survey.services import collectors, embedding
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.engine import open_database
from survey.web.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.seeing import violations
from tests.conftest import SECRET
from tests.factories.mailings import with_mail
from tests.factories.staff import account, session_of
from tests.factories.surveys import open_survey
from tests.mailserver import MailServer, mail_server, unused_port

ALICE = "alice@example.gov.vn"


@dataclass(frozen=True)
class Office:
    """A server with a mail server behind it; ``site`` and ``letters`` are the codes of two collectors."""

    url: str
    runtime: Runtime
    mail: MailServer
    site: str
    letters: str


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Office]:
    folder, port = tmp_path_factory.mktemp("office"), unused_port()
    shutil.copy(migrated, folder)
    url = f"http://127.0.0.1:{port}"
    settings = Settings(folder, f"sqlite:///{folder / 'phieu.db'}", (SECRET,), url)
    refusing = MailServer(rule=lambda one: "550 5.1.1 User unknown" if one.startswith("sai") else "250 ok")
    with mail_server(refusing) as mail:
        runtime = with_mail(Runtime(settings, open_database(settings.database_url)), mail.port)
        account(runtime, ALICE, "administrator")
        open_survey(runtime)
        site = collectors.add(runtime, OPERATOR, "conference", "web", "Cổng của Sở")
        letters = collectors.add(runtime, OPERATOR, "conference", "link", "Thư mời", traits=Traits(single_use=True))
        embedding.set_sites(runtime, OPERATOR, "conference", "https://www.example.gov.vn")
        server = make_server("127.0.0.1", port, create_app(runtime), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Office(url, runtime, mail, site, letters)
        server.shutdown()
        thread.join()
        server.server_close()
        runtime.database.close()


def signed_in(office: Office, new_page: NewPage, viewport: dict[str, int], **options: bool) -> Page:
    page = new_page(viewport, **options)
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, ALICE), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie])
    return page


def test_staff_invite_people_and_see_how_far_it_got(office: Office, new_page: NewPage) -> None:
    page = signed_in(office, new_page, DESKTOP)
    page.goto(f"{office.url}/staff/collectors/{office.letters}")
    page.get_by_role("link", name="Mời qua thư điện tử").click()
    page.get_by_role("link", name="Đợt gửi thư mới").click()
    page.get_by_role("button", name="Lập đợt gửi thư").click()
    page.get_by_label("Địa chỉ thư điện tử").fill("Lan <lan@example.vn>\nkhông phải địa chỉ\n")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("nên chưa thêm địa chỉ nào")
    expect(page.get_by_text("2: không phải địa chỉ")).to_be_visible()
    page.get_by_label("Địa chỉ thư điện tử").fill("Lan <lan@example.vn>\nsai@example.vn\nminh@example.vn")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm 3 địa chỉ.")
    assert office.mail.letters == []
    page.get_by_role("button", name="Gửi 3 thư").click()
    expect(page.get_by_role("status")).to_contain_text("Đang gửi 3 thư.")
    for _ in range(200):
        if page.get_by_text("Đã xử lý 3/3 thư").count():
            break
        page.reload()
    expect(page.get_by_text("Đã xử lý 3/3 thư")).to_be_visible()
    page.locator("summary", has_text="Bị từ chối").click()
    expect(page.get_by_role("cell", name="550 5.1.1 User unknown")).to_be_visible()
    assert sorted(one for one, _ in office.mail.letters) == ["lan@example.vn", "minh@example.vn"]


def test_a_text_is_copied_as_it_was_changed(office: Office, new_page: NewPage) -> None:
    page = signed_in(office, new_page, DESKTOP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{office.url}/staff/collectors/{office.site}/share")
    field = page.get_by_label("Zalo, Facebook").first
    field.fill("Mời cả nhà trả lời: " + field.input_value()[-30:])
    page.get_by_role("button", name="Sao chép Zalo, Facebook").first.click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_to_object_to_and_nothing_runs_out_of_the_page(
    office: Office, new_page: NewPage, viewport: dict[str, int], photograph: Callable[[Page, str], None]
) -> None:
    page = signed_in(office, new_page, viewport, bypass_csp=True)
    mailings = f"/staff/collectors/{office.letters}/mailings"
    paths = {
        "share": f"/staff/collectors/{office.site}/share",
        "sites": "/staff/surveys/conference/websites",
        "mailings": mailings,
        "new": f"{mailings}/new",
        "mailing": f"{mailings}/1",
    }
    for name, path in paths.items():
        if viewport is DESKTOP and name not in ("share", "mailing") and not os.environ.get("PHIEU_PROVE"):
            continue  # seen on the phone, where less fits
        page.goto(f"{office.url}{path}")
        assert page.locator("h1").count() == 1, name
        for one in page.locator("details").all():
            one.evaluate("one => one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert violations(page) == [], name
        photograph(page, f"{name}-{viewport['width']}")
