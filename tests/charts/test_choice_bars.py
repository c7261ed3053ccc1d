"""Choice bars: a share and a count per choice, and who is not among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.charts import choices
from survey.charts.choice_bars import BAR, THIN_BAR
from survey.charts.theme import FAVOURABLE
from survey.definition.library import load
from survey.statistics import reasons
from survey.statistics.results import Figures, QuestionResult, SurveyResult
from survey.texts import texts
from tests.charts.drawings import boxes, words
from tests.factories.results import result_of

VI, EN = texts("vi"), texts("en")


@pytest.fixture(scope="module")
def conference() -> SurveyResult:
    return result_of(load("conference"))


def with_counts(result: SurveyResult, key: str, base: int, counts: dict[str, int], **missing: int) -> QuestionResult:
    told = {"not_asked": 0, "no_answer": 0, **missing}
    return replace(result.question(key), figures=Figures(base=base, counts=counts, missing=told))


def test_each_choice_has_its_share_count_and_bar(conference: SurveyResult) -> None:
    question = with_counts(conference, "A3", 200, {"1": 20, "2": 67, "3": 113}, no_answer=8, not_asked=1200)
    svg = choices(conference, question, VI, "vi")
    told = words(svg)
    assert "Dưới 10 10,0% 20" in told
    assert "Trên 50 56,5% 113" in told
    assert "n = 200 người trả lời. Không tính: không được hỏi 1.200, bỏ trống 8." in told
    bars = [box.width for box in boxes(svg) if box.fill == FAVOURABLE[1] and box.height == BAR]
    assert [width / bars[0] for width in bars] == pytest.approx([1.0, 3.35, 5.65], rel=0.01)
    assert "10.0% 20" in words(choices(conference, question, EN, "en"))


def test_bars_of_fewer_than_thirty_answers_are_thin_and_say_what_they_are_good_for(conference: SurveyResult) -> None:
    for base, high, warned in ((29, THIN_BAR, True), (30, BAR, False)):
        svg = choices(conference, with_counts(conference, "A3", base, {"1": 9, "2": 10, "3": base - 19}), VI, "vi")
        assert {box.height for box in boxes(svg) if box.fill == FAVOURABLE[1]} == {high}
        assert ("Dưới 30 câu trả lời: chỉ để tham khảo." in words(svg)) is warned


def test_a_multiple_choice_says_that_shares_may_exceed_the_whole(conference: SurveyResult) -> None:
    question = with_counts(conference, "A4", 100, {"1": 80, "2": 60, "3": 0, "4": 10})
    assert "tổng các tỷ lệ có thể vượt 100%" in words(choices(conference, question, VI, "vi"))
    single = with_counts(conference, "A3", 100, {"1": 80, "2": 10, "3": 10})
    assert "vượt 100%" not in words(choices(conference, single, VI, "vi"))


def test_what_is_not_shown_says_why(conference: SurveyResult) -> None:
    hidden = replace(conference.question("A3"), figures=Figures(None, None, suppressed=reasons.TOO_FEW))
    assert VI(reasons.TOO_FEW) in words(choices(conference, hidden, VI, "vi"))
    nobody = with_counts(conference, "A3", 0, {"1": 0, "2": 0, "3": 0})
    assert "Chưa có câu trả lời." in words(choices(conference, nobody, VI, "vi"))
    reduced = replace(conference.question("A3"), figures=Figures(22, None))
    assert "Quá ít người để nêu số đếm từng mức." in words(choices(conference, reduced, VI, "vi"))
