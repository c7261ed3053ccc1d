"""Diverging bars: nothing runs into anything, rows are even, and what cannot be drawn is said."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.charts import Order, choices, diverging
from survey.charts.diverging_bars import BAR, THIN_BAR, extent, panels, parts
from survey.charts.theme import shades
from survey.definition.library import load
from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.results import Figures, SurveyResult
from survey.texts import texts
from tests.charts.drawings import Box, boxes, lines, parsed, words
from tests.factories.results import figures_of, result_of, scale_result

VI, EN = texts("vi"), texts("en")
COUNTS = st.lists(st.lists(st.integers(0, 400), min_size=5, max_size=5), min_size=1, max_size=8)


def drawn(result: SurveyResult) -> bytes:
    return diverging(result, result.questions, VI, "vi")


def bars(svg: bytes, levels: int = 5) -> list[Box]:
    """Pieces of bars, without the key and what lies behind numbers."""
    fills = {shade.fill for shade in shades(levels)}
    return [box for box in boxes(svg) if box.fill in fills and box.height in (BAR, THIN_BAR)]


def collisions(pieces: list[Box], svg: bytes) -> list[tuple[Box, str]]:
    """Bars that reach into a text beside them: labels and figures of the same row (numbers in bars are centred)."""
    return [
        (piece, text.text)
        for piece in pieces
        for text in lines(svg)
        if abs(text.baseline - piece.middle) < 20.0 and text.anchor != "middle"
        if text.left < piece.right - 0.05 and text.right > piece.left + 0.05
    ]


@settings(max_examples=12, deadline=None)
@given(COUNTS, st.integers(1, 150))
def test_no_bar_ever_reaches_a_label_or_a_figure(counts: list[list[int]], length: int) -> None:
    label = ("Công chức hướng dẫn đầy đủ, lịch sự " * 5)[:length]
    result = scale_result([label] * len(counts), counts)
    svg = drawn(result)
    assert collisions(bars(svg), svg) == []
    grid = panels(result, result.questions, VI, "vi")[0].grid
    assert all(grid.left - 0.01 <= box.left - 14 and box.right - 14 <= grid.right + 0.01 for box in bars(svg))


def test_a_bar_that_reaches_a_figure_would_be_found() -> None:
    svg = drawn(scale_result(["Tiêu chí"], [[1, 2, 3, 40, 50]]))
    longer = [replace(box, width=box.width + 60.0) for box in bars(svg)]
    assert collisions(longer, svg)


def test_bar_lengths_are_the_shares_and_neutral_lies_half_on_each_side() -> None:
    result = scale_result(["A", "B"], [[10, 20, 30, 25, 15], [0, 0, 50, 0, 50]])
    svg = drawn(result)
    grid = panels(result, result.questions, VI, "vi")[0].grid
    one = grid.x(1.0) - grid.x(0.0)
    first = [box for box in bars(svg) if box.top == bars(svg)[0].top]
    assert [round(box.width / one) for box in first] == [10, 20, 30, 25, 15]
    neutral = first[2]
    assert neutral.left + neutral.width / 2 - 14 == pytest.approx(grid.x(0.0), abs=0.02)
    question = result.questions[0]
    assert question.choices is not None
    assert extent(question.figures, question.choices) == (45.0, 55.0)


def test_rows_stand_evenly_however_long_their_labels() -> None:
    result = scale_result(["Ngắn", "Một nhãn dài hơn nhiều " * 5, "Vừa"], [[1, 2, 3, 40, 50]] * 3)
    tops = sorted({box.top for box in bars(drawn(result))})
    assert tops[1] - tops[0] == pytest.approx(tops[2] - tops[1], abs=0.02)


def test_numbers_are_written_where_they_fit_and_only_there() -> None:
    svg = drawn(scale_result(["Tiêu chí"], [[1, 1, 48, 50, 100]]))
    inside = [
        (text, box)
        for box in bars(svg)
        for text in lines(svg)
        if box.left < (text.left + text.right) / 2 < box.right and box.top < text.baseline < box.top + box.height
    ]
    assert [text.text for text, _ in inside] == ["24", "25", "50"]
    assert all(box.left < text.left and text.right < box.right for text, box in inside)


@pytest.mark.parametrize("levels", [2, 3, 4, 5, 7, 11])
def test_scales_of_any_length_have_their_key_and_bars(levels: int) -> None:
    result = scale_result(["Tiêu chí"], [[10] * levels], satisfied=1)
    svg = drawn(result)
    assert len(bars(svg, levels)) == levels
    assert all(f"Mức {level}" in words(svg) for level in range(1, levels + 1))


def test_share_interval_base_and_answers_outside_the_scale_stand_beside_the_bar() -> None:
    result = result_of(load("conference"))
    question = result.question("C1")
    assert question.choices is not None
    figures = figures_of(question.choices, {"3": 5, "4": 20, "5": 27}, {"9": 11})
    told = words(diverging(result, [replace(question, figures=figures)], VI, "vi"))
    assert "Hài lòng trở lên (KTC 95%)" in told
    assert "90,4% 79,4–95,8 52 11" in told
    english = words(diverging(result, [replace(question, figures=figures)], EN, "en"))
    assert "90.4% 79.4–95.8 52 11" in english
    assert "Satisfied or higher" in english


def test_a_small_base_is_thin_starred_and_explained() -> None:
    svg = drawn(scale_result(["Ít", "Đủ"], [[1, 2, 3, 10, 13], [1, 2, 3, 10, 14]]))
    assert {box.height for box in bars(svg) if box.top == bars(svg)[0].top} == {THIN_BAR}
    assert "29*" in words(svg)
    assert "30*" not in words(svg)
    assert "Thanh mảnh: dưới 30 câu trả lời" in words(svg)
    assert "Thanh mảnh" not in words(drawn(scale_result(["Đủ"], [[1, 2, 3, 10, 14]])))


def test_rows_without_a_bar_say_why() -> None:
    result = scale_result(["Ẩn", "Không ai", "Chỉ tỷ lệ", "Tất cả"], [[0] * 5, [0] * 5, [0] * 5, [0, 0, 0, 0, 40]])
    hidden = Figures(base=None, counts=None, suppressed=reasons.TOO_FEW)
    reduced = Figures(base=22, counts=None, satisfied=11, satisfied_percent=50.0, interval=(30.7, 69.3))
    shown = [hidden, result.questions[1].figures, reduced, result.questions[3].figures]
    pairs = zip(result.questions, shown, strict=True)
    svg = drawn(replace(result, questions=tuple(replace(question, figures=figures) for question, figures in pairs)))
    told = words(svg)
    assert VI(reasons.TOO_FEW)[:20] in told
    assert "Chưa có câu trả lời." in told
    assert "50,0% 30,7–69,3 22*" in told
    assert len(bars(svg)) == 1


def test_general_questions_stand_last_in_bold_whatever_the_order() -> None:
    result = result_of(load("conference"))
    section = [question for question in result.questions if question.section == "B" and question.form == "scale"]
    shuffled = [section[-1], *section[:-1]]
    asked = panels(result, shuffled, VI, "vi")[0]
    assert [question.key for question in asked.questions] == ["B1", "B2", "B3", "B4", "B5", "B6", "B7"]
    shares = [
        question.figures.satisfied_percent or 0.0
        for question in panels(result, shuffled, VI, "vi", Order.SHARE)[0].questions
    ]
    assert shares[:-1] == sorted(shares[:-1], reverse=True)
    bold = [line.text for line in lines(diverging(result, section, VI, "vi")) if line.bold]
    assert "Nhìn chung, Quý vị hài lòng" in bold


def test_forty_rows_are_split_into_parts_with_one_grid() -> None:
    result = scale_result([f"Tiêu chí {n}" for n in range(40)], [[n, 20, 30, 40, 50] for n in range(40)])
    found = list(parts(result, result.questions, VI, "vi", height=560.0))
    assert len(found) == 3
    assert all(float(parsed(one.svg).attrib["height"].removesuffix("pt")) <= 560.0 for one in found)
    told = " ".join(words(one.svg) for one in found)
    assert all(f"Tiêu chí {n} " in told for n in range(40))
    assert len({round(min(line.left for line in lines(one.svg) if line.text == "0%"), 1) for one in found}) == 1


def test_several_choice_lists_give_several_panels() -> None:
    result = result_of(load("conference"))
    both = [result.question("B1"), result.question("D1"), result.question("B2")]
    told = words(diverging(result, both, VI, "vi"))
    assert told.index("Rất hài lòng") < told.index("Rất đồng ý")


def test_decomposed_labels_are_drawn_composed() -> None:
    result = scale_result([unicodedata.normalize("NFD", "Người gửi NỄ Ự")], [[1, 2, 3, 40, 50]])
    svg = drawn(result)
    assert "Người gửi NỄ Ự" in words(svg)
    assert unicodedata.is_normalized("NFC", svg.decode())


def test_what_is_no_scale_is_refused() -> None:
    result = result_of(load("conference"))
    with pytest.raises(ValueError, match="A1"):
        diverging(result, [result.question("A1")], VI, "vi")
    with pytest.raises(ValueError, match="no question"):
        diverging(result, [], VI, "vi")
    with pytest.raises(ValueError, match="E1"):
        choices(result, replace(result.question("E1"), label=Text.of(vi="x")), VI, "vi")
