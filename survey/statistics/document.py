"""A result as the JSON document that ``phieu result show --json`` prints. Numbers are not rounded here."""

from __future__ import annotations

from typing import Any

from survey.statistics.added_document import added
from survey.statistics.participation import left_blank
from survey.statistics.results import Breakdown, Figures, GroupFigures, IndexResult, QuestionResult, SurveyResult
from survey.texts import Texts, texts


def to_json(result: SurveyResult, language: str = "en") -> dict[str, Any]:
    """The whole result with its texts in ``language``. What is not shown is null, and ``suppressed`` says why."""
    t = texts(language)
    breakdowns = {one.key: one for one in result.breakdowns}
    return {
        "survey": result.slug,
        "title": result.title.to(language),
        "office": result.office.to(language),
        "version": result.version,
        "raw": result.raw,
        "cut": {
            "as_of": result.cut.as_of.isoformat(),
            "filters": {key: list(codes) for key, codes in result.cut.filters.items()},
            "release": result.cut.release,
            "hash": result.cut.hash,
        },
        "responses": dict(result.responses),
        "released": result.released,
        "population": result.population,
        "headline": result.headline,
        "by": result.by,
        "questions": [_question(one, breakdowns.get(one.key), result.released, t) for one in result.questions],
        "indexes": [_index(one, t) for one in result.indexes],
        "remarks": [t(one) for one in result.remarks],
        "exclusions": [{"reason": reason, "responses": number} for reason, number in result.exclusions],
        **added(result, t),
    }


def _question(question: QuestionResult, breakdown: Breakdown | None, people: int, t: Texts) -> dict[str, Any]:
    out: dict[str, Any] = {
        "key": question.key,
        "type": str(question.form),
        "label": question.label.to(t.language),
        "section": question.section,
        "sensitive": question.sensitive,
        **_figures(question.figures, t),
        "left_blank_percent": left_blank(question.figures, people),
    }
    if question.choices is not None:
        out["labels"] = {choice.code: choice.label.to(t.language) for choice in question.choices.choices}
    if breakdown is not None:
        out["groups"] = [_group(one, t) for one in (*breakdown.groups, *breakdown.hidden)]
        out["groups_suppressed"] = t(breakdown.suppressed) if breakdown.suppressed else None
    return out


def _group(group: GroupFigures, t: Texts) -> dict[str, Any]:
    return {"codes": list(group.codes), "label": group.label.to(t.language), **_figures(group.figures, t)}


def _figures(figures: Figures, t: Texts) -> dict[str, Any]:
    return {
        "base": figures.base,
        "counts": dict(figures.counts) if figures.counts is not None else None,
        "missing": dict(figures.missing) if figures.missing is not None else None,
        "satisfied": figures.satisfied,
        "satisfied_percent": figures.satisfied_percent,
        "interval": list(figures.interval) if figures.interval else None,
        "mean": figures.mean,
        "mean_interval": list(figures.mean_interval) if figures.mean_interval else None,
        "suppressed": t(figures.suppressed) if figures.suppressed else None,
    }


def _index(index: IndexResult, t: Texts) -> dict[str, Any]:
    return {
        "key": index.key,
        "name": index.name.to(t.language),
        "rule": str(index.rule),
        "value": index.value,
        "unit": index.unit,
        "anchors": list(index.anchors) if index.anchors else None,
        "interval": list(index.interval) if index.interval else None,
        "base": index.base,
        "values": {str(rule): value for rule, value in index.values.items()},
        "factors": [
            {
                "key": factor.key,
                "name": factor.name.to(t.language),
                "value": factor.value,
                "weight": factor.weight,
                "items": dict(factor.items),
            }
            for factor in index.factors
        ],
        "overall": index.overall,
        "negative": list(index.negative),
        "left_out": list(index.left_out),
        "note": index.note.to(t.language),
        "source": index.source,
        "suppressed": t(index.suppressed) if index.suppressed else None,
    }
