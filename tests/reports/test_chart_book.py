"""The chart book: complete, searchable in Vietnamese, accessible, inert, and the same bytes for the same result."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest

from survey.charts import plan
from survey.definition.library import load
from survey.definition.text import Text
from survey.reports.chart_book import chart_book
from survey.reports.chart_tables import table
from survey.statistics import reasons
from survey.statistics.results import Figures, SurveyResult
from survey.texts import texts
from survey.typesetting import pictures
from tests.factories.results import result_of, scale_result

VI, EN = texts("vi"), texts("en")


def pages(pdf: bytes) -> list[str]:
    """What a reader finds and copies on each page: runs of white space count as one space."""
    document = pypdfium2.PdfDocument(pdf)
    texts_ = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts_


@pytest.fixture(scope="module")
def conference() -> SurveyResult:
    return replace(result_of(load("conference")), remarks=(reasons.VOLUNTEERS,))


@pytest.fixture(scope="module")
def book(conference: SurveyResult) -> bytes:
    return chart_book(conference, VI, "vi")


def lost(labels: list[str], told: str) -> list[str]:
    """Labels that a search would not find."""
    return [label for label in labels if label not in told]


def test_every_question_can_be_searched_and_copied_in_vietnamese(conference: SurveyResult, book: bytes) -> None:
    told = " ".join(pages(book))
    labels = [question.label.to("vi") for question in conference.questions if question.choices]
    assert unicodedata.is_normalized("NFC", told)
    assert lost(labels, told) == []
    assert "Thư mời và thông tin được gửi" in told
    assert "gử i" not in told


def test_a_split_word_would_be_noticed(conference: SurveyResult, book: bytes) -> None:
    told = " ".join(pages(book)).replace("gửi", "gử i")
    assert lost([question.label.to("vi") for question in conference.questions if question.choices], told)


def test_the_first_page_says_what_the_figures_describe(conference: SurveyResult, book: bytes) -> None:
    first = pages(book)[0]
    share = VI.percent(conference.question("B7").figures.satisfied_percent)
    for words in (
        "Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp",
        "Số liệu tính đến ngày 06 tháng 02 năm 2026",
        "217 phiếu hoàn thành, 1 phiếu bị loại",
        "214 (sau đợt tổng hợp thứ 3)",
        "Tổng số đối tượng khảo sát (N) 300",
        share,
        VI(reasons.VOLUNTEERS),
        "Số liệu được làm tròn",
        "Khoảng tin cậy (KTC) 95% tính theo Wilson, có hiệu chỉnh",
    ):
        assert words in first, words
    assert not [words for words in ("kế hoạch", "Liên hệ", conference.cut.hash) if words in first]


def test_the_first_page_names_the_superior_the_contact_the_days_and_what_was_selected(conference: SurveyResult) -> None:
    told = replace(
        conference,
        superior=Text.of(vi="Ủy ban nhân dân tỉnh Đồng Tháp"),
        contact="1022, gopy@example.gov.vn",
        collecting=(date(2026, 1, 5), date(2026, 2, 6)),
        cut=replace(conference.cut, filters={"@collector": ("K1", "K2")}),
        selected={"@collector": (Text.of(vi="Sảnh hội trường"), Text.of(vi="Tờ rơi"))},
    )
    first = pages(chart_book(told, VI, "vi"))[0]
    assert first.index("Ủy ban nhân dân tỉnh Đồng Tháp") < first.index("Sở Văn hóa")
    assert "từ 05/01/2026 đến 06/02/2026" in first
    assert "Liên hệ 1022, gopy@example.gov.vn" in first
    assert "Chỉ gồm kênh thu phiếu: Sảnh hội trường, Tờ rơi" in first
    assert "K1" not in first
    half = replace(told, collecting=(None, date(2026, 2, 6)), selected={})
    first = pages(chart_book(half, VI, "vi"))[0]
    assert "theo kế hoạch đến 06/02/2026" in first
    assert "kênh thu phiếu: K1, K2" in first


def test_the_whole_hash_stands_on_the_last_page(conference: SurveyResult, book: bytes) -> None:
    *others, last = (page.replace("\u200b", "") for page in pages(book))
    assert conference.cut.hash in last
    assert not any(conference.cut.hash in page for page in others)


def test_bars_of_choices_carry_their_counts_and_have_no_table_below(conference: SurveyResult, book: bytes) -> None:
    told = " ".join(pages(book))
    assert "Số liệu: Về Hội nghị hôm nay" in told
    choice = next(one for one in plan.charts(conference) if one.name.startswith("choice-"))
    assert f"Số liệu: {choice.title(conference, 'vi')}" not in told
    assert choice.title(conference, "vi") in told


def test_indexes_name_their_rule_and_the_other_rules(book: bytes) -> None:
    told = " ".join(pages(book))
    assert "Cách tính: trung bình cộng các yếu tố. Số người có ít nhất một tiêu chí được tính điểm: 214." in told
    assert "Chỉ số (cách tính: trung bình cộng các tiêu chí)" in told
    assert "không phải chỉ số SIPAS được công bố" in told


def test_page_numbers_stand_in_the_top_margin_from_the_second_page_on(book: bytes) -> None:
    told = pages(book)
    assert [page.split()[0] for page in told[1:]] == [str(number) for number in range(2, len(told) + 1)]
    assert not told[0].startswith("1")
    assert all("Mã số liệu 3f9ac0de3f9a" in page for page in told)


def test_the_book_speaks_english_too(conference: SurveyResult) -> None:
    told = " ".join(pages(chart_book(conference, EN, "en")))
    assert "Overall, how satisfied are you with the conference?" in told
    assert "Figures as of 6 February 2026" in told
    assert "Hài lòng" not in told


def test_the_book_is_tagged_and_its_pictures_have_words(book: bytes) -> None:
    document = pypdfium2.PdfDocument(book)
    assert document.get_metadata_dict()["Title"].startswith("PHIẾU KHẢO SÁT Ý KIẾN")
    assert document.is_tagged()
    assert book.count(b"/Figure") >= 10
    titles = [entry.get_title() for entry in document.get_toc()]
    assert "Về Hội nghị hôm nay" in titles
    assert "Sau Hội nghị, Quý vị có tự nộp được hồ sơ trực tuyến không?" in titles
    document.close()


def test_the_same_result_gives_the_same_bytes(conference: SurveyResult, book: bytes) -> None:
    assert chart_book(conference, VI, "vi") == book
    assert chart_book(replace(conference, released=213), VI, "vi") != book


def test_hostile_texts_are_set_as_text_and_none_is_dropped() -> None:
    hostile = [
        r"$\foo$ #let x = 1; *đậm* @ref <label> \u{202e}",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "chữ 漢字 và ☺",
        unicodedata.normalize("NFD", "người gửi NỄ Ự"),
        "x" * 2000,
        "Rất dài " * 250,
    ]
    pdf = chart_book(scale_result(hostile, [[1, 2, 3, 40, 50]] * len(hostile)), VI, "vi")
    told = " ".join(pages(pdf))
    assert lost([r"$\foo$ #let x = 1; *đậm* @ref <label> \u{202e}", *hostile[1:3]], told) == []
    assert "chữ □□ và ☺" in told
    assert "người gửi NỄ Ự" in told
    squeezed = told.replace(" ", "").replace("\u200b", "")
    assert squeezed.count("Rấtdài") >= 250
    assert squeezed.count("x") >= 2000


def test_nothing_stands_outside_the_page_even_with_forty_items_and_long_levels() -> None:
    result = scale_result(["Công chức hướng dẫn đầy đủ, lịch sự " * 4] * 40, [[40, 30, 5, 40, 50]] * 40)
    listed = result.questions[0].choices
    assert listed is not None
    levels = tuple(replace(level, label=Text.of(vi="Hoàn toàn không hài lòng " * 4)) for level in listed.choices)
    long = tuple(replace(one, choices=replace(listed, choices=levels)) for one in result.questions)
    for picture in pictures(chart_book(replace(result, questions=long), VI, "vi"), 50):
        grey = picture.convert("L")
        width, height = grey.size
        margins = (
            (0, 0, int(width * 0.13), height),
            (int(width * 0.915), 0, width, height),
            (0, int(height * 0.97), width, height),
        )
        assert all(grey.crop(margin).getextrema() == (255, 255) for margin in margins)


def test_tables_tell_counts_base_and_each_kind_of_missing_apart(conference: SurveyResult) -> None:
    question = conference.question("C1")
    figures = replace(
        question.figures,
        base=52,
        counts={"1": 0, "2": 0, "3": 5, "4": 20, "5": 27},
        missing={"not_asked": 1200, "no_answer": 7, "9": 11},
        mean=4.423,
    )
    told = rows(replace(conference, questions=(replace(question, figures=figures),)), "scale-C")
    assert told["head"][-5:] == ["n", "Điểm TB", "Không áp dụng", "Bỏ trống", "Không được hỏi"]
    (row,) = told["rows"]
    assert row["cells"][2:5] == [["5", "9,6%"], ["20", "38,5%"], ["27", "51,9%"]]
    assert [above for above, _ in row["cells"][5:]] == ["52", "4,42", "11", "7", "1.200"]
    assert told["levels"] == 5
    all_asked = replace(question, figures=replace(figures, missing={"not_asked": 0, "no_answer": 7, "9": 11}))
    told = rows(replace(conference, questions=(all_asked,)), "scale-C")
    assert told["head"][-2:] == ["Không áp dụng", "Bỏ trống"]
    assert len(told["rows"][0]["cells"]) == len(told["head"]) - 1


def test_a_hidden_row_of_a_table_has_words_and_no_number(conference: SurveyResult) -> None:
    hidden = replace(conference.question("C1"), figures=Figures(None, None, suppressed=reasons.TOO_FEW))
    (row,) = rows(replace(conference, questions=(hidden,)), "scale-C")["rows"]
    assert row["cells"] == []
    assert row["words"] == VI(reasons.TOO_FEW)


def rows(result: SurveyResult, name: str) -> dict[str, Any]:
    return table(result, plan.chart(result, name), VI, "vi")
