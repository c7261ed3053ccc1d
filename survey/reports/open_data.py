"""Figures that are open to everybody, as a table for spreadsheets: one line for each answer of each question. Pure."""

from __future__ import annotations

import csv
import io

from survey.collection.formulas import guarded
from survey.reports.to_csv import BOM
from survey.statistics.results import Figures, Interval, SurveyResult
from survey.texts import Texts

HEAD = (
    "question",
    "wording",
    "code",
    "answer",
    "people",
    "base",
    "percent",
    "satisfied_percent",
    "interval_low",
    "interval_high",
)


def open_table(result: SurveyResult, t: Texts) -> bytes:
    """CSV in UTF-8 with its mark; numbers with a point and unrounded, as programs read them. Indexes come first, their
    value in ``percent``. What is not shown has empty cells."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(HEAD)
    for index in result.indexes:
        value, base = _plain(index.value), str(index.base) if index.value is not None else ""
        write([index.key, guarded(index.name.to(t.language)), "", "", "", base, value, "", *_ends(index.interval)])
    for question in result.questions:
        figures, wording = question.figures, guarded(question.label.to(t.language))
        if question.choices is None:
            continue
        satisfied = [_plain(figures.satisfied_percent), *_ends(figures.interval)]
        for choice in question.choices.levels:
            count, share = _count(figures, choice.code)
            label = guarded(choice.label.to(t.language))
            base = "" if figures.base is None else str(figures.base)
            write([question.key, wording, choice.code, label, count, base, share, *satisfied])
    return BOM + out.getvalue().encode()


def _count(figures: Figures, code: str) -> tuple[str, str]:
    if figures.counts is None or code not in figures.counts:
        return "", ""
    return str(figures.counts[code]), _plain(figures.percent(code))


def _plain(value: float | None) -> str:
    return "" if value is None else repr(value)


def _ends(interval: Interval | None) -> list[str]:
    return [_plain(end) for end in interval] if interval else ["", ""]
