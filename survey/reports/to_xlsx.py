"""The annex: a whole result as a workbook, with native charts and the method beside the figures.

Reports stage, pure. The same result gives the same bytes. Every number in it is one of the result's; texts are texts,
whatever they look like.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.charts import frame
from survey.charts.lettering import line
from survey.charts.scale_columns import absent, satisfied_name
from survey.definition.variables import Form
from survey.reports import sheets_charts, sheets_figures, sheets_indexes
from survey.reports.facts import facts, without_comments
from survey.reports.method import method
from survey.reports.workbooks import SHARE, WHOLE, Book, workbook
from survey.statistics.results import SurveyResult
from survey.texts import Texts

Quotes = Sequence[tuple[str, str]]


def to_xlsx(result: SurveyResult, t: Texts, language: str, quotes: Quotes = ()) -> bytes:
    """The workbook. ``quotes`` of comments: key of the question and text, personal data masked."""

    def fill(book: Book) -> None:
        _overview(book, result, language)
        factors = sheets_indexes.indexes(book, result, language)
        sheets_figures.questions(book, result, language)
        levels = sheets_figures.shares(book, result, language)
        parts = sheets_figures.choices(book, result, language)
        sheets_figures.crosstables(book, result, language)
        sheets_figures.comparisons(book, result, language)
        waves = sheets_indexes.series(book, result, language)
        sheets_indexes.participation(book, result)
        _comments(book, result, language, quotes)
        sheets_charts.charts(book, levels, [*factors, *parts], waves)
        _method(book, result, language)

    return workbook(result.title.to(language), t, result.cut.as_of, fill)


def _overview(book: Book, result: SurveyResult, language: str) -> None:
    """Who asked what, what the figures describe, the one general question, and what a reader must know."""
    t = book.t
    widths = (30.0, 60.0)
    sheet = book.sheet(t("Overview"), widths, heading=0, portrait=True)
    row = 0

    def text(words: str, **look: Any) -> None:
        """A line or more across both columns."""
        nonlocal row
        if words:
            style = book.look(text_wrap=True, **look)
            sheet.merge_range(row, 0, row, 1, "", style)
            book.put(sheet, row, 0, words, style)
            book.heighten(sheet, row, book.needed(words, sum(widths), style), exactly=True)
            row += 1

    def pair(label: str, value: str) -> None:
        nonlocal row
        book.put(sheet, row, 0, label)
        book.put(sheet, row, 1, value)
        row += 1

    text(result.superior.to(language), font_size=12)
    text(result.office.to(language), font_size=12, bold=True)
    row += 1
    text(t("Data annex to the survey results"), font_size=12)
    text(line(result.title.to(language)), font_size=15, bold=True)
    text(t("Figures as of {day}", day=t.long_day(result.cut.as_of)), italic=True)
    row += 1
    for label, value in facts(result, t, language):
        pair(label, value)
    pair(t("Data cut"), result.cut.hash)
    row += 1
    row = _headline(book, sheet, row, result, language)
    remarks = frame.remarks(result, t)
    if remarks:
        text(t("What every reader must know"), bold=True)
    for remark in remarks:
        text(remark)
    if result.comments is None and any(one.form is Form.TEXT for one in result.questions):
        text(without_comments(t))


def _headline(book: Book, sheet: Any, row: int, result: SurveyResult, language: str) -> int:
    """The one general question, where it has a share to show; gives the next free row."""
    if result.headline is None:
        return row
    t, question = book.t, result.question(result.headline)
    figures, choices = question.figures, question.choices
    if choices is None or not choices.satisfied or absent(figures, t):
        return row
    book.put(sheet, row, 0, line(question.label.to(language)), book.look(bold=True))
    shown: list[tuple[str, float | None, str]] = [
        (satisfied_name(choices, t, language), figures.satisfied_percent, SHARE),
        *zip((t("95% CI from"), t("95% CI to")), figures.interval or (), (SHARE, SHARE), strict=False),
        (t("n"), figures.base, WHOLE),
    ]
    for label, value, form in shown:
        row += 1
        book.put(sheet, row, 0, label)
        book.number(sheet, row, 1, value, form, align="left")
    return row + 2


def _comments(book: Book, result: SurveyResult, language: str, quotes: Quotes) -> None:
    """Quotes, and themes and words by people; each sheet only if there is something on it."""
    t = book.t
    if quotes:
        labels = {one.key: line(one.label.to(language)) for one in result.questions}
        rows = [(t("Code"), t("Question"), t("Comment, personal data masked"))]
        rows += [(key, labels.get(key, ""), text) for key, text in quotes]
        book.table(book.sheet(t("Comments"), [8, 40, 84]), rows)
    comments = result.comments
    if comments is not None and (comments.themes or comments.words):
        sheet = book.sheet(t("Themes and words"), [14, 60, 14])
        book.headings(sheet, [t("Kind"), t("Theme or word"), t("People")], {0, 1})
        found = [(t("Theme"), t(name), people) for name, people in comments.themes]
        found += [(t("Word"), word, people) for word, people in comments.words]
        for row, (kind, name, people) in enumerate(found, 1):
            book.put(sheet, row, 0, kind)
            book.put(sheet, row, 1, name)
            book.number(sheet, row, 2, people)


def _method(book: Book, result: SurveyResult, language: str) -> None:
    sheet = book.sheet(book.t("Method"), [24, 64], heading=0, portrait=True)
    row = 0
    for heading, sentences in method(result, book.t, language):
        book.put(sheet, row, 0, heading, book.look(bold=True, text_wrap=True))
        for sentence in sentences:
            book.put(sheet, row, 1, sentence)
            row += 1
        row += 1
