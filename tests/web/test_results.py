"""Results on the staff pages: the headline with interval and base, the selection in words, downloads that are noted."""

from __future__ import annotations

import csv
import io
import re

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image

from survey.reports.bundle import faults
from survey.services import authoring, collecting, collectors, cuts, participation
from survey.services.doors import Doors
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries import audit
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.answers import answer as stored
from tests.factories.answers import release
from tests.factories.plans import plans
from tests.factories.staff import account, browser_of
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
RESULTS = "/staff/surveys/conference/results"


def answer(runtime: Runtime, code: str, *levels: str) -> None:
    doors = Doors(runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    for level in levels:
        given = {"A1": ["1"], "B7": [level], "E1": ["=1+1 <b>khó</b>"]}
        assert isinstance(
            collecting.submit(runtime, door, version, runtime.randomness(16), given, "vi"), collecting.Stored
        )


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.fixture
def binh(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, BINH, "reform_team")
    return browser_of(create_app(runtime), runtime, BINH)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_before_there_is_a_group_of_answers_there_are_no_figures(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answer(runtime, code, *"554433")
    page = binh.get(RESULTS).text
    assert "Kết quả xuất hiện khi có từ 10 phiếu; hiện có 6 phiếu." in words(page)
    assert 'class="chart"' not in page and not re.search(r"\d+,\d%", page)
    report = binh.get("/staff/surveys/conference/report").text
    assert "hiện có 6 phiếu" in report and "chart-book.pdf" not in report
    answer(runtime, code, *"5544")
    assert 'class="chart"' in binh.get(RESULTS).text
    assert "chart-book.pdf" in binh.get("/staff/surveys/conference/report").text


def test_a_survey_that_closed_with_very_few_answers_says_why_it_shows_none(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answer(runtime, code, *"543")
    authoring.close(runtime, OPERATOR, "conference")
    page = binh.get(RESULTS).text
    assert "Khảo sát đóng với 3 phiếu: quá ít" in words(page) and 'class="chart"' not in page


def test_what_stands_in_the_way_of_telling_collectors_apart_is_said(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answer(runtime, code, *("5" * 30))
    assert "Chưa thể xem riêng từng kênh" not in binh.get(RESULTS).text, "there is one collector"
    answer(runtime, collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy"), *"333")
    authoring.close(runtime, OPERATOR, "conference")
    assert "Chưa thể xem riêng từng kênh" in binh.get(RESULTS).text


@pytest.mark.parametrize("selected", ["", "?where=A1=1", "?by=A1"])
def test_the_page_looks_at_few_of_the_answers(binh: FlaskClient, runtime: Runtime, code: str, selected: str) -> None:
    """Those that wait, those that are not complete, and the first behind each collector; not a million others."""
    stored(runtime, code, [{"A1": "1", "B7": "5"}, {"A1": "2", "B7": "4"}] * 30)
    stored(runtime, code, [{"A1": "1", "B7": "1"}, {"A1": "2", "B7": "1"}] * 10, status="flagged", flags="burst")
    release(runtime, "conference")
    page = binh.get(RESULTS + selected).text
    assert 'class="chart"' in page
    steps = plans(runtime, lambda _: binh.get(RESULTS + selected))
    few = (
        "ix_response_survey_id_status",
        "ix_response_survey_id_change",
        "(survey_id=? AND release_number=?)",
        "ix_response_collector_id (collector_id>?)",
    )
    assert len(steps) > 5
    assert [one for one in steps if not any(index in one for index in few)] == []


def test_the_headline_stands_with_interval_base_and_population(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answer(runtime, code, *("5" * 47 + "2" * 5))
    authoring.close(runtime, OPERATOR, "conference")
    page = binh.get(RESULTS).text
    headline = words(page.split('class="headline"')[1].split("</section>")[0])
    assert "90,4%" in headline
    assert "79,4–95,8" in headline, "domain.md: 47 of 52"
    assert "47" in headline and "52" in headline
    assert "Tất cả các kênh: 52 phiếu, tính đến ngày 15/10/2026." in words(page)
    assert page.index('class="headline"') < page.index('class="chart"')


def test_a_chart_stands_above_the_table_of_the_same_figures(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answer(runtime, code, *("5" * 20 + "1" * 10))
    authoring.close(runtime, OPERATOR, "conference")
    page = binh.get(RESULTS).text
    charts = re.findall(r'<img class="chart"[^>]* src="([^"]+)" alt="([^"]+)"', page)
    assert len(charts) == page.count("<table>") > 10
    assert all(alt for _, alt in charts)
    picture = binh.get(next(source for source, _ in charts if "scale-B" in source))
    assert picture.mimetype == "image/svg+xml" and picture.data.startswith((b"<svg", b"<?xml"))
    assert binh.get("/staff/surveys/conference/charts/no-such.svg").status_code == 404
    assert "<b>khó</b>" not in page


def test_a_chart_says_what_it_shows_and_can_be_taken_away_in_print_size(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    answer(runtime, code, *("5" * 20 + "1" * 10))
    authoring.close(runtime, OPERATOR, "conference")
    page = binh.get(RESULTS).text
    assert re.search(r'alt="Về Hội nghị hôm nay: Tỷ lệ hài lòng: [^"]*\(66,7%\)\."', page)
    address = next(one for one in re.findall(r'href="([^"]+)"', page) if "/chart/scale/B.svg" in one)
    drawn = binh.get(address)
    assert drawn.mimetype == "image/svg+xml" and b"66,7%" in drawn.data
    assert 'filename="conference-scale-B-vi.svg"' in drawn.headers["Content-Disposition"]
    assert noted(runtime) == (BINH, "download.chart")
    picture = Image.open(io.BytesIO(binh.get(address.replace(".svg", ".png") + "?lang=en").data))
    assert picture.width == round(482 * 300 / 72), "the width of a page at 300 dots to the inch"
    assert b"66.7%" in binh.get(f"{address}?lang=en").data
    for wrong in ("scale/Z.svg", "nonsense/B.svg", "scale/B%00.svg"):
        assert binh.get(f"/staff/surveys/conference/results/chart/{wrong}").status_code == 404
    assert binh.get("/staff/surveys/conference/results/chart/scale/B.exe").status_code == 400


def test_one_collector_is_selected_in_words_and_in_its_charts(
    binh: FlaskClient, runtime: Runtime, code: str, clock: Clock
) -> None:
    desk = collectors.add(runtime, OPERATOR, "conference", "counter", "Bộ phận Một cửa")
    answer(runtime, code, *("5" * 30))
    answer(runtime, desk, *("1" * 20))
    authoring.close(runtime, OPERATOR, "conference")
    assert "60,0%" in words(binh.get(RESULTS).text)
    page = binh.get(f"{RESULTS}?collector={desk}").text
    assert "Chỉ phiếu từ kênh “Bộ phận Một cửa”: 20 phiếu" in words(page)
    assert f"scale-B.svg?collector={desk}" in page
    headline = words(page.split('class="headline"')[1].split("</section>")[0])
    assert " 0,0%" in headline


@pytest.mark.parametrize("typed", ["x", "0000000000", "' OR 1=1", "\x00", "a" * 3000, "rest"])
def test_what_is_no_collector_of_the_survey_is_not_found(binh: FlaskClient, typed: str) -> None:
    for path in (RESULTS, "/staff/surveys/conference/charts/scale-B.svg"):
        assert binh.get(path, query_string={"collector": typed}).status_code == 404


def test_a_draft_has_no_results_and_says_so(binh: FlaskClient, runtime: Runtime) -> None:
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    page = binh.get("/staff/surveys/draft/results")
    assert page.status_code == 200 and "chưa được phát hành" in page.text
    assert binh.get("/staff/surveys/draft/chart-book.pdf").status_code == 409
    assert binh.get("/staff/surveys/draft/answers.csv").status_code == 409


def test_the_chart_book_is_a_pdf_and_its_download_is_noted(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answer(runtime, code, *("4" * 12))
    authoring.close(runtime, OPERATOR, "conference")
    made = binh.get("/staff/surveys/conference/chart-book.pdf?lang=vi")
    assert made.headers["Content-Disposition"] == 'attachment; filename="charts-conference-vi.pdf"'
    document = pypdfium2.PdfDocument(made.data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Nội dung Hội nghị" in text
    assert noted(runtime) == (BINH, "download.chart_book")


def test_answers_come_as_a_file_of_single_rows_and_it_is_noted(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    answer(runtime, code, "5", "1", "3")
    made = binh.get("/staff/surveys/conference/answers.csv?delimiter=semicolon")
    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig")), delimiter=";"))
    assert sorted(row["B7"] for row in rows) == ["1", "3", "5"]
    assert all(row["E1"] == "'=1+1 <b>khó</b>" for row in rows)
    assert noted(runtime) == (BINH, "response.export")
    assert b"," in binh.get("/staff/surveys/conference/answers.csv?delimiter=nonsense").data.splitlines()[0]


def noted(runtime: Runtime) -> tuple[str, str]:
    with runtime.database.reading() as session:
        newest = audit.newest(session, most=1)[0]
        return newest.actor, newest.action


def test_the_annex_is_a_workbook_and_its_download_is_noted(binh: FlaskClient, runtime: Runtime, code: str) -> None:
    stored(runtime, code, [{"B7": "5"}] * 40)
    release(runtime, "conference")
    made = binh.get("/staff/surveys/conference/annex.xlsx?lang=en")
    assert made.status_code == 200 and made.data[:4] == b"PK\x03\x04"
    assert made.headers["Content-Disposition"] == 'attachment; filename="annex-conference-en.xlsx"'
    assert noted(runtime) == (BINH, "download.annex")
    for cut in ("1", "x", "9" * 40, "-1"):
        assert binh.get(f"/staff/surveys/conference/annex.xlsx?cut={cut}").status_code == 404
    number = cuts.make_cut(runtime, OPERATOR, "conference").number
    assert binh.get(f"/staff/surveys/conference/annex.xlsx?cut={number}").status_code == 200


def test_the_evidence_of_a_cut_is_an_archive_and_its_download_is_noted(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    stored(runtime, code, [{"B7": "5"}] * 40)
    release(runtime, "conference")
    assert binh.get("/staff/surveys/conference/evidence.zip").status_code == 400
    number = cuts.make_cut(runtime, OPERATOR, "conference").number
    made = binh.get(f"/staff/surveys/conference/evidence.zip?cut={number}&lang=vi")
    assert made.status_code == 200 and faults(made.data) == ()
    assert made.headers["Content-Disposition"] == f'attachment; filename="evidence-conference-{number}-vi.zip"'
    assert noted(runtime) == (BINH, "download.evidence")


@pytest.mark.parametrize("name", ["answers.xlsx", "answers.sav", "answers.parquet", "codebook.json", "codebook.xlsx"])
def test_files_of_answers_come_in_every_format(binh: FlaskClient, runtime: Runtime, code: str, name: str) -> None:
    stored(runtime, code, [{"B7": "5"}] * 3)
    made = binh.get(f"/staff/surveys/conference/{name}")
    assert made.status_code == 200 and len(made.data) > 100
    stem, _, ending = name.partition(".")
    assert made.headers["Content-Disposition"] == f'attachment; filename="{stem}-conference.{ending}"'
    assert binh.get(f"/staff/surveys/conference/{stem}.exe").status_code == 400


def test_participation_is_drawn_as_a_funnel_that_can_be_taken_away(
    binh: FlaskClient, runtime: Runtime, code: str
) -> None:
    assert "participation.svg" not in binh.get("/staff/surveys/conference/participation").text
    answer(runtime, code, *"5544")
    participation.add_run(runtime, OPERATOR, code, 40)
    page = binh.get("/staff/surveys/conference/participation").text
    assert "Mức độ tham gia: Đã phát 40, Lượt mở 0, Bắt đầu trả lời 0, Hoàn thành 4." in page
    shown = binh.get("/staff/surveys/conference/participation.svg")
    assert shown.mimetype == "image/svg+xml" and b">40<" in shown.data
    made = binh.get("/staff/surveys/conference/participation/chart.png")
    assert made.data.startswith(b"\x89PNG") and noted(runtime) == (BINH, "download.chart")
    assert binh.get("/staff/surveys/conference/participation/chart.gif").status_code == 400
