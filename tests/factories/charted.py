"""What every kind of chart draws, from invented figures that stay the same: for tests and for the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from survey.charts.funnel_bars import Step
from survey.charts.shares_table import Line, SharesTable
from survey.definition.library import load
from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.results import (
    Breakdown,
    Difference,
    Figures,
    GroupFigures,
    Monitoring,
    MonitoringPoint,
    Priorities,
    Priority,
    QuestionResult,
    RankedUnit,
    Ranking,
    SeriesResult,
    SurveyResult,
    WavePoint,
)
from tests.factories.results import figures_of, result_of, wilson

SERVICE = Text.of(vi="Chỉ số hài lòng về dịch vụ hành chính công", en="Satisfaction index of public services")


def share(satisfied: int, base: int) -> Figures:
    """Figures of a group of which only the share is shown."""
    return Figures(base, None, None, satisfied, 100 * satisfied / base, wilson(satisfied, base))


def hidden(reason: str = reasons.POOLED) -> Figures:
    """Figures that may not be shown."""
    return Figures(None, None, suppressed=reason)


def series() -> SeriesResult:
    """The published national index 2018 to 2024, its method changed before 2022, with invented intervals."""
    values = {2018: 82.99, 2019: 84.45, 2020: 85.48, 2022: 80.08, 2023: 82.66, 2024: 83.94}
    points = tuple(
        WavePoint(
            survey=f"sipas-{year}",
            wave=str(year),
            on=date(year, 12, 1),
            value=value,
            interval=(value - 0.9, value + 0.9),
            base=30_000,
            breaks="Phương pháp đo mới." if year == 2022 else "",
            change=difference(1.28, shown=True) if year == 2024 else None,
        )
        for year, value in values.items()
    )
    return SeriesResult("sipas", SERVICE, "percent", points, target=90.0)


def difference(points: float, *, shown: bool) -> Difference:
    """A change from one wave to the next."""
    return Difference(("2",), ("1",), points, (points - 1.0, points + 1.0), 0.01, 0.02 if shown else 0.6, shown)


def monitoring(weeks: int = 16) -> Monitoring:
    """Weeks of uneven size around 84 %, one of them far below."""
    bases = [(37 * week * week + 23) % 60 + 20 for week in range(weeks)]
    shares = [84.0 + ((week * 29) % 13 - 6) * 0.9 for week in range(weeks)]
    points = []
    for week, (base, own) in enumerate(zip(bases, shares, strict=True)):
        spread = 300 * (0.84 * 0.16 / base) ** 0.5
        value = 84.0 - spread - 6.0 if week == 10 else own
        point = MonitoringPoint(
            f"Tuần {week + 27}", value, base, 84.0 - spread, min(100.0, 84.0 + spread), outside=week == 10
        )
        points.append(MonitoringPoint(point.label, None, None, None, None) if week == 5 else point)
    name = Text.of(vi="Hài lòng chung tại Bộ phận Một cửa", en="Overall satisfaction at the one-stop counter")
    return Monitoring("overall", name, tuple(points), 84.0)


UNITS = (
    "Trung tâm Phục vụ hành chính công",
    "Phường số 1",
    "Phường số 2",
    "Xã số 3",
    "Xã số 4",
    "Phường số 5",
    "Xã số 6",
)


def ranking() -> Ranking:
    """Seven units: a tie at the top, one for reference, one hidden."""
    told = (
        (94.2, 2.1, 412, 1, 2),
        (92.6, 2.4, 380, 1, 3),
        (89.8, 2.6, 305, 2, 4),
        (88.1, 3.0, 221, 3, 4),
        (79.4, 4.4, 118, 5, 5),
    )
    units = [
        RankedUnit(name, value, (value - half, min(100.0, value + half)), base, best, worst)
        for name, (value, half, base, best, worst) in zip(UNITS, told, strict=False)
    ]
    units.append(RankedUnit(UNITS[5], 91.0, (73.0, 97.5), 22, None, None, reference=True))
    units.append(RankedUnit(UNITS[6], None, None, None, None, None, suppressed=reasons.TOO_FEW))
    return Ranking("sipas", SERVICE, "percent", tuple(units), target=90.0)


def conference() -> SurveyResult:
    """The conference survey broken down by whom people stand for: two groups shown, two pooled, one left out. What
    everybody said is what the groups said."""
    result = replace(result_of(load("conference")), by="A1", remarks=(reasons.VOLUNTEERS,))
    keys = [question.key for question in result.questions if question.section == "C" and question.form == "scale"]
    listed = result.question("A1").choices
    assert listed is not None
    labels = {one.code: one.label for one in listed.levels}
    rest = Text.of(vi="Các nhóm còn lại", en="The remaining groups")
    breakdowns, general = [], {}
    for place, key in enumerate(keys):
        told = [(50 + place, 70), (62 - 4 * place, 66), (13 + place, 24)]
        general[key] = sum(satisfied for satisfied, _ in told)
        groups = [
            GroupFigures(codes, label, share(*one))
            for (codes, label), one in zip(
                ((("1",), labels["1"]), (("2",), labels["2"]), (("3", "4"), rest)), told, strict=True
            )
        ]
        if place == 3:
            breakdowns.append(Breakdown(key, "A1", (), reasons.LEFT_OUT))
            continue
        if place == 1:
            pooled = tuple(sum(pair) for pair in zip(*told[1:], strict=True))
            groups[1:] = [GroupFigures(("2", "3", "4"), rest, share(*pooled))]
        alone = {code for group in groups if len(group.codes) == 1 for code in group.codes}
        unseen = tuple(GroupFigures((code,), labels[code], hidden()) for code in labels if code not in alone)
        breakdowns.append(Breakdown(key, "A1", tuple(groups), hidden=unseen))
    questions = tuple(_satisfied(one, general[one.key]) if one.key in general else one for one in result.questions)
    result = replace(result, breakdowns=tuple(breakdowns), questions=questions)
    return replace(result, priorities=(priorities(result),))


def _satisfied(question: QuestionResult, satisfied: int) -> QuestionResult:
    """160 people of whom so many are satisfied."""
    assert question.choices is not None
    rest = 160 - satisfied
    counts = {"5": satisfied // 3, "4": satisfied - satisfied // 3, "3": rest // 2, "2": rest - rest // 2, "1": 0}
    return replace(question, figures=figures_of(question.choices, counts))


def priorities(result: SurveyResult) -> Priorities:
    """The items of the conference index with their shares, and invented correlations with the overall question."""
    index = result.indexes[0]
    items = [item for factor in index.factors for item in factor.items]
    weights = (0.45, 0.62, 0.58, 0.30, 0.50, 0.28)
    points = tuple(
        Priority(key, result.question(key).figures.satisfied_percent or 0.0, weight, (weight - 0.1, weight + 0.09), 190)
        for key, weight in zip(items, weights, strict=False)
    )
    return Priorities(index.key, index.overall or "", points, 190)


def unit_table() -> SharesTable:
    """Five questions in twelve units, one unit without figures, one small."""
    questions = (
        "Nơi tiếp nhận hồ sơ sạch sẽ, thoáng mát, dễ tìm",
        "Thủ tục được niêm yết công khai, đầy đủ, dễ đọc",
        "Công chức hướng dẫn hồ sơ một lần, đầy đủ",
        "Hồ sơ được giải quyết đúng hẹn",
        "Nhìn chung, tôi hài lòng với dịch vụ của cơ quan",
    )
    columns = tuple(f"Phường, xã số {number}" for number in range(1, 13))
    lines = []
    for place, label in enumerate(questions):
        satisfied = [29 + (unit * 7 + place * 5) % 23 for unit in range(12)]
        cells = [share(one, 52) for one in satisfied]
        cells[4] = hidden(reasons.TOO_FEW)
        cells[9] = share(18, 22)
        everybody = share(sum(satisfied) - satisfied[4] - satisfied[9] + 18, 10 * 52 + 22)
        lines.append(Line(f"Q{place}", label, (*cells, everybody), general=place == 4))
    return SharesTable("Mức độ hài lòng theo đơn vị", "đơn vị", (*columns, "Tất cả"), tuple(lines), everybody=True)


def steps() -> tuple[Step, ...]:
    """Handed out to completed."""
    return (
        Step("Số phiếu phát ra", 240),
        Step("Lượt mở trang", 214),
        Step("Bắt đầu trả lời", 198),
        Step("Hoàn thành", 186),
    )
