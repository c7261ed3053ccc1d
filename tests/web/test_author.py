"""Making, changing, publishing and closing surveys on the staff pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.definition import library
from survey.services import authoring, surveys
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.staff import account, browser_of, press

BOB = "bob@example.gov.vn"
NEW = {"template": "conference", "title": "Đối thoại 2026", "office": "Sở Văn hóa", "phone": "1022"}


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    account(runtime, BOB, "staff", "Sở Văn hóa")
    return create_app(runtime)


@pytest.fixture
def bob(app: Flask, runtime: Runtime) -> FlaskClient:
    return browser_of(app, runtime, BOB)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_a_survey_is_made_looked_at_published_closed_and_reopened(bob: FlaskClient, runtime: Runtime) -> None:
    assert "Chưa có khảo sát nào" in bob.get("/staff/").text
    made = press(bob, "/staff/new", on="/staff/new", **NEW, population="1.000", closes_on="31/12/2026")
    assert made.headers["Location"] == "/staff/surveys/doi-thoai-2026"
    page = bob.get("/staff/surveys/doi-thoai-2026").text
    assert "Bản nháp" in page and "31/12/2026" in page and "286" in page
    preview = bob.get("/staff/surveys/doi-thoai-2026/preview?lang=en")
    assert '<html lang="en">' in preview.text and "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert "<button" not in preview.text.split("<form")[1].split("<script")[0]
    publish = "/staff/surveys/doi-thoai-2026/publish"
    asked = text_of(bob.get(publish).text)
    assert "Sau khi phát hành không sửa được" in asked and "Đối thoại 2026" in asked and "286" in asked
    assert "Tên khảo sát chưa có bản tiếng Anh" in asked
    assert surveys.show(runtime, OPERATOR, "doi-thoai-2026").status == "draft"
    assert press(bob, publish, on=publish).headers["Location"].endswith("/collect")
    assert "Khảo sát đã mở, đang nhận phiếu." in bob.get("/staff/surveys/doi-thoai-2026/collect").text
    assert bob.get(publish).status_code == 303
    asked = bob.get("/staff/surveys/doi-thoai-2026/close").text
    assert "không có gì bị xóa" in asked and "286" in asked
    press(bob, "/staff/surveys/doi-thoai-2026/close", on="/staff/surveys/doi-thoai-2026/close")
    assert "Đã đóng" in bob.get("/staff/surveys/doi-thoai-2026").text
    press(bob, "/staff/surveys/doi-thoai-2026/reopen", on="/staff/surveys/doi-thoai-2026")
    assert surveys.show(runtime, OPERATOR, "doi-thoai-2026").status == "open"


def test_the_next_survey_starts_from_how_the_office_presented_itself(bob: FlaskClient) -> None:
    press(bob, "/staff/new", on="/staff/new", **NEW, superior="UBND tỉnh")
    page = bob.get("/staff/new").text
    assert 'value="1022"' in page and 'value="UBND tỉnh"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"office": ""}, "Hãy ghi tên cơ quan khảo sát."),
        ({"slug": "Có dấu"}, "Tên ngắn chỉ gồm chữ thường"),
        ({"population": "nhiều"}, "Hãy ghi một số nguyên bằng chữ số."),
        ({"population": "9" * 5000}, "số"),
        ({"population": "0"}, "Tổng số đối tượng khảo sát (N): Hãy ghi số từ 1 đến 100 triệu."),
        ({"target": "-5"}, "Số phiếu cần thu: Hãy ghi số từ 1 đến 100 triệu."),
        ({"opens_on": "hôm qua"}, "Đây không phải là một ngày hợp lệ"),
        ({"opens_on": "2026-02-30"}, "Đây không phải là một ngày hợp lệ"),
        ({"opens_on": "2026-10-02", "closes_on": "2026-10-01"}, "Ngày kết thúc trước ngày bắt đầu."),
        ({"title": "x" * 501}, "Nội dung này quá dài."),
        ({"website": "javascript:alert(1)"}, "Đây không phải là địa chỉ trang web."),
        ({"template": "nothing"}, ""),
        ({"template": ""}, "Hãy chọn mẫu phiếu."),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_everything_typed_is_kept(
    bob: FlaskClient, runtime: Runtime, fields: dict[str, str], words: str
) -> None:
    page = press(bob, "/staff/new", on="/staff/new", **{**NEW, **fields})
    assert 400 <= page.status_code < 500
    assert words in page.text
    assert "<title>Lỗi: " in page.text and 'role="alert"' in page.text
    assert 'value="1022"' in page.text
    assert surveys.list_surveys(runtime, OPERATOR) == ()


def test_lists_where_text_is_expected_and_surplus_fields_do_no_harm(bob: FlaskClient, runtime: Runtime) -> None:
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', bob.get("/staff/new").text)
    assert token
    data = {"csrf_token": token.group(1), **NEW, "office": ["Sở A", "Sở B"], "status": "open", "unit_id": "999"}
    assert bob.post("/staff/new", data=data).status_code == 303
    made = surveys.show(runtime, OPERATOR, "doi-thoai-2026")
    assert (made.status, made.unit) == ("draft", "Sở Văn hóa")


def test_hostile_titles_are_shown_as_text(bob: FlaskClient) -> None:
    title = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(2)>"
    press(bob, "/staff/new", on="/staff/new", **{**NEW, "title": title, "slug": "a", "office": title})
    for path in ("/staff/", "/staff/surveys/a", "/staff/surveys/a/settings", "/staff/surveys/a/collect"):
        page = bob.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "{{ 7*7 }}" in page


def test_what_stands_in_the_way_of_publishing_is_listed_in_words(bob: FlaskClient, runtime: Runtime) -> None:
    text = authoring.export_document(
        runtime, OPERATOR, authoring.create_survey(runtime, OPERATOR, slug="a", template="conference", office_name="Sở")
    )
    broken = text.replace(library.load("conference").by_key["B1"].label.to("vi"), " ")
    authoring.import_document(runtime, OPERATOR, broken, slug="a")
    refused = press(bob, "/staff/surveys/a/publish")
    assert refused.status_code == 400
    assert "Phiếu hỏi chưa thể phát hành" in refused.text and ">B1<" in refused.text
    assert "Phiếu hỏi chưa thể phát hành" in bob.get("/staff/surveys/a/publish").text
    assert "There is no text" not in refused.text


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"opens_on": "16/10/2026"}, "các mã nhận phiếu từ ngày 16/10/2026"),
        ({"opens_on": "15/10/2026"}, "đang nhận phiếu"),
        ({"closes_on": "14.10.2026"}, "ngày kết thúc đã qua"),
    ],
)
def test_publishing_says_from_when_answers_are_taken(bob: FlaskClient, plan: dict[str, str], words: str) -> None:
    press(bob, "/staff/new", on="/staff/new", **NEW, **plan)
    press(bob, "/staff/surveys/doi-thoai-2026/publish")
    assert words in bob.get("/staff/surveys/doi-thoai-2026/collect").text


def test_english_names_are_given_beside_the_vietnamese_ones_and_taken_back(bob: FlaskClient) -> None:
    english = {"title_en": "Dialogue 2026", "office_en": "Department of Culture"}
    press(bob, "/staff/new", on="/staff/new", **NEW, **english)
    path, page = "/staff/surveys/doi-thoai-2026/settings", "/staff/surveys/doi-thoai-2026"
    assert "chưa có bản tiếng Anh" not in bob.get(page).text
    preview = bob.get(f"{page}/preview?lang=en").text
    assert "Dialogue 2026" in preview and "Department of Culture" in preview
    assert 'value="Dialogue 2026"' in bob.get(path).text
    press(bob, path, on=path, title="Tên khác", office=NEW["office"], **english)
    assert "Dialogue 2026" in bob.get(f"{page}/preview?lang=en").text
    press(bob, path, on=path, title="Tên khác", title_en="", office=NEW["office"], office_en="")
    shown = bob.get(page).text
    assert "Tên khảo sát chưa có bản tiếng Anh" in shown and "Tên cơ quan chưa có bản tiếng Anh" in shown
    assert "[en]" not in shown


def test_an_error_is_told_once_and_names_its_field(bob: FlaskClient) -> None:
    page = text_of(press(bob, "/staff/new", on="/staff/new", **{**NEW, "office": "", "target": "nhiều"}).text)
    assert page.index("Cơ quan: Hãy ghi tên cơ quan") < page.index("Số phiếu cần thu: Hãy ghi")
    assert "Số phiếu cần thu: Hãy ghi một số nguyên bằng chữ số." in page
    assert "từ 1 đến 100 triệu" not in page


def test_particulars_change_before_publication_and_only_the_plan_after(bob: FlaskClient, runtime: Runtime) -> None:
    press(bob, "/staff/new", on="/staff/new", **NEW)
    path = "/staff/surveys/doi-thoai-2026/settings"
    press(bob, path, on=path, title="Tên khác", office="Sở Nội vụ", population="580")
    assert "Tên khác" in bob.get("/staff/surveys/doi-thoai-2026").text
    authoring.publish(runtime, OPERATOR, "doi-thoai-2026")
    page = bob.get(path).text
    assert 'name="title"' not in page and 'value="580"' in page
    press(bob, path, on=path, title="Lại khác", population="120", target="100")
    shown = surveys.show(runtime, OPERATOR, "doi-thoai-2026")
    assert (shown.title, shown.population, shown.target) == ("Tên khác", 120, 100)


def test_the_list_is_searched_without_marks_filtered_and_sorted(
    bob: FlaskClient, runtime: Runtime, clock: Clock
) -> None:
    for slug, title in (("a", "Đối thoại doanh nghiệp"), ("b", "Bộ phận Một cửa"), ("c", "Âm nhạc đường phố")):
        authoring.create_survey(runtime, OPERATOR, slug=slug, template="conference", title=title)
        clock.advance(minutes=1)
    authoring.publish(runtime, OPERATOR, "a")

    def found(**query: str) -> list[str]:
        return re.findall(r'<th scope="row"><a href="/staff/surveys/(\w)', bob.get("/staff/", query_string=query).text)

    assert found() == ["a", "c", "b"]
    assert found(q="doi thoai") == ["a"]
    assert found(q="DUONG") == ["c"]
    assert found(q="mot cua bo") == ["b"]
    assert found(status="draft") == ["c", "b"]
    assert found(sort="title") == ["c", "b", "a"]
    assert found(sort="nonsense", status="nonsense") == ["a", "c", "b"]
    assert found(q="không có") == []
    assert "Không có khảo sát nào phù hợp" in bob.get("/staff/?q=zzz").text


def test_a_long_list_comes_in_pages_that_keep_the_search(bob: FlaskClient, runtime: Runtime) -> None:
    for number in range(52):
        authoring.create_survey(runtime, OPERATOR, slug=f"s{number}", template="conference", title=f"Đợt {number}")
    first = bob.get("/staff/?q=dot").text
    assert first.count('<th scope="row">') == 50
    assert "/staff/?q=dot&amp;page=2" in first
    assert bob.get("/staff/?q=dot&page=2").text.count('<th scope="row">') == 2
    assert bob.get("/staff/?q=dot&page=9999").text.count('<th scope="row">') == 2
