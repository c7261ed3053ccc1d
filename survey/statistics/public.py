"""What of a frozen result everybody may see: figures of at least ten people over everybody, and nothing else. Pure.

Inside the office figures over everybody begin with five people. An index that has taken in such a figure is left out
too, since the others that are published would tell it.
"""

from __future__ import annotations

from dataclasses import replace

from survey.statistics import disclosure, reasons
from survey.statistics.figures import hidden
from survey.statistics.results import FactorResult, IndexResult, QuestionResult, SurveyResult


def published(result: SurveyResult) -> SurveyResult:
    """The result for the public page and its open data: no breakdowns, no counts by status, no text."""
    questions = tuple(_question(one) for one in result.questions)
    small = {
        one.key
        for one, kept in zip(result.questions, questions, strict=True)
        if one.figures.base and kept.figures.base is None
    }
    # Named one by one, so that what results learn to hold later is not public by itself.
    return SurveyResult(
        slug=result.slug,
        title=result.title,
        languages=result.languages,
        version=result.version,
        cut=result.cut,
        responses={},
        released=result.released,
        population=result.population,
        headline=result.headline,
        sections=result.sections,
        questions=questions,
        indexes=tuple(_index(one, small) for one in result.indexes),
        office=result.office,
        superior=result.superior,
        contact=result.contact,
        collecting=result.collecting,
        remarks=result.remarks,
    )


def enough(result: SurveyResult) -> bool:
    """Whether anything at all may be published."""
    return result.released >= disclosure.PUBLISHED and not result.raw and not result.cut.filters


def _question(one: QuestionResult) -> QuestionResult:
    if one.figures.base is None or disclosure.safe(one.figures.base, disclosure.PUBLISHED):
        return one
    return replace(one, figures=hidden(reasons.TOO_FEW))


def _index(one: IndexResult, small: set[str]) -> IndexResult:
    kept = tuple(_factor(factor, small) for factor in one.factors)
    whole = kept == one.factors and one.overall not in small and one.base >= disclosure.PUBLISHED
    if whole or one.value is None:
        return one if whole else replace(one, factors=kept, values={})
    return replace(one, value=None, interval=None, values={}, base=0, factors=kept, suppressed=reasons.NO_ITEMS)


def _factor(one: FactorResult, small: set[str]) -> FactorResult:
    if small.isdisjoint(one.items):
        return one
    return replace(one, value=None, items={key: None if key in small else value for key, value in one.items.items()})
