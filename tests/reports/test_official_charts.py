"""The funnel and the priority matrix in the official report: where they stand, what they hold, when there is none."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest

from survey.definition import library
from survey.reports.document import Block, Chart, Heading, Paragraph, Report, Table
from survey.reports.official import official_report
from survey.reports.to_docx import to_docx
from survey.reports.to_pdf import to_pdf
from survey.statistics import reasons
from survey.statistics.results import Channel, Priorities, Priority, SurveyResult
from survey.texts import texts
from tests.factories.results import result_of

VI = texts("vi")
NAME = "Chỉ số hài lòng về Hội nghị"


def channel(name: str, handed_out: int | None, opened: int, started: int, completed: int) -> Channel:
    return Channel(name, name, "event", handed_out, opened, started, completed, 0, 0, 0)


@pytest.fixture(scope="module")
def result() -> SurveyResult:
    """Two channels, and a matrix of four items of which the first is certain."""
    made = result_of(library.load("conference"))
    index = made.indexes[0]
    keys = [key for factor in index.factors for key in factor.items][:4]
    points = [
        Priority(keys[0], 20.0, 0.9, (0.89, 0.91), 200),
        *(Priority(key, 80.0 + n, 0.2 + n / 8, (0.0, 0.6), 200) for n, key in enumerate(keys[1:])),
    ]
    told = {one.key: replace(one.figures, interval=(19.0, 21.0)) for one in made.questions if one.key == keys[0]}
    return replace(
        made,
        questions=tuple(replace(one, figures=told.get(one.key, one.figures)) for one in made.questions),
        channels=(channel("Hội trường", 200, 180, 150, 140), channel("Tờ rơi", 300, 90, 80, 74)),
        priorities=(Priorities(index.key, index.overall or "", tuple(points), 200),),
    )


def part(report: Report, heading: str) -> list[Block]:
    """The blocks under a heading, up to the next one of its level or above."""
    start, level = next(
        (n, one.level) for n, one in enumerate(report.blocks) if isinstance(one, Heading) and one.text == heading
    )
    found: list[Block] = []
    for one in report.blocks[start + 1 :]:
        if isinstance(one, Heading) and one.level <= level:
            break
        found.append(one)
    return found


def charts(blocks: list[Block]) -> list[Chart]:
    return [one for one in blocks if isinstance(one, Chart)]


def test_the_funnel_stands_where_the_report_tells_how_forms_were_given_out(result: SurveyResult) -> None:
    (funnel,) = charts(part(official_report(result, VI), "3. Phương pháp"))
    assert funnel.native is not None
    assert funnel.native.categories == ("Đã phát", "Lượt mở", "Bắt đầu trả lời", "Hoàn thành")
    assert funnel.native.series[0].values == (500, 270, 230, 214)
    assert "500" in funnel.pictures[0].told and "214" in funnel.pictures[0].told


def test_copies_that_one_channel_did_not_count_are_not_known_in_chart_and_table(result: SurveyResult) -> None:
    some = replace(result, channels=(result.channels[0], channel("Quầy", None, 50, 40, 30)))
    blocks = part(official_report(some, VI), "3. Phương pháp")
    (funnel,) = charts(blocks)
    assert funnel.native is not None and funnel.native.series[0].values == (None, 230, 190, 170)
    assert funnel.native.categories[0] == "Đã phát (chưa rõ)"
    table = next(one for one in blocks if isinstance(one, Table))
    assert table.rows[-1].cells == ("Cộng", "–", "230", "190", "170", "0", "0")


@pytest.mark.parametrize("channels", [(), (channel("Nhập từ tệp", None, 0, 0, 214),)])
def test_one_step_is_no_funnel(result: SurveyResult, channels: tuple[Channel, ...]) -> None:
    assert charts(part(official_report(replace(result, channels=channels), VI), "3. Phương pháp")) == []


def test_the_matrix_stands_in_the_assessment_with_a_table_of_its_contents(result: SurveyResult) -> None:
    blocks = part(official_report(result, VI), "III. ĐÁNH GIÁ")
    (matrix,) = charts(blocks)
    points = result.priorities[0].points
    native = matrix.native
    assert native is not None and native.spans is not None
    across, certain, unsure = native.series
    assert across.values == tuple(one.performance for one in points)
    assert certain.values == (0.9, None, None, None)
    assert unsure.values == (None, *(one.importance for one in points[1:]))
    means = sum(one.performance for one in points) / 4, sum(one.importance for one in points) / 4
    assert native.spans.parted == pytest.approx(means)
    table = next(one for one in blocks if isinstance(one, Table))
    label = result.question(points[0].key).label.to("vi")
    assert table.rows[0].cells == ("1", label, "20,0", "0,90 (0,89; 0,91)", "Tập trung cải thiện")
    assert "chưa chắc chắn" in table.rows[1].cells[-1]
    finding = next(one.text for one in blocks if isinstance(one, Paragraph) and NAME in one.text)
    assert label in finding and matrix.pictures[0].told == finding


def test_under_thirty_people_a_sentence_says_why_there_is_none(result: SurveyResult) -> None:
    keys = [one.key for one in result.indexes[:2]]
    refused = tuple(Priorities(key, "B7", (), None, reasons.TOO_FEW_FOR_IMPORTANCE) for key in keys)
    blocks = part(official_report(replace(result, priorities=refused), VI), "III. ĐÁNH GIÁ")
    assert charts(blocks) == [] and not [one for one in blocks if isinstance(one, Table)]
    said = [one.text for one in blocks if isinstance(one, Paragraph) and "Ma trận ưu tiên" in one.text]
    assert len(said) == 1 and said[0].endswith(VI(reasons.TOO_FEW_FOR_IMPORTANCE)) and NAME in said[0]


def test_in_docx_both_are_charts_whose_cells_hold_what_they_draw(result: SurveyResult) -> None:
    made = to_docx(official_report(result, VI))
    assert to_docx(official_report(result, VI)) == made
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = [one for one in package.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", one)]
        plots = {name: package.read(name).decode() for name in names}
        (scatter,) = [name for name, plot in plots.items() if "<c:scatterChart>" in plot]
        number = re.sub(r"\D", "", scatter)
        sheet = openpyxl.load_workbook(
            io.BytesIO(package.read(f"word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"))
        ).active
        body = package.read("word/document.xml").decode()
    for where, cached in re.findall(r"<c:f>Sheet1!([^<]+)</c:f><c:numCache>(.*?)</c:numCache>", plots[scatter]):
        cells = [row[0].value for row in sheet[where.replace("$", "")]]
        told = {int(n): float(value) for n, value in re.findall(r'<c:pt idx="(\d+)"><c:v>([^<]+)', cached)}
        assert told == pytest.approx({n: value for n, value in enumerate(cells) if value is not None})
    assert [row[0].value for row in sheet["A2:A5"]] == ["1", "2", "3", "4"]
    assert len(re.findall(r'descr="Ma trận ưu tiên: [^"]+"', body)) == 1
    assert len(re.findall(r'descr="Mức độ tham gia[^"]+"', body)) == 1


def plots(docx: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        names = [one for one in package.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", one)]
        return [package.read(name).decode() for name in names]


def test_in_docx_numbers_have_the_decimal_mark_of_the_language_and_their_unit(result: SurveyResult) -> None:
    for language, mark in (("vi", "[$-42A]"), ("en", "")):
        made = plots(to_docx(official_report(result, texts(language))))
        forms = {form for plot in made for form in re.findall(r'<c:dLbls>.*?formatCode="([^"]+)"', plot)}
        assert f"{mark}0.00&quot;%&quot;" in forms and f"{mark}0.00" in forms


def test_in_docx_an_axis_begins_where_the_scale_does(result: SurveyResult) -> None:
    points = next(one for one in result.indexes if one.unit == "points")
    assert points.anchors == (1.0, 10.0)
    (own,) = (plot for plot in plots(to_docx(official_report(result, VI))) if points.name.to("vi") in plot)
    assert re.findall(r'<c:(min|max) val="([^"]+)"', own) == [("max", "10"), ("min", "1")]


@pytest.mark.parametrize(("people", "starred"), [(12, True), (214, False)])
def test_in_docx_a_small_base_has_its_star(people: int, starred: bool) -> None:
    report = official_report(result_of(library.load("conference"), people=people), VI)
    drawn = [one.native for one in report.blocks if isinstance(one, Chart) and one.native]
    names = [name for one in drawn if one.kind == "stacked" for name in one.categories]
    assert names and all(name.endswith("*") is starred for name in names)


def test_in_pdf_both_are_drawn_with_text_in_their_stead(result: SurveyResult) -> None:
    """Typst refuses a picture without it under PDF/UA-1; here, that the chart is lines and text and no bitmap."""
    document = pypdfium2.PdfDocument(to_pdf(official_report(result, VI)))
    text = " ".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    assert "Tập trung cải thiện" in text and "tính chung các kênh" in text
    kinds = {one.type for n in range(len(document)) for one in document[n].get_objects(max_depth=4)}
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds and pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
