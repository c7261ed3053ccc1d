"""The tables behind trends, rankings, weekly monitoring, heat tables, priorities and funnels, as plain data.

Stage: reports. Every cell is text as people read it. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from survey.charts.figures_text import interval_text, points_text, value_text
from survey.charts.funnel_bars import Step, part_before
from survey.charts.priority_matrix import placed, quadrant_text
from survey.charts.ranking_dots import order, place_text
from survey.charts.scale_columns import interval
from survey.charts.shares_table import SharesTable
from survey.charts.trend_lines import wave_name
from survey.statistics.results import (
    Figures,
    Monitoring,
    MonitoringPoint,
    Priorities,
    Ranking,
    SeriesResult,
    SurveyResult,
    WavePoint,
)
from survey.texts import Texts

Row = dict[str, Any]
"""``label``; ``cells``, each an upper and a lower line, or ``words`` in place of them; ``general`` rows are bold."""

LONGEST_HEAD = 80
"""Characters of a column's heading; the chart above it has more room."""


MOST_WITH_INTERVAL = 5
"""Columns of shares that have room for their intervals."""


def table_of(head: list[str], rows: list[Row], *, levels: int = 0) -> dict[str, Any]:
    """``head`` (first the column of labels), ``rows``, and how many columns after the first are levels of a scale."""
    short = [name if len(name) <= LONGEST_HEAD else f"{name[:LONGEST_HEAD].rstrip()}…" for name in head]
    return {"head": short, "rows": rows, "levels": levels}


def series_table(series: SeriesResult, t: Texts) -> dict[str, Any]:
    """A row for each wave: day, value over interval, n, change where it is shown, and why a wave is not comparable."""
    value = f"{t('Value')} {t('(95% CI)')}"
    head = [t("Wave"), t("Day"), value, t("n"), t("Change"), t("Comparable with the wave before")]
    return table_of(head, [_wave(point, place, series.unit, t) for place, point in enumerate(series.points)])


def _wave(point: WavePoint, place: int, unit: str, t: Texts) -> Row:
    if point.suppressed:
        return _row(wave_name(point, t), (), words=t(point.suppressed))
    comparable = "–" if place == 0 else t("No: {reason}", reason=t(point.breaks)) if point.breaks else t("Yes")
    cells = [
        [t.day(point.on), ""],
        [value_text(point.value, unit, t), interval_text(point.interval, t)],
        ["–" if point.base is None else t.number(point.base), ""],
        [_change(point, unit, t), ""],
        [comparable, ""],
    ]
    return {"label": wave_name(point, t), "cells": cells, "general": False, "words": ""}


def _change(point: WavePoint, unit: str, t: Texts) -> str:
    if point.change is None or point.breaks:
        return "–"
    if not point.change.shown:
        return t("not shown to differ")
    return ("+" if point.change.points > 0 else "−") + points_text(abs(point.change.points), unit, t)


def ranking_table(ranked: Ranking, t: Texts) -> dict[str, Any]:
    """A row for each unit: rank or range of ranks, value, interval, n."""
    head = [t("Unit"), t("Rank"), t("Value"), t("(95% CI)"), t("n")]
    rows = []
    for unit in order(ranked):
        if unit.value is None:
            rows.append(_row(unit.unit, (), words=t(unit.suppressed) if unit.suppressed else "–"))
            continue
        rank = t("for reference") if unit.best is None else place_text(unit, t)
        base = "–" if unit.base is None else t.number(unit.base)
        told = (rank, value_text(unit.value, ranked.unit, t), interval_text(unit.interval, t) or "–", base)
        rows.append(_row(unit.unit, told))
    return table_of(head, rows)


def monitoring_table(monitoring: Monitoring, t: Texts) -> dict[str, Any]:
    """A row for each week: share, n, limits, and whether it lies beyond them."""
    head = [t("Week"), t("Share"), t("n"), t("Lower limit"), t("Upper limit"), t("Beyond the limits")]
    rows = [_week(point, t) for point in monitoring.points]
    if monitoring.centre is not None:
        rows.append(_row(t("All weeks"), (t.percent(monitoring.centre), "–", "–", "–", "–"), general=True))
    return table_of(head, rows)


def _week(point: MonitoringPoint, t: Texts) -> Row:
    if point.share is None:
        return _row(point.label, (), words=t("Too few answers in this week."))
    base = "–" if point.base is None else t.number(point.base)
    beyond = t("Yes") if point.outside else t("No")
    return _row(point.label, (t.percent(point.share), base, t.percent(point.low), t.percent(point.high), beyond))


def funnel_table(steps: Sequence[Step], t: Texts) -> dict[str, Any]:
    """A row for each step: count and part of the step before."""
    rows = [
        _row(step.label, (t("not known") if step.count is None else t.number(step.count), part_before(steps, place, t)))
        for place, step in enumerate(steps)
    ]
    return table_of([t("Step"), t("Count"), t("Of the step before")], rows)


def shares_table(table: SharesTable, t: Texts) -> dict[str, Any]:
    """A row for each question, and for each group its share over interval and n; among many groups n alone."""
    wide = len(table.columns) > MOST_WITH_INTERVAL
    rows = [
        {
            "label": one.label,
            "cells": [_cell(cell, t, wide=wide) for cell in one.cells],
            "general": one.general,
            "words": "",
        }
        for one in table.lines
    ]
    return table_of([t("Item"), *table.columns], rows)


def _cell(cell: Figures | None, t: Texts, *, wide: bool) -> list[str]:
    if cell is None:
        return ["–", ""]
    if cell.suppressed:
        return [t("not shown"), ""]
    base = "" if cell.base is None else f"n\u00a0=\u00a0{t.number(cell.base)}"
    parts = (base,) if wide else (interval(cell, t), base)
    return [t.percent(cell.satisfied_percent), "; ".join(part for part in parts if part)]


def priority_table(result: SurveyResult, priorities: Priorities, t: Texts, language: str) -> dict[str, Any]:
    """A row for each item: share satisfied and importance with their intervals, and the quadrant as far as it is
    certain."""
    if priorities.suppressed:
        return table_of([], [])
    head = [t("Item"), t("Satisfied"), t("(95% CI)"), t("Importance"), t("(95% CI)"), t("Quadrant")]
    rows = [
        _row(
            f"{one.number}. {one.label}",
            (
                t.percent(one.point.performance),
                "–" if one.around is None else "–".join(t.number(bound, 1) for bound in one.around),
                t.number(one.point.importance, 2),
                "–" if one.point.interval is None else " – ".join(t.number(bound, 2) for bound in one.point.interval),
                quadrant_text(one, t),
            ),
        )
        for one in placed(result, priorities, language)
    ]
    return table_of(head, rows)


def _row(label: str, cells: Iterable[str], *, general: bool = False, words: str = "") -> Row:
    return {"label": label, "cells": [[text, ""] for text in cells], "general": general, "words": words}
