"""The banner other sites of the office show: a small picture with the survey's title, which they link to the form."""

from __future__ import annotations

from flask import Response, render_template

from survey.charts.lettering import BOLD, wrap
from survey.services.doors import Opening, opening
from survey.web import headers
from survey.web.respond.desk import blueprint, desk, find, language
from survey.web.security import public

WIDTH, HEIGHT = 480, 120

FRESH = 60
"""Seconds a browser may show it again without asking."""

_ROOM = 400
"""Of the width inside the margins; the visitor's own font may be wider than the one this is measured with."""


@public
@blueprint.get("/s/<code>/banner.svg")
@blueprint.get("/S/<code>/banner.svg", endpoint="banner_capital")
def banner(code: str) -> Response:
    """The picture. It says what a person would meet behind it: a form, or that the survey takes no answers now."""
    here = desk()
    door = find(code)
    here.visits.count(door.collector_id, 0, "shown")
    version = here.doors.version(door.version_id) if door.version_id else None
    chosen = language(version, door)
    title = version.questionnaire.title.to(chosen) if version else door.title
    office = version.questionnaire.office.name.to(chosen) if version else ""
    state = opening(door, here.runtime.today())
    body = render_template(
        "respond/banner.svg",
        size=(WIDTH, HEIGHT),
        lines=wrap(title, _ROOM, 19, BOLD, most=2),
        office=wrap(office, _ROOM, 13, most=1),
        is_open=state is Opening.OPEN,
        not_yet=state is Opening.NOT_YET,
    )
    response = Response(body, content_type="image/svg+xml; charset=utf-8")
    for name, value in headers.COMMON:
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response
