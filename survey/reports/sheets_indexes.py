"""Sheets of a workbook of results: indexes opened to their items, named scores, series over waves, participation.

Reports stage, pure. Numbers stand as the result has them, unrounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.charts.index_dots import rule_name
from survey.charts.lettering import line
from survey.reports.facts import channel_kinds
from survey.reports.sheets_figures import SUBHEAD_COLOUR, Span, shortened
from survey.reports.workbooks import INDEX, MEAN, POINTS, SHARE, WHOLE, Book
from survey.statistics.results import IndexResult, SeriesResult, SurveyResult
from survey.texts import Texts

MEASURES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


def indexes(book: Book, result: SurveyResult, language: str) -> list[Span]:
    """Each index with its rule, factors and items, then scores, weighted values, reliability, priorities and ratios;
    gives the rows of the factors."""
    t = book.t
    heads = [t("Index, factor, item"), t("Value"), t("95% CI from"), t("95% CI to"), t("n"), t("Target"), t("Remark")]
    told = (result.indexes, result.scores, result.weighted, result.reliability, result.priorities, result.ratios)
    if not any(told):
        return []
    sheet = book.sheet(t("Indexes"), [66, 11, 11, 11, 9, 10, 46])
    book.headings(sheet, heads, {0, 6})
    rows = _Rows(book, sheet, len(heads))
    spans = [span for index in result.indexes if (span := _index(rows, result, index, language))]
    _scores(rows, result, language)
    _weights(rows, result, language)
    _reliability(rows, result, language)
    _priorities(rows, result, language)
    _ratios(rows, result, language)
    return spans


class _Rows:
    """The next free row of a sheet of seven columns: label, value, interval, n, target, note."""

    def __init__(self, book: Book, sheet: Any, width: int) -> None:
        self.book, self.sheet, self.width, self.row = book, sheet, width, 0

    def head(self, text: str) -> None:
        """A heading across."""
        self.row += 1
        look = self.book.look(bold=True, bg_color=SUBHEAD_COLOUR)
        self.book.put(self.sheet, self.row, 0, text, look)
        for column in range(1, self.width):
            self.sheet.write_blank(self.row, column, None, look)

    def add(
        self,
        label: str,
        value: float | None,
        form: str,
        interval: tuple[float, float] | None = None,
        base: float | None = None,
        target: float | None = None,
        note: str = "",
        *,
        level: int = 0,
        bold: bool = False,
    ) -> None:
        """A row; what is None stays empty, but for the value."""
        self.row += 1
        book, sheet, row = self.book, self.sheet, self.row
        book.put(sheet, row, 0, label, book.look(text_wrap=True, indent=level, bold=bold))
        book.number(sheet, row, 1, value, form, bold=bold)
        for column, number in enumerate(interval or (), 2):
            book.number(sheet, row, column, number, form)
        if base is not None:
            book.number(sheet, row, 4, base, WHOLE if float(base).is_integer() else "0.0")
        if target is not None:
            book.number(sheet, row, 5, target, form)
        if note:
            book.put(sheet, row, 6, note, book.remark)


def _index(rows: _Rows, result: SurveyResult, index: IndexResult, language: str) -> Span | None:
    t, form = rows.book.t, _form(index.unit)
    rows.head(index.name.to(language))
    note = t(index.suppressed) if index.suppressed else t("Rule: {rule}", rule=rule_name(index.rule, t))
    target = result.targets.get(index.key)
    rows.add(index.name.to(language), index.value, form, index.interval, index.base, target, note, bold=True)
    first = rows.row + 1
    for factor in index.factors:
        rows.add(shortened(factor.name.to(language)), factor.value, form, level=1)
    last = rows.row
    for factor in index.factors:
        for key, value in factor.items.items():
            label = f"{key}. {_label(result, key, language)}"
            left_out = "" if value is not None else t("left out for want of answers")
            rows.add(label, value, form, note=left_out or factor.name.to(language), level=2)
    for rule, value in index.values.items():
        if rule is not index.rule:
            rows.add(t("Index by the rule: {rule}", rule=rule_name(rule, t)), value, form, level=1)
    if last <= first:
        return None
    values: list[list[float | None]] = [[factor.value] for factor in index.factors]
    name = index.name.to(language)
    return Span(t("Indexes"), name, t("Value"), (first, last), 0, (1, 1), values=values, unit=index.unit)


def _scores(rows: _Rows, result: SurveyResult, language: str) -> None:
    t = rows.book.t
    if result.scores:
        rows.head(t("Named scores"))
    for one in result.scores:
        label = f"{MEASURES.get(one.measure, one.measure.upper())}: {one.key}. {_label(result, one.key, language)}"
        form = "+0.0;-0.0;0.0" if one.measure == "nps" else SHARE
        note = t(one.suppressed) if one.suppressed else ""
        rows.add(label, one.value, form, one.interval, one.base, result.targets.get(one.key), note)


def _weights(rows: _Rows, result: SurveyResult, language: str) -> None:
    t = rows.book.t
    if result.weighted:
        rows.head(t("Weighted to a stated population"))
    units = {one.key: one.unit for one in result.indexes}
    for one in result.weighted:
        note = t(
            "design effect {effect}; weighted by {margins}; population: {source}",
            effect=t.number(one.design_effect, 2),
            margins=", ".join(one.margins),
            source=one.source,
        )
        form = _form(units.get(one.index, "percent"))
        told = t(one.suppressed) if one.suppressed else note
        rows.add(_index_name(result, one.index, language), one.value, form, one.interval, one.effective, note=told)


def _reliability(rows: _Rows, result: SurveyResult, language: str) -> None:
    t = rows.book.t
    if result.reliability:
        rows.head(t("Reliability (Cronbach's alpha)"))
    factors = {(index.key, one.key): one.name.to(language) for index in result.indexes for one in index.factors}
    for one in result.reliability:
        name = _index_name(result, one.index, language)
        label = f"{name}: {factors.get((one.index, one.factor), one.factor)}" if one.factor else name
        note = t(one.suppressed) if one.suppressed else ", ".join(one.items)
        rows.add(label, one.alpha, MEAN, None, one.people, None, note)


def _priorities(rows: _Rows, result: SurveyResult, language: str) -> None:
    t = rows.book.t
    for one in result.priorities:
        rows.head(t("Priorities: share satisfied, and importance as a correlation in the note"))
        if one.suppressed:
            rows.add(_index_name(result, one.index, language), None, SHARE, note=t(one.suppressed))
        for point in one.points:
            note = t("importance {value}", value=t.number(point.importance, 2))
            if point.interval is not None:
                note += " " + t("(95% CI {low} to {high})", **_bounds(point.interval, t))
            label = f"{point.key}. {_label(result, point.key, language)}"
            rows.add(label, point.performance, SHARE, None, point.base, None, note, level=1)


def _ratios(rows: _Rows, result: SurveyResult, language: str) -> None:
    t = rows.book.t
    if result.ratios:
        rows.head(t("Ratios from the office's own books; never mixed with what people answered"))
    for one in result.ratios:
        note = " ".join(part for part in (one.formula.to(language), one.note.to(language)) if part)
        rows.add(one.name.to(language), one.value, INDEX, note=note)


def series(book: Book, result: SurveyResult, language: str) -> list[Span]:
    """A row for each wave of each series, an empty one at each break; gives the rows of each series."""
    t = book.t
    spans: list[Span] = []
    if not any(one.points for one in result.series):
        return []
    name = t("Over time")
    sheet = book.sheet(name, [44, 22, 12, 11, 11, 11, 9, 11, 44])
    heads = [t("Measure"), t("Wave"), t("Day"), t("Value"), t("95% CI from"), t("95% CI to"), t("n")]
    heads += [t("Change (points)"), t("Remark")]
    book.headings(sheet, heads, {0, 1, 8})
    row = 0
    for one in result.series:
        span = Span(name, one.name.to(language), t("Value"), (row + 1, row + 1), 1, (3, 3), unit=one.unit)
        for point in one.points:
            if point.breaks and span.values:
                row += 1
                span.values.append([None])
            row += 1
            _wave(book, sheet, row, one, point, language)
            span.values.append([point.value])
        span.rows = (span.rows[0], row)
        spans.append(span)
    return spans


def _wave(book: Book, sheet: Any, row: int, one: SeriesResult, point: Any, language: str) -> None:
    t, form = book.t, _form(one.unit)
    book.put(sheet, row, 0, one.name.to(language))
    book.put(sheet, row, 1, shortened(point.wave))
    sheet.write_datetime(row, 2, point.on, book.look(num_format="dd/mm/yyyy", align="right"))
    if point.value is not None:
        book.number(sheet, row, 3, point.value, form)
    for column, bound in enumerate(point.interval or (), 4):
        book.number(sheet, row, column, bound, form)
    if point.base is not None:
        book.number(sheet, row, 6, point.base)
    notes = [t(point.suppressed)] if point.suppressed else []
    if point.breaks:
        notes.append(t("Not comparable with the wave before: {why}", why=point.breaks))
    if point.change is not None:
        book.number(sheet, row, 7, point.change.points, POINTS)
        notes.append(t("shown to differ") if point.change.shown else t("not shown to differ"))
    book.put(sheet, row, 8, "; ".join(notes), book.remark)


def participation(book: Book, result: SurveyResult) -> None:
    """How far each collector reached."""
    t = book.t
    if not result.channels:
        return
    sheet = book.sheet(t("Participation"), [14, 44, 14, 12, 12, 12, 12, 12, 12, 12])
    heads = [t("Code"), t("Collector"), t("Kind"), t("Handed out"), t("Opened"), t("Started"), t("Answered")]
    heads += [t("of them flagged"), t("Left out"), t("Withdrawn")]
    book.headings(sheet, heads, {0, 1, 2})
    kinds = channel_kinds(t)
    counted: Sequence[tuple[int | None, ...]] = [
        (one.handed_out, one.opened, one.started, one.completed, one.flagged, one.excluded, one.withdrawn)
        for one in result.channels
    ]
    for row, (one, numbers) in enumerate(zip(result.channels, counted, strict=True), 1):
        for column, text in enumerate((one.code, one.name, kinds.get(one.kind, one.kind))):
            book.put(sheet, row, column, text)
        for column, number in enumerate(numbers, 3):
            book.number(sheet, row, column, number)
    total = len(result.channels) + 1
    book.put(sheet, total, 1, t("All together"), book.look(bold=True))
    for column, numbers in enumerate(zip(*counted, strict=True), 3):
        known = [one for one in numbers if one is not None]
        book.number(sheet, total, column, sum(known) if known else None, bold=True)


def _bounds(interval: tuple[float, float], t: Texts) -> dict[str, str]:
    return {"low": t.number(interval[0], 2), "high": t.number(interval[1], 2)}


def _form(unit: str) -> str:
    return INDEX if unit == "percent" else MEAN


def _label(result: SurveyResult, key: str, language: str) -> str:
    return next((line(one.label.to(language)) for one in result.questions if one.key == key), key)


def _index_name(result: SurveyResult, key: str, language: str) -> str:
    return next((line(one.name.to(language)) for one in result.indexes if one.key == key), key)
