"""Series, rankings and weekly monitoring as the JSON documents that commands print. Numbers are not rounded here."""

from __future__ import annotations

from typing import Any

from survey.statistics.results import Difference, Interval, Monitoring, Ranking, SeriesResult
from survey.texts import Texts, texts


def series_json(one: SeriesResult, language: str = "en") -> dict[str, Any]:
    """A series with its texts in ``language``. What is not shown is null, and ``suppressed`` says why."""
    t = texts(language)
    return {
        "measure": one.measure,
        "name": one.name.to(language),
        "unit": one.unit,
        "target": one.target,
        "waves": [
            {
                "survey": point.survey,
                "wave": point.wave,
                "on": point.on.isoformat(),
                "value": point.value,
                "interval": _interval(point.interval),
                "base": point.base,
                "suppressed": _said(point.suppressed, t),
                "breaks": _said(point.breaks, t),
                "change": _change(point.change) if point.change else None,
            }
            for point in one.points
        ],
    }


def ranking_json(one: Ranking, language: str = "en") -> dict[str, Any]:
    """A ranking; ``best`` and ``worst`` are the places a unit may have, null for one shown for reference."""
    t = texts(language)
    return {
        "measure": one.measure,
        "name": one.name.to(language),
        "unit": one.unit,
        "target": one.target,
        "units": [
            {
                "unit": row.unit,
                "value": row.value,
                "interval": _interval(row.interval),
                "base": row.base,
                "best": row.best,
                "worst": row.worst,
                "reference": row.reference,
                "suppressed": _said(row.suppressed, t),
            }
            for row in one.units
        ],
    }


def monitoring_json(one: Monitoring, language: str = "en") -> dict[str, Any]:
    """A p-chart, its limits beside each week."""
    t = texts(language)
    return {
        "question": one.key,
        "name": one.name.to(language),
        "centre": one.centre,
        "suppressed": _said(one.suppressed, t),
        "weeks": [
            {
                "label": point.label,
                "share": point.share,
                "base": point.base,
                "limits": None if point.low is None or point.high is None else [point.low, point.high],
                "outside": point.outside,
            }
            for point in one.points
        ],
    }


def _change(one: Difference) -> dict[str, Any]:
    return {
        "from": one.second[0],
        "points": one.points,
        "interval": list(one.interval),
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "shown": one.shown,
    }


def _interval(one: Interval | None) -> list[float] | None:
    return list(one) if one else None


def _said(reason: str, t: Texts) -> str | None:
    return t(reason) if reason else None
