"""What every part of the official report needs: numbers of tables and figures, names, cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from survey.charts.grid import STAR
from survey.charts.lettering import line
from survey.charts.scale_columns import interval, small
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.reports.document import Beside, Chart, Column, Native, Paragraph, Picture, Row, Table
from survey.statistics.results import Breakdown, Figures, QuestionResult, SurveyResult
from survey.texts import Texts


@dataclass
class Writing:
    """A report while it is written: its result, its language, and the numbers given so far."""

    result: SurveyResult
    t: Texts
    beside: Beside = field(default_factory=Beside)
    tables: int = 0
    figures: int = 0

    @property
    def language(self) -> str:
        """The report's language."""
        return self.t.language

    def table(self, caption: str, columns: tuple[Column, ...], rows: list[Row], *, small: bool = False) -> Table:
        """The next table, numbered."""
        self.tables += 1
        told = self.t("Table {number}. {caption}", number=self.tables, caption=caption)
        return Table(told, columns, tuple(rows), small)

    def chart(self, caption: str, pictures: tuple[Picture, ...], native: Native | None) -> Chart:
        """The next figure, numbered."""
        self.figures += 1
        told = self.t("Figure {number}. {caption}", number=self.figures, caption=caption)
        return Chart(told, pictures, native)

    def label(self, question: QuestionResult) -> str:
        """What a question is called."""
        return line(question.label.to(self.language)) or question.key


def scale_groups(result: SurveyResult) -> list[tuple[str, ChoiceList, tuple[QuestionResult, ...]]]:
    """Scale questions that share a section and a list of levels, with the section's key, in the order asked."""
    found: dict[tuple[str, ChoiceList], list[QuestionResult]] = {}
    for question in result.questions:
        if question.form is Form.SCALE and question.choices is not None:
            found.setdefault((question.section, question.choices), []).append(question)
    return [(section, choices, tuple(questions)) for (section, choices), questions in found.items()]


def who(result: SurveyResult) -> tuple[QuestionResult, ...]:
    """The questions of who answers: those the cut is broken down by; else the choices of an opening section that rates
    nothing."""
    keys = {one.by for one in result.further} | ({result.by} if result.by else set())
    named = tuple(one for one in result.questions if one.key in keys and one.form is not Form.SCALE)
    if named or not result.sections:
        return named
    first = [one for one in result.questions if one.section == result.sections[0].key]
    if any(one.form is Form.SCALE for one in first):
        return ()
    return tuple(one for one in first if one.choices is not None and not one.sensitive)


def main_questions(result: SurveyResult) -> tuple[QuestionResult, ...]:
    """The general questions that breakdowns are told of: the headline and those of the indexes; without any, the first
    scale that has a share satisfied."""
    keys = dict.fromkeys(key for key in (result.headline, *(one.overall for one in result.indexes)) if key)
    scales = [one for one in result.questions if one.choices is not None and one.choices.satisfied]
    scales = [one for one in scales if one.form is Form.SCALE]
    general = tuple(one for one in scales if one.key in keys)
    return general or tuple(scales[:1])


def breakdowns(result: SurveyResult) -> list[tuple[str, tuple[Breakdown, ...]]]:
    """Grouping variable → breakdowns of the general questions by it."""
    keys = [one.key for one in main_questions(result)]
    found: dict[str, list[Breakdown]] = {}
    for one in (*result.breakdowns, *result.further):
        if one.key in keys and one.key != one.by:
            found.setdefault(one.by, []).append(one)
    return [(by, tuple(some)) for by, some in found.items()]


def choice_rows(question: QuestionResult, writing: Writing) -> list[Row]:
    """A question's choices with count and share, under its wording and base."""
    t, figures, choices = writing.t, question.figures, question.choices
    title = writing.label(question)
    if figures.suppressed or choices is None or figures.counts is None:
        return [Row((title,), strong=True, across=True), Row(("",), words=t(figures.suppressed or "–"))]
    base = t("n = {base}", base=t.number(figures.base or 0))
    rows = [Row((f"{title} ({base})",), strong=True, across=True)]
    for choice in choices.levels:
        count = figures.counts.get(choice.code, 0)
        rows.append(
            Row((line(choice.label.to(writing.language)), t.number(count), t.percent(figures.percent(choice.code))))
        )
    return rows


def several(questions: Sequence[QuestionResult], t: Texts) -> list[Paragraph]:
    """The note below a table of choices where some questions take several answers."""
    if all(one.form is not Form.MULTIPLE for one in questions):
        return []
    return [Paragraph(t("Where several answers could be ticked, shares may add up to more than 100%."), "note")]


def choice_columns(t: Texts) -> tuple[Column, ...]:
    """The columns that ``choice_rows`` fills."""
    return Column(t("Answer"), 10), Column(t("People"), 2, "right"), Column(t("Share"), 2, "right")


def base_text(figures: Figures, t: Texts) -> str:
    """n, with a star where it is small."""
    return "–" if figures.base is None else t.number(figures.base) + (STAR if small(figures) else "")


def interval_cell(figures: Figures, t: Texts) -> str:
    """``79,4–95,8``; an en dash where there is none."""
    return interval(figures, t) or "–"
