"""Measures and the live wall in the browser's eyes: no cookie, nothing kept, nothing found without the key."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services import walls
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer, release
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
MEASURES, WALL = "/staff/surveys/conference/measures", "/staff/surveys/conference/wall"


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    code = open_survey(runtime)
    answer(runtime, code, [{"B7": "5"}] * 30 + [{"B7": "2"}] * 10)
    release(runtime, "conference")
    return create_app(runtime)


@pytest.fixture
def binh(app: Flask, runtime: Runtime) -> FlaskClient:
    account(runtime, BINH, "reform_team")
    return browser_of(app, runtime, BINH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_the_wall_shows_figures_and_code_without_cookie(app: Flask, runtime: Runtime) -> None:
    key = walls.make(runtime, OPERATOR, "conference")
    for path in (f"/w/{key}", f"/W/{key.upper()}"):
        page = app.test_client().get(path)
        assert "40 phiếu đã gửi" in words(page.text) and "75% hài lòng" in words(page.text)
        assert "Set-Cookie" not in page.headers and page.headers["Cache-Control"] == "no-store"
        assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page.text
        assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    picture = app.test_client().get(f"/w/{key}/code.svg")
    assert picture.mimetype == "image/svg+xml" and picture.data.startswith(b"<svg")
    for path in ("/w/", "/w/x", f"/w/{'a' * 26}", f"/w/{'a' * 26}/code.svg"):
        assert app.test_client().get(path).status_code == 404


def test_the_address_is_made_and_ended_by_staff(app: Flask, binh: FlaskClient) -> None:
    assert "Tạo địa chỉ màn hình" in binh.get(WALL).text
    assert press(binh, WALL, on=WALL).status_code == 303
    found = re.search(r"https://ks\.example\.gov\.vn(/w/[a-z2-7]{26})", binh.get(WALL).text)
    assert found
    assert app.test_client().get(found[1]).status_code == 200
    assert press(binh, f"{WALL}/withdraw", on=WALL).status_code == 303
    assert app.test_client().get(found[1]).status_code == 404


def test_measures_are_written_changed_and_printed(binh: FlaskClient) -> None:
    refused = press(binh, MEASURES, on=MEASURES, heard="", action="Thêm quầy", due_on="32/1/2026")
    assert refused.status_code == 400
    assert "Hãy viết ý kiến ghi nhận." in refused.text and "Thêm quầy" in refused.text
    kept = press(binh, MEASURES, on=MEASURES, heard="Chờ <b>lâu</b>", action="Thêm quầy", due_on="31/12/2026")
    assert kept.status_code == 303
    page = binh.get(MEASURES).text
    assert "Chờ &lt;b&gt;lâu&lt;/b&gt;" in page and "Hạn: 31/12/2026" in page
    assert "Thêm quầy" in binh.get(f"{MEASURES}/1").text
    one = f"{MEASURES}/1"
    assert press(binh, one, on=one, heard="Chờ lâu", action="Xong", done_on="1/11/2026").status_code == 303
    assert "Đã xong ngày 01/11/2026" in binh.get(MEASURES).text
    made = binh.get(f"{MEASURES}.pdf?size=a3&lang=vi")
    assert made.headers["Content-Disposition"] == 'attachment; filename="measures-conference-a3.pdf"'
    document = pypdfium2.PdfDocument(made.data)
    assert round(document[0].get_width() / 72 * 25.4) == 297
    document.close()
    assert binh.get(f"{MEASURES}.pdf?size=x").status_code == 400
    for number in ("2", "x", "9" * 400):
        assert binh.get(f"{MEASURES}/{number}").status_code == 404
        assert press(binh, f"{MEASURES}/{number}/remove").status_code == 404
    assert press(binh, f"{one}/remove").status_code == 303
    assert binh.get(f"{MEASURES}.pdf").status_code == 409
