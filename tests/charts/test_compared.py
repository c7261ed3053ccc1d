"""Rankings, heat tables, small multiples, the priority matrix, funnels and p-charts say what the figures say."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import pytest

from survey.charts import drawing, plot
from survey.charts.funnel_bars import Step, funnel, steps_of
from survey.charts.heat_table import heat_table
from survey.charts.p_chart import p_chart
from survey.charts.priority_matrix import Quadrant, placed, places, priority_matrix
from survey.charts.ranking_dots import place_text, ranking
from survey.charts.shares_table import from_breakdowns
from survey.charts.small_multiples import small_multiples
from survey.charts.theme import FAVOURABLE, HEAT, QUIET, WIDE
from survey.statistics import reasons
from survey.statistics.results import Channel, Priorities, Priority, SurveyResult
from survey.texts import texts
from tests.charts.drawings import boxes, strokes, words
from tests.factories import charted

VI, EN = texts("vi"), texts("en")


@pytest.fixture(scope="module")
def result() -> SurveyResult:
    return charted.conference()


def test_ties_are_ranges_and_units_for_reference_stand_apart_without_a_rank() -> None:
    (one,) = ranking(charted.ranking(), VI, "vi")
    told = words(drawing.alone([one]))
    assert "Trung tâm Phục vụ hành chính công 1–2 94,20% 92,10–96,30 412" in told
    assert "Xã số 4 5 79,40%" in told
    assert told.index("Xã số 4") < told.index("Chỉ để tham khảo, không xếp hạng") < told.index("Phường số 5 – 91,00%")
    assert told.index("Không nêu số liệu") < told.index("Xã số 6")
    assert "Mục tiêu: 90,00%" in told
    assert [place_text(unit, VI) for unit in charted.ranking().units] == ["1–2", "1–3", "2–4", "3–4", "5", "–", "–"]


def test_a_ranking_names_all_who_share_the_top_and_claims_nothing_when_all_tie() -> None:
    told = ranking(charted.ranking(), EN, "en")[0].told
    assert "Highest, tied where several: Trung tâm Phục vụ hành chính công 94.20%, Phường số 1 92.60%." in told
    tied = tuple(replace(unit, best=1, worst=5) for unit in charted.ranking().units[:5])
    told = ranking(replace(charted.ranking(), units=tied), EN, "en")[0].told
    assert "5 units are not shown to differ." in told and "Highest" not in told


def test_a_heat_table_prints_each_share_and_hatches_what_may_not_be_shown(result: SurveyResult) -> None:
    table = from_breakdowns(result, result.breakdowns, "Thủ tục", "đối tượng", VI, "vi")
    assert table.columns == ("Doanh nghiệp", "Hợp tác xã", "Các nhóm còn lại", "Tất cả")
    svg = drawing.alone([heat_table(table, VI)])
    told = words(svg)
    assert "71,4 93,9 54,2* 78,1" in told, "50/70, 62/66, 13/24 and 125/160"
    cells = [box for box in boxes(svg) if box.fill in HEAT and box.height > 10]
    hatched = sum(cell is not None and bool(cell.suppressed) for one in table.lines for cell in one.cells)
    assert hatched == 4, "three of the question left out, one pooled"
    assert len(cells) == 4 * len(table.lines) - hatched
    # One set of strokes for each hatched cell and one for the key.
    assert svg.decode().count(f'stroke="{QUIET}" stroke-width="0.7"') == hatched + 1
    assert "quá ít người, không nêu" in told and VI(reasons.LEFT_OUT)[:40] in told


def test_colours_of_a_heat_table_begin_where_the_key_says(result: SurveyResult) -> None:
    table = from_breakdowns(result, result.breakdowns[:1], "T", "x", VI, "vi")
    edges = ((499, 0), (500, 1), (649, 1), (650, 2), (799, 2), (800, 3), (899, 3), (900, 4))
    for share, place in edges:
        line = replace(table.lines[0], cells=tuple(charted.share(share, 1000) for _ in table.columns))
        svg = drawing.alone([heat_table(replace(table, lines=(line,)), VI)])
        assert {box.fill for box in boxes(svg) if box.height > 10} - {"#ffffff"} == {HEAT[place]}
    assert "dưới 50%" in words(svg) and "từ 90% trở lên" in words(svg)


def test_many_units_are_numbered_and_named_below() -> None:
    told = words(drawing.alone([heat_table(charted.unit_table(), VI)]))
    assert "12: Phường, xã số 12" in told
    assert told.count("Hồ sơ được giải quyết đúng hẹn") == 2, "two bands"


def test_small_multiples_show_every_group_on_one_axis_beside_everybody(result: SurveyResult) -> None:
    table = from_breakdowns(result, result.breakdowns, "Thủ tục", "đối tượng", VI, "vi")
    svg = drawing.alone([small_multiples(table, VI)])
    told = words(svg)
    assert told.count("0% 50% 100%") == 3
    assert told.count("quá ít người, không nêu") == 4
    ticks = [run for run in strokes(svg, QUIET) if len(run) == 2 and abs(abs(run[0][1] - run[1][1]) - 13.0) < 0.1]
    assert len(ticks) == 3 * len(table.lines) - 4


def test_the_lowest_and_highest_cell_are_told(result: SurveyResult) -> None:
    table = from_breakdowns(result, result.breakdowns, "Service", "people", EN, "en")
    assert "Highest share: 93.9% (Co-operative: " in heat_table(table, EN).told
    assert "lowest: 51.5% (Co-operative: " in heat_table(table, EN).told


def matrix(
    result: SurveyResult, *pairs: tuple[float, float], base: int = 1000, half: float = 0.05
) -> tuple[SurveyResult, Priorities]:
    """The items C1 to C4 with these shares and correlations."""
    shares = dict(zip(("C1", "C2", "C3", "C4"), pairs, strict=True))
    questions = tuple(
        replace(one, figures=charted.share(round(shares[one.key][0] * base / 100), base)) if one.key in shares else one
        for one in result.questions
    )
    told = tuple(
        Priority(key, share, weight, (weight - half, weight + half), base) for key, (share, weight) in shares.items()
    )
    return replace(result, questions=questions), Priorities("service", "C8", told, base)


CORNERS = ((60.0, 0.8), (90.0, 0.8), (60.0, 0.2), (90.0, 0.2))


def test_items_fall_into_the_quadrants_of_martilla_and_james(result: SurveyResult) -> None:
    measured, four = matrix(result, *CORNERS)
    found = placed(measured, four, "vi")
    assert [one.quadrant for one in found] == [Quadrant.IMPROVE, Quadrant.KEEP, Quadrant.LATER, Quadrant.ENOUGH]
    assert all(one.clear for one in found)
    one = priority_matrix(measured, four, VI, "vi")
    told = words(drawing.alone([one]))
    assert all(
        name in told for name in ("Tập trung cải thiện", "Tiếp tục duy trì", "Ưu tiên thấp hơn", "Đã đáp ứng đủ")
    )
    assert f"Tập trung cải thiện: {found[0].label}." in one.told


@pytest.mark.parametrize(("base", "half"), [(10, 0.05), (1000, 0.4)])
def test_an_item_with_an_interval_across_the_parting_is_in_no_quadrant_for_certain(
    result: SurveyResult, base: int, half: float
) -> None:
    """Few people make the shares uncertain, wide correlations the importance; either is enough."""
    measured, wide = matrix(result, *CORNERS, base=base, half=half)
    one = priority_matrix(measured, wide, VI, "vi")
    assert "Chưa đủ căn cứ cho thấy nội dung nào" in one.told
    assert "(chưa chắc chắn)" in words(drawing.alone([one]))


def test_a_priority_matrix_of_few_people_is_refused_with_the_reason(result: SurveyResult) -> None:
    refused = Priorities("service", "C8", (), None, suppressed=reasons.TOO_FEW)
    one = priority_matrix(result, refused, VI, "vi")
    assert VI(reasons.TOO_FEW) in one.told
    assert "0,5" not in words(drawing.alone([one]))


def test_numbers_of_close_items_do_not_cover_each_other() -> None:
    laid = plot.Plot(plot.Axis(0.0, 1.0, 0.2), 0.0, 200.0, plot.LEFT, WIDE.width)
    dots = [(200.0 + (place % 5) * 3.0, 100.0 + (place // 5) * 3.0) for place in range(25)]
    found = places(dots, [str(place) for place in range(25)], laid)
    assert all(hypot(a - c, b - d) >= 8.0 for n, (a, b) in enumerate(found) for c, d in found[n + 1 :])


def test_a_funnel_tells_counts_and_their_part_of_the_step_before() -> None:
    told = words(drawing.alone([funnel("Tham gia", charted.steps(), VI)]))
    assert "Lượt mở trang 214 89,2%" in told and "Hoàn thành 186 93,9%" in told
    assert "không phải tỷ lệ phản hồi" in told
    unknown = [Step("Phát ra", None), Step("Mở", 40), Step("Xong", 60)]
    told = words(drawing.alone([funnel("Tham gia", unknown, VI)]))
    assert "không rõ" in told
    assert "150" not in told, "more than the step before is no part of it"


def test_copies_handed_out_are_known_only_where_every_collectors_are() -> None:
    def channel(handed_out: int | None) -> Channel:
        return Channel("K", "Kênh", "poster", handed_out, 40, 30, 20, 0, 0, 0)

    assert [step.count for step in steps_of([channel(50), channel(60)], VI)] == [110, 80, 60, 40]
    assert [step.count for step in steps_of([channel(50), channel(None)], VI)] == [None, 80, 60, 40]
    assert [step.label for step in steps_of([channel(None)], VI)] == ["Lượt mở", "Bắt đầu trả lời", "Hoàn thành"]


def test_a_bar_of_a_funnel_is_as_long_as_its_count() -> None:
    svg = drawing.alone([funnel("T", [Step("Mở", 200), Step("Xong", 50)], VI)])
    long, short = (box for box in boxes(svg) if box.fill in FAVOURABLE and box.height == 13.0)
    assert short.width / long.width == pytest.approx(0.25, abs=0.001)


def test_a_week_beyond_its_limits_is_a_diamond_with_its_share() -> None:
    one = p_chart(charted.monitoring(), VI, "vi")
    told = words(drawing.alone([one]))
    assert "Ngoài giới hạn: Tuần 37 (" in one.told and "Ngoài giới hạn: Tuần 37 (" in told
    assert "Tính chung các tuần: 84,0%" in told
    assert "Tuần có quá ít phiếu không được vẽ điểm." in told
    calm = replace(charted.monitoring(), points=tuple(replace(p, outside=False) for p in charted.monitoring().points))
    assert "chỉ do ngẫu nhiên" in p_chart(calm, VI, "vi").told


def test_limits_step_with_the_number_of_answers() -> None:
    svg = drawing.alone([p_chart(charted.monitoring(), VI, "vi")])
    dashed = [run for run in strokes(svg, QUIET) if len(run) > 4]
    assert len(dashed) == 4, "low and high, each parted by the week without figures"
    lower = max(dashed, key=lambda run: max(y for _, y in run))
    assert len({y for _, y in lower}) > 3
