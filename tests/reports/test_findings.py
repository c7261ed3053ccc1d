"""Findings never claim more than the intervals allow: known cases, and many made-up ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.definition import library
from survey.definition.text import Text
from survey.reports import findings
from survey.reports.findings import Item
from survey.statistics import reasons
from survey.statistics.figures import hidden
from survey.statistics.results import (
    Breakdown,
    Comparison,
    Difference,
    Figures,
    GroupFigures,
    SeriesResult,
    SurveyResult,
    WavePoint,
)
from survey.texts import texts
from tests.factories.results import figures_of, result_of, wilson

VI, EN = texts("vi"), texts("en")


def share(satisfied: int, base: int) -> Figures:
    return Figures(
        base=base,
        counts=None,
        satisfied=satisfied,
        satisfied_percent=100 * satisfied / base,
        interval=wilson(satisfied, base),
    )


def item(label: str, satisfied: int, base: int) -> Item:
    return Item(label, 100 * satisfied / base, wilson(satisfied, base), base)


def with_headline(figures: Figures) -> SurveyResult:
    result = result_of(library.load("conference"))
    return replace(
        result, questions=tuple(replace(one, figures=figures) if one.key == "B7" else one for one in result.questions)
    )


def test_a_share_is_told_with_its_interval_and_base() -> None:
    told = findings.share_sentence(with_headline(share(47, 52)).question("B7"), VI)
    assert told == "47/52 người trả lời (90,4%) chọn “Hài lòng trở lên” (khoảng tin cậy 95%: 79,4% đến 95,8%)."


def test_where_everybody_answered_there_is_no_interval() -> None:
    told = findings.share_sentence(with_headline(replace(share(47, 52), interval=None)).question("B7"), VI)
    assert told == "47/52 người trả lời (90,4%) chọn “Hài lòng trở lên”."


def test_a_suppressed_share_says_why() -> None:
    question = with_headline(hidden(reasons.TOO_FEW)).question("B7")
    assert findings.share_sentence(question, VI) == VI(reasons.TOO_FEW)
    assert findings.majority_sentence(question.figures, VI) == ""


@pytest.mark.parametrize(
    ("satisfied", "base", "said"),
    [
        (47, 52, "trên một nửa"),
        (5, 52, "dưới một nửa"),
        (28, 52, "Chưa đủ căn cứ"),
        (30, 52, "Chưa đủ căn cứ"),
    ],
)
def test_more_than_half_is_said_only_if_the_whole_interval_is(satisfied: int, base: int, said: str) -> None:
    assert said in findings.majority_sentence(share(satisfied, base), VI)


@pytest.mark.parametrize("figures", [share(11, 12), share(29, 29), replace(share(47, 52), interval=None)])
def test_of_few_answers_or_without_an_interval_nothing_is_said_of_a_half(figures: Figures) -> None:
    assert findings.majority_sentence(figures, VI) == ""


@pytest.mark.parametrize(
    ("target", "said"), [(79.0, "Đã đạt"), (79.5, "Chưa đủ căn cứ"), (95.0, "Chưa đủ căn cứ"), (96.0, "Chưa đạt")]
)
def test_a_target_is_reached_only_if_the_whole_interval_reaches_it(target: float, said: str) -> None:
    figures = share(47, 52)
    told = findings.target_sentence(figures.satisfied_percent, figures.interval, figures.base, target, "%", 1, VI)
    assert told.startswith(said)


def test_of_few_answers_no_target_is_called_reached_and_without_an_interval_none_is_named() -> None:
    assert findings.target_sentence(95.0, (90.0, 99.0), 29, 80.0, "%", 1, VI) == ""
    assert findings.target_sentence(95.0, None, 300, 80.0, "%", 1, VI) == "Đã đạt mục tiêu 80,0%."
    assert findings.target_sentence(75.0, None, 300, 80.0, "%", 1, VI) == "Chưa đạt mục tiêu 80,0%."


@pytest.mark.parametrize(("base", "warned"), [(12, True), (29, True), (30, False), (0, False), (None, False)])
def test_under_thirty_answers_are_for_reference_only(base: int | None, warned: bool) -> None:
    assert ("chỉ để tham khảo" in findings.base_sentence(base, VI)) is warned


def test_contents_that_intervals_do_not_tell_apart_are_not_ranked() -> None:
    alike = [item("A", 80, 100), item("B", 76, 100), item("C", 70, 100)]
    assert findings.items_sentences(alike, VI) == ["Chưa đủ căn cứ để kết luận có khác biệt giữa các nội dung."]


def test_one_content_above_all_others_is_named_alone() -> None:
    told = findings.items_sentences([item("A", 190, 200), item("B", 120, 200), item("C", 115, 200)], VI)
    assert told[0] == "Nội dung có tỷ lệ cao nhất: A (95,0%)."
    assert told[1].startswith("Các nội dung có tỷ lệ thấp hơn “A” (95,0%), chưa đủ căn cứ để xếp thứ hạng")


def test_a_best_that_is_told_only_from_the_worst_is_not_called_the_highest() -> None:
    told = findings.items_sentences([item("A", 165, 200), item("B", 150, 200), item("C", 130, 200)], VI)
    assert told == [
        "“A” (82,5%) có tỷ lệ cao hơn “C” (65,0%); ngoài ra, chưa đủ căn cứ để kết luận có khác biệt giữa các nội dung."
    ]


def test_more_contents_need_a_wider_gap() -> None:
    two = [item("A", 160, 200), item("B", 135, 200)]
    assert findings.items_sentences(two, VI)[0] == "Nội dung có tỷ lệ cao nhất: A (80,0%)."
    many = two + [item(str(n), 147, 200) for n in range(18)]
    assert findings.items_sentences(many, VI) == ["Chưa đủ căn cứ để kết luận có khác biệt giữa các nội dung."]


@given(st.lists(st.tuples(st.integers(0, 60), st.just(60)), min_size=2, max_size=12))
def test_nothing_is_put_before_what_its_interval_touches(counts: list[tuple[int, int]]) -> None:
    items = findings.widened([item(str(place), *one) for place, one in enumerate(counts)])
    above, below = findings.extremes(items)
    lowest, highest = min(one.interval[1] for one in items), max(one.interval[0] for one in items)
    assert all(one.interval[0] > min(other.interval[1] for other in items) for one in above)
    assert all(one.interval[1] < highest for one in below)
    assert bool(above) == bool(below) == (highest > lowest)


def test_small_bases_are_not_set_against_each_other() -> None:
    result = result_of(library.load("conference"), people=12)
    assert findings.items_of(result.questions, VI) == ()
    assert findings.items_sentences((), VI)[0].startswith("Có quá ít nội dung")


GROUPS = (("1",), ("2",), ("3",))


def broken_down(*shown: bool) -> tuple[SurveyResult, Breakdown]:
    """A headline by three groups, and which of the pairs 1–2, 1–3, 2–3 are shown to differ."""
    names = ("Doanh nghiệp", "Hợp tác xã", "Cá nhân")
    groups = tuple(
        GroupFigures(codes, Text.of(vi=name), share(satisfied, 60))
        for codes, name, satisfied in zip(GROUPS, names, (30, 55, 40), strict=True)
    )
    pairs = ((0, 1), (0, 2), (1, 2))
    differences = tuple(
        Difference(GROUPS[a], GROUPS[b], -41.7 if b == 1 else 25.0, (-55.0, -25.0), 0.001, 0.003, one)
        for (a, b), one in zip(pairs, shown, strict=True)
    )
    breakdown = Breakdown("B7", "A1", groups)
    result = replace(with_headline(share(125, 180)), comparisons=(Comparison("B7", "A1", differences),))
    return result, breakdown


def test_groups_are_said_to_differ_only_where_the_test_says_so() -> None:
    none = findings.breakdown_sentences(*broken_down(False, False, False), VI)
    assert none == ["Chưa đủ căn cứ để kết luận có khác biệt giữa các nhóm này."]
    one = findings.breakdown_sentences(*broken_down(True, False, False), VI)
    assert one == [
        "“Hợp tác xã” cao hơn “Doanh nghiệp” 41,7 điểm phần trăm (KTC 95%: 25,0 đến 55,0).",
        "Với các cặp nhóm còn lại, chưa đủ căn cứ để kết luận có khác biệt.",
    ]


def test_a_difference_from_a_small_group_is_for_reference_only() -> None:
    result, breakdown = broken_down(True, False, True)
    small = replace(breakdown.groups[0], figures=share(15, 29))
    told = findings.breakdown_sentences(result, replace(breakdown, groups=(small, *breakdown.groups[1:])), VI)
    differ = [one for one in told if "cao hơn" in one]
    assert [one.endswith("Một trong hai nhóm dưới 30 người: chỉ để tham khảo.") for one in differ] == [True, False]


def test_groups_that_were_not_tested_are_not_said_to_differ_or_not() -> None:
    result, breakdown = broken_down(True, True, True)
    told = findings.breakdown_sentences(replace(result, comparisons=()), breakdown, VI)
    assert told == ["Bảng chỉ trình bày các nhóm cạnh nhau; không kiểm định sự khác biệt giữa các nhóm."]


def test_a_breakdown_that_is_left_out_says_why() -> None:
    result, _ = broken_down(True, True, True)
    told = findings.breakdown_sentences(result, Breakdown("B7", "A1", (), reasons.LEFT_OUT), VI)
    assert told == [VI(reasons.LEFT_OUT)]


def test_pooled_groups_are_named() -> None:
    result, breakdown = broken_down(False, False, False)
    away = GroupFigures(("4",), Text.of(vi="Khác"), hidden(reasons.POOLED))
    told = findings.breakdown_sentences(result, replace(breakdown, hidden=(away,)), VI)
    assert told[0] == f"Khác: {VI(reasons.POOLED)}"


def series(points: float, shown: bool, breaks: str = "") -> SeriesResult:
    change = Difference(("now",), ("before",), points, (points - 2, points + 2), 0.01, 0.01, shown)
    return SeriesResult(
        "B7",
        Text.of(vi="Hài lòng chung", en="Overall"),
        "percent",
        (
            WavePoint("old", "năm 2025", date(2025, 10, 1), 80.0, (78.0, 82.0), 300),
            WavePoint("new", "năm 2026", date(2026, 10, 1), 80 + points, (78.0, 90.0), 300, breaks, change),
        ),
    )


def test_a_change_is_told_only_where_it_is_shown() -> None:
    assert findings.wave_sentences(series(5.0, True), "new", VI) == [
        "Hài lòng chung tăng 5,0 điểm phần trăm so với năm 2025 (KTC 95%: 3,0 đến 7,0)."
    ]
    assert findings.wave_sentences(series(-5.0, True), "new", EN) == [
        "Overall fell by 5.0 percentage points since năm 2025 (95% CI 3.0 to 7.0)."
    ]
    assert "chưa đủ căn cứ để kết luận có thay đổi" in findings.wave_sentences(series(5.0, False), "new", VI)[0]


def test_a_method_break_is_not_compared() -> None:
    told = findings.wave_sentences(series(5.0, True, "đổi phiếu khảo sát"), "new", VI)
    assert told == ["Không so sánh Hài lòng chung với kỳ trước, vì: đổi phiếu khảo sát."]


def test_the_first_wave_has_nothing_before_it() -> None:
    assert findings.wave_sentences(series(5.0, True), "old", VI) == []


def test_figures_of_the_factory_agree_with_the_sentence() -> None:
    choices = library.load("conference").by_key["B7"].listed
    figures = figures_of(choices, {"4": 30, "5": 10, "1": 12})
    told = findings.share_sentence(with_headline(figures).question("B7"), EN)
    assert told.startswith("40 of 52 people who answered (76.9%)")
