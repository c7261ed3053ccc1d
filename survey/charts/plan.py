"""Which charts a result gets, under which names, and each of them drawn: the one list for pages, files and books.

Stage: charts. Indexes come first, then each section: its scale questions in one chart, its choices one by one, and
comparisons where the result is broken down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from survey.charts import choice_bars, comparison_dots, diverging_bars, frame, index_dots
from survey.charts.diverging_bars import Order
from survey.charts.lettering import line
from survey.charts.render import Picture, png, svg
from survey.charts.sheet import Sheet
from survey.definition.variables import Form
from survey.statistics.results import Breakdown, IndexResult, QuestionResult, SurveyResult
from survey.texts import Texts

Subject = IndexResult | tuple[QuestionResult, ...] | QuestionResult | Breakdown


@dataclass(frozen=True)
class Chart:
    """One chart of a result. ``name`` is fit for an address and stays the same while the questionnaire does;
    ``section`` is empty for an index."""

    name: str
    section: str
    subject: Subject

    def title(self, result: SurveyResult, language: str) -> str:
        """What stands above it."""
        if isinstance(self.subject, tuple):
            return diverging_bars.title(result, self.subject, language)
        if isinstance(self.subject, Breakdown):
            return comparison_dots.title(result, self.subject, language)
        return line((self.subject.name if isinstance(self.subject, IndexResult) else self.subject.label).to(language))


def charts(result: SurveyResult) -> Iterator[Chart]:
    """Every chart of the result, in the order they are read. Questions answered in free text have none."""
    for index in result.indexes:
        yield Chart(f"index-{index.key}", "", index)
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
        for breakdown in result.breakdowns:
            if breakdown.key in keys:
                yield Chart(f"by-{breakdown.key}", section.key, breakdown)


def chart(result: SurveyResult, name: str) -> Chart:
    """The chart of this name; KeyError if there is none."""
    for one in charts(result):
        if one.name == name:
            return one
    raise KeyError(name)


def describe(result: SurveyResult, chart: Chart, t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it."""
    match chart.subject:
        case IndexResult() as index:
            return index_dots.describe(index, t, language)
        case QuestionResult() as question:
            return choice_bars.describe(question, t, language)
        case Breakdown() as breakdown:
            return comparison_dots.describe(result, breakdown, t, language)
        case questions:
            return diverging_bars.describe(questions, t, language)


def draw(
    result: SurveyResult,
    chosen: Sequence[Chart],
    t: Texts,
    language: str,
    *,
    form: Literal["svg", "png"] = "svg",
    order: Order = Order.ASKED,
    brief: bool = False,
) -> bytes:
    """The charts one below the other in one picture that stands alone, its foot ``brief`` if need be. Raises ValueError
    when there is none."""
    if not chosen:
        raise ValueError("there is no chart to draw")
    sheet = Sheet(margin=True)
    for number, one in enumerate(chosen):
        sheet.top += 12.0 if number else 0.0
        _draw(sheet, result, one, t, language, order)
    frame.foot(sheet, result, t, language, brief=brief)
    if form == "png":
        return png(sheet)
    title = chosen[0].title(result, language) if len(chosen) == 1 else result.title.to(language)
    return svg(sheet, title, " ".join(describe(result, one, t, language) for one in chosen))


def parts(
    result: SurveyResult, chart: Chart, t: Texts, language: str, *, height: float, order: Order = Order.ASKED
) -> tuple[Picture, ...]:
    """The chart for a document that has fonts and headings, in pictures of about ``height`` points at most."""
    match chart.subject:
        case IndexResult() as index:
            return (index_dots.part(index, t, language),)
        case QuestionResult() as question:
            return (choice_bars.part(question, t, language),)
        case Breakdown() as breakdown:
            return (comparison_dots.part(result, breakdown, t, language),)
        case questions:
            return tuple(diverging_bars.parts(result, questions, t, language, height=height, order=order))


def _draw(sheet: Sheet, result: SurveyResult, chart: Chart, t: Texts, language: str, order: Order) -> None:
    match chart.subject:
        case IndexResult() as index:
            index_dots.draw(sheet, index, t, language)
        case QuestionResult() as question:
            choice_bars.draw(sheet, question, t, language)
        case Breakdown() as breakdown:
            comparison_dots.draw(sheet, result, breakdown, t, language)
        case questions:
            diverging_bars.draw(sheet, result, questions, t, language, order=order)
