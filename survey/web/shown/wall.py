"""The live wall: one page for a hall's projector, which looks for news by itself; and how staff make its address."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.collection import qrcodes
from survey.errors import NotFound
from survey.services import surveys, walls
from survey.web import headers
from survey.web.security import actor, public, requires, runtime
from survey.web.shown.blueprint import blueprint, spoken
from survey.web.workbench import go, say, words

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)

LEVEL = "M"
"""Of the code: a screen is neither scratched nor folded, so the modules may be as large as possible."""


@public
@blueprint.get("/w/<key>")
@blueprint.get("/W/<key>", endpoint="wall_capital")
def wall(key: str) -> Response:
    """The wall as it is now; its script fetches the same page again and again."""
    shown = walls.look(runtime(), key.lower(), request.args.get("code", "")[:20])
    t = spoken(shown.languages)
    typed = request.args.get("code", "")[:20] or None
    body = render_template(
        "shown/wall.html",
        _=t,
        language=t.language,
        wall=shown,
        picture=url_for("shown.wall_code", key=key.lower(), code=typed) if shown.url else "",
    )
    return _fresh(body, "text/html; charset=utf-8")


@public
@blueprint.get("/w/<key>/code.svg")
def wall_code(key: str) -> Response:
    """The QR code on the wall."""
    shown = walls.look(runtime(), key, request.args.get("code", "")[:20])
    if not shown.url:
        raise NotFound("wall_unknown", "There is no such wall.", "Ask the office for the address.")
    return _fresh(qrcodes.svg(shown.url, LEVEL), "image/svg+xml; charset=utf-8")


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/wall")
def own_wall(slug: str) -> str:
    """The address of the wall, or how to make one."""
    return render_template(
        "shown/own_wall.html",
        survey=surveys.show(runtime(), actor(), slug),
        key=walls.key(runtime(), actor(), slug),
        base=(runtime().settings.public_base_url or "").rstrip("/"),
    )


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/wall")
def make_wall(slug: str) -> AnyResponse:
    """Makes a new address; an older one ends."""
    walls.make(runtime(), actor(), slug)
    _ = words()
    say(_("The wall has a new address."))
    return go("shown.own_wall", slug=slug)


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/wall/withdraw")
def withdraw_wall(slug: str) -> AnyResponse:
    """Ends the address."""
    walls.withdraw(runtime(), actor(), slug)
    _ = words()
    say(_("The wall's address opens nothing any more."))
    return go("shown.own_wall", slug=slug)


def _fresh(body: str, mimetype: str) -> Response:
    response = Response(body, content_type=mimetype)
    for name, value in headers.COMMON:
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
