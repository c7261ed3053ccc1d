"""How the figures of a result came about, in words and formulas: what an annex, a bundle and a reader's check need.

Reports stage, pure; computes nothing. ``docs/methodology.md`` says the same with worked examples.
"""

from __future__ import annotations

from survey.charts.index_dots import rule_name
from survey.charts.lettering import line
from survey.definition.indexes import Rule
from survey.reports.facts import reading
from survey.statistics.disclosure import INSIDE, PUBLISHED
from survey.statistics.results import IndexResult, SurveyResult
from survey.texts import Texts

Chapter = tuple[str, tuple[str, ...]]
"""A heading and its sentences."""


def method(result: SurveyResult, t: Texts, language: str) -> tuple[Chapter, ...]:
    """Chapters in the order a reader checks them."""
    chapters: list[Chapter] = [
        (t("Reading the figures"), tuple(reading(result, t, bars=False))),
        (t("Formulas"), _formulas(result, t)),
        *((index.name.to(language), index_method(index, t, language)) for index in result.indexes),
        (t("Protection of those who answered"), _protection(t)),
    ]
    if result.exclusions:
        chapters.append(
            (
                t("Answers left out, with reasons"),
                tuple(f"{reason}: {t.number(number)}" for reason, number in result.exclusions),
            )
        )
    return tuple(chapters)


def _formulas(result: SurveyResult, t: Texts) -> tuple[str, ...]:
    told = [
        t("Share of a level = answers at this level / n."),
        t("Share satisfied = answers at the levels that count as satisfied / n."),
        t("Mean = sum of level number × answers at it / n; levels are numbered from 1, the worst."),
        t("Wilson interval of a share p with z = 1.959964: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)."),
    ]
    if result.population is not None:
        told.append(t("With N people concerned, n' = n(N − 1)/(N − n) takes the place of n in the interval."))
    if result.comparisons:
        told.append(
            t(
                "Groups are said to differ only where a test says so at the 5% level, corrected for all comparisons "
                "that stand together; otherwise they are not shown to differ."
            )
        )
    return tuple(told)


def index_method(index: IndexResult, t: Texts, language: str) -> tuple[str, ...]:
    """How an index comes about, in sentences."""
    ways = {
        Rule.MEAN_OF_FACTORS: t("Index = weighted mean of its factors; factor = mean of its items' values."),
        Rule.MEAN_OF_ITEMS: t("Index = mean of the values of all its items."),
        Rule.POOLED_ANSWERS: t("Index = all satisfied answers / all answers, over all its items together."),
        Rule.OVERALL_QUESTION: t("Index = share satisfied of the one general question."),
    }
    item = t("Value of an item = share satisfied, in percent.")
    if index.unit != "percent":
        low, high = index.anchors or (1.0, 10.0)
        item = t(
            "Value of an item = {low} + ({high} − {low}) × (mean − 1) / (number of levels − 1).",
            low=t.number(low),
            high=t.number(high),
        )
    told = [
        t("Rule: {rule}", rule=rule_name(index.rule, t)),
        ways[index.rule],
        item,
        t("The interval goes by person, since the answers of one person go together."),
        t("Left out for want of answers: {items}.", items=", ".join(index.left_out)) if index.left_out else "",
        _reversed(index, t),
        line(index.note.to(language)),
        t("Source: {source}", source=index.source) if index.source else "",
    ]
    return tuple(one for one in told if one)


def _reversed(index: IndexResult, t: Texts) -> str:
    if not index.negative:
        return ""
    low, high = index.anchors or (1.0, 10.0)
    return t(
        "Counted in reverse, since a high level of them is bad: {items}; their value = {high} − ({high} − {low}) × "
        "(mean − 1) / (number of levels − 1).",
        items=", ".join(index.negative),
        low=t.number(low),
        high=t.number(high),
    )


def _protection(t: Texts) -> tuple[str, ...]:
    return (
        t(
            "No figure describes fewer than {inside} people; none that is published or of a sensitive question fewer "
            "than {published}.",
            inside=INSIDE,
            published=PUBLISHED,
        ),
        t(
            "A breakdown is shown whole, with small groups pooled, or not at all. Groups under 30 show only their "
            "share satisfied."
        ),
        t("Answers enter the figures in groups of at least five, never one by one."),
    )
