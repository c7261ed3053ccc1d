"""Sheets of a workbook of results: questions with their levels, choices, cross-tables, comparisons.

Reports stage, pure. Numbers stand as the result has them, unrounded; how they look is the cell's format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.charts.comparison_dots import grouping_name
from survey.charts.lettering import line
from survey.charts.scale_columns import satisfied_name, small
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.reports.findings import grouped_by
from survey.reports.workbooks import MEAN, POINTS, SHARE, WHOLE, Book
from survey.statistics.results import (
    NO_ANSWER,
    NOT_ASKED,
    Breakdown,
    Figures,
    GroupFigures,
    QuestionResult,
    SurveyResult,
)

LONGEST_LABEL = 200
"""Characters of a label that charts are drawn from."""


@dataclass
class Span:
    """Rows of a sheet that a chart may be drawn from: labels in one column, one column for each level or one in all.
    ``rows`` and ``columns`` are first and last, from 0; ``values`` are what the cells hold, row by row."""

    sheet: str
    title: str
    told: str
    rows: tuple[int, int]
    label: int
    columns: tuple[int, int]
    heads: tuple[str, ...] = ()
    values: list[list[float | None]] = field(default_factory=list)
    unit: str = "percent"


def scales(result: SurveyResult) -> list[tuple[ChoiceList, list[QuestionResult]]]:
    """The scale questions by the scale they share, in the order of asking."""
    found: dict[tuple[Any, ...], tuple[ChoiceList, list[QuestionResult]]] = {}
    for one in result.questions:
        if one.form is Form.SCALE and one.choices is not None:
            found.setdefault((one.choices.choices, one.choices.satisfied), (one.choices, []))[1].append(one)
    return list(found.values())


def shortened(text: str) -> str:
    """A label as a chart can show it; the questionnaire has it in full."""
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL].rstrip()}…"


def numbered(name: str, number: int) -> str:
    """The name of the n-th sheet of its kind."""
    return name if number == 1 else f"{name} ({number})"


def questions(book: Book, result: SurveyResult, language: str) -> None:
    """A sheet for each scale: n, the count at each level, share satisfied with its interval, mean, what is missing."""
    t = book.t
    for number, (choices, asked) in enumerate(scales(result), 1):
        missing = {NO_ANSWER: t("Left blank"), NOT_ASKED: t("Not asked")}
        missing |= {one.code: one.label.to(language) for one in choices.missing}
        missing = {code: name for code, name in missing.items() if any(_of(one.figures.missing, code) for one in asked)}
        noted = any(_note(book, one.figures) for one in asked)
        name = satisfied_name(choices, t, language)
        heads = [
            t("No."),
            t("Code"),
            t("Item"),
            t("n"),
            *(one.label.to(language) for one in choices.levels),
            *((name, t("95% CI from"), t("95% CI to")) if name else ()),
            t("Mean"),
            *missing.values(),
            *((t("Remark"),) if noted else ()),
        ]
        widths: list[float] = [5, 6, 44, 7, *(9 for _ in choices.levels)]
        widths += [*((10, 8, 8) if name else ()), 8, *(8.5 for _ in missing), *((22,) if noted else ())]
        sheet = book.sheet(numbered(t("Scale questions"), number), widths)
        book.headings(sheet, heads, {0, 1, 2, *((len(heads) - 1,) if noted else ())})
        row, section = 0, None
        titles = {one.key: one.title.to(language) for one in result.sections}
        for place, one in enumerate(asked, 1):
            if one.section != section:
                row, section = row + 1, one.section
                _subhead(book, sheet, row, titles.get(section) or "", len(heads))
            row += 1
            figures = one.figures
            book.number(sheet, row, 0, place, align="center")
            book.put(sheet, row, 1, one.key)
            book.put(sheet, row, 2, _label(one, language))
            numbers: list[tuple[float | None, str]] = [(figures.base, WHOLE)]
            numbers += [(_of(figures.counts, level.code), WHOLE) for level in choices.levels]
            if name:
                numbers += [(figures.satisfied_percent, SHARE), *((bound, SHARE) for bound in _interval(figures))]
            numbers.append((figures.mean, MEAN))
            numbers += [(_of(figures.missing, code), WHOLE) for code in missing]
            _numbers(book, sheet, row, 3, numbers)
            if noted:
                book.put(sheet, row, len(heads) - 1, _note(book, figures), book.remark)


def shares(book: Book, result: SurveyResult, language: str) -> list[Span]:
    """A sheet for each scale with the share of each level; gives the rows of each section."""
    t = book.t
    spans: list[Span] = []
    titles = {one.key: one.title.to(language) for one in result.sections}
    for number, (choices, asked) in enumerate(scales(result), 1):
        names = [one.label.to(language) for one in choices.levels]
        title = numbered(t("Shares"), number)
        sheet = book.sheet(title, [24, 50, 7, *(10 for _ in names)])
        book.headings(sheet, [t("Section"), t("Item"), t("n"), *names], {0, 1})
        for row, one in enumerate(asked, 1):
            values = [one.figures.percent(level.code) for level in choices.levels]
            book.put(sheet, row, 0, titles.get(one.section) or "")
            book.put(sheet, row, 1, shortened(f"{one.key}. {_label(one, language)}"))
            _numbers(book, sheet, row, 2, [(one.figures.base, WHOLE), *((value, SHARE) for value in values)])
            if not spans or spans[-1].sheet != title or spans[-1].title != (titles.get(one.section) or ""):
                told = t("Share of answers at each level, in percent")
                columns = (3, 2 + len(names))
                spans.append(Span(title, titles.get(one.section) or "", told, (row, row), 1, columns, tuple(names)))
            spans[-1].rows = (spans[-1].rows[0], row)
            spans[-1].values.append(values)
    return spans


def choices(book: Book, result: SurveyResult, language: str) -> list[Span]:
    """One sheet of every other question: a row for each choice, then what is missing; texts with their number."""
    t = book.t
    spans: list[Span] = []
    asked = [one for one in result.questions if one.form is not Form.SCALE]
    if not asked:
        return []
    name = t("Choices")
    sheet = book.sheet(name, [6, 36, 9, 42, 9, 9, 8, 30])
    heads = [t("Code"), t("Question"), t("Answer code"), t("Choice"), t("Count"), t("Share"), t("n"), t("Remark")]
    book.headings(sheet, heads, {0, 1, 2, 3, 7})
    row = 0
    for one in asked:
        figures, first = one.figures, row + 1
        told = one.choices.levels if one.choices is not None and figures.counts is not None else ()
        for choice in told:
            row += 1
            book.put(sheet, row, 2, choice.code)
            book.put(sheet, row, 3, shortened(choice.label.to(language)))
            count = (figures.counts or {}).get(choice.code, 0)
            _numbers(book, sheet, row, 4, [(count, WHOLE), (figures.percent(choice.code), SHARE)])
        if told:
            span = Span(name, f"{one.key}. {_label(one, language)}", t("Share"), (first, row), 3, (5, 5))
            span.values = [[figures.percent(choice.code)] for choice in told]
            spans.append(span)
        for label, count in _absent(book, one, language):
            row += 1
            book.put(sheet, row, 3, label, book.look(text_wrap=True, italic=True))
            book.number(sheet, row, 4, count)
        row = max(row, first)
        book.put(sheet, first, 0, one.key)
        book.put(sheet, first, 1, _label(one, language), book.look(text_wrap=True, bold=True))
        book.number(sheet, first, 6, figures.base)
        several = t("Several choices were possible: shares may add up to more than 100%.")
        note = _note(book, figures)
        if one.form is Form.TEXT:
            note = note or t("Free text: n people wrote something.")
        told_more = note or (several if one.form is Form.MULTIPLE else "")
        book.put(sheet, first, 7, told_more, book.remark)
    return spans


def crosstables(book: Book, result: SurveyResult, language: str) -> None:
    """Every breakdown: its groups with n, share satisfied and interval, mean, and the levels where they may be told."""
    t = book.t
    broken = [*result.breakdowns, *result.further]
    if not broken:
        return
    most = max((len(_levels(result, one)) for one in broken), default=0)
    heads = [t("Group"), t("n"), t("Satisfied"), t("Share satisfied"), t("95% CI from"), t("95% CI to"), t("Mean")]
    heads += [t("Level {number}", number=n) for n in range(1, most + 1)] + [t("Remark")]
    sheet = book.sheet(t("Cross-tables"), [40, 7, 8, 10, 8, 8, 8, *(9 for _ in range(most)), 26])
    book.headings(sheet, heads, {0, len(heads) - 1})
    row = 0
    for one in broken:
        question, levels = result.question(one.key), _levels(result, one)
        row += 1
        grouping = grouped_by(result, one.by, t)
        title = t("{question} (by {grouping})", question=_label(question, language).rstrip(" :"), grouping=grouping)
        _subhead(book, sheet, row, f"{one.key}. {title}", len(heads), across=FIGURES + 1)
        for place, level in enumerate(levels, FIGURES + 1):
            look = book.look(bold=True, text_wrap=True, bg_color=SUBHEAD_COLOUR, font_size=9, align="right")
            book.put(sheet, row, place, level.label.to(language), look)
        if one.suppressed:
            row += 1
            book.put(sheet, row, 0, t(one.suppressed), book.look(text_wrap=True, italic=True))
            continue
        whole = GroupFigures((), question.label, question.figures)
        for group in (*one.groups, *one.hidden, whole):
            row += 1
            figures = group.figures
            label = t("Everybody") if group is whole else line(group.label.to(language))
            book.put(sheet, row, 0, label, book.look(text_wrap=True, bold=group is whole, indent=1))
            if figures.base is not None:
                numbers = [(figures.base, WHOLE), (figures.satisfied, WHOLE), (figures.satisfied_percent, SHARE)]
                numbers += [*((bound, SHARE) for bound in _interval(figures)), (figures.mean, MEAN)]
                numbers += [(_of(figures.counts, level.code), WHOLE) for level in levels]
                _numbers(book, sheet, row, 1, numbers)
            book.put(sheet, row, len(heads) - 1, _note(book, figures), book.remark)


def comparisons(book: Book, result: SurveyResult, language: str) -> None:
    """Every pair of groups that was compared, with what the test says in words."""
    t = book.t
    if not any(one.differences for one in result.comparisons):
        return
    labels = {
        (one.key, one.by, group.codes): line(group.label.to(language))
        for one in (*result.breakdowns, *result.further)
        for group in one.groups
    }
    heads = [t("By"), t("Question"), t("First group"), t("Second group"), t("Difference (points)"), t("95% CI from")]
    heads += [t("95% CI to"), t("p, corrected"), t("Finding")]
    sheet = book.sheet(t("Comparisons"), [20, 40, 24, 24, 11, 9, 9, 10, 32])
    book.headings(sheet, heads, {0, 1, 2, 3, 8})
    row = 0
    for one in result.comparisons:
        by, question = grouping_name(result, one.by, t, language), _label(result.question(one.key), language)
        for found in one.differences:
            row += 1
            first, second = (
                labels.get((one.key, one.by, codes)) or ", ".join(codes) for codes in (found.first, found.second)
            )
            for column, text in enumerate((by, f"{one.key}. {question}", first, second)):
                book.put(sheet, row, column, text)
            numbers: list[tuple[float | None, str]] = [(found.points, POINTS)]
            numbers += [(bound, POINTS) for bound in found.interval] + [(found.p_adjusted, "0.000")]
            _numbers(book, sheet, row, 4, numbers)
            book.put(sheet, row, 8, t("shown to differ") if found.shown else t("not shown to differ"))
    sheet.autofilter(0, 0, row, len(heads) - 1)


SUBHEAD_COLOUR = "#F2F2F2"

FIGURES = 6
"""The last column of a cross-table before those of the levels."""


def _subhead(book: Book, sheet: Any, row: int, text: str, width: int, *, across: int = 1) -> None:
    """A title on a tinted row; ``across`` so many cells as one, so that names in further ones do not cut it off."""
    look = book.look(bold=True, bg_color=SUBHEAD_COLOUR, text_wrap=True)
    if across > 1:
        book.across(sheet, row, across, text, look)
    else:
        book.put(sheet, row, 0, text, book.look(bold=True, bg_color=SUBHEAD_COLOUR))
    for column in range(across, width):
        sheet.write_blank(row, column, None, look)


def _numbers(book: Book, sheet: Any, row: int, column: int, numbers: Sequence[tuple[float | None, str]]) -> None:
    for place, (value, form) in enumerate(numbers):
        book.number(sheet, row, column + place, value, form)


def _of(counts: Mapping[str, int] | None, code: str) -> int | None:
    return None if counts is None else counts.get(code, 0)


def _interval(figures: Figures) -> tuple[float | None, float | None]:
    return figures.interval or (None, None)


def _note(book: Book, figures: Figures) -> str:
    if figures.suppressed:
        return book.t(figures.suppressed)
    return book.t("for reference only") if small(figures) else ""


def _absent(book: Book, one: QuestionResult, language: str) -> list[tuple[str, int]]:
    names = {NO_ANSWER: book.t("Left blank"), NOT_ASKED: book.t("Not asked")}
    names |= {choice.code: choice.label.to(language) for choice in one.choices.missing} if one.choices else {}
    return [(names.get(code, code), count) for code, count in (one.figures.missing or {}).items() if count]


def _levels(result: SurveyResult, breakdown: Breakdown) -> tuple[Any, ...]:
    listed = result.question(breakdown.key).choices
    told = any(group.figures.counts is not None for group in breakdown.groups)
    return listed.levels if listed is not None and told else ()


def _label(question: QuestionResult, language: str) -> str:
    return line(question.label.to(language)) or question.key
