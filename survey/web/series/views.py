"""A series by one measure, its units compared, and one survey over months, weeks and offices."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from survey.accounts.permissions import Permission
from survey.charts import p_chart, ranking_dots, trend_lines
from survey.errors import NotFound, PhieuError
from survey.services import following, surveys
from survey.services import series as keeping
from survey.web import drawings
from survey.web.security import actor, requires, runtime
from survey.web.series import rows
from survey.web.series.anchors import chosen_anchors
from survey.web.series.blueprint import blueprint
from survey.web.workbench import words

MOST_AT_ONCE = 100_000
"""Answers up to which weeks are counted without being asked for: they come from the rows, not from the matrix."""


@requires(Permission.RESULTS)
@blueprint.get("/series/<name>")
def series(name: str) -> str:
    """The chosen measure over the waves, a table for each office."""
    return page(name)


def page(name: str, **more: Any) -> str:
    """The page of a series, with what a form found wrong."""
    t = words()
    found = following.follow(runtime(), actor(), name, request.args.get("measure", ""))
    return render_template(
        "series/series.html",
        found=found,
        lines=[
            (line.unit, line.result, rows.waves(line.result, t), trend_lines.describe(line.result, t, t.language))
            for line in found.lines
        ],
        shared=[wave for wave in dict.fromkeys(turn.wave for turn in found.turns) if _units(found, wave) > 1],
        figure=rows.figure,
        **more,
    )


def _units(found: following.Followed, wave: str) -> int:
    return len({turn.unit for turn in found.turns if turn.wave == wave})


@requires(Permission.RESULTS)
@blueprint.get("/series/<name>/rank")
def rank(name: str) -> str:
    """The offices whose surveys form one wave, compared."""
    t = words()
    wave = request.args.get("wave", "")
    found = following.follow(runtime(), actor(), name, request.args.get("measure", ""))
    framed = any(one.framed for one in found.choices if one.key == found.measure)
    anchors = chosen_anchors(framed)
    ranking = following.rank_wave(runtime(), actor(), name, wave, found.measure, anchors)
    return render_template(
        "series/rank.html",
        found=found,
        wave=wave,
        framed=framed,
        anchors=anchors,
        ranking=ranking,
        units=rows.units(ranking, t),
        told=ranking_dots.describe(ranking, t, t.language),
        figure=rows.figure,
    )


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/course")
def course(slug: str) -> str:
    """One survey by months or quarters, week by week, and by the offices of its collectors."""
    t = words()
    survey = surveys.show(runtime(), actor(), slug)
    quarters = request.args.get("by") == "quarter"
    asked = request.args.get("measure", "")
    shared: dict[str, Any] = {"survey": survey, "quarters": quarters, "figure": rows.figure}
    try:
        choices = following.survey_choices(runtime(), actor(), slug)
    except PhieuError as error:
        if error.status >= 500:
            raise
        return render_template("series/course.html", **shared, refusal=f"{t(error.message)} {t(error.remedy)}")
    if not choices:
        refusal = t("This survey has no index and no scale that could be followed.")
        return render_template("series/course.html", **shared, refusal=refusal)
    measure = next((one for one in choices if one.key == asked), None)
    if measure is None and asked:
        following.periods(runtime(), actor(), slug, asked)
    chosen = measure or choices[0]
    line = following.periods(runtime(), actor(), slug, chosen.key, quarters=quarters)
    anchors = chosen_anchors(chosen.framed)
    ranking = following.rank_units(runtime(), actor(), slug, chosen.key, anchors)
    weekly = None
    if survey.answers <= MOST_AT_ONCE or "weeks" in request.args:
        weekly = following.monitor(runtime(), actor(), slug, _question(slug, chosen.key))
    return render_template(
        "series/course.html",
        **shared,
        refusal="",
        choices=choices,
        chosen=chosen,
        anchors=anchors,
        line=line,
        waves=rows.waves(line, t),
        ranking=ranking,
        units=rows.units(ranking, t),
        weekly=weekly,
        weeks=rows.weeks(weekly, t) if weekly else [],
        told={
            "periods": trend_lines.describe(rows.named(line, t), t, t.language),
            "weeks": p_chart.describe(weekly, t, t.language) if weekly else "",
            "units": ranking_dots.describe(ranking, t, t.language),
        },
        turn=keeping.turn(runtime(), actor(), slug),
    )


@requires(Permission.RESULTS)
@blueprint.get("/series/<name>/trend-<int:number>.svg")
def trend(name: str, number: int) -> Response:
    """The line of one office as a picture; ``number`` is its place on the page."""
    found = following.follow(runtime(), actor(), name, request.args.get("measure", ""))
    if number >= len(found.lines):
        raise NotFound("chart_unknown", "There is no chart of this name.", "Choose among those on the page.")
    return drawings.shown([trend_lines.trend(found.lines[number].result, words(), words().language)])


@requires(Permission.RESULTS)
@blueprint.get("/series/<name>/rank.svg")
def rank_chart(name: str) -> Response:
    """The offices of a wave as a picture."""
    wave, measure = request.args.get("wave", ""), request.args.get("measure", "")
    ranking = following.rank_wave(runtime(), actor(), name, wave, measure, chosen_anchors())
    return drawings.shown(ranking_dots.ranking(ranking, words(), words().language))


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/course/<kind>.svg")
def course_chart(slug: str, kind: str) -> Response:
    """One of the pictures of a survey's course: ``periods``, ``weeks`` or ``units``."""
    t, measure = words(), request.args.get("measure", "")
    match kind:
        case "periods":
            quarters = request.args.get("by") == "quarter"
            line = following.periods(runtime(), actor(), slug, measure, quarters=quarters)
            return drawings.shown([trend_lines.trend(rows.named(line, t), t, t.language)])
        case "weeks":
            return drawings.shown(
                [p_chart.p_chart(following.monitor(runtime(), actor(), slug, measure), t, t.language)]
            )
        case "units":
            ranking = following.rank_units(runtime(), actor(), slug, measure, chosen_anchors())
            return drawings.shown(ranking_dots.ranking(ranking, t, t.language))
    raise NotFound("chart_unknown", "There is no chart of this name.", "Choose among those on the page.")


def _question(slug: str, key: str) -> str:
    """The question watched week by week: the one chosen, for an index the general one."""
    asked = surveys.questionnaire(runtime(), actor(), slug)
    return "" if any(one.key == key for one in asked.indexes) else key
