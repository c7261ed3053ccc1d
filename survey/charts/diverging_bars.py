"""Diverging stacked bars for ordered scales, after Heiberger and Robbins (2014), doi:10.18637/jss.v057.i05.

Stage: charts. Unfavourable levels run to the left of the zero line, favourable ones to the right, a neutral level is
centred on it. Draws figures that are already suppressed; computes none but shares of counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import ceil

from survey.charts import frame, grid
from survey.charts.lettering import line, width, wrap
from survey.charts.render import Picture, svg
from survey.charts.scale_columns import absent, satisfied_name, scale_columns, small
from survey.charts.sheet import Sheet
from survey.charts.theme import LABEL, PAPER, SMALL, SMALL_BASE, WIDE, Format, Shade, shades
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.statistics.results import Figures, QuestionResult, SurveyResult
from survey.texts import Texts

BAR, THIN_BAR = 14.0, 9.0
"""Height of a bar in points; under a small base it is thin."""


class Order(StrEnum):
    """In which order rows stand; general questions stand last in either."""

    ASKED = "asked"
    SHARE = "share"


@dataclass(frozen=True)
class Panel:
    """Questions on one choice list, in the order of drawing, on one grid."""

    questions: tuple[QuestionResult, ...]
    choices: ChoiceList
    grid: grid.Grid


def diverging(
    result: SurveyResult, questions: Sequence[QuestionResult], t: Texts, language: str, *, order: Order = Order.ASKED
) -> bytes:
    """SVG that stands alone, of questions asked on ordered scales; several choice lists give several panels.

    Raises ValueError for a question without an ordered scale, and for no question."""
    sheet = Sheet(margin=True)
    draw(sheet, result, questions, t, language, order=order)
    frame.foot(sheet, result, t, language)
    return svg(sheet, title(result, questions, language), describe(questions, t, language))


def draw(
    sheet: Sheet,
    result: SurveyResult,
    questions: Sequence[QuestionResult],
    t: Texts,
    language: str,
    *,
    order: Order = Order.ASKED,
) -> None:
    """Draws title and panels on a sheet that others may share."""
    frame.head(sheet, title(result, questions, language), t("Share of answers at each level, in percent"))
    for panel in panels(result, questions, t, language, order, sheet.format):
        _draw(sheet, panel, range(len(panel.questions)), t, language)


def parts(
    result: SurveyResult,
    questions: Sequence[QuestionResult],
    t: Texts,
    language: str,
    *,
    height: float,
    order: Order = Order.ASKED,
) -> Iterator[Picture]:
    """Pictures for a document with fonts and headings of its own, each of about ``height`` points at most. The parts of
    one panel share grid and axis. Raises ValueError as ``diverging``."""
    for panel in panels(result, questions, t, language, order):
        row = panel.grid.rows[0].height
        count = ceil(len(panel.questions) * row / max(height - 90.0, row))
        size = ceil(len(panel.questions) / count)
        for first in range(0, len(panel.questions), size):
            shown = range(first, min(first + size, len(panel.questions)))
            sheet = Sheet()
            _draw(sheet, panel, shown, t, language)
            chosen = panel.questions[first : first + size]
            told = describe(chosen, t, language)
            yield Picture(svg(sheet, title(result, chosen, language), told, alone=False), told)


def title(result: SurveyResult, questions: Sequence[QuestionResult], language: str) -> str:
    """The title of the section all questions come from, else of the survey."""
    sections = {question.section for question in questions}
    titles = [one.title.to(language) for one in result.sections if {one.key} == sections]
    return line(titles[0] if titles else result.title.to(language))


def describe(questions: Sequence[QuestionResult], t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it."""
    return " ".join(_told(question, t, language) for question in questions)


def finding(result: SurveyResult, questions: Sequence[QuestionResult], t: Texts, language: str) -> str:
    """Which question has the highest share satisfied and which the lowest, or the share of the only one."""
    known = [one for one in questions if one.figures.base and one.figures.satisfied_percent is not None]
    name = title(result, questions, language)
    if not known:
        reasons = dict.fromkeys(words for one in questions if (words := absent(one.figures, t)))
        return line(f"{name}: {' '.join(reasons) or t('No share satisfied is told of this scale.')}")

    def told(one: QuestionResult) -> str:
        return f"{line(one.label.to(language)).rstrip('.:;')} ({t.percent(one.figures.satisfied_percent)})"

    high = max(known, key=lambda one: one.figures.satisfied_percent or 0.0)
    low = min(known, key=lambda one: one.figures.satisfied_percent or 0.0)
    if high.figures.satisfied_percent == low.figures.satisfied_percent:
        return line(f"{name}: {t('Share satisfied: {item}.', item=told(high))}")
    said = t("Highest share satisfied: {high}; lowest: {low}.", high=told(high), low=told(low))
    return line(f"{name}: {said}")


def panels(
    result: SurveyResult,
    questions: Sequence[QuestionResult],
    t: Texts,
    language: str,
    order: Order = Order.ASKED,
    form: Format = WIDE,
) -> tuple[Panel, ...]:
    """One panel per choice list, in order of appearance, laid out."""
    if not questions:
        raise ValueError("there is no question to draw")
    general = {result.headline, *(index.overall for index in result.indexes)}

    def place(question: QuestionResult) -> tuple[bool, float]:
        share = question.figures.satisfied_percent
        return question.key in general, 0.0 if order is Order.ASKED or share is None else -share

    out = []
    for choices in dict.fromkeys(_scale(question) for question in questions):
        chosen = sorted((question for question in questions if question.choices == choices), key=place)
        figures = [question.figures for question in chosen]
        reach = [extent(one, choices) for one in figures]
        laid = grid.arrange(
            [
                grid.Label(
                    question.label.to(language).strip() or question.key,
                    question.key in general,
                    absent(question.figures, t),
                )
                for question in chosen
            ],
            scale_columns(figures, choices, t, language),
            low=-max(10.0, *(left for left, _ in reach)),
            high=max(30.0, *(right for _, right in reach)),
            form=form,
        )
        out.append(Panel(tuple(chosen), choices, laid))
    return tuple(out)


def extent(figures: Figures, choices: ChoiceList) -> tuple[float, float]:
    """Shares left and right of the zero line, in percent; half of a neutral level on each side."""
    shares = [figures.percent(level.code) or 0.0 for level in choices.levels]
    side = len(shares) // 2
    neutral = shares[side] / 2 if len(shares) % 2 else 0.0
    return sum(shares[:side]) + neutral, sum(shares[len(shares) - side :]) + neutral


def _scale(question: QuestionResult) -> ChoiceList:
    if question.form is not Form.SCALE or question.choices is None:
        raise ValueError(f"{question.key} is not asked on an ordered scale")
    return question.choices


def _draw(sheet: Sheet, panel: Panel, shown: range, t: Texts, language: str) -> None:
    """Key, headings, the rows of ``shown``, axis and note."""
    levels = panel.choices.levels
    palette = shades(len(levels))
    frame.key(sheet, [(shade, level.label.to(language)) for shade, level in zip(palette, levels, strict=True)])
    grid.draw_headings(sheet, panel.grid)
    grid.draw_axis(sheet, panel.grid, shown, t)
    for number, top, row in panel.grid.places(sheet.top, shown):
        grid.draw_row(sheet, panel.grid, number, top)
        if not row.label.words:
            _bar(sheet, panel, panel.questions[number].figures, top + row.bar, palette, t)
    grid.draw_rules(sheet, panel.grid, shown)
    if any(small(panel.questions[number].figures) for number in shown):
        frame.note(sheet, t("* Thin bar: fewer than {count} answers, for reference only.", count=SMALL_BASE))
    sheet.top += 5.0


def _bar(sheet: Sheet, panel: Panel, figures: Figures, middle: float, palette: Sequence[Shade], t: Texts) -> None:
    shares = [figures.percent(level.code) or 0.0 for level in panel.choices.levels]
    ends = [panel.grid.x(end) for end in accumulate(shares, initial=-extent(figures, panel.choices)[0])]
    high = THIN_BAR if small(figures) else BAR
    top = middle - high / 2
    for share, left, right, shade in zip(shares, ends, ends[1:], palette, strict=False):
        if share <= 0.0:
            continue
        frame.swatch(sheet, left, top, right - left, high, shade)
        if left > ends[0]:
            sheet.rule(left, top, left, top + high, PAPER, 0.8)
        text = t.number(share)
        room = width(text, SMALL) + 4.0
        if room <= right - left:
            if shade.hatch:
                sheet.box((left + right - room) / 2, top + 2.0, room, high - 4.0, shade.fill)
            sheet.text((left + right) / 2, middle + 0.36 * SMALL, text, SMALL, shade.ink, anchor="center")


def _told(question: QuestionResult, t: Texts, language: str) -> str:
    figures, choices = question.figures, _scale(question)
    label = wrap(question.label.to(language), 600.0, LABEL, most=1)[0].rstrip(".:;")
    if words := absent(figures, t):
        return line(f"{label}: {words}")
    shares = [f"{one.label.to(language)} {t.percent(figures.percent(one.code))}" for one in choices.levels]
    if figures.satisfied_percent is not None:
        shares.insert(0, f"{satisfied_name(choices, t, language)} {t.percent(figures.satisfied_percent)}")
    return line(f"{label}: {', '.join(shares)}; n = {t.number(figures.base or 0)}.")
