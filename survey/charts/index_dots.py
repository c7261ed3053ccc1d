"""An index: its factors as dots on the whole range of the scale, the index with its interval below them.

Stage: charts. The rule is always named: the rules in circulation differ by points on the same data. Computes nothing.
"""

from __future__ import annotations

from survey.charts import frame, grid
from survey.charts.dots import Dot, draw_dots
from survey.charts.lettering import line
from survey.charts.render import Picture, svg
from survey.charts.sheet import Sheet
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


def finding(index: IndexResult, t: Texts, language: str) -> str:
    """The index with its interval, or why it has none."""
    name = line(index.name.to(language))
    if index.suppressed:
        return f"{name}: {t(index.suppressed)}"
    own, reach = value_text(index.value, index, t), interval_text(index, t)
    return f"{name}: {own} ({t('95% confidence interval {range}', range=reach)})." if reach else f"{name}: {own}."


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
    rows = [(factor.name.to(language), factor.value) for factor in index.factors]
    factors = [Dot(grid.Label(name, words="–" if value is None else ""), value) for name, value in rows]
    label = grid.Label(index.name.to(language), general=True, words="–" if index.value is None else "")
    own = Dot(label, index.value, index.interval)
    cells = [(value_text(factor.value, index, t), "") for factor in index.factors]
    cells.append((value_text(index.value, index, t), interval_text(index, t)))
    column = grid.Column((t("Value"),), tuple(cells), t("(95% CI)"), strong=True)
    unit = "%" if index.unit == "percent" else ""
    draw_dots(sheet, [*factors, own], (column,), index.anchors or (0.0, 100.0), unit, t)
    sheet.top += 5.0
