"""Which charts a result gets, their names, and comparisons of groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.charts import comparison_dots, plan
from survey.charts.theme import NARROW
from survey.definition.library import load
from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.results import Breakdown, Comparison, Difference, Figures, GroupFigures, SurveyResult
from survey.texts import texts
from tests.charts.drawings import colliding, outside, parsed, words
from tests.factories import charted
from tests.factories.results import result_of, wilson

VI = texts("vi")


@pytest.fixture(scope="module")
def compared() -> SurveyResult:
    result = result_of(load("conference"))

    def share(satisfied: int, base: int) -> Figures:
        return Figures(base, None, None, satisfied, 100 * satisfied / base, wilson(satisfied, base))

    pooled = Figures(None, None, suppressed=reasons.POOLED)
    groups = (
        GroupFigures(("1",), Text.of(vi="Doanh nghiệp"), share(47, 52)),
        GroupFigures(("2", "3"), Text.of(vi="Các nhóm còn lại"), share(12, 22)),
    )
    hidden = tuple(GroupFigures((code,), Text.of(vi=f"Nhóm {code}"), pooled) for code in "23")
    breakdowns = (
        Breakdown("C1", "A1", groups, hidden=hidden),
        Breakdown("C2", "A1", (), reasons.LEFT_OUT),
        Breakdown("A3", "A1", groups),
    )
    return replace(result, breakdowns=breakdowns, by="A1")


def test_indexes_come_first_then_sections_with_scales_choices_and_comparisons(compared: SurveyResult) -> None:
    names = [chart.name for chart in plan.charts(compared)]
    assert names[:3] == ["index-conference", "index-service", "index-ddci"]
    assert names[3:] == [
        "choice-A1", "choice-A2", "choice-A3", "choice-A4",
        "scale-B", "choice-B8",
        "scale-C", "choice-C9", "by-C1", "by-C2",
        "scale-D",
        "choice-E3", "choice-E4",
    ]  # fmt: skip
    assert len(set(names)) == len(names)


def test_every_closed_question_is_drawn_once(compared: SurveyResult) -> None:
    drawn: list[str] = []
    for chart in plan.charts(replace(compared, breakdowns=())):
        if isinstance(chart.subject, tuple):
            drawn += [question.key for question in chart.subject]
        elif chart.name.startswith("choice-"):
            drawn.append(chart.name.removeprefix("choice-"))
    assert sorted(drawn) == sorted(question.key for question in compared.questions if question.choices)


def test_a_chart_is_found_by_its_name(compared: SurveyResult) -> None:
    chart = plan.chart(compared, "scale-C")
    assert chart.title(compared, "vi").startswith("Về việc giải quyết thủ tục")
    told = plan.describe(compared, chart, VI, "vi")
    assert told.startswith("Về việc giải quyết thủ tục")
    assert told.index("Tỷ lệ hài lòng cao nhất: ") < told.index("; thấp nhất: ") < told.index("; n = ")
    with pytest.raises(KeyError):
        plan.chart(compared, "scale-Z")


def test_groups_are_compared_by_share_with_interval_and_everybody_below(compared: SurveyResult) -> None:
    told = words(plan.draw(compared, [plan.chart(compared, "by-C1")], VI, "vi"))
    assert "Theo: Quý vị đại diện cho" in told
    assert "Doanh nghiệp 90,4% 79,4–95,8 52" in told
    assert "Các nhóm còn lại 54,5%" in told
    assert "22*" in told
    assert "* Dưới 30 câu trả lời: chỉ để tham khảo." in told
    assert "Nhóm 2, Nhóm 3: Đã gộp vào “Các nhóm còn lại”" in told
    assert told.index("Các nhóm còn lại") < told.index("Tất cả")


def test_a_breakdown_left_out_says_why(compared: SurveyResult) -> None:
    told = words(plan.draw(compared, [plan.chart(compared, "by-C2")], VI, "vi"))
    assert VI(reasons.LEFT_OUT)[:40] in told
    assert "Tất cả" not in told


def test_all_charts_stand_in_one_picture_with_one_source_line(compared: SurveyResult) -> None:
    told = words(plan.draw(compared, list(plan.charts(compared)), VI, "vi"))
    assert told.count("mã số liệu 3f9ac0de3f9a") == 1
    assert all(title in told for title in ("Chỉ số hài lòng về Hội nghị", "Số lao động:", "Môi trường kinh doanh"))
    with pytest.raises(ValueError, match="no chart"):
        plan.draw(compared, [], VI, "vi")


def test_sentences_that_go_with_the_figures_stand_below_them(compared: SurveyResult) -> None:
    said = replace(compared, remarks=(reasons.VOLUNTEERS,), raw=True)
    told = words(plan.draw(said, [plan.chart(said, "scale-B")], VI, "vi"))
    assert VI(reasons.VOLUNTEERS)[:30] in told
    assert "Số liệu thô, chỉ dành cho người vận hành" in told
    assert "Số liệu thô" not in words(plan.draw(compared, [plan.chart(compared, "scale-B")], VI, "vi"))


def test_questions_compared_by_one_variable_stand_side_by_side_before_each_alone() -> None:
    result = charted.conference()
    names = [chart.name for chart in plan.charts(result) if chart.section == "C"]
    assert names[:5] == ["scale-C", "choice-C9", "heat-C", "groups-C", "by-C1"]
    assert "priority-conference" in [chart.name for chart in plan.charts(result)]
    followed = replace(result, series=(charted.series(),))
    assert "trend-sipas" in [chart.name for chart in plan.charts(followed)]
    for chart in plan.charts(followed):
        assert chart.kind in plan.KINDS and chart.name == f"{chart.kind}-{chart.key}"
        assert chart.title(followed, "vi")
        narrow = plan.draw(followed, [chart], VI, "vi", format=NARROW)
        assert colliding(narrow) == [] and outside(narrow) == [] and "…" not in words(narrow)
        svg = plan.draw(followed, [chart], VI, "vi")
        assert colliding(svg) == [] and outside(svg) == []
        found = plan.finding(followed, chart, VI, "vi")
        assert found.endswith((".", ")")) and (parsed(svg)[1].text or "").startswith(found)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_chart_states_its_finding(language: str) -> None:
    result = charted.conference()
    found = {chart.name: plan.finding(result, chart, texts(language), language) for chart in plan.charts(result)}
    if language == "vi":
        assert "Tỷ lệ hài lòng cao nhất: " in found["scale-B"]
        assert "Được chọn nhiều nhất: " in found["choice-A1"]
        assert "khoảng tin cậy 95%: " in found["index-conference"]
    else:
        assert "Highest share satisfied: " in found["scale-B"]
        assert "Named most: " in found["choice-A1"]
        assert "95% confidence interval " in found["index-conference"]


def test_differences_between_groups_are_told_as_far_as_they_are_shown(compared: SurveyResult) -> None:
    first, second = ("1",), ("2", "3")
    shown = Difference(second, first, -35.8, (-57.0, -13.1), 0.001, 0.004, shown=True)

    def told(*differences: Difference) -> str:
        result = replace(compared, comparisons=(Comparison("C1", "A1", differences),))
        chart = plan.chart(result, "by-C1")
        drawn = words(plan.draw(result, [chart], VI, "vi"))
        assert all(one in drawn for one in comparison_dots.difference_sentences(result, result.breakdowns[0], VI, "vi"))
        return plan.finding(result, chart, VI, "vi")

    sentence = "Doanh nghiệp cao hơn Các nhóm còn lại 35,8 điểm phần trăm (KTC 95%: 13,1–57,0)."
    assert told(shown).endswith(sentence)
    unshown = replace(shown, shown=False)
    assert told(unshown).endswith("Chưa đủ căn cứ cho thấy các nhóm khác nhau.")
    assert told(shown, unshown).endswith(f"{sentence} Các cặp nhóm còn lại: chưa đủ căn cứ cho thấy là khác nhau.")
    assert "Còn 2 cặp nhóm khác có khác biệt." in told(*[shown] * 5)


def test_breakdowns_by_further_variables_are_heat_tables_only() -> None:
    result = charted.conference()
    further = tuple(replace(one, by=by) for by in ("A2", "@collector") for one in result.breakdowns)
    names = [chart.name for chart in plan.charts(replace(result, further=further)) if chart.section == "C"]
    assert names[-2:] == ["heat-C-A2", "heat-C-collector"]
    assert names[:-2] == [chart.name for chart in plan.charts(result) if chart.section == "C"]
    lonely = replace(result, further=further[:1])
    assert [chart.name for chart in plan.charts(lonely)] == [chart.name for chart in plan.charts(result)]
    told = words(
        plan.draw(
            replace(result, further=further),
            [plan.chart(replace(result, further=further), "heat-C-collector")],
            VI,
            "vi",
        )
    )
    assert "Theo: kênh thu phiếu" in told
