"""Series, one survey over time and offices compared, on the staff pages."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from survey.services import accounts, authoring, collectors, series
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries import audit
from survey.web.app import create_app
from tests.charts import drawings
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


def test_charts_can_be_taken_away_in_print_size_and_it_is_noted(binh: FlaskClient, runtime: Runtime) -> None:
    series.create(runtime, OPERATOR, "hang-nam", "Hằng năm")
    for wave in ("2025", "2026"):
        series.put(runtime, OPERATOR, f"y{wave}", "hang-nam", wave, date(int(wave), 10, 16))
    page = binh.get(f"{HOME}/hang-nam?measure=B7").text
    address = next(unescape(one) for one in re.findall(r'href="([^"]+)"', page) if "/chart/trend-0.svg" in one)
    for taken in (address, f"{HOME}/hang-nam/chart/rank.svg?measure=B7&wave=2026"):
        made = binh.get(taken)
        assert "attachment" in made.headers["Content-Disposition"]
        assert "Hằng năm" in drawings.words(made.data) and "80,00%" in drawings.words(made.data)
        with runtime.database.reading() as session:
            newest = audit.newest(session, most=1)[0]
            assert (newest.action, newest.subject) == ("download.chart", "series:hang-nam")
    assert binh.get(address.replace(".svg", ".png")).data.startswith(b"\x89PNG")
    wrong = ("trend-9.svg", "trend-x.svg", "none.svg", "rank.svg?wave=1")
    assert {binh.get(f"{HOME}/hang-nam/chart/{one}").status_code for one in wrong} == {404}
    assert binh.get(f"{HOME}/hang-nam/chart/trend-0.exe").status_code == 400
    for kind in ("periods", "weeks", "units"):
        made = binh.get(f"/staff/surveys/y2026/course/chart/{kind}.svg?measure=B7")
        assert made.status_code == 200 and drawings.outside(made.data) == []
    assert binh.get("/staff/surveys/y2026/course/chart/none.svg").status_code == 404


def test_offices_are_ranked_between_anchors_where_the_measure_is_such_an_index(
    runtime: Runtime, binh: FlaskClient
) -> None:
    open_survey(runtime, slug="framed")
    for number, (unit, happy) in enumerate({"Phường A": 10, "Phường B": 40, "Phường C": 90}.items()):
        accounts.invite(runtime, OPERATOR, f"f{number}@example.gov.vn", "staff", unit)
        door = collectors.add(runtime, OPERATOR, "framed", "counter", unit, traits=Traits(unit=unit))
        answer(runtime, door, [{"D1": "5"}] * happy + [{"D1": "3"}] * (100 - happy))
    release(runtime, "framed")
    series.create(runtime, OPERATOR, "hang-nam", "Hằng năm")
    series.put(runtime, OPERATOR, "framed", "hang-nam", "2026", date(2026, 10, 16))
    page = "/staff/surveys/framed/course?measure="
    assert "Mốc quy đổi" in binh.get(f"{page}ddci").text and "Mốc quy đổi" not in binh.get(f"{page}B7").text
    observed = unescape(binh.get(f"{page}ddci&anchors=observed").text)
    assert "100,00" in observed and "phóng đại" in observed and "1 + 9·(X − min)/(max − min)" in observed
    assert "units.svg?measure=ddci&anchors=observed" in observed
    fixed = words(binh.get(f"{page}ddci&anchors=fixed").text)
    assert "Mốc cố định" in fixed and "phóng đại" not in fixed and "91,00" not in fixed and "95,50" in fixed
    assert "phóng đại" not in binh.get(f"{page}ddci&anchors=none").text
    assert binh.get(f"{page}B7&anchors=fixed").status_code == 200, "a question has no such ranking"
    for address in (
        "/staff/surveys/framed/course/units.svg?measure=ddci&anchors=observed",
        "/staff/surveys/framed/course/chart/units.svg?measure=ddci&anchors=fixed",
        f"{HOME}/hang-nam/rank.svg?wave=2026&measure=ddci&anchors=fixed",
        f"{HOME}/hang-nam/chart/rank.svg?wave=2026&measure=ddci&anchors=fixed",
    ):
        assert "(tổng điểm theo mốc" in " ".join(unescape(words(binh.get(address).text)).split()), address
    whole = words(binh.get(f"{HOME}/hang-nam/rank?wave=2026&measure=ddci&anchors=fixed").text)
    assert "Mốc cố định" in whole and "(tổng điểm theo mốc cố định)" in whole
