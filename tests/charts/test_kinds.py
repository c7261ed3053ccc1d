"""What holds for every kind of chart: nothing cut, nothing covered, nothing live, a sentence instead of nothing."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from survey.charts import drawing
from survey.charts.drawing import Drawing
from survey.charts.funnel_bars import Step, funnel
from survey.charts.heat_table import heat_table
from survey.charts.p_chart import p_chart
from survey.charts.priority_matrix import priority_matrix
from survey.charts.ranking_dots import ranking
from survey.charts.shares_table import Line, SharesTable, from_breakdowns
from survey.charts.small_multiples import small_multiples
from survey.charts.theme import NARROW, WIDE
from survey.charts.trend_lines import trend
from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.results import (
    Monitoring,
    MonitoringPoint,
    Priorities,
    Priority,
    RankedUnit,
    Ranking,
    SeriesResult,
    WavePoint,
)
from survey.texts import texts
from tests.charts.drawings import colliding, lines, outside, parsed, touching, words
from tests.charts.test_render import LIVE, markup
from tests.factories import charted

VI, EN = texts("vi"), texts("en")
HOSTILE = [
    r"$\foo$ _{x}^2 \frac",
    "<script>alert(1)</script> & \" '",
    "=cmd|' /C calc'!A0",
    "x" * 500,
    "Ủy ban nhân dân phường Ễ Ự " * 20,
    unicodedata.normalize("NFD", "Trường Tiểu học Nguyễn Huệ"),
    "",
    "😀 \x00\u202e",
]


def table(language: str = "vi") -> SharesTable:
    result = charted.conference()
    return from_breakdowns(result, result.breakdowns, "Giải quyết thủ tục", "đối tượng", texts(language), language)


def matrix(language: str = "vi") -> Drawing:
    result = charted.conference()
    return priority_matrix(result, result.priorities[0], texts(language), language)


KINDS: dict[str, Callable[[str], Drawing]] = {
    "trend": lambda language: trend(charted.series(), texts(language), language),
    "p-chart": lambda language: p_chart(charted.monitoring(), texts(language), language),
    "ranking": lambda language: ranking(charted.ranking(), texts(language), language)[0],
    "heat": lambda language: heat_table(table(language), texts(language)),
    "heat of units": lambda language: heat_table(charted.unit_table(), texts(language)),
    "multiples": lambda language: small_multiples(table(language), texts(language)),
    "multiples of units": lambda language: small_multiples(charted.unit_table(), texts(language)),
    "priority": matrix,
    "funnel": lambda language: funnel("Tham gia", charted.steps(), texts(language)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_its_texts_on_the_sheet_and_apart_in_both_languages(kind: str) -> None:
    for language in ("vi", "en"):
        svg = drawing.alone([KINDS[kind](language)])
        assert outside(svg) == []
        assert colliding(svg) == []
        assert not LIVE.search(markup(svg))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fits_a_phone_with_letters_that_can_be_read_and_no_label_cut(kind: str) -> None:
    for language in ("vi", "en"):
        svg = drawing.alone([KINDS[kind](language)], format=NARROW)
        assert outside(svg) == [] and colliding(svg) == [] and touching(svg) == []
        assert "…" not in words(svg)
        wide = float(parsed(svg).attrib["viewBox"].split()[2])
        assert min(one.size for one in lines(svg)) * 288 / wide >= 10.9, "pixels on a phone of 320"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_in_a_sentence_that_stands_in_the_file_and_is_the_same_each_time(kind: str) -> None:
    vietnamese, english = (KINDS[kind](language) for language in ("vi", "en"))
    assert vietnamese.told.endswith((".", ")")) and vietnamese.told != english.told
    first, again = (drawing.part(KINDS[kind]("vi")) for _ in range(2))
    assert first == again
    assert first.told in first.svg.decode().replace("&amp;", "&")
    assert len(drawing.alone([vietnamese])) < 80_000


def test_a_text_over_another_and_one_beyond_the_sheet_would_be_found() -> None:
    svg = drawing.alone([KINDS["funnel"]("vi")])
    twice = svg.replace(b"</svg>", b'<text x="14" y="33">Tham</text><text x="-4" y="120">x</text></svg>')
    assert colliding(twice) and outside(twice) == ["x"]


def labelled(labels: list[str]) -> dict[str, Drawing]:
    """Every kind with these eight labels."""
    names = [Text.of(vi=one) for one in labels]
    days = [date(2026, 1, 1 + number) for number in range(len(labels))]
    waves = tuple(WavePoint("s", one, day, 80.0, (70.0, 90.0), 40) for one, day in zip(labels, days, strict=True))
    units = tuple(RankedUnit(one, 80.0, (70.0, 90.0), 40, 1, 8) for one in labels)
    weeks = tuple(MonitoringPoint(one, 80.0, 40, 60.0, 95.0) for one in labels)
    shares = SharesTable(
        labels[0],
        labels[4],
        tuple(labels),
        tuple(
            Line(f"Q{number}", one, tuple(charted.share(30, 40) for _ in labels)) for number, one in enumerate(labels)
        ),
    )
    result = charted.conference()
    questions = list(result.questions)
    points = []
    for number, name in enumerate(names):
        questions[number] = replace(questions[number], label=name)
        points.append(
            Priority(questions[number].key, 60.0 + number, 0.1 * number, (0.1 * number - 0.2, 0.1 * number + 0.1), 90)
        )
    named = replace(result, questions=tuple(questions))
    return {
        "trend": trend(SeriesResult("m", names[4], "percent", waves), VI, "vi"),
        "ranking": ranking(Ranking("m", names[3], "points", units), VI, "vi")[0],
        "p-chart": p_chart(Monitoring("m", names[1], weeks, 80.0), VI, "vi"),
        "heat": heat_table(shares, VI),
        "multiples": small_multiples(shares, VI),
        "funnel": funnel(labels[4], [Step(one, 9 - number) for number, one in enumerate(labels)], VI),
        "priority": priority_matrix(named, Priorities("service", "", tuple(points), 90), VI, "vi"),
    }


def test_on_a_phone_two_groups_stand_beside_each_other() -> None:
    first, second, third = (
        next(
            line
            for line in lines(drawing.alone([KINDS["multiples of units"]("vi")], format=NARROW))
            if line.text == one
        )
        for one in ("Phường, xã số 1", "Phường, xã số 2", "Phường, xã số 3")
    )
    assert first.baseline == second.baseline < third.baseline
    assert first.right < second.left and third.left == first.left


@pytest.mark.parametrize("shares", [(0.0, 30.0), (61.0, 64.0), (2.0, 99.0)])
def test_the_numbers_below_a_priority_matrix_stand_apart_on_a_phone(shares: tuple[float, float]) -> None:
    result, told = charted.conference(), charted.conference().priorities[0]
    plain = tuple(replace(one, figures=replace(one.figures, interval=None)) for one in result.questions)
    points = tuple(replace(one, performance=shares[place % 2]) for place, one in enumerate(told.points))
    one = priority_matrix(replace(result, questions=plain), replace(told, points=points), texts("vi"), "vi")
    svg = drawing.alone([one], format=NARROW)
    assert colliding(svg) == [] and outside(svg) == []


def test_hostile_labels_are_drawn_as_text_and_cover_nothing() -> None:
    for (kind, one), form in product(labelled(HOSTILE).items(), (WIDE, NARROW)):
        svg = drawing.alone([one], format=form)
        assert not LIVE.search(markup(svg)), kind
        assert outside(svg) == [], kind
        assert colliding(svg) == [], kind
        assert unicodedata.is_normalized("NFC", svg.decode()), kind
        if kind not in ("p-chart", "trend"):
            assert r"$\foo$" in words(svg).replace("$ ", "$"), kind


def test_marks_stacked_on_letters_touch_nothing_above_or_below() -> None:
    marked = [f"{'ỂỰ ẪỢ Ỗ Ậ ' * number}Ễ" for number in range(1, 9)]
    for kind, one in labelled(marked).items():
        svg = drawing.alone([one])
        assert touching(svg) == [], kind
        assert outside(svg) == [], kind
    for kind, made in KINDS.items():
        assert touching(drawing.alone([made("vi")])) == [], kind


def test_lines_set_too_close_would_be_found() -> None:
    svg = drawing.alone([KINDS["funnel"]("vi")])
    close = svg.replace(b"</svg>", b'<text x="14" y="300">A</text><text x="14" y="309">B</text></svg>')
    assert touching(close) == [("A", "B")]


def test_without_figures_a_sentence_stands_in_place_of_the_chart() -> None:
    name = Text.of(vi="Chỉ số")
    hidden = WavePoint("s", "Đợt 1", date(2026, 1, 1), None, None, None, suppressed=reasons.TOO_FEW)
    result = charted.conference()
    empty = {
        "Chưa có đợt khảo sát nào có số liệu.": trend(SeriesResult("m", name, "percent", ()), VI, "vi"),
        VI(reasons.TOO_FEW): trend(SeriesResult("m", name, "percent", (hidden,)), VI, "vi"),
        "Chưa có đơn vị nào để so sánh.": ranking(Ranking("m", name, "percent", ()), VI, "vi")[0],
        "Chưa có tuần nào đủ số phiếu.": p_chart(Monitoring("m", name, (), None), VI, "vi"),
        "Không có nhóm nào đủ số người để nêu số liệu.": heat_table(SharesTable("T", "x", (), ()), VI),
        "Không có nhóm nào đủ số người": small_multiples(SharesTable("T", "x", (), ()), VI),
        "Chưa đếm được lượt nào.": funnel("Tham gia", [Step("Mở", 0), Step("Xong", None)], VI),
        "Ma trận ưu tiên cần ít nhất 3 nội dung": priority_matrix(result, Priorities("service", "", (), 90), VI, "vi"),
    }
    for sentence, one in empty.items():
        svg = drawing.alone([one])
        told = words(svg)
        assert sentence in told and sentence in one.told, sentence
        assert "100%" not in told


@pytest.mark.parametrize("count", [1, 2, 12, 104])
def test_few_and_many_points_stand_apart(count: int) -> None:
    chance = random.Random(count)
    days = [date.fromordinal(730_000 + 7 * number) for number in range(count)]
    waves = tuple(
        WavePoint("s", f"Đợt {number}", day, chance.uniform(0, 100), None, chance.choice([10, 10**9]))
        for number, day in enumerate(days)
    )
    weeks = charted.monitoring(count)
    units = tuple(
        RankedUnit(f"Đơn vị {number}", chance.uniform(0, 100), (0.0, 100.0), 10**9, 1, count) for number in range(count)
    )
    columns = tuple(f"Đơn vị {number}" for number in range(count))
    shares = SharesTable("T", "đơn vị", columns, (Line("Q", "Câu hỏi", tuple(charted.share(5, 10) for _ in columns)),))
    drawn = [
        trend(SeriesResult("m", Text.of(vi="Chỉ số"), "percent", waves, target=100.0), VI, "vi"),
        p_chart(weeks, VI, "vi"),
        *ranking(Ranking("m", Text.of(vi="Chỉ số"), "percent", units), VI, "vi"),
        heat_table(shares, VI),
        small_multiples(shares, VI),
    ]
    for one in drawn:
        svg = drawing.alone([one])
        assert outside(svg) == []
        assert colliding(svg) == []
    assert len(drawn) == 4 + -(-count // 40)
