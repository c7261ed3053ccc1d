"""Charts as files: from stored answers to PDF, SVG and PNG, for those who may download results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from survey.definition import document
from survey.errors import NotAllowed, NotFound, PhieuError
from survey.services.charting import chart_file
from survey.services.runtime import Actor, Runtime
from survey.storage.models import Collector, QuestionnaireVersion
from tests.charts.drawings import words
from tests.factories.studies import Study
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)


def answered(runtime: Runtime, slug: str, people: Sequence[Mapping[str, str]]) -> Runtime:
    """A survey on ratings that these people answered, released at once."""
    open_survey(runtime, slug=slug, instrument="lecture_ratings")
    with runtime.database.reading() as session:
        version = session.scalars(select(QuestionnaireVersion)).one()
        collector = session.scalars(select(Collector.id)).one()
        versions = [(version.id, document.read(json.loads(version.document)))]
        study = Study(runtime.database, version.survey_id, [collector], versions)
    rows = zip(study.rows(len(people)), people, strict=True)
    study.release_rows([{**row, "answers": json.dumps(given)} for row, given in rows])
    return runtime


def rated(rating: str, service: str, department: str = "1") -> dict[str, str]:
    return {"service": service, "dept": department, "rating": rating}


@pytest.fixture
def lectures(runtime: Runtime) -> Runtime:
    """Forty people: 10 of service 0 rate 2; of service 1, 25 rate 5 and 5 rate 3."""
    people = [rated("2", "0")] * 10 + [rated("5", "1")] * 25 + [rated("3", "1", "2")] * 5
    return answered(runtime, "lectures", people)


def test_the_book_tells_the_stored_answers(lectures: Runtime) -> None:
    pdf = chart_file(lectures, REFORM, "lectures", ".PDF")
    document = pypdfium2.PdfDocument(pdf)
    told = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    assert "Đánh giá bài giảng" in told
    assert "62,5%" in told
    assert "25 trong 40 người" in told


def test_pictures_hold_all_charts_or_those_named(lectures: Runtime) -> None:
    everything = words(chart_file(lectures, REFORM, "lectures", ".svg"))
    assert "62,5% 47,0–75,8 40" in everything
    assert "Khoa 1 87,5% 35" in everything
    one = words(chart_file(lectures, REFORM, "lectures", ".svg", "en", names=["scale-A"]))
    assert "62.5% 47.0–75.8 40" in one
    assert "Department" not in one
    picture = Image.open(BytesIO(chart_file(lectures, REFORM, "lectures", ".png")))
    assert picture.width > 1000


def test_a_picture_for_the_page_of_results_has_a_foot_of_one_line(lectures: Runtime) -> None:
    alone = words(chart_file(lectures, REFORM, "lectures", ".svg", names=["scale-A"]))
    beside = words(chart_file(lectures, REFORM, "lectures", ".svg", names=["scale-A"], brief=True))
    assert "Người trả lời tự nguyện tham gia" in alone
    assert "Người trả lời tự nguyện tham gia" not in beside
    assert "số phiếu đã tổng hợp: 40" in beside
    assert alone.startswith(beside.split(" Số liệu đến ngày")[0])


def test_charts_of_one_kind_or_question_stand_alone_or_in_a_book(lectures: Runtime) -> None:
    told = words(chart_file(lectures, REFORM, "lectures", ".svg", kinds=["scale"], by="service"))
    assert "62,5%" in told and "Khoa 1" not in told and "Có 83,3%" not in told
    told = words(chart_file(lectures, REFORM, "lectures", ".svg", questions=["rating"], by="service"))
    assert "62,5%" in told and "Có 83,3%" in told and "Khoa 1" not in told
    book = chart_file(lectures, REFORM, "lectures", ".pdf", kinds=["choice"])
    document = pypdfium2.PdfDocument(book)
    pages = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Khoa 1" in pages


def test_groups_are_compared_when_asked_for(lectures: Runtime) -> None:
    told = words(chart_file(lectures, REFORM, "lectures", ".svg", by="service", names=["by-rating"]))
    assert "Không 0,0%" in told
    assert "Có 83,3%" in told
    assert "Tất cả 62,5%" in told


def test_unknown_formats_and_charts_are_refused_with_a_remedy(lectures: Runtime) -> None:
    for suffix in (".docx", ""):
        with pytest.raises(PhieuError) as refused:
            chart_file(lectures, REFORM, "lectures", suffix)
        assert refused.value.code == "format_unknown"
    with pytest.raises(NotFound) as unknown:
        chart_file(lectures, REFORM, "lectures", ".svg", names=["scale-Z"])
    assert "scale-A" in unknown.value.details
    with pytest.raises(NotFound):
        chart_file(lectures, REFORM, "elsewhere", ".svg")


def test_a_survey_without_closed_questions_has_nothing_to_draw(runtime: Runtime) -> None:
    open_survey(runtime, slug="texts", instrument="texts")
    with pytest.raises(PhieuError) as refused:
        chart_file(runtime, REFORM, "texts", ".svg")
    assert refused.value.code == "chart_missing"
    assert chart_file(runtime, REFORM, "texts", ".pdf").startswith(b"%PDF")


def test_only_those_who_may_download_results_get_them(lectures: Runtime) -> None:
    with pytest.raises(NotAllowed):
        chart_file(lectures, STAFF, "lectures", ".svg")


def test_a_survey_with_too_few_answers_says_so_and_shows_no_figure(runtime: Runtime) -> None:
    answered(runtime, "few", [rated("5", "1")] * 4)
    told = words(chart_file(runtime, REFORM, "few", ".svg"))
    assert "Chưa đủ" in told
    assert "100,0%" not in told
    assert chart_file(runtime, REFORM, "few", ".pdf").startswith(b"%PDF")
