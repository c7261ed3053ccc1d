"""Series, one survey over time and offices compared, on the staff pages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from survey.services import authoring
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.staff import CSRF, account, browser_of, press
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
HOME = "/staff/series"


@pytest.fixture
def binh(runtime: Runtime) -> FlaskClient:
    for slug, happy, other in (("y2025", 48, 32), ("y2026", 56, 14)):
        code = open_survey(runtime, slug=slug)
        answer(runtime, code, [{"B7": "5"}] * happy + [{"B7": "2"}] * other)
        release(runtime, slug)
        authoring.close(runtime, OPERATOR, slug)
    account(runtime, BINH, "reform_team")
    return browser_of(create_app(runtime), runtime, BINH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_a_series_is_made_filled_read_and_emptied_in_the_browser(binh: FlaskClient) -> None:
    assert "Chưa có chuỗi khảo sát nào" in binh.get(HOME).text
    refused = press(binh, HOME, on=HOME, title="Hằng năm", slug="Có dấu")
    assert refused.status_code == 400 and "Có dấu" in refused.text
    assert press(binh, HOME, on=HOME, title="Hằng năm", slug="hang-nam").status_code == 303
    assert "Chưa có gì để theo dõi" in binh.get(f"{HOME}/hang-nam").text
    missing = press(binh, f"{HOME}/hang-nam/waves", on=f"{HOME}/hang-nam/waves", survey="y2025", wave="2025")
    assert missing.status_code == 400 and "Hãy ghi ngày." in missing.text
    page = f"{HOME}/hang-nam/waves"
    for slug, wave in (("y2025", "2025"), ("y2026", "2026")):
        token = CSRF.search(binh.get(page).text)
        assert token
        fields = {"csrf_token": token[1], "survey": slug, "wave": wave, "on": f"16/10/{wave}"}
        assert binh.post(page, data=fields).status_code == 303
    shown = words(binh.get(f"{HOME}/hang-nam?measure=B7").text)
    assert "60,00%" in shown and "80,00%" in shown and "+20,00 điểm (" in shown
    assert binh.get(f"{HOME}/hang-nam?measure=B99").status_code == 404
    assert "80,00%" in words(binh.get(f"{HOME}/hang-nam/rank?wave=2026&measure=B7").text)
    assert binh.get(f"{HOME}/hang-nam/rank?wave=1999").status_code == 404
    assert press(binh, f"{HOME}/hang-nam/remove").status_code == 409
    for slug in ("y2025", "y2026"):
        assert press(binh, f"{HOME}/hang-nam/waves/{slug}/out").status_code == 303
    assert press(binh, f"{HOME}/hang-nam/remove").status_code == 303
    assert binh.get(f"{HOME}/hang-nam").status_code == 404


def test_one_survey_is_read_by_months_weeks_and_offices(binh: FlaskClient, runtime: Runtime, clock: Clock) -> None:
    code = open_survey(runtime, slug="long")
    for happy, other in ((20, 10), (18, 12), (6, 24)):
        answer(runtime, code, [{"B7": "5"}] * happy + [{"B7": "2"}] * other)
        clock.advance(days=28)
    release(runtime, "long")
    binh = browser_of(create_app(runtime), runtime, BINH)
    page = words(binh.get("/staff/surveys/long/course?measure=B7").text)
    assert "tháng 10/2026" in page and "66,67%" in page and "chưa đủ căn cứ cho thấy khác biệt" in page
    assert "ngoài giới hạn" in page and "Mọi phiếu đều thuộc một cơ quan" in page
    assert "quý 4/2026" in words(binh.get("/staff/surveys/long/course?measure=B7&by=quarter").text)
    assert binh.get("/staff/surveys/long/course?measure=x").status_code == 404
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    assert "chưa được phát hành" in binh.get("/staff/surveys/draft/course").text
    open_survey(runtime, slug="fresh")
    assert "Chưa có phiếu nào được chốt" in binh.get("/staff/surveys/fresh/course").text
