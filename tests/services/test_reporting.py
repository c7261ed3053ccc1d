"""The official report from a data cut: every number of it is the result's, in PDF and DOCX, few answers or many."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document

from survey.config import Settings
from survey.definition.variables import Form
from survey.errors import NotAllowed, PhieuError
from survey.services import cuts
from survey.services.cuts import CutSummary
from survey.services.reporting import report_file
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.statistics.document import to_json
from survey.storage.engine import open_database
from survey.texts import texts
from survey.typesetting import pictures
from tests.conftest import SECRET, Clock, missing
from tests.factories.conferences import answered

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)
VI = texts("vi")


def words(pdf: bytes) -> str:
    """The text of a PDF as a reader would copy it, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def rows(docx: bytes) -> list[list[str]]:
    """Every row of every table of a DOCX; a cell over several columns once."""
    out = []
    for table in Document(io.BytesIO(docx)).tables:
        for row in table.rows:
            cells = [cell.text for cell in row.cells]
            out.append(
                [
                    text
                    for place, text in enumerate(cells)
                    if not place or row.cells[place]._tc is not row.cells[place - 1]._tc
                ]
            )
    return out


def content_cells(question: dict[str, Any]) -> list[str]:
    """What the main table has to say of a scale question, from the JSON of the result."""
    base = question["base"]
    cells = [VI.number(base) + ("*" if base < 30 else "")]
    for count in question["counts"].values():
        cells.append(f"{VI.number(count)}\n{VI.percent(100.0 * count / base)}")
    low, high = question["interval"]
    return [*cells, VI.number(question["satisfied_percent"], 1), f"{VI.number(low, 1)}–{VI.number(high, 1)}"]


def groups(found: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Label and cells of every group shown, from the JSON of the result."""
    for group in found["groups"]:
        if group["base"] is None:
            continue
        base = group["base"]
        low, high = group["interval"]
        yield (
            group["label"],
            [
                VI.number(base) + ("*" if base < 30 else ""),
                VI.number(group["satisfied"]),
                VI.number(group["satisfied_percent"], 1),
                f"{VI.number(low, 1)}–{VI.number(high, 1)}",
            ],
        )


@dataclass
class Made:
    """A conference of 300 answers and its reports, made once for all tests that only look."""

    runtime: Runtime
    cut: CutSummary
    pdf: bytes
    docx: bytes


@pytest.fixture(scope="module")
def made(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("conference")
    shutil.copy(migrated, folder)
    settings = Settings(folder, f"sqlite:///{folder / 'phieu.db'}", (SECRET,), "https://ks.example.gov.vn")
    database = open_database(settings.database_url)
    runtime = Runtime(settings, database, Clock(), random.Random(2026).randbytes)
    answered(runtime, 300, population=600)
    cut = cuts.make_cut(runtime, REFORM, "conference")
    pdf, docx = (report_file(runtime, REFORM, "conference", kind, cut=cut.number) for kind in (".pdf", ".docx"))
    yield Made(runtime, cut, pdf, docx)
    database.close()


def test_every_figure_is_that_of_the_result(made: Made) -> None:
    docx = rows(made.docx)
    pdf = words(made.pdf)
    told = to_json(open_result(made.runtime, OPERATOR, "conference"), "vi")
    for question in told["questions"]:
        if question["type"] == "scale":
            cells = content_cells(question)
            row = next(row for row in docx if row[1:2] == [question["label"]] and len(row) > 8)
            assert row[2 : 2 + len(cells)] == cells, question["key"]
            assert " ".join(cells).replace("\n", " ") in pdf.replace("- ", ""), question["key"]
        elif question["counts"]:
            for code, count in question["counts"].items():
                row = [question["labels"][code], VI.number(count), VI.percent(100.0 * count / question["base"])]
                assert row in docx, question["key"]
                assert " ".join(row[1:]) in pdf
    for index in told["indexes"]:
        unit = "%" if index["unit"] == "percent" else ""
        value = VI.number(index["value"], 2) + unit
        bounds = "–".join(VI.number(bound, 2) + unit for bound in index["interval"])
        assert any(row[0] == index["name"] and row[2:] == [value, bounds, VI.number(index["base"])] for row in docx)
        assert f"{value} {bounds}" in pdf
    for key in ("A1", "A2", "A3", "A4", "@collector"):
        by = to_json(open_result(made.runtime, OPERATOR, "conference", by=key), "vi")
        for question in by["questions"]:
            if question["key"] in ("B7", "C8"):
                for label, cells in groups(question):
                    assert [label, *cells] in docx
                    assert " ".join(cells) in pdf


def test_no_number_stands_in_it_that_is_not_the_results(made: Made) -> None:
    """The other way round: what looks like a share, in any table, is one of the result's."""
    docx = rows(made.docx)
    known: set[str] = set()
    results = [
        open_result(made.runtime, OPERATOR, "conference", by=by) for by in (None, "A1", "A2", "A3", "A4", "@collector")
    ]
    for result in results:
        for figures in [
            *(one.figures for one in result.questions),
            *(group.figures for one in result.breakdowns for group in one.groups),
        ]:
            known |= {VI.percent(figures.percent(code)) for code in figures.counts or ()}
            known |= {
                VI.number(value, 1)
                for value in (figures.satisfied_percent, *(figures.interval or ()))
                if value is not None
            }
        for index in result.indexes:
            for value in (*index.values.values(), index.value, *(index.interval or ())):
                known |= {VI.number(value, 2), VI.percent(value, 2)} if value is not None else set()
    for priorities in open_result(made.runtime, OPERATOR, "conference", deeper=True).priorities:
        for point in priorities.points:
            known |= {VI.number(one, 2) for one in (point.importance, *(point.interval or ()))}
            known.add(VI.number(point.performance, 1))
    seen = {number for row in docx for cell in row for number in re.findall(r"\d+,\d+%?", cell) if "sách" not in cell}
    assert len(seen) > 150
    assert seen <= known
    assert "12,34%" not in known


def test_the_same_cut_gives_the_same_bytes_whatever_comes_later(made: Made) -> None:
    later = Actor(name="other", role="reform_team", user_id=8)
    for kind, before in ((".pdf", made.pdf), (".docx", made.docx)):
        assert report_file(made.runtime, later, "conference", kind, cut=made.cut.number) == before
    text = words(made.pdf)
    assert made.cut.hash in text and made.cut.digest in text


def test_without_a_number_it_freezes_once(made: Made) -> None:
    for _ in range(2):
        report_file(made.runtime, REFORM, "conference", ".docx", summary=True)
    assert [one.number for one in cuts.list_cuts(made.runtime, REFORM, "conference")] == [made.cut.number]


def test_the_pdf_is_sound_tagged_and_searchable(made: Made, tmp_path: Path) -> None:
    text = words(made.pdf)
    assert unicodedata.is_normalized("NFC", text)
    for heading in (
        "BÁO CÁO",
        "DỰ THẢO",
        "I. THÔNG TIN CHUNG",
        "II. KẾT QUẢ KHẢO SÁT",
        "III. ĐÁNH GIÁ",
        "IV. GIẢI PHÁP",
    ):
        assert heading in text
    for sentence in (
        "Mở thêm bãi xe phía sau",
        "31/12/2026",
        "không được chọn mẫu ngẫu nhiên",
        "làm tròn theo quy tắc từ 5 trở lên thì tăng",
        "N = 600",
    ):
        assert sentence in text
    assert all(mark in made.pdf for mark in (b"/MarkInfo", b"pdfuaid", b"pdfaid"))
    assert "\ufffd" not in text and "□" not in text
    if (qpdf := shutil.which("qpdf")) is None:
        missing("qpdf", "install the package qpdf.")
    (tmp_path / "report.pdf").write_bytes(made.pdf)
    assert subprocess.run([qpdf, "--check", str(tmp_path / "report.pdf")], check=False).returncode == 0


def test_page_numbers_stand_in_the_top_margin_but_not_on_page_1(made: Made) -> None:
    inked = [
        any(pixel < 128 for pixel in page.convert("L").tobytes())
        for page in pictures(made.pdf, 40, part=(100.0, 8.0, 115.0, 16.0))
    ]
    assert inked[0] is False
    assert len(inked) > 8 and all(inked[1:])


def test_the_summary_fits_on_two_pages(made: Made) -> None:
    short = report_file(made.runtime, REFORM, "conference", ".pdf", summary=True)
    assert len(pypdfium2.PdfDocument(short)) == 2
    assert "BÁO CÁO TÓM TẮT" in words(short)


def test_english_has_no_vietnamese_of_ours(made: Made) -> None:
    english = report_file(made.runtime, REFORM, "conference", ".docx", "en")
    text = " ".join(
        [
            *(one.text for one in Document(io.BytesIO(english)).paragraphs),
            *(cell for row in rows(english) for cell in row),
        ]
    )
    assert "DRAFT" in text and "II. RESULTS" in text
    for word in ("Chỉ số", "Bảng", "Hình", "phiếu trả lời", "KTC"):
        assert word not in text


def test_docx_charts_hold_the_numbers_they_show(made: Made) -> None:
    result = open_result(made.runtime, OPERATOR, "conference")
    wanted = {
        tuple(round(one.figures.percent(code) or 0.0, 9) for code in one.figures.counts)
        for one in result.questions
        if one.form is Form.SCALE and one.figures.counts
    }
    with zipfile.ZipFile(io.BytesIO(made.docx)) as package:
        assert package.testzip() is None
        books = [name for name in package.namelist() if name.endswith(".xlsx")]
        charts = [name for name in package.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", name)]
        assert len(books) == len(charts) > 4
        seen = set()
        for name in books:
            sheet = openpyxl.load_workbook(io.BytesIO(package.read(name))).active
            for row in sheet.iter_rows(min_row=2, min_col=2, values_only=True):
                seen.add(tuple(round(float(value), 9) for value in row))
        assert wanted <= seen
        plot = package.read("word/charts/chart1.xml").decode()
        assert "Sheet1!" in plot and "c:externalData" in plot


def test_docx_has_styles_repeated_heads_language_and_alternative_text(made: Made) -> None:
    document = Document(io.BytesIO(made.docx))
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert [round(one.mm) for one in (section.left_margin, section.right_margin, section.top_margin)] == [30, 20, 22]
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"][:4] == [
        "I. THÔNG TIN CHUNG",
        "II. KẾT QUẢ KHẢO SÁT",
        "III. ĐÁNH GIÁ",
        "IV. GIẢI PHÁP",
    ]
    xml = document.element.xml
    tables = len(re.findall(r"<w:tblCaption ", xml))
    assert tables == xml.count("<w:tblHeader/>") > 10
    assert xml.count("descr=") == xml.count("<c:chart ") > 4
    assert 'w:val="vi-VN"' in document.styles.element.xml
    assert "PAGE" in section.header._element.xml and "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize("people", [40, 12])
def test_a_small_survey_still_gets_a_report(runtime: Runtime, people: int) -> None:
    answered(runtime, people)
    made = report_file(runtime, REFORM, "conference", ".docx")
    docx = rows(made)
    said = " ".join(one.text for one in Document(io.BytesIO(made)).paragraphs)
    result = open_result(runtime, OPERATOR, "conference")
    headline = result.question("B7").figures
    assert headline.interval is not None
    low, high = (VI.number(bound, 1) for bound in headline.interval)
    assert f"{headline.satisfied}/{headline.base} người trả lời" in said
    assert f"khoảng tin cậy 95%: {low}% đến {high}%" in said
    found = open_result(runtime, OPERATOR, "conference", by="A1").breakdowns
    shown = next(one for one in found if one.key == "B7")
    if shown.suppressed:
        assert VI(shown.suppressed) in said
    else:
        assert all(any(row[0] == group.label.to("vi") for row in docx) for group in shown.groups)
        assert all((group.figures.base or 0) >= 10 for group in shown.groups)
    if people == 12:
        assert "số liệu chỉ để tham khảo" in said
        assert "Các nhóm không được trình bày" in said or VI(shown.suppressed) in said


def test_only_those_who_may_download_get_it(made: Made) -> None:
    with pytest.raises(NotAllowed):
        report_file(made.runtime, STAFF, "conference", ".pdf")


def test_another_format_is_refused(made: Made) -> None:
    with pytest.raises(PhieuError) as refusal:
        report_file(made.runtime, REFORM, "conference", ".odt")
    assert refusal.value.code == "report_format_unknown"
