"""A ``SurveyResult`` from a questionnaire and seeded random counts, for tests of what draws and writes results."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt

from survey.definition.choices import Choice, ChoiceList
from survey.definition.indexes import Index, Rule, Scoring
from survey.definition.questionnaire import Questionnaire, Section
from survey.definition.text import Text
from survey.definition.types import Scale
from survey.definition.variables import Form, Variable
from survey.statistics.results import (
    NO_ANSWER,
    NOT_ASKED,
    Cut,
    FactorResult,
    Figures,
    IndexResult,
    QuestionResult,
    SectionHeading,
    SurveyResult,
)


def wilson(satisfied: int, base: int) -> tuple[float, float]:
    """95 % Wilson interval in percent."""
    z, p = 1.959964, satisfied / base
    centre, spread = p + z * z / (2 * base), z * sqrt(p * (1 - p) / base + z * z / (4 * base * base))
    return 100 * (centre - spread) / (1 + z * z / base), 100 * (centre + spread) / (1 + z * z / base)


def figures_of(choices: ChoiceList, counts: Mapping[str, int], missing: Mapping[str, int] | None = None) -> Figures:
    """Figures of one answer per person with these counts by code."""
    levels = [one.code for one in choices.levels]
    full = {code: counts.get(code, 0) for code in levels}
    base = sum(full.values())
    told = {NOT_ASKED: 0, NO_ANSWER: 0, **{one.code: 0 for one in choices.missing}, **(missing or {})}
    satisfied = sum(full[code] for code in choices.satisfied) if choices.satisfied else None
    scored = satisfied is not None and base > 0
    return Figures(
        base=base,
        counts=full,
        missing=told,
        satisfied=satisfied,
        satisfied_percent=100 * (satisfied or 0) / base if scored else None,
        interval=wilson(satisfied or 0, base) if scored else None,
        mean=sum(n * full[code] for n, code in enumerate(levels, 1)) / base if base else None,
    )


def result_of(
    questionnaire: Questionnaire, *, people: int = 214, seed: int = 1, population: int | None = 300
) -> SurveyResult:
    """Everybody answers nearly everything, rather satisfied; the same seed gives the same result."""
    chance = random.Random(seed)
    sections = {v.key: s.key for s in questionnaire.sections for q in s.questions for v in q.variables()}
    questions = tuple(
        _question(variable, sections[variable.key], people, chance) for variable in questionnaire.variables
    )
    by_key = {question.key: question for question in questions}
    return SurveyResult(
        slug="hoi-nghi",
        title=questionnaire.title,
        languages=questionnaire.languages,
        version=1,
        cut=Cut(as_of=date(2026, 2, 6), filters={}, release=3, hash="3f9ac0de" * 8),
        responses={"complete": people + 3, "excluded": 1},
        released=people,
        population=population,
        headline=questionnaire.headline,
        sections=tuple(SectionHeading(section.key, section.title) for section in questionnaire.sections),
        questions=questions,
        indexes=tuple(_index(index, by_key, people) for index in questionnaire.indexes),
        office=questionnaire.office.name or Text.of(vi="Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp"),
    )


def scale_result(labels: Sequence[str], counts: Sequence[Sequence[int]], *, satisfied: int = 2) -> SurveyResult:
    """One section of scale questions with these labels and counts by level, worst first."""
    levels = [Choice(str(n), Text.of(vi=f"Mức {n}", en=f"Level {n}")) for n in range(1, len(counts[0]) + 1)]
    choices = ChoiceList("S", tuple(levels), tuple(one.code for one in levels[len(levels) - satisfied :]))
    questionnaire = Questionnaire(
        title=Text.of(vi="Khảo sát thử", en="Trial survey"),
        languages=("vi", "en"),
        sections=(
            Section(
                "S",
                Text.of(vi="Các câu hỏi", en="The questions"),
                tuple(Scale(key=f"Q{n}", text=Text.of(vi=one), choices=choices) for n, one in enumerate(labels, 1)),
            ),
        ),
    )
    result = result_of(questionnaire, people=0)
    figures = [figures_of(choices, dict(zip([c.code for c in levels], row, strict=True))) for row in counts]
    questions = tuple(replace(q, figures=f) for q, f in zip(result.questions, figures, strict=True))
    return replace(result, questions=questions, released=max(sum(row) for row in counts))


def _question(variable: Variable, section: str, people: int, chance: random.Random) -> QuestionResult:
    silent = chance.randrange(people // 20 + 1)
    asked = people - silent
    missing = {NOT_ASKED: 0, NO_ANSWER: silent}
    if variable.choices is None:
        figures = Figures(base=asked, counts=None, missing=missing)
    elif variable.form is Form.MULTIPLE:
        counts = {one.code: chance.randrange(asked + 1) for one in variable.choices.levels}
        figures = Figures(base=asked, counts=counts, missing=missing)
    else:
        weights = [1 + chance.random() * (3 + n * n) for n in range(len(variable.choices.levels))]
        weights += [0.5 for _ in variable.choices.missing]
        codes = [one.code for one in (*variable.choices.levels, *variable.choices.missing)]
        drawn = chance.choices(codes, weights, k=asked)
        counts = {code: drawn.count(code) for code in codes}
        outside = {one.code: counts[one.code] for one in variable.choices.missing}
        figures = figures_of(variable.choices, counts, {**missing, **outside})
        if variable.form is not Form.SCALE:
            figures = replace(figures, satisfied=None, satisfied_percent=None, interval=None, mean=None)
    return QuestionResult(
        variable.key, variable.form, variable.label, section, variable.choices, figures, variable.sensitive
    )


def _index(index: Index, questions: Mapping[str, QuestionResult], people: int) -> IndexResult:
    points = index.scoring is Scoring.RESCALED_MEAN

    def item(key: str) -> float | None:
        figures = questions[key].figures
        return (
            figures.satisfied_percent
            if not points
            else None
            if figures.mean is None
            else 1 + 9 * (figures.mean - 1) / 4
        )

    def mean(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known else None

    factors = []
    for factor in index.factors:
        items = {key: item(key) for key in factor.items}
        factors.append(FactorResult(factor.key, factor.name, mean(list(items.values())), items))
    value = mean([factor.value for factor in factors])
    return IndexResult(
        key=index.key,
        name=index.name,
        rule=index.rule,
        value=value,
        interval=None if value is None else (value - 2.0, value + 2.0) if not points else (value - 0.3, value + 0.3),
        values={
            Rule.MEAN_OF_FACTORS: value,
            Rule.MEAN_OF_ITEMS: mean([item(key) for key in index.items]),
            Rule.OVERALL_QUESTION: item(index.overall) if index.overall else None,
        },
        factors=tuple(factors),
        base=people,
        unit="points" if points else "percent",
        anchors=index.anchors if points else None,
        note=index.note,
        source=index.source,
        overall=index.overall,
    )
