"""A result laid out for the page: charts with their tables by section, the headline, and what is selected, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from survey.charts import plan
from survey.charts.scale_columns import interval, satisfied_name
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.reports.chart_tables import table
from survey.services.releasing import READY
from survey.services.results import CollectorChoice
from survey.services.surveys import SurveySummary
from survey.statistics.proportions import sample_size
from survey.statistics.results import Breakdown, QuestionResult, SurveyResult
from survey.texts import Texts
from survey.web.drawings import NARROW

Address = Callable[[str, str | None], str]
"""A chart's address by its name and the width that it is to be drawn in."""


@dataclass(frozen=True)
class Figure:
    """A chart by its address, wide and ``narrow``, what it shows in a sentence, and the table behind it. ``kind`` and
    ``key`` name it in the addresses of its files."""

    title: str
    address: str
    narrow: str
    told: str
    kind: str
    key: str
    table: dict[str, Any]


@dataclass
class Group:
    """What stands under one heading; the indexes' has no title. ``texts`` are questions answered in free text,
    ``single`` the scales by groups one by one, ``refused`` the questions that may not be shown by groups, by reason."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    single: list[Figure] = field(default_factory=list)
    refused: dict[str, list[str]] = field(default_factory=dict)
    texts: list[QuestionResult] = field(default_factory=list)
    crossed: list[Crossed] = field(default_factory=list)


@dataclass(frozen=True)
class Crossed:
    """A question without a chart of its own by groups: the table."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def groups(result: SurveyResult, t: Texts, address: Address) -> list[Group]:
    """Indexes first, then the sections of the questionnaire; ``address`` gives a chart's by its name."""
    language = t.language
    found = {"": Group("")} | {section.key: Group(section.title.to(language)) for section in result.sections}
    drawn = set()
    for chart in plan.charts(result):
        if isinstance(chart.subject, Breakdown):
            drawn.add(chart.subject.key)
            if not chart.subject.suppressed:
                found[chart.section].single.append(_figure(result, chart, t, address))
        else:
            found[chart.section].figures.append(_figure(result, chart, t, address))
    for breakdown in result.breakdowns:
        question = result.question(breakdown.key)
        group, label = found[question.section], question.label.to(language) or question.key
        if breakdown.suppressed or question.choices is None:
            group.refused.setdefault(t(breakdown.suppressed), []).append(label)
        elif breakdown.key not in drawn:
            group.crossed.append(_crossed(label, question.choices, breakdown, t))
    for question in result.questions:
        if question.form is Form.TEXT:
            found[question.section].texts.append(question)
    return [group for group in found.values() if group.figures or group.texts or group.crossed]


def unbroken(result: SurveyResult, t: Texts) -> str:
    """Why nothing is shown by groups that were asked for; empty where something is."""
    if not result.breakdowns or not all(one.suppressed for one in result.breakdowns):
        return ""
    return " ".join(dict.fromkeys(t(one.suppressed) for one in result.breakdowns))


def some(result: SurveyResult, kinds: Collection[str], t: Texts, address: Address) -> list[Figure]:
    """The charts of these kinds, in their order."""
    return [_figure(result, chart, t, address) for chart in plan.charts(result) if chart.kind in kinds]


def _figure(result: SurveyResult, chart: plan.Chart, t: Texts, address: Address) -> Figure:
    return Figure(
        title=chart.title(result, t.language),
        address=address(chart.name, None),
        narrow=address(chart.name, NARROW),
        told=plan.finding(result, chart, t, t.language),
        kind=chart.kind,
        key=chart.key,
        table=table(result, chart, t, t.language),
    )


def _crossed(title: str, choices: ChoiceList, breakdown: Breakdown, t: Texts) -> Crossed:
    levels = choices.levels
    rows = []
    for group in breakdown.groups:
        counts = group.figures.counts
        cells = [(t.number(group.figures.base or 0), "")]
        for level in levels:
            share = t.percent(group.figures.percent(level.code)) if counts else ""
            cells.append((t.number(counts[level.code]), share) if counts else ("–", ""))
        rows.append((group.label.to(t.language), tuple(cells)))
    head = (t("Group"), t("n"), *(level.label.to(t.language) for level in levels))
    return Crossed(title, head, tuple(rows))


def headline(result: SurveyResult) -> QuestionResult | None:
    """The one general question, if the survey names one that has a share."""
    question = result.question(result.headline) if result.headline else None
    return question if question and question.choices and question.choices.satisfied else None


@dataclass(frozen=True)
class Both:
    """The main figures with and without flagged answers: a name, and the figure of each."""

    flagged: int
    rows: tuple[tuple[str, str, str], ...]


def both(result: SurveyResult, without: SurveyResult | None, t: Texts) -> Both | None:
    """What flagged answers make of the main figures; None where the two may not stand beside each other."""
    if without is None:
        return None
    rows = [(t("Answers"), t.number(result.released), t.number(without.released))]
    if result.headline:
        one, other = (found.question(result.headline).figures for found in (result, without))
        label = result.question(result.headline).label.to(t.language)
        rows.append((label, t.percent(one.satisfied_percent), t.percent(other.satisfied_percent)))
    apart = {index.key: index for index in without.indexes}
    for index in result.indexes:
        values = [_value(each.value, each.unit, t) for each in (index, apart[index.key])]
        rows.append((index.name.to(t.language), values[0], values[1]))
    return Both(result.released - without.released, tuple(rows))


def _value(value: float | None, unit: str, t: Texts) -> str:
    if value is None:
        return "–"
    return t.percent(value, 2) if unit == "percent" else t.number(value, 2)


def headline_detail(question: QuestionResult, result: SurveyResult, t: Texts) -> str:
    """What the large share means: which levels it adds up, its interval, its base."""
    figures = question.figures
    parts = [satisfied_name(question.choices, t, t.language)] if question.choices else []
    if range_ := interval(figures, t):
        parts.append(t("95% confidence interval {range}%", range=range_))
    satisfied, base = t.number(figures.satisfied or 0), t.number(figures.base or 0)
    parts.append(t("{satisfied} of {base} people", satisfied=satisfied, base=base))
    if result.population is not None:
        parts.append(t("of N = {population}", population=t.number(result.population)))
    return " · ".join(parts)


def needed(survey: SurveySummary, t: Texts) -> str:
    """How far the answers are from the sample size for the stated population; empty without one."""
    if survey.population is None:
        return ""
    size = sample_size(survey.population)
    told = {
        "answers": t.number(survey.answers),
        "needed": t.number(size),
        "population": t.number(survey.population),
    }
    if survey.answers >= size:
        return t("{answers} answers: at least the {needed} that a random sample of N = {population} needs.", **told)
    return t(
        "{answers} of {needed} needed: so many a random sample of N = {population} needs for a margin of 5 points.",
        **told,
    )


def short(choice: CollectorChoice) -> str:
    """How an address names a choice: one collector by its code, those pooled together as ``rest``."""
    return choice.codes[0] if len(choice.codes) == 1 else "rest"


def too_few(survey: SurveySummary, released: int, t: Texts) -> str:
    """Why a survey has no figures yet, or never will."""
    answers = t.number(survey.answers)
    if survey.status == "closed":
        return t(
            "The survey closed with {answers} answers: too few to show anything without telling what single people "
            "think.",
            answers=answers,
        )
    return t(
        "There are no results yet. They appear from {needed} answers on; there are {answers} now.",
        needed=t.number(released + READY),
        answers=answers,
    )


def selection(result: SurveyResult, chosen: CollectorChoice | None, answers: int, t: Texts, told: str = "") -> str:
    """Whose answers the figures describe; ``told`` are the conditions of a free selection in words."""
    released, day = t.number(result.released), t.day(result.cut.as_of)
    if told:
        return t(
            "{selection}. {released} answers are in these figures, as of {day}.",
            selection=told,
            released=released,
            day=day,
        )
    if chosen is not None:
        return t(
            "Only answers from the collector “{name}”: {released} in these figures, as of {day}.",
            name=chosen.label.to(t.language),
            released=released,
            day=day,
        )
    if result.released < answers:
        return t(
            "All collectors: {released} of {answers} answers are in these figures, as of {day}. The others enter with "
            "the next group, so that nobody's answers can be told apart.",
            released=released,
            answers=t.number(answers),
            day=day,
        )
    return t("All collectors: {released} answers, as of {day}.", released=released, day=day)
