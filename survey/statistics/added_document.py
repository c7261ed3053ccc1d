"""What a result's JSON document has beside questions and indexes: scores, comparisons, reliability and the like."""

from __future__ import annotations

from typing import Any

from survey.statistics.differences import LEVEL
from survey.statistics.results import (
    Comparison,
    Interval,
    Priorities,
    Ratio,
    Reliability,
    Score,
    SurveyResult,
    Weighted,
)
from survey.texts import Texts


def added(result: SurveyResult, t: Texts) -> dict[str, Any]:
    """The further members of the document; each is there, perhaps empty."""
    return {
        "scores": [_score(one, t) for one in result.scores],
        "comparisons": [_comparison(one) for one in result.comparisons],
        "reliability": [_reliability(one, t) for one in result.reliability],
        "priorities": [_priorities(one, t) for one in result.priorities],
        "weighted": [_weighted(one, t) for one in result.weighted],
        "ratios": [_ratio(one, t) for one in result.ratios],
        "targets": dict(result.targets),
    }


def _pair(interval: Interval | None) -> list[float] | None:
    return list(interval) if interval else None


def _reason(suppressed: str, t: Texts) -> str | None:
    return t(suppressed) if suppressed else None


def _score(score: Score, t: Texts) -> dict[str, Any]:
    return {
        "key": score.key,
        "measure": score.measure,
        "value": score.value,
        "interval": _pair(score.interval),
        "base": score.base,
        "suppressed": _reason(score.suppressed, t),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "key": comparison.key,
        "by": comparison.by,
        "level": LEVEL,
        "differences": [
            {
                "first": list(one.first),
                "second": list(one.second),
                "points": one.points,
                "interval": list(one.interval),
                "p": one.p,
                "p_adjusted": one.p_adjusted,
                "shown": one.shown,
            }
            for one in comparison.differences
        ],
    }


def _reliability(one: Reliability, t: Texts) -> dict[str, Any]:
    return {
        "index": one.index,
        "factor": one.factor or None,
        "items": list(one.items),
        "people": one.people,
        "alpha": one.alpha,
        "suppressed": _reason(one.suppressed, t),
    }


def _priorities(one: Priorities, t: Texts) -> dict[str, Any]:
    return {
        "index": one.index,
        "overall": one.overall,
        "people": one.people,
        "points": [
            {
                "key": point.key,
                "performance": point.performance,
                "importance": point.importance,
                "interval": _pair(point.interval),
                "base": point.base,
            }
            for point in one.points
        ],
        "suppressed": _reason(one.suppressed, t),
    }


def _weighted(one: Weighted, t: Texts) -> dict[str, Any]:
    shown = one.value is not None
    return {
        "index": one.index,
        "value": one.value,
        "interval": _pair(one.interval),
        "design_effect": one.design_effect if shown else None,
        "effective": one.effective if shown else None,
        "margins": list(one.margins),
        "source": one.source,
        "suppressed": _reason(one.suppressed, t),
    }


def _ratio(one: Ratio, t: Texts) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name.to(t.language),
        "formula": one.formula.to(t.language),
        "counts": dict(one.counts),
        "value": one.value,
        "note": one.note.to(t.language),
    }
