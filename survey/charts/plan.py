"""Which charts a result gets, under which names, and each of them drawn: the one list for pages, files and books.

Stage: charts. Indexes come first, with their priorities and series, then each section: its scale questions in one
chart, its choices one by one, and comparisons where the result is broken down: all questions side by side, then each;
by further variables side by side only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from survey.charts import choice_bars, comparison_dots, diverging_bars, drawing, frame, index_dots
from survey.charts.diverging_bars import Order
from survey.charts.drawing import PRINT_DPI, Drawing
from survey.charts.heat_table import heat_table
from survey.charts.lettering import line
from survey.charts.priority_matrix import priority_matrix
from survey.charts.render import Picture, png, svg
from survey.charts.shares_table import SharesTable, from_breakdowns
from survey.charts.sheet import Sheet
from survey.charts.small_multiples import small_multiples
from survey.charts.theme import WIDE, Format
from survey.charts.trend_lines import trend
from survey.definition.variables import Form
from survey.statistics.results import (
    Breakdown,
    IndexResult,
    Priorities,
    QuestionResult,
    SeriesResult,
    SurveyResult,
)
from survey.texts import Texts, texts

KINDS = ("index", "priority", "trend", "scale", "choice", "by", "heat", "groups")
"""What a chart's name begins with; what follows the hyphen is the key of its index, series, section or question."""


@dataclass(frozen=True)
class SideBySide:
    """All questions of a section by the groups of one variable: as a heat table, or as small multiples."""

    section: str
    by: str
    breakdowns: tuple[Breakdown, ...]
    form: Literal["heat", "groups"]

    def table(self, result: SurveyResult, t: Texts, language: str) -> SharesTable:
        """The shares it shows."""
        title = next((one.title for one in result.sections if one.key == self.section), result.title)
        by = comparison_dots.grouping_name(result, self.by, t, language)
        return from_breakdowns(result, self.breakdowns, line(title.to(language)), by, t, language)


Subject = IndexResult | tuple[QuestionResult, ...] | QuestionResult | Breakdown | Priorities | SeriesResult | SideBySide


@dataclass(frozen=True)
class Chart:
    """One chart of a result. ``name`` is fit for an address and stays the same while the questionnaire does;
    ``section`` is empty for an index, and what belongs to one."""

    name: str
    section: str
    subject: Subject

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        return self.name.partition("-")[0]

    @property
    def key(self) -> str:
        """What tells it from others of its kind."""
        return self.name.partition("-")[2]

    @property
    def questions(self) -> frozenset[str]:
        """The questions whose answers it shows."""
        match self.subject:
            case IndexResult() as index:
                return frozenset(item for factor in index.factors for item in factor.items)
            case QuestionResult() | Breakdown() as one:
                return frozenset([one.key])
            case Priorities() as priorities:
                return frozenset(point.key for point in priorities.points)
            case SeriesResult() as series:
                return frozenset([series.measure])
            case SideBySide() as beside:
                return frozenset(one.key for one in beside.breakdowns)
            case questions:
                return frozenset(one.key for one in questions)

    def title(self, result: SurveyResult, language: str) -> str:
        """What stands above it."""
        match self.subject:
            case IndexResult() | SeriesResult() as named:
                return line(named.name.to(language))
            case QuestionResult() as question:
                return line(question.label.to(language))
            case Breakdown() as breakdown:
                return comparison_dots.title(result, breakdown, language)
            case Priorities() | SideBySide():
                return ready(result, self, texts(language), language).title
            case questions:
                return diverging_bars.title(result, questions, language)


def charts(result: SurveyResult) -> Iterator[Chart]:
    """Every chart of the result, in the order they are read. Questions answered in free text have none."""
    for index in result.indexes:
        yield Chart(f"index-{index.key}", "", index)
        for priorities in result.priorities:
            if priorities.index == index.key:
                yield Chart(f"priority-{index.key}", "", priorities)
    for series in result.series:
        yield Chart(f"trend-{series.measure}", "", series)
    for section in result.sections:
        asked = [question for question in result.questions if question.section == section.key and question.choices]
        scales = [question for question in asked if question.form is Form.SCALE]
        for number, choices in enumerate(dict.fromkeys(question.choices for question in scales)):
            same = tuple(question for question in scales if question.choices == choices)
            yield Chart(f"scale-{section.key}" + (f"-{number + 1}" if number else ""), section.key, same)
        for question in asked:
            if question.form is not Form.SCALE:
                yield Chart(f"choice-{question.key}", section.key, question)
        keys = {question.key for question in scales if question.choices and question.choices.satisfied}
        compared = tuple(breakdown for breakdown in result.breakdowns if breakdown.key in keys)
        if _several(compared):
            for form in ("heat", "groups"):
                beside = SideBySide(section.key, compared[0].by, compared, form)
                yield Chart(f"{form}-{section.key}", section.key, beside)
        for breakdown in compared:
            yield Chart(f"by-{breakdown.key}", section.key, breakdown)
        for by in dict.fromkeys(breakdown.by for breakdown in result.further):
            others = tuple(one for one in result.further if one.by == by and one.key in keys)
            if _several(others):
                name = f"heat-{section.key}-{by.removeprefix('@')}"
                yield Chart(name, section.key, SideBySide(section.key, by, others, "heat"))


def _several(breakdowns: Sequence[Breakdown]) -> bool:
    """Whether there is something to see side by side."""
    return sum(bool(one.groups) for one in breakdowns) > 1


def chart(result: SurveyResult, name: str) -> Chart:
    """The chart of this name; KeyError if there is none."""
    for one in charts(result):
        if one.name == name:
            return one
    raise KeyError(name)


def ready(result: SurveyResult, chart: Chart, t: Texts, language: str) -> Drawing:
    """The chart as a drawing, for the kinds that are made as one."""
    match chart.subject:
        case Priorities() as priorities:
            return priority_matrix(result, priorities, t, language)
        case SeriesResult() as series:
            return trend(series, t, language)
        case SideBySide() as beside:
            table = beside.table(result, t, language)
            return heat_table(table, t) if beside.form == "heat" else small_multiples(table, t)
    raise ValueError(f"{chart.name} is drawn by its own kind")


def finding(result: SurveyResult, chart: Chart, t: Texts, language: str) -> str:
    """What the chart shows in a sentence or two: its alternative text beside the table."""
    match chart.subject:
        case IndexResult() as index:
            return index_dots.finding(index, t, language)
        case QuestionResult() as question:
            return choice_bars.finding(question, t, language)
        case Breakdown() as breakdown:
            return comparison_dots.finding(result, breakdown, t, language)
        case Priorities() | SeriesResult() | SideBySide():
            return ready(result, chart, t, language).told
        case questions:
            return diverging_bars.finding(result, questions, t, language)


def describe(result: SurveyResult, chart: Chart, t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it and have no table: its finding, then its figures."""
    told = finding(result, chart, t, language)
    match chart.subject:
        case IndexResult() as index:
            return f"{told} {index_dots.describe(index, t, language)}"
        case QuestionResult() as question:
            return f"{told} {choice_bars.describe(question, t, language)}"
        case Breakdown() | Priorities() | SeriesResult() | SideBySide():
            return told
        case questions:
            return f"{told} {diverging_bars.describe(questions, t, language)}"


def draw(
    result: SurveyResult,
    chosen: Sequence[Chart],
    t: Texts,
    language: str,
    *,
    form: Literal["svg", "png"] = "svg",
    order: Order = Order.ASKED,
    brief: bool = False,
    dpi: int = PRINT_DPI,
    format: Format = WIDE,
) -> bytes:
    """The charts one below the other in one picture that stands alone, its foot ``brief`` if need be. Raises ValueError
    when there is none."""
    if not chosen:
        raise ValueError("there is no chart to draw")
    sheet = Sheet(format, margin=True)
    for number, one in enumerate(chosen):
        sheet.top += 12.0 if number else 0.0
        _draw(sheet, result, one, t, language, order)
    frame.foot(sheet, result, t, language, brief=brief)
    if form == "png":
        return png(sheet, dpi)
    title = chosen[0].title(result, language) if len(chosen) == 1 else result.title.to(language)
    return svg(sheet, title, " ".join(describe(result, one, t, language) for one in chosen))


def parts(
    result: SurveyResult, chart: Chart, t: Texts, language: str, *, height: float, order: Order = Order.ASKED
) -> tuple[Picture, ...]:
    """The chart for a document that has fonts and headings, in pictures of about ``height`` points at most; each is
    told beginning with what the chart shows."""
    found = finding(result, chart, t, language)
    made: tuple[Picture, ...]
    match chart.subject:
        case IndexResult() as index:
            made = (index_dots.part(index, t, language),)
        case QuestionResult() as question:
            made = (choice_bars.part(question, t, language),)
        case Breakdown() as breakdown:
            return (Picture(comparison_dots.part(result, breakdown, t, language).svg, found),)
        case Priorities() | SeriesResult() | SideBySide():
            return (drawing.part(ready(result, chart, t, language)),)
        case questions:
            made = tuple(diverging_bars.parts(result, questions, t, language, height=height, order=order))
    return tuple(Picture(one.svg, f"{found} {one.told}") for one in made)


def _draw(sheet: Sheet, result: SurveyResult, chart: Chart, t: Texts, language: str, order: Order) -> None:
    match chart.subject:
        case IndexResult() as index:
            index_dots.draw(sheet, index, t, language)
        case QuestionResult() as question:
            choice_bars.draw(sheet, question, t, language)
        case Breakdown() as breakdown:
            comparison_dots.draw(sheet, result, breakdown, t, language)
        case Priorities() | SeriesResult() | SideBySide():
            drawing.draw(sheet, ready(result, chart, t, language))
        case questions:
            diverging_bars.draw(sheet, result, questions, t, language, order=order)
