"""Choosing whose answers on the staff pages: in the address, in words above the figures, under a name, and listed."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from survey.services import collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.staff import CSRF, account, browser_of
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
RESULTS = "/staff/surveys/conference/results"
SELECT = "/staff/surveys/conference/selection"


def people(number: int, **given: str) -> list[dict[str, str]]:
    return [{"A1": "1", "B7": "5", "C1": "4"} | given] * number


@pytest.fixture
def binh(runtime: Runtime, clock: Clock) -> FlaskClient:
    hall = open_survey(runtime)
    desk = collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy 1", traits=Traits(place="Sảnh A"))
    answer(runtime, hall, people(40) + people(30, A1="2", B7="2"))
    clock.advance(days=31)
    answer(runtime, desk, people(12, A1="2"))
    release(runtime, "conference")
    account(runtime, BINH, "reform_team")
    return browser_of(create_app(runtime), runtime, BINH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def selection(page: str) -> str:
    return words(page.split('class="selection">')[1].split("</p>")[0]).strip()


def post(client: FlaskClient, path: str, **fields: str):
    token = CSRF.search(client.get("/staff/help").text)
    assert token
    return client.post(path, data={"csrf_token": token.group(1), **fields})


def test_the_address_says_whose_answers_and_the_page_says_it_in_words(binh: FlaskClient) -> None:
    page = binh.get(RESULTS, query_string={"where": ["A1=2", "@place=Sảnh A"]}).text
    assert "Địa điểm: “Sảnh A”" in selection(page)
    assert "Số liệu gồm 12 phiếu, tính đến ngày 15/11/2026." in selection(page)
    charts = [unescape(one) for one in re.findall(r'<img class="chart"[^>]* src="([^"]+)"', page)]
    assert charts
    for one in charts:
        assert ("where", "@place=Sảnh A") in parse_qsl(urlsplit(one).query)
    assert binh.get(charts[0]).mimetype == "image/svg+xml"
    period = binh.get(RESULTS, query_string={"from": "2026-11"}).text
    assert selection(period).startswith("Khoảng thời gian: “từ 11/2026”")
    assert "gồm 12 phiếu" in selection(period)


def test_any_question_stands_by_the_groups_of_another(binh: FlaskClient) -> None:
    page = binh.get(RESULTS, query_string={"by": "A1"}).text
    assert "chia nhóm theo" in selection(page)
    assert "by-B7.svg?by=A1" in page
    assert binh.get("/staff/surveys/conference/charts/by-B7.svg?by=A1").mimetype == "image/svg+xml"
    crossed = binh.get(RESULTS, query_string={"by": "B7"}).text
    tables = [one.split("</details>")[0] for one in crossed.split("<details><summary>")[1:]]
    table = next(one for one in tables if one.startswith("Quý vị đại diện cho"))
    assert "40" in words(table) and "100,0%" in words(table), "A1, which has no chart by groups, has a table"


def test_a_grouping_that_may_not_be_shown_is_said_once_and_draws_no_empty_chart(
    binh: FlaskClient, runtime: Runtime
) -> None:
    code = open_survey(runtime, slug="few")
    answer(runtime, code, people(40) + people(3, A1="2"))
    release(runtime, "few")
    page = binh.get("/staff/surveys/few/results?by=A1").text
    assert "Không câu hỏi nào được trình bày theo các nhóm này." in words(page)
    assert "/charts/by-" not in page and "/charts/scale-B" in page
    refused = [one for one in page.split("<details>") if one.startswith("<summary>Không trình bày theo nhóm")]
    assert "Nhìn chung, Quý vị hài lòng với Hội nghị ở mức nào?" in words("".join(refused))
    assert "Không câu hỏi nào" not in binh.get(RESULTS, query_string={"by": "A1"}).text


def test_single_questions_by_groups_wait_folded_below_what_stands_side_by_side(
    binh: FlaskClient, runtime: Runtime
) -> None:
    code = open_survey(runtime, slug="several")
    answer(runtime, code, people(40, B1="4") + people(40, A1="2", B1="2"))
    release(runtime, "several")
    page = binh.get("/staff/surveys/several/results?by=A1").text
    folded = next(one for one in page.split("<details>") if one.startswith("<summary>Từng câu hỏi theo nhóm"))
    assert "/charts/by-B1.svg" in folded
    assert page.index("/charts/heat-B") < page.index("<summary>Từng câu hỏi theo nhóm")


def test_a_selection_too_small_is_refused_with_its_words_above(binh: FlaskClient) -> None:
    page = binh.get(RESULTS, query_string={"where": ["A1=1", "@place=Sảnh A"]})
    assert page.status_code == 200
    assert "Sảnh A" in selection(page.text)
    assert 'class="chart"' not in page.text
    assert f'<a href="{RESULTS}">Xem tất cả phiếu</a>' in page.text, "what leads on is the selection, not collecting"
    assert "Đến các kênh thu phiếu" not in page.text


def test_a_refusal_is_told_in_the_language_of_the_page(binh: FlaskClient) -> None:
    for wrong in ({"where": "NOPE=1"}, {"where": "A1=99"}, {"by": "nope"}):
        said = words(binh.get(RESULTS, query_string=wrong).text.split('class="empty">')[1].split("</div>")[0])
        assert said.strip().startswith(("Không có câu hỏi này", "Câu hỏi không có phương án")), said
        assert "There" not in said and "Choose" not in said


@pytest.mark.parametrize(
    "where", ["x", "A1", "=1", "A1=", "NOPE=1", "A1=99", "@collector=x", "@nope=1", "E1=1", "\x00=\x00", "a" * 3000]
)
def test_what_is_no_filter_is_explained(binh: FlaskClient, where: str) -> None:
    for path in (RESULTS, SELECT):
        page = binh.get(path, query_string={"where": where})
        assert page.status_code == 200
    assert 'class="chart"' not in binh.get(RESULTS, query_string={"where": where}).text
    for wrong in ({"from": "2026-13"}, {"from": "2026-11", "to": "2026-10"}, {"by": "nope"}, {"by": "@period"}):
        assert binh.get(RESULTS, query_string=wrong).status_code == 200


def test_a_selection_is_kept_opened_renamed_and_deleted(binh: FlaskClient) -> None:
    asked = binh.get(f"{SELECT}?where=A1=2&from=2026-10&by=@place").text
    at = unescape(re.findall(r'<form method="post" action="([^"]+)" novalidate', asked)[0])
    assert post(binh, at, name=" ").status_code == 400
    assert post(binh, at, name="Tổ chức, từ tháng 10").status_code == 303
    assert post(binh, at, name="Tổ chức, từ tháng 10").status_code == 409
    listed = binh.get(SELECT).text
    assert listed.index("Các lựa chọn đã lưu") < listed.index("Nơi và thời gian nhận phiếu"), "not below every question"
    assert "Khoảng thời gian: “từ 10/2026”" in words(listed) and "9999" not in words(listed)
    link = unescape(re.findall(r'<th scope="row"><a href="([^"]+)">Tổ chức, từ tháng 10', listed)[0])
    assert dict(parse_qsl(urlsplit(link).query)) == {"where": "A1=2", "from": "2026-10", "by": "@place"}
    assert "gồm 42 phiếu" in selection(binh.get(link).text)
    rename = re.findall(r'action="([^"]+/name)"', listed)[0]
    drop = re.findall(r'action="([^"]+/drop)"', listed)[0]
    assert post(binh, rename, name="Tổ chức").status_code == 303
    assert "Tổ chức, từ tháng 10" not in binh.get(SELECT).text
    assert post(binh, drop).status_code == 303
    assert "Các lựa chọn đã lưu" not in binh.get(SELECT).text
    assert post(binh, drop).status_code == 404


def test_what_was_shown_is_listed_with_who_saw_it(binh: FlaskClient) -> None:
    shown = "/staff/surveys/conference/selections/shown"
    assert "Mới chỉ có kết quả chung" in binh.get(shown).text
    binh.get(RESULTS, query_string={"where": "A1=2"})
    page = words(binh.get(shown).text)
    assert "“" in page and " 42 " in page and BINH in page
    binh.get(RESULTS, query_string={"from": "2026-11"})
    page = words(binh.get(shown).text)
    assert "Khoảng thời gian: “từ 11/2026”" in page and "9999" not in page
    ticked = binh.get(SELECT, query_string={"where": "A1=2"}).text
    assert re.search(r'value="A1=2" checked', ticked)
