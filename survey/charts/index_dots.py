"""An index: its factors as dots on the whole range of the scale, the index with its interval below them.

Stage: charts. The rule is always named: the rules in circulation differ by points on the same data. Computes nothing.
"""

from __future__ import annotations

from survey.charts import frame, grid
from survey.charts.lettering import line
from survey.charts.render import Picture, svg
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, INK
from survey.definition.indexes import Rule
from survey.statistics.results import IndexResult, SurveyResult
from survey.texts import Texts


def index_chart(result: SurveyResult, index: IndexResult, t: Texts, language: str) -> bytes:
    """SVG that stands alone, of one index."""
    sheet = Sheet(margin=True)
    draw(sheet, index, t, language)
    frame.foot(sheet, result, t, language)
    return svg(sheet, index.name.to(language), describe(index, t, language))


def draw(sheet: Sheet, index: IndexResult, t: Texts, language: str) -> None:
    """Draws title and dots on a sheet that others may share."""
    frame.head(sheet, index.name.to(language), t("Rule: {rule}", rule=rule_name(index.rule, t)))
    _draw(sheet, index, t, language)


def part(index: IndexResult, t: Texts, language: str) -> Picture:
    """The picture for a document with fonts and headings of its own."""
    sheet = Sheet()
    _draw(sheet, index, t, language)
    told = describe(index, t, language)
    return Picture(svg(sheet, index.name.to(language), told, alone=False), told)


def describe(index: IndexResult, t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it."""
    factors = ", ".join(f"{one.name.to(language)} {value_text(one.value, index, t)}" for one in index.factors)
    own = t(index.suppressed) if index.suppressed else value_text(index.value, index, t)
    return line(f"{index.name.to(language)}: {own} ({rule_name(index.rule, t)}). {factors}.")


def rule_name(rule: Rule, t: Texts) -> str:
    """The rule in words."""
    names = {
        Rule.MEAN_OF_FACTORS: t("mean of the factors"),
        Rule.MEAN_OF_ITEMS: t("mean of all items"),
        Rule.POOLED_ANSWERS: t("all answers pooled"),
        Rule.OVERALL_QUESTION: t("the one general question"),
    }
    return names[rule]


def value_text(value: float | None, index: IndexResult, t: Texts) -> str:
    """An index value with two decimals, as offices write it: ``80,53%``, or ``7,42`` for points."""
    return "–" if value is None else t.number(value, 2) + ("%" if index.unit == "percent" else "")


def interval_text(index: IndexResult, t: Texts) -> str:
    """``78,11–82,95``; empty when there is none."""
    return "" if index.interval is None else "–".join(t.number(bound, 2) for bound in index.interval)


def _draw(sheet: Sheet, index: IndexResult, t: Texts, language: str) -> None:
    if index.suppressed:
        frame.note(sheet, t(index.suppressed))
        return
    low, high = index.anchors or (0.0, 100.0)
    values = [*(factor.value for factor in index.factors), index.value]
    labels = [grid.Label(factor.name.to(language)) for factor in index.factors]
    labels.append(grid.Label(index.name.to(language), general=True))
    cells = [(value_text(value, index, t), "") for value in values]
    cells[-1] = (cells[-1][0], interval_text(index, t))
    column = grid.Column((t("Value"),), tuple(cells), t("(95% CI)"), strong=True)
    laid = grid.arrange(labels, (column,), low, high)
    grid.draw_headings(sheet, laid)
    grid.draw_axis(sheet, laid, len(labels), t, "%" if index.unit == "percent" else "")
    for number, value in enumerate(values):
        middle = sheet.top + (number + 0.5) * laid.row
        grid.draw_row(sheet, laid, number, middle)
        if value is None:
            continue
        sheet.rule(laid.left, middle, laid.x(value), middle, FAVOURABLE[0], 2.0)
        sheet.dot(laid.x(value), middle, 3.5, FAVOURABLE[1])
        if number == len(index.factors) and index.interval is not None:
            left, right = (laid.x(bound) for bound in index.interval)
            sheet.rule(left, middle, right, middle, INK, 1.0)
            for end in (left, right):
                sheet.rule(end, middle - 5.0, end, middle + 5.0, INK, 1.0)
    grid.draw_rules(sheet, laid, range(len(labels)))
    sheet.top += 5.0
