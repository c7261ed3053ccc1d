"""The tables behind the charts of the chart book: counts, base, and what is missing told apart, as plain data.

Stage: reports. Every cell is text as people read it; the template only sets it. Computes nothing but shares of counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.charts.index_dots import rule_name, value_text
from survey.charts.plan import Chart, SideBySide
from survey.charts.scale_columns import absent, interval, satisfied_name
from survey.definition.choices import ChoiceList
from survey.reports.kind_tables import Row, priority_table, series_table, shares_table
from survey.reports.kind_tables import table_of as _table
from survey.statistics.results import (
    NO_ANSWER,
    NOT_ASKED,
    Breakdown,
    Figures,
    IndexResult,
    Priorities,
    QuestionResult,
    SeriesResult,
    SurveyResult,
)
from survey.texts import Texts

MOST_LABELLED = 5
"""A scale with more levels heads its columns with their numbers; the chart's key names them."""

MOST_BESIDE = 7
"""More choices than these stand below each other."""


def table(result: SurveyResult, chart: Chart, t: Texts, language: str) -> dict[str, Any]:
    """``head`` (first the column of labels), ``rows``, and how many columns after the first are levels of a scale,
    which look best equally wide."""
    match chart.subject:
        case IndexResult() as index:
            return _table(*_index(result, index, t, language))
        case QuestionResult() as question:
            return _choice(question, t, language)
        case Breakdown() as breakdown:
            return _table(*_comparison(result, breakdown, t, language))
        case Priorities() as priorities:
            return priority_table(result, priorities, t, language)
        case SeriesResult() as series:
            return series_table(series, t)
        case SideBySide() as beside:
            return shares_table(beside.table(result, t, language), t)
        case questions:
            return _table(*_scale(result, questions, t, language), levels=len(_listed(questions[0]).levels))


def _scale(
    result: SurveyResult, questions: Sequence[QuestionResult], t: Texts, language: str
) -> tuple[list[str], list[Row]]:
    choices = _listed(questions[0])
    few = len(choices.levels) <= MOST_LABELLED
    levels = [one.label.to(language) if few else str(number) for number, one in enumerate(choices.levels, 1)]
    missing = _missing(choices, [question.figures for question in questions], t, language)
    general = {result.headline, *(index.overall for index in result.indexes)}
    head = [t("Item"), *levels, t("n"), t("Mean"), *missing.values()]
    return head, [
        _row(
            question.label.to(language).strip() or question.key,
            _scale_cells(question.figures, choices, tuple(missing), t),
            general=question.key in general,
            words=absent(question.figures, t),
        )
        for question in questions
    ]


def _scale_cells(figures: Figures, choices: ChoiceList, missing: Sequence[str], t: Texts) -> list[list[str]]:
    if figures.counts is None:
        return []
    return [
        *(_counted(figures, level.code, t) for level in choices.levels),
        [t.number(figures.base or 0), ""],
        ["–" if figures.mean is None else t.number(figures.mean, 2), ""],
        *([t.number((figures.missing or {}).get(code, 0)), ""] for code in missing),
    ]


def _choice(question: QuestionResult, t: Texts, language: str) -> dict[str, Any]:
    """One row where the choices fit beside each other, else one row for each."""
    choices, figures = _listed(question), question.figures
    if absent(figures, t):
        return _table([], [])
    missing = _missing(choices, [figures], t, language)
    told = [(one.label.to(language), _counted(figures, one.code, t)) for one in choices.levels]
    told.append((t("n"), [t.number(figures.base or 0), ""]))
    told += [(name, [t.number((figures.missing or {}).get(code, 0)), ""]) for code, name in missing.items()]
    if len(choices.levels) <= MOST_BESIDE:
        return _table([t("Choice"), *(name for name, _ in told)], [_row(t("Count"), [cell for _, cell in told])])
    rows = [_row(name, [[count, ""], [share or "–", ""]]) for name, (count, share) in told]
    return _table([t("Choice"), t("Count"), t("Share")], rows)


def _index(result: SurveyResult, index: IndexResult, t: Texts, language: str) -> tuple[list[str], list[Row]]:
    rows: list[Row] = []
    for factor in index.factors:
        rows.append(_row(factor.name.to(language), [[value_text(factor.value, index, t), ""]], general=True))
        for key, value in factor.items.items():
            rows.append(_row(f"– {_label(result, key, language)}", [[value_text(value, index, t), ""]]))
    for rule, value in index.values.items():
        own = rule is index.rule
        name = t("Index by the rule: {rule}", rule=rule_name(rule, t))
        rows.append(_row(name, [[value_text(value, index, t), ""]], general=own))
    return [t("Factor and item"), t("Value")], rows


def _comparison(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> tuple[list[str], list[Row]]:
    question = result.question(breakdown.key)
    rows: list[Row] = [
        _row(
            group.label.to(language),
            _shares(group.figures, t),
            words=group.figures.suppressed and t(group.figures.suppressed),
        )
        for group in breakdown.groups
    ]
    if rows:
        rows.append(_row(t("Everybody"), _shares(question.figures, t), general=True))
    name = satisfied_name(_listed(question), t, language)
    return [t("Group"), name, t("(95% CI)"), t("Count"), t("n")], rows


def _shares(figures: Figures, t: Texts) -> list[list[str]]:
    satisfied = "–" if figures.satisfied is None else t.number(figures.satisfied)
    base = "–" if figures.base is None else t.number(figures.base)
    return [[text, ""] for text in (t.percent(figures.satisfied_percent), interval(figures, t) or "–", satisfied, base)]


def _row(label: str, cells: list[list[str]], *, general: bool = False, words: str = "") -> Row:
    return {"label": label, "cells": cells, "general": general, "words": words}


def _counted(figures: Figures, code: str, t: Texts) -> list[str]:
    return [t.number((figures.counts or {}).get(code, 0)), t.percent(figures.percent(code))]


def _missing(choices: ChoiceList, rows: Sequence[Figures], t: Texts, language: str) -> dict[str, str]:
    """Code and heading of each reason for not counting; not asked is told only where somebody was not."""
    names = {one.code: one.label.to(language) for one in choices.missing} | {NO_ANSWER: t("Left blank")}
    asked_all = all(not (one.missing or {}).get(NOT_ASKED) for one in rows)
    return names if asked_all else names | {NOT_ASKED: t("Not asked")}


def _listed(question: QuestionResult) -> ChoiceList:
    if question.choices is None:
        raise ValueError(f"{question.key} has no choices")
    return question.choices


def _label(result: SurveyResult, key: str, language: str) -> str:
    return next((one.label.to(language) for one in result.questions if one.key == key), key)
