"""The annex: every figure is the result's, nothing is hidden or live, and it opens as a workbook of A4 pages."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from survey.comments.report import CommentsReport
from survey.definition import library
from survey.definition.text import Text
from survey.definition.variables import Form
from survey.reports.method import method
from survey.reports.to_xlsx import to_xlsx
from survey.statistics import reasons
from survey.statistics.figures import hidden
from survey.statistics.results import (
    Breakdown,
    Channel,
    Comparison,
    Difference,
    Figures,
    GroupFigures,
    Priorities,
    Priority,
    Ratio,
    Reliability,
    Score,
    SeriesResult,
    SurveyResult,
    WavePoint,
)
from survey.texts import texts
from tests.factories.results import result_of

VI, EN = texts("vi"), texts("en")


def _opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def _rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture(scope="module")
def result() -> SurveyResult:
    """A conference of 214 people with everything a cut may hold."""
    made = result_of(library.load("conference"))
    question = made.question("B7")
    assert question.figures.base is not None

    def group(code: str, satisfied: int, base: int) -> GroupFigures:
        share = 100 * satisfied / base
        figures = Figures(base, None, satisfied=satisfied, satisfied_percent=share, interval=(40.0, 80.0))
        return GroupFigures((code,), Text.of(vi=f"=Nhóm {code}", en=f"=Group {code}"), figures)

    groups = (group("1", 31, 50), group("2", 12, 29))
    lost = GroupFigures(("3",), Text.of(vi="Nhóm 3"), hidden(reasons.POOLED))
    found = Difference(("1",), ("2",), 20.5, (-3.0, 41.25), 0.04, 0.08, shown=False)
    waves = tuple(
        WavePoint(f"w{n}", f"Đợt {n}", date(2025, n, 1), 70.0 + n, None, 100, breaks="Đổi thang đo" if n == 3 else "")
        for n in (1, 2, 3, 4)
    )
    return replace(
        made,
        further=(
            Breakdown("B7", "A1", groups, hidden=(lost,)),
            Breakdown("C1", "A1", (), suppressed=reasons.LEFT_OUT),
        ),
        comparisons=(Comparison("B7", "A1", (found,)),),
        channels=(Channel("ABC", "=Sảnh", "event", None, 300, 250, 214, 3, 1, 0),),
        series=(SeriesResult("sipas", Text.of(vi="Hài lòng chung", en="Overall"), "percent", waves),),
        scores=(Score("B7", "csat", 71.25, (64.0, 77.0), 207),),
        reliability=(Reliability("conference", "", ("B1", "B2"), 200, 0.8125),),
        priorities=(Priorities("service", "C8", (Priority("C1", 69.5, 0.45, (0.3, 0.58), 200),), 200),),
        ratios=(Ratio("r1", Text.of(vi="Đúng hạn"), Text.of(vi="đúng hạn / đến hạn"), {"due": 80}, 97.5),),
        exclusions=(("=Thử máy", 1),),
    )


@pytest.fixture(scope="module")
def annex(result: SurveyResult) -> Any:
    """Its workbook in Vietnamese."""
    return _opened(
        to_xlsx(
            replace(result, comments=CommentsReport((("@Thời gian", 12),), (("chậm", 7),), 30)),
            VI,
            "vi",
            [("E1", "=1+1")],
        )
    )


def test_sheets_stand_in_the_order_of_reading(annex: Any) -> None:
    assert annex.sheetnames == [
        "Tổng quan",
        "Các chỉ số",
        "Câu hỏi thang đo",
        "Câu hỏi thang đo (2)",
        "Tỷ lệ các mức",
        "Tỷ lệ các mức (2)",
        "Câu hỏi lựa chọn",
        "Bảng chéo",
        "So sánh các nhóm",
        "Qua các đợt",
        "Mức độ tham gia",
        "Ý kiến",
        "Chủ đề và từ ngữ",
        "Biểu đồ",
        "Phương pháp",
    ]


def test_every_figure_of_every_question_stands_in_its_cell(annex: Any, result: SurveyResult) -> None:
    rows = {row[1]: row for name in annex.sheetnames if "thang đo" in name for row in _rows(annex[name])}
    scales = [one for one in result.questions if one.form is Form.SCALE]
    assert len(scales) > 20
    for one in scales:
        figures, row = one.figures, rows[one.key]
        assert row[3] == figures.base
        assert figures.counts is not None and row[4:9] == list(figures.counts.values())
        assert figures.interval is not None and figures.satisfied_percent is not None
        expected = [figures.satisfied_percent / 100, *(bound / 100 for bound in figures.interval), figures.mean]
        assert row[9:13] == pytest.approx(expected, abs=1e-12)


def test_every_choice_is_counted_with_its_share(annex: Any, result: SurveyResult) -> None:
    found: dict[tuple[str, str], tuple[Any, Any]] = {}
    key = ""
    for row in _rows(annex["Câu hỏi lựa chọn"])[1:]:
        key = row[0] or key
        if row[2]:
            found[key, row[2]] = (row[4], row[5])
    closed = [one for one in result.questions if one.form in (Form.SINGLE, Form.MULTIPLE)]
    told = {(one.key, code): count for one in closed for code, count in (one.figures.counts or {}).items()}
    assert {place: count for place, (count, _) in found.items()} == told
    one = result.question("E3")
    assert found["E3", "1"][1] == pytest.approx((one.figures.percent("1") or 0) / 100)


def test_indexes_are_opened_to_their_items(annex: Any, result: SurveyResult) -> None:
    rows = {row[0]: row for row in reversed(_rows(annex["Các chỉ số"])) if row[1] is not None}
    for index in result.indexes:
        scale = 100 if index.unit == "percent" else 1
        assert index.value is not None and rows[index.name.to("vi")][1] == pytest.approx(index.value / scale)
        for factor in index.factors:
            for item, value in factor.items.items():
                (row, *_) = [row for label, row in rows.items() if label and label.startswith(f"{item}. ")]
                assert value is not None and row[1] == pytest.approx(value / scale)
    assert any(label and label.startswith("CSAT: B7") and row[1] == 0.7125 for label, row in rows.items())


def test_how_much_a_thing_matters_stands_beside_how_satisfied_people_are(annex: Any) -> None:
    rows = _rows(annex["Các chỉ số"])
    (row,) = [row for row in rows if row[6] == "mức quan trọng 0,45 (KTC 95% 0,30 đến 0,58)"]
    assert (row[0][:3], row[1:5]) == ("C1.", [0.695, None, None, 200])


def test_groups_too_small_to_tell_have_a_reason_and_no_figure(annex: Any) -> None:
    rows = _rows(annex["Bảng chéo"])
    groups = {row[0]: row for row in rows if row[0]}
    assert groups["=Nhóm 1"][1:4] == [50, 31, 0.62]
    assert groups["=Nhóm 2"][-1] == "chỉ để tham khảo"
    assert groups["Nhóm 3"][1:-1] == [None] * (len(rows[0]) - 2)
    assert groups["Nhóm 3"][-1] == VI(reasons.POOLED)
    assert VI(reasons.LEFT_OUT) in groups


def test_a_title_over_groups_is_not_cut_off_and_names_of_levels_stand_over_their_numbers(result: SurveyResult) -> None:
    whole = GroupFigures(("1",), Text.of(vi="Nhóm 1"), result.question("B7").figures)
    sheet = _opened(to_xlsx(replace(result, further=(Breakdown("B7", "A1", (whole,)),)), VI, "vi"))["Bảng chéo"]
    title = next(row[0] for row in sheet.iter_rows(min_row=2) if "(theo " in str(row[0].value) and row[7].value)
    assert any(title.coordinate in merged and merged.max_col == 7 for merged in sheet.merged_cells.ranges)
    levels = [cell for cell in sheet[title.row][7:] if cell.value]
    assert levels and all(cell.alignment.horizontal == "right" for cell in levels)
    assert [cell.alignment.horizontal for cell in sheet[1]][1:7] == ["right"] * 6


def test_differences_are_said_in_words(annex: Any) -> None:
    assert _rows(annex["So sánh các nhóm"])[1][2:] == [
        "=Nhóm 1",
        "=Nhóm 2",
        20.5,
        -3,
        41.25,
        0.08,
        VI("not shown to differ"),
    ]


def test_comments_stand_with_their_question_and_themes_with_their_people(annex: Any) -> None:
    assert _rows(annex["Ý kiến"])[1][0::2] == ["E1", "=1+1"]
    assert [row[1:] for row in _rows(annex["Chủ đề và từ ngữ"])[1:]] == [["@Thời gian", 12], ["chậm", 7]]


def test_a_break_of_the_method_leaves_a_gap_in_the_series(annex: Any) -> None:
    assert [row[3] for row in _rows(annex["Qua các đợt"])[1:]] == [0.71, 0.72, None, 0.73, 0.74]


def test_nothing_in_it_is_a_formula_or_a_link(result: SurveyResult) -> None:
    data = to_xlsx(result, VI, "vi", [("E1", '=HYPERLINK("http://x")'), ("E2", "https://example.vn")])
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        if name.startswith("xl/worksheets/"):
            content = archive.read(name).decode()
            assert "<f>" not in content and "<hyperlink" not in content
    assert not [name for name in archive.namelist() if "external" in name.lower()]


def test_pages_are_a4_with_headings_that_stay(annex: Any) -> None:
    for sheet in annex.worksheets:
        assert sheet.page_setup.paperSize == 9
    for name in ("Câu hỏi thang đo", "Bảng chéo", "Các chỉ số", "Ý kiến"):
        sheet = annex[name]
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0


def test_charts_are_native_draw_from_cells_and_are_described(result: SurveyResult) -> None:
    archive = zipfile.ZipFile(io.BytesIO(to_xlsx(result, VI, "vi")))
    charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3 + 2 + 8 + 1
    assert all(re.search(r"<c:f>'(Tỷ lệ|Các chỉ số|Câu hỏi|Qua)[^<]*\$\d+</c:f>", chart) for chart in charts)
    (drawing,) = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/drawings/drawing")]
    told = re.findall(r'<xdr:cNvPr [^>]*descr="([^"]+)"', drawing)
    assert len(told) == len(charts) == 14 and all("%" in one or re.search(r"\d,\d\d", one) for one in told)


def test_the_same_result_gives_the_same_bytes(result: SurveyResult) -> None:
    assert to_xlsx(result, VI, "vi") == to_xlsx(result, VI, "vi")


def test_it_speaks_english_too(result: SurveyResult) -> None:
    annex = _opened(to_xlsx(result, EN, "en"))
    assert annex.sheetnames[:3] == ["Overview", "Indexes", "Scale questions"]
    assert annex["Scale questions"]["J3"].number_format == "0.0%"
    assert _opened(to_xlsx(result, VI, "vi"))["Câu hỏi thang đo"]["J3"].number_format == "[$-42A]0.0%"


def test_a_survey_that_may_show_nothing_has_a_workbook_that_says_why(result: SurveyResult) -> None:
    mute = tuple(replace(one, figures=hidden(reasons.SURVEY_TOO_SMALL)) for one in result.questions)
    bare = replace(
        result, questions=mute, indexes=(), further=(), comparisons=(), scores=(), reliability=(), ratios=(), series=()
    )
    annex = _opened(to_xlsx(bare, VI, "vi"))
    assert "Biểu đồ" not in annex.sheetnames
    rows = _rows(annex["Câu hỏi thang đo"])
    assert rows[2][3] == "–" and VI(reasons.SURVEY_TOO_SMALL) in rows[2]


def test_the_method_names_what_was_left_out_and_each_rule(result: SurveyResult) -> None:
    chapters = dict(method(result, EN, "en"))
    assert "=Thử máy: 1" in chapters["Answers left out, with reasons"]
    assert any("n(N − 1)/(N − n)" in one for one in chapters["Formulas"])
    assert all(index.name.to("en") in chapters for index in result.indexes)
