"""Trends: a line never crosses a break, an interval is a band, a change is told only where it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from survey.charts import drawing, grid, plot
from survey.charts.theme import FAVOURABLE, HAIR, TARGET
from survey.charts.trend_lines import runs, trend
from survey.statistics import reasons
from survey.statistics.results import SeriesResult, WavePoint
from survey.texts import texts
from tests.charts.drawings import colliding, lines, outside, strokes, words
from tests.factories.charted import difference, series

VI, EN = texts("vi"), texts("en")


def drawn(one: SeriesResult) -> bytes:
    return drawing.alone([trend(one, VI, "vi")])


def data_lines(svg: bytes) -> list[list[tuple[float, float]]]:
    return [run for run in strokes(svg, FAVOURABLE[1]) if len(run) > 1]


def test_the_national_index_is_drawn_as_two_lines_parted_at_the_change_of_method() -> None:
    svg = drawn(series())
    line_1, line_2 = data_lines(svg)[-2:]
    assert (len(line_1), len(line_2)) == (3, 3)
    centre = {one.text: (one.left + one.right) / 2 for one in lines(svg)}
    assert abs(line_1[-1][0] - centre["2020"]) < 0.1 and abs(line_2[0][0] - centre["2022"]) < 0.1
    assert runs(series()) == ((0, 1, 2), (3, 4, 5))
    assert "Ngắt chuỗi trước 2022: Phương pháp đo mới." in words(svg)


def test_without_the_break_the_line_is_one() -> None:
    unbroken = replace(series(), points=tuple(replace(one, breaks="") for one in series().points))
    assert max(len(run) for run in data_lines(drawn(unbroken))) == 6


def test_values_and_bases_are_printed_and_heights_follow_them() -> None:
    svg = drawn(series())
    told = words(svg)
    assert all(value in told for value in ("82,99%", "84,45%", "85,48%", "80,08%", "83,94%", "n = 30.000"))
    (first, *_, last) = data_lines(svg)[-2]
    up = {tick.text: tick.baseline for tick in lines(svg) if tick.text in ("80%", "85%")}
    per_point = (up["80%"] - up["85%"]) / 5
    assert abs((first[1] - last[1]) / per_point - (85.48 - 82.99)) < 0.02


def test_the_target_is_dashed_and_named() -> None:
    svg = drawn(series())
    assert "Mục tiêu: 90,00%" in words(svg)
    assert svg.decode().count(f'stroke="{TARGET}"') == 2 == svg.decode().count('stroke-dasharray="4 2.5"')
    assert TARGET not in drawn(replace(series(), target=None)).decode()


def test_a_change_is_told_only_where_it_is_shown() -> None:
    assert "2024 cao hơn 2023 1,28 điểm phần trăm." in trend(series(), VI, "vi").told
    *others, last = series().points
    silent = replace(series(), points=(*others, replace(last, change=difference(1.28, shown=False))))
    told = trend(silent, VI, "vi").told
    assert "Chưa đủ căn cứ cho thấy 2024 khác 2023." in told and "1,28" not in told
    fallen = replace(series(), points=(*others, replace(last, change=difference(-1.5, shown=True))))
    assert "2024 is lower than 2023 by 1.50 percentage points." in trend(fallen, EN, "en").told
    broken = replace(series(), points=(*others, replace(last, breaks="Thang đo mới.")))
    assert "cao hơn" not in trend(broken, VI, "vi").told


def test_a_wave_that_may_not_be_shown_leaves_a_gap_and_its_reason() -> None:
    points = list(series().points)
    points[4] = replace(points[4], value=None, interval=None, base=None, suppressed=reasons.TOO_FEW)
    gapped = replace(series(), points=tuple(points))
    svg = drawn(gapped)
    assert runs(gapped) == ((0, 1, 2), (3,), (5,))
    assert f"2023: {VI(reasons.TOO_FEW)[:30]}" in words(svg)
    assert "82,66%" not in words(svg)


def test_a_small_wave_is_a_ring_with_a_star() -> None:
    small = replace(series(), points=tuple(replace(one, base=29) for one in series().points))
    assert "n = 29*" in words(drawn(small)) and "Dưới 30 câu trả lời" in words(drawn(small))
    assert "Dưới 30" not in words(drawn(series()))


def test_waves_stand_by_time_where_they_keep_apart_and_evenly_with_a_word_where_not() -> None:
    svg = drawn(series())
    centre = {one.text: (one.left + one.right) / 2 for one in lines(svg)}
    assert abs((centre["2022"] - centre["2020"]) / (centre["2020"] - centre["2019"]) - 2.0) < 0.02
    assert "cách đều nhau" not in words(svg)
    days = (date(2024, 1, 1), date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15))
    uneven = tuple(WavePoint("s", f"Đợt {day:%d/%m}", day, 80.0, None, 50) for day in days)
    svg = drawn(SeriesResult("m", series().name, "percent", uneven))
    assert "cách đều nhau, không theo khoảng thời gian thực" in words(svg)


def test_an_axis_holds_its_values_in_round_steps_and_never_leaves_the_scale() -> None:
    for values, ends in (
        ([82.0, 91.0], (0.0, 100.0)),
        ([99.9, 100.0], (0.0, 100.0)),
        ([0.0], (0.0, 100.0)),
        ([-0.2, 0.9], (-1.0, 1.0)),
        ([-40.0, 85.0], (-100.0, 100.0)),
        ([120.0, 930.0], (0.0, 1000.0)),
        ([0.0, 4e9], (0.0, 1e10)),
    ):
        axis = plot.axis(values, ends)
        assert ends[0] <= axis.low <= min(values) and max(values) <= axis.high <= ends[1] + 1e-9
        assert 2 <= len(axis.ticks) <= 8


def test_an_index_rescaled_to_a_thousand_has_an_axis_of_few_lines() -> None:
    points = tuple(replace(one, value=one.value and 10 * one.value, interval=None) for one in series().points)
    svg = drawn(replace(series(), unit="points", points=points, target=900.0))
    assert "829,90" in words(svg) and "Mục tiêu: 900,00" in words(svg)
    assert outside(svg) == [] and colliding(svg) == []
    assert len(strokes(svg, HAIR)) < 10
    laid = grid.arrange([grid.Label("Chỉ số")], (), 0.0, 100_000.0)
    assert 100_000 / laid.step <= 20
