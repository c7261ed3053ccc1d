"""Charts of series, periods, weeks and offices as files of print size; the pages show the same."""

from __future__ import annotations

from flask import Response, request

from survey.accounts.permissions import Permission
from survey.charts.drawing import Drawing
from survey.charts.p_chart import p_chart
from survey.charts.ranking_dots import ranking
from survey.charts.trend_lines import trend
from survey.errors import NotFound
from survey.services import auditing, following, surveys
from survey.statistics import reasons
from survey.web import drawings
from survey.web.security import actor, requires, runtime
from survey.web.series import rows
from survey.web.series.anchors import chosen_anchors
from survey.web.series.blueprint import blueprint
from survey.web.workbench import words


@requires(Permission.DOWNLOAD)
@blueprint.get("/series/<name>/chart/<kind>.<ending>")
def picture(name: str, kind: str, ending: str) -> Response:
    """A line of a series, ``trend-`` and its place on the page, or the offices of a wave, ``rank``."""
    drawn, title = _of_series(name, kind)
    made = _file(drawn, title, f"{name}-{kind}", ending)
    auditing.note_series_download(runtime(), actor(), name, "chart", {"chart": kind, "format": ending})
    return made


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/course/chart/<kind>.<ending>")
def course_picture(slug: str, kind: str, ending: str) -> Response:
    """A survey's ``periods``, ``weeks`` or ``units``."""
    drawn, title = _of_survey(slug, kind)
    made = _file(drawn, title, f"{slug}-{kind}", ending)
    auditing.note_download(runtime(), actor(), slug, "chart", {"chart": kind, "format": ending})
    return made


def _of_series(name: str, kind: str) -> tuple[tuple[Drawing, ...], str]:
    t = words()
    found = following.follow(runtime(), actor(), name, request.args.get("measure", ""))
    if kind == "rank":
        wave = request.args.get("wave", "")
        ranked = following.rank_wave(runtime(), actor(), name, wave, found.measure, chosen_anchors())
        return ranking(ranked, t, t.language), found.series.title
    number = kind.removeprefix("trend-")
    if number == kind or not (number.isascii() and number.isdigit() and len(number) < 6):
        raise _unknown("trend-0", "rank")
    if int(number) >= len(found.lines):
        raise _unknown(*(f"trend-{place}" for place in range(len(found.lines))))
    chosen = found.lines[int(number)]
    return (trend(chosen.result, t, t.language),), f"{found.series.title} · {chosen.unit}"


def _of_survey(slug: str, kind: str) -> tuple[tuple[Drawing, ...], str]:
    t = words()
    measure, quarters = request.args.get("measure", ""), request.args.get("by") == "quarter"
    drawn: tuple[Drawing, ...]
    if kind == "periods":
        periods = following.periods(runtime(), actor(), slug, measure, quarters=quarters)
        drawn = (trend(rows.named(periods, t), t, t.language),)
    elif kind == "weeks":
        drawn = (p_chart(following.monitor(runtime(), actor(), slug, measure), t, t.language),)
    elif kind == "units":
        drawn = ranking(following.rank_units(runtime(), actor(), slug, measure, chosen_anchors()), t, t.language)
    else:
        raise _unknown("periods", "weeks", "units")
    return drawn, surveys.show(runtime(), actor(), slug).title


def _file(drawn: tuple[Drawing, ...], title: str, name: str, ending: str) -> Response:
    t = words()
    source = (title, t("Figures as of {day}", day=t.long_day(runtime().today())), t(reasons.VOLUNTEERS))
    return drawings.taken(drawn, source, name, ending)


def _unknown(*kinds: str) -> NotFound:
    return NotFound("chart_unknown", "There is no chart of this name.", "Choose among these:", kinds)
