"""An official's working day in a browser: from logging in to a printed poster and the results."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from survey.accounts.permissions import Permission
from survey.services import authoring, collecting, collectors, cuts, jobs, themes, workroom
from survey.services.doors import Doors
from survey.services.jobs import Kind
from survey.services.runtime import OPERATOR, Runtime
from survey.typesetting import pictures
from survey.web.app import create_app
from tests.browser.conftest import DESKTOP, PHONE, LiveServer, NewPage
from tests.browser.seeing import violations
from tests.factories.staff import PASSWORD, account, session_of

ALICE = "alice@example.gov.vn"
LONG = "hoi-nghi-doi-thoai-giua-lanh-dao-tinh-va-doanh-nghiep-nam-2026x"

PAGES = {
    "list": "/staff/",
    "new": "/staff/new",
    "questionnaire": "/staff/surveys/done",
    "draft": "/staff/surveys/draft",
    "settings": "/staff/surveys/draft/settings",
    "scores": "/staff/surveys/draft/scores",
    "publish": "/staff/surveys/draft/publish",
    "long": f"/staff/surveys/{LONG}",
    "collect": "/staff/surveys/open/collect",
    "kiosks": "/staff/surveys/open/kiosks",
    "close": "/staff/surveys/open/close",
    "results": "/staff/surveys/done/results",
    "index": "/staff/surveys/done/results/indexes/new",
    "comments": "/staff/surveys/done/comments",
    "themes": "/staff/surveys/done/themes",
    "report": "/staff/surveys/done/report",
    "cut": "/staff/surveys/done/cuts/1",
    "job": "/staff/surveys/done/jobs/1",
    "account": "/staff/account",
    "factor": "/staff/account/second-factor",
    "users": "/staff/users",
    "invite": "/staff/users/invite",
    "audit": "/staff/audit",
    "help": "/staff/help",
    "missing": "/staff/surveys/nothing",
}

PHOTOGRAPHED = ("list", "new", "draft", "scores", "index", "collect", "users", "report")


def answer(runtime: Runtime, code: str, times: int) -> None:
    doors = Doors(runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    for number in range(times):
        level = str(2 + number % 4)
        given = {"A1": [str(1 + number % 5)], "B1": [level], "B7": [level], "C8": [level], "E3": ["1", "2"]}
        given["E1"] = ["Chờ lâu, gọi chị Lan 0912345678 không ai nghe"] if number % 4 == 0 else []
        assert isinstance(
            collecting.submit(runtime, door, version, runtime.randomness(16), given, "vi"), collecting.Stored
        )


@pytest.fixture(scope="module")
def office(live_server: LiveServer) -> LiveServer:
    """An administrator, a draft, a survey that collects, and a closed one with answers from two collectors."""
    runtime = live_server.runtime
    account(runtime, ALICE, "administrator", "Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp")
    titles = {"draft": "Bản nháp", "open": "Đang thu", "done": "Đối thoại doanh nghiệp năm 2026", LONG: "Tên ngắn dài"}
    for slug, title in titles.items():
        authoring.create_survey(
            runtime, OPERATOR, slug=slug, template="conference", title=title, phone="1022", population=120
        )
    for slug in ("open", "done"):
        authoring.publish(runtime, OPERATOR, slug)
    for kind, name, times in (("event", "Hội trường", 32), ("counter", "Bộ phận Một cửa", 20)):
        answer(runtime, collectors.add(runtime, OPERATOR, "done", kind, name), times)
    authoring.close(runtime, OPERATOR, "done")
    themes.start(runtime, OPERATOR, "done", "vi")
    cuts.make_cut(runtime, OPERATOR, "done", "Quý IV")
    kind = Kind("annex", Permission.DOWNLOAD, lambda work: work.target.write_text("x") and None)
    jobs.ask(runtime, OPERATOR, "done", kind, {"cut": 1}, "annex-done-1-vi.xlsx")
    workroom.work_off(runtime, {"annex": kind})
    return live_server


def enter(page: Page, office: LiveServer) -> None:
    """Logged in, without typing."""
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, ALICE), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie | {"httpOnly": True}])


def sound(page: Page, width: int) -> list[str]:
    """What axe finds on a page, and whether it has to be moved sideways."""
    found = [f"{one['id']}: {one['help']}" for one in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > width else [])]


@pytest.mark.parametrize("way", [{}, {"java_script_enabled": False}], ids=["with script", "without script"])
def test_an_official_makes_a_survey_and_prints_its_poster(
    office: LiveServer, new_page: NewPage, way: dict[str, Any], photograph: Callable[[Page, str], None]
) -> None:
    page = new_page(DESKTOP, **way)
    page.goto(f"{office.url}/staff/new")
    page.get_by_label("Địa chỉ thư điện tử").fill(ALICE)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()

    page.get_by_label(re.compile(r"^Tên khảo sát \(")).fill("Hội nghị quý IV")
    page.get_by_label("Cơ quan", exact=True).fill("Sở Văn hóa, Thể thao và Du lịch")
    page.get_by_label("Tổng số đối tượng khảo sát (N)").fill("580")
    if not way:
        expect(page.locator("#sample")).to_have_text("Cỡ mẫu tính theo N: 237")
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_role("status")).to_contain_text("Đã tạo bản nháp")
    expect(page.get_by_role("definition").filter(has_text="237")).to_be_visible()

    with page.expect_popup() as preview:
        page.get_by_role("link", name="Xem trước bằng tiếng Việt").click()
    expect(preview.value.get_by_text("Đây là bản xem trước").first).to_be_visible()
    preview.value.close()

    page.get_by_role("link", name="Phát hành …").click()
    page.get_by_role("button", name="Phát hành").click()
    page.get_by_label("Tên gọi").fill("Quầy số 3")
    page.get_by_label("Loại").select_option(label="Quầy tiếp nhận")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_role("heading", name="Quầy số 3")).to_be_visible()
    if not way:
        photograph(page, "collector")

    code = page.locator(".big").inner_text().replace("-", "")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tiếng Việt").click()
    poster = download.value.path().read_bytes()
    found = [one.text for picture in pictures(poster, 150) for one in zxingcpp.read_barcodes(picture)]
    assert found == [f"{office.url.upper()}/S/{code}"]
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_the_reform_team_reads_results_and_takes_the_chart_book_home(
    office: LiveServer, new_page: NewPage, photograph: Callable[[Page, str], None]
) -> None:
    page = new_page(DESKTOP)
    enter(page, office)
    page.goto(f"{office.url}/staff/")
    page.get_by_label("Tìm kiếm").fill("doi thoai")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("link", name="Đối thoại doanh nghiệp năm 2026").click()
    page.get_by_role("link", name="Kết quả").click()
    expect(page.locator(".headline .share")).to_have_text("50,0%")
    expect(page.locator(".selection")).to_contain_text("Tất cả các kênh: 52 phiếu")
    charts = page.locator("img.chart")
    for number in range(charts.count()):
        charts.nth(number).scroll_into_view_if_needed()
        expect(charts.nth(number)).to_have_js_property("complete", True)
        assert charts.nth(number).evaluate("image => image.naturalWidth") > 0
    page.get_by_text("Số liệu dạng bảng").nth(1).click()
    assert sound(page, DESKTOP["width"]) == []
    photograph(page, "results")
    page.get_by_label("Phiếu từ").select_option(label="Hội trường (32)")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".selection")).to_contain_text("Chỉ phiếu từ kênh “Hội trường”: 32 phiếu")
    page.get_by_role("link", name="Báo cáo").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF tiếng Việt").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert download.value.suggested_filename == "charts-done-vi.pdf"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_and_fits_its_screen(
    office: LiveServer, new_page: NewPage, viewport: dict[str, int], photograph: Callable[[Page, str], None]
) -> None:
    page = new_page(viewport)
    page.goto(f"{office.url}/staff/login")
    findings = {"login": sound(page, viewport["width"])}
    enter(page, office)
    for name, path in PAGES.items():
        if viewport is DESKTOP and name not in PHOTOGRAPHED and not os.environ.get("PHIEU_PROVE"):
            continue  # seen on the phone, where less fits
        page.goto(office.url + path)
        findings[name] = sound(page, viewport["width"])
        if name in PHOTOGRAPHED:
            photograph(page, f"{name}-{viewport['width']}")
    page.goto(f"{office.url}/staff/surveys/done/collect")
    page.get_by_role("link", name="Hội trường", exact=True).click()
    findings["collector"] = sound(page, viewport["width"])
    assert {name: found for name, found in findings.items() if found} == {}


@pytest.mark.parametrize(
    "way", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["in the dark", "in forced colours"]
)
def test_pages_keep_their_contrast(office: LiveServer, new_page: NewPage, way: dict[str, Any]) -> None:
    page = new_page(DESKTOP, **way)
    enter(page, office)
    for name in ("list", "draft", "collect", "users"):
        page.goto(office.url + PAGES[name])
        assert sound(page, DESKTOP["width"]) == [], name


def test_a_mistake_is_read_out_and_the_page_goes_to_it(office: LiveServer, new_page: NewPage) -> None:
    page = new_page(PHONE)
    enter(page, office)
    page.goto(f"{office.url}/staff/new")
    page.get_by_label("Cơ quan", exact=True).fill("")
    page.get_by_label("Tổng số đối tượng khảo sát (N)").fill("nhiều")
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    page.get_by_role("link", name="Cơ quan: Hãy ghi tên cơ quan khảo sát.").click()
    expect(page.get_by_label("Cơ quan", exact=True)).to_be_focused()
    expect(page.get_by_label("Cơ quan", exact=True)).to_have_accessible_description(re.compile("Hãy ghi tên cơ quan"))
    expect(page.get_by_label("Tổng số đối tượng khảo sát (N)")).to_have_value("nhiều")
    assert sound(page, PHONE["width"]) == []


def test_keys_lead_through_the_work_and_can_be_turned_off(office: LiveServer, new_page: NewPage) -> None:
    page = new_page(DESKTOP)
    enter(page, office)
    page.goto(f"{office.url}/staff/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_label("Tìm kiếm")).to_be_focused()
    page.keyboard.type("?n")
    expect(page.get_by_label("Tìm kiếm")).to_have_value("?n")
    page.goto(f"{office.url}/staff/")
    page.keyboard.press("n")
    page.wait_for_url("**/staff/new", wait_until="domcontentloaded")
    page.goto(f"{office.url}/staff/surveys/done")
    page.keyboard.press("3")
    page.wait_for_url("**/staff/surveys/done/results", wait_until="domcontentloaded")
    page.keyboard.press("?")
    page.wait_for_url("**/staff/help", wait_until="domcontentloaded")
    page.get_by_label("Dùng phím tắt trên máy này").uncheck()
    page.goto(f"{office.url}/staff/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Khảo sát", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{office.url}/staff/")


def test_the_pages_speak_english_when_asked(office: LiveServer, new_page: NewPage) -> None:
    page = new_page(DESKTOP)
    enter(page, office)
    page.goto(f"{office.url}/staff/surveys/done/results")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Results")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".headline .share")).to_have_text("50.0%")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("link", name="Kết quả")).to_be_visible()


@pytest.fixture
def debugging(runtime: Runtime) -> Iterator[str]:
    """The application in debug, on a port of its own, with a session for it in the address's fragment."""
    account(runtime, ALICE, "administrator")
    app = create_app(runtime)
    app.debug = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_part_of_the_pages_can_be_looked_at(
    debugging: str, runtime: Runtime, new_page: NewPage, photograph: Callable[[Page, str], None]
) -> None:
    for viewport in (DESKTOP, PHONE):
        page = new_page(viewport)
        enter(page, LiveServer(debugging, runtime))
        page.goto(f"{debugging}/staff/components")
        assert sound(page, viewport["width"]) == []
        photograph(page, f"components-{viewport['width']}")


def test_comments_are_sorted_and_quoted_by_keyboard_alone(office: LiveServer, desktop_page: Page) -> None:
    page = desktop_page
    enter(page, office)
    page.goto(f"{office.url}/staff/surveys/done/comments")
    expect(page.locator("mark").first).to_be_visible()
    page.locator(".theme.fitting").first.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã gán chủ đề cho 1 ý kiến")
    assert "#c-" in page.url
    for box in page.get_by_label("Chọn ý kiến này").all()[:3]:
        box.press("Space")
    page.get_by_label("Chủ đề cho các ý kiến đã chọn").press("End")
    page.get_by_role("button", name="Gán", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã gán chủ đề cho 3 ý kiến")
    page.get_by_role("link", name=re.compile("^Mở và trích dẫn")).first.press("Enter")
    expect(page.get_by_label("Nội dung trích dẫn")).to_have_value(re.compile(r"chị \[tên người\] \[số điện thoại\]"))
    page.get_by_role("button", name="Chọn làm trích dẫn").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã chọn trích dẫn")
    assert sound(page, DESKTOP["width"]) == []
