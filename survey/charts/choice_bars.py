"""Horizontal bars for single and multiple choices: one row per choice with its share and count.

Stage: charts. Draws figures that are already suppressed; computes none but shares of counts.
"""

from __future__ import annotations

from survey.charts import frame, grid
from survey.charts.lettering import line
from survey.charts.render import Picture, svg
from survey.charts.scale_columns import absent, caution, small
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.statistics.results import NO_ANSWER, NOT_ASKED, QuestionResult, SurveyResult
from survey.texts import Texts

BAR, THIN_BAR = 11.0, 7.0
"""Height of a bar in points; under a small base it is thin."""


def choices(result: SurveyResult, question: QuestionResult, t: Texts, language: str) -> bytes:
    """SVG that stands alone, of one closed question. Raises ValueError for a question without choices."""
    sheet = Sheet(margin=True)
    draw(sheet, question, t, language)
    frame.foot(sheet, result, t, language)
    return svg(sheet, question.label.to(language), describe(question, t, language))


def draw(sheet: Sheet, question: QuestionResult, t: Texts, language: str) -> None:
    """Draws title and bars on a sheet that others may share."""
    frame.head(sheet, question.label.to(language))
    _draw(sheet, question, t, language)


def part(question: QuestionResult, t: Texts, language: str) -> Picture:
    """The picture for a document with fonts and headings of its own. Raises ValueError as ``choices``."""
    sheet = Sheet()
    _draw(sheet, question, t, language)
    told = describe(question, t, language)
    return Picture(svg(sheet, question.label.to(language), told, alone=False), told)


def describe(question: QuestionResult, t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it."""
    figures = question.figures
    if words := absent(figures, t):
        return line(f"{question.label.to(language)} {words}")
    shares = [f"{one.label.to(language)} {t.percent(figures.percent(one.code))}" for one in _listed(question).levels]
    return line(f"{question.label.to(language)} {', '.join(shares)}; n = {t.number(figures.base or 0)}.")


def finding(question: QuestionResult, t: Texts, language: str) -> str:
    """Which choice was named most, or why none is shown."""
    figures, label = question.figures, line(question.label.to(language))
    if words := absent(figures, t):
        return line(f"{label} {words}")
    counts = figures.counts or {}
    most = max(counts.values())
    top = [one for one in _listed(question).levels if counts[one.code] == most]
    names = ", ".join(line(one.label.to(language)) for one in top)
    share = t.percent(figures.percent(top[0].code))
    said = t(
        "Named most: {choice} ({share} of {base} people).", choice=names, share=share, base=t.number(figures.base or 0)
    )
    return line(f"{label} {said}")


def _listed(question: QuestionResult) -> ChoiceList:
    if question.choices is None or not question.choices.levels:
        raise ValueError(f"{question.key} has no choices to draw")
    return question.choices


def _draw(sheet: Sheet, question: QuestionResult, t: Texts, language: str) -> None:
    figures, levels = question.figures, _listed(question).levels
    if words := absent(figures, t):
        frame.note(sheet, words)
        sheet.top += 5.0
        return
    counts = figures.counts or {}
    shares = [figures.percent(level.code) or 0.0 for level in levels]
    columns = (
        grid.Column((t("Share"),), tuple((t.percent(share), "") for share in shares), strong=True),
        grid.Column((t("Count"),), tuple((t.number(counts[level.code]), "") for level in levels)),
    )
    high = next((top for top in (25.0, 50.0, 75.0) if max(shares) <= top), 100.0)
    laid = grid.arrange([grid.Label(level.label.to(language)) for level in levels], columns, 0.0, high, sheet.format)
    grid.draw_headings(sheet, laid)
    grid.draw_axis(sheet, laid, range(len(levels)), t)
    bar = THIN_BAR if small(figures) else BAR
    for number, top, row in laid.places(sheet.top, range(len(levels))):
        grid.draw_row(sheet, laid, number, top)
        sheet.box(laid.left, top + row.bar - bar / 2, laid.x(shares[number]) - laid.left, bar, FAVOURABLE[1])
    grid.draw_rules(sheet, laid, range(len(levels)))
    frame.note(sheet, notes(question, t, language))
    sheet.top += 5.0


def notes(question: QuestionResult, t: Texts, language: str) -> str:
    """What the shares are of, and who is not among them."""
    figures = question.figures
    sentences = [t("n = {count} people who answered.", count=t.number(figures.base or 0))]
    if small(figures):
        sentences.append(caution(t))
    if question.form is Form.MULTIPLE:
        sentences.append(t("Several choices were possible: shares may add up to more than 100%."))
    outside = {one.code: one.label.to(language) for one in _listed(question).missing}
    names = {**outside, NO_ANSWER: t("left blank"), NOT_ASKED: t("not asked")}
    counted = [(names[code], n) for code, n in (figures.missing or {}).items() if n and code in names]
    if counted:
        told = ", ".join(f"{name} {t.number(n)}" for name, n in counted)
        sentences.append(t("Not counted: {reasons}.", reasons=told))
    return " ".join(sentences)
