"""Indexes, targets, frame and analysis on the staff pages: opened to counts, put together, refused in words."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.services import authoring, basis, indexes, surveys
from survey.services.runtime import OPERATOR, Runtime
from survey.texts import texts
from survey.web.app import create_app
from survey.web.results import figures
from tests.charts.drawings import colliding, outside
from tests.charts.drawings import words as drawn_words
from tests.factories.answers import answer
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
BASE = "/staff/surveys/conference/results"


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.fixture
def binh(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, BINH, "reform_team")
    return browser_of(create_app(runtime), runtime, BINH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def send(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    return press(client, path, **fields)


def answered(runtime: Runtime, code: str) -> None:
    satisfied = {f"B{number}": "5" for number in range(1, 8)}
    answer(runtime, code, [{**satisfied, "A3": "1"}] * 40)
    answer(runtime, code, [{**satisfied, "B1": "2", "B2": "1", "B7": "3", "A3": "2"}] * 40)
    authoring.close(runtime, OPERATOR, "conference")


FIELDS = {
    "name": "Chỉ số <b>riêng</b>",
    "rule": "mean_of_factors",
    "scoring": "satisfied_share",
    "low": "1",
    "high": "10",
    "overall": "B7",
    "name-1": "Nội dung",
    "weight-1": "1,5",
    "name-2": "Tổ chức",
    "weight-2": "",
    "item-B1": "1",
    "item-B2": "1",
    "item-B3": "2",
}


def test_an_index_opens_to_its_counts_and_formula(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    assert "Kết quả xuất hiện khi có từ 10 phiếu" in words(binh.get(f"{BASE}/indexes").text)
    answered(runtime, code)
    page = words(binh.get(f"{BASE}/indexes").text)
    assert "83,33%" in page, "four items of 100 and two of 50"
    assert "40 / 80" in page and "50,00%" in page and "16,67%" in page and "8,33" in page
    assert "Cùng các phiếu này theo quy tắc khác" in page


def test_an_index_is_put_together_changed_and_deleted_in_the_browser(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answered(runtime, code)
    assert "Tên chỉ số" in binh.get(f"{BASE}/indexes/new").text
    made = send(binh, f"{BASE}/indexes/new", FIELDS)
    assert made.status_code == 303
    page = binh.get(f"{BASE}/indexes").text
    assert "Chỉ số &lt;b&gt;riêng&lt;/b&gt;" in page and "70,00%" in page, "(1,5 · 50 + 1 · 100) / 2,5"
    form = binh.get(f"{BASE}/indexes/own1").text
    assert 'value="1,5' in form and re.search(r'name="item-B3">.*?<option value="2" selected', form, re.S)
    points = {**FIELDS, "scoring": "rescaled_mean", "low": "0", "high": "100", "rule": "mean_of_items"}
    assert send(binh, f"{BASE}/indexes/own1", points).status_code == 303
    (kept,) = indexes.list_indexes(runtime, OPERATOR, "conference")
    assert kept.anchors == (0.0, 100.0) and kept.factors[0].weight == 1.5 and kept.negative == ()
    assert send(binh, f"{BASE}/indexes/own1", points | {"negative": "B3"}).status_code == 303
    (kept,) = indexes.list_indexes(runtime, OPERATOR, "conference")
    assert kept.negative == ("B3",)
    assert re.search(r'name="negative" value="B3" checked', binh.get(f"{BASE}/indexes/own1").text)
    page = words(binh.get(f"{BASE}/indexes").text)
    assert "Các câu tính ngược, vì mức cao là chưa tốt: B3; giá trị" in page and "người, tính ngược" in page
    assert send(binh, f"{BASE}/indexes/own1/delete", {}).status_code == 303
    assert indexes.list_indexes(runtime, OPERATOR, "conference") == ()
    assert binh.get(f"{BASE}/indexes/own1").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " "}, "chưa có tên"),
        ({"weight-1": "nhiều"}, "không phải một số"),
        ({"weight-1": "0"}, "lớn hơn 0"),
        ({"rule": "x"}, "Không có quy tắc này"),
        ({"overall": "A1"}, "câu hỏi"),
        ({"negative": "B3"}, "tỷ lệ hài lòng"),
        ({"negative": "C1", "scoring": "rescaled_mean"}, "không thuộc chỉ số"),
        ({"low": "1e9999", "scoring": "rescaled_mean"}, "không phải một số"),
        ({"item-B1": "99999999999999999999", "item-B2": "", "item-B3": ""}, "chưa có mục nào"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    binh: FlaskClient, runtime: Runtime, code: str, change: dict[str, str], said: str
) -> None:
    refused = send(binh, f"{BASE}/indexes/new", FIELDS | change)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text and "Tổ chức" in refused.text
    summary = words(refused.text.split('role="alert"')[1].split("</div>")[0])
    assert said.casefold() in summary.casefold(), summary
    assert indexes.list_indexes(runtime, OPERATOR, "conference") == ()


def test_targets_frame_and_numbers_are_stated_on_one_page(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answered(runtime, code)
    assert "Cơ cấu đối tượng" in binh.get(f"{BASE}/basis").text
    targets = {"target|conference": "85,5", "target|B7": "", "note": "Kế hoạch năm 2026"}
    assert send(binh, f"{BASE}/basis/targets", targets).status_code == 303
    frame = {"frame|A3|1": "3.000", "frame|A3|2": "1000", "source": "Danh sách doanh nghiệp"}
    assert send(binh, f"{BASE}/basis/frame", frame).status_code == 303
    counts = {"count|dossiers": "580", "count|dossiers_bad": "23", "source": "Báo cáo quý"}
    assert send(binh, f"{BASE}/basis/counts", counts).status_code == 303
    page = binh.get(f"{BASE}/basis").text
    assert 'value="85,50"' in page and 'value="3000"' in page and "Danh sách doanh nghiệp" in page
    shown = words(binh.get(f"{BASE}/indexes").text)
    assert "Mục tiêu: 85,50%" in shown
    assert "Hiệu chỉnh: 91,67%" in shown and "hệ số thiết kế 1,25" in shown and "Danh sách doanh nghiệp" in shown
    assert "96,03%" in shown and "im lặng được tính là hài lòng" in shown


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        ("targets", {"target|conference": "101"}, "ngoài thang đo"),
        ("targets", {"target|conference": "cao"}, "không phải một số"),
        ("frame", {"frame|A3|1": "10", "source": "x"}, "Cơ cấu đối tượng gồm"),
        ("frame", {"frame|A3|1": "10", "frame|A3|2": "20", "source": ""}, "Chưa nêu nguồn"),
        ("frame", {"frame|A3|1": "-1", "frame|A3|2": "20", "source": "x"}, "không phải số nguyên"),
        ("counts", {"count|dossiers": "1", "count|dossiers_bad": "2", "source": "x"}, "lớn hơn tổng"),
        ("counts", {"count|staff": "1", "source": "x"}, "Không có số liệu này"),
    ],
)
def test_what_cannot_be_stated_is_refused_and_kept_on_the_page(
    binh: FlaskClient, runtime: Runtime, code: str, part: str, fields: dict[str, str], said: str
) -> None:
    refused = send(binh, f"{BASE}/basis/{part}", fields)
    assert refused.status_code == 400 and said in words(refused.text)
    assert not basis.stated(runtime, OPERATOR, "conference").basis.targets
    assert basis.stated(runtime, OPERATOR, "conference").basis.frame is None


def test_groups_are_compared_in_words(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answered(runtime, code)
    page = words(binh.get(f"{BASE}/analysis?by=A3").text)
    assert "“Dưới 10” cao hơn “Từ 10 đến 50” 100,0 điểm phần trăm" in page
    assert "chưa đủ căn cứ cho thấy" in page
    assert "Cronbach" in page
    again = words(binh.get(f"{BASE}/analysis?by=nowhere").text)
    assert "điểm phần trăm (khoảng" not in again
    priorities = page.split("Nên cải thiện điều gì trước")[1]
    assert "1,00" in priorities, "B1 goes with B7 in everybody"


def test_the_analysis_draws_groups_side_by_side_and_priorities_with_their_tables(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answered(runtime, code)
    page = binh.get(f"{BASE}/analysis?by=A3").text
    sources = [unescape(one) for one in re.findall(r'<img class="chart"[^>]* src="([^"]+)"', page)]
    kinds = {re.sub(r".*/charts/([a-z]+)-.*", r"\1", one) for one in sources}
    assert kinds == {"heat", "groups", "priority"}
    for source in sources:
        if "heat" in source or "priority" in source:
            drawn = binh.get(source)
            assert drawn.mimetype == "image/svg+xml" and colliding(drawn.data) == [] and outside(drawn.data) == []
    heat = binh.get(next(one for one in sources if "heat-B" in one)).data
    assert "100,0" in drawn_words(heat) and "Dưới 10" in drawn_words(heat)
    taken = next(unescape(one) for one in re.findall(r'href="([^"]+)"', page) if "/chart/heat/B.svg" in one)
    assert "by=A3" in taken and binh.get(taken).status_code == 200


def test_with_few_answers_the_analysis_says_why_it_is_empty(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    assert "Kết quả xuất hiện khi có từ 10 phiếu" in words(binh.get(f"{BASE}/analysis").text)
    answer(runtime, code, [{f"B{number}": "5" for number in range(1, 8)}] * 12)
    authoring.close(runtime, OPERATOR, "conference")
    page = words(binh.get(f"{BASE}/analysis?by=A3").text)
    assert "Chưa đủ 30 người" in page and "Không có hai nhóm nào đủ người" in page


def test_results_say_how_many_answers_are_needed(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    summary = replace(surveys.show(runtime, OPERATOR, "conference"), population=580, responses={"complete": 112})
    assert "112 of 237 needed" in figures.needed(summary, texts("en"))
    assert "112/237" in figures.needed(summary, texts("vi"))
    assert "at least the 237" in figures.needed(replace(summary, responses={"complete": 300}), texts("en"))
    assert figures.needed(replace(summary, population=None), texts("en")) == ""
    assert "Với mã dùng chung" in binh.get("/staff/surveys/conference/participation").text
