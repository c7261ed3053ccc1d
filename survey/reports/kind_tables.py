"""The tables behind trends, rankings, weekly monitoring, heat tables, priorities and funnels, as plain data.

Stage: reports. Every cell is text as people read it. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from survey.charts.figures_text import interval_text, points_text, value_text
from survey.charts.priority_matrix import placed, quadrant_text
from survey.charts.scale_columns import interval
from survey.charts.shares_table import SharesTable
from survey.charts.trend_lines import wave_name
from survey.statistics.results import (
    Figures,
    Priorities,
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
