"""The blueprint of public results, what one process keeps for it, and the headers of its pages."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState

from survey.services.publishing import Front
from survey.texts import LANGUAGES, Texts, texts
from survey.web import headers

blueprint = Blueprint("shown", __name__)

FRESH = 300
"""Seconds a browser or a proxy may show it again without asking."""


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["phieu.front"] = Front(state.app.extensions["phieu.runtime"])


def front() -> Front:
    """This process's published cuts."""
    made: Front = current_app.extensions["phieu.front"]
    return made


def spoken(languages: tuple[str, ...] = LANGUAGES) -> Texts:
    """Wordings in the language that the address asks for, if the survey has it; else in its first one."""
    offered = [one for one in languages if one in LANGUAGES] or list(LANGUAGES)
    asked = request.args.get("lang", "")
    g.language = asked if asked in offered else offered[0]
    return texts(g.language)


def policy(ancestors: tuple[str, ...] = ()) -> str:
    """Nothing but our own style sheets and pictures; only ``ancestors`` may show the page inside their own."""
    framed = " ".join(ancestors) or "'none'"
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        f"form-action 'none'; frame-ancestors {framed}; base-uri 'none'"
    )


def kept(body: str | bytes, mimetype: str, *, ancestors: tuple[str, ...] = (), everywhere: bool = False) -> Response:
    """A public answer that may be kept for a while and is known again by its content. ``everywhere``: other sites may
    show the picture or read the data."""
    content = body.encode() if isinstance(body, str) else body
    response = Response(content, content_type=mimetype)
    for name, value in headers.COMMON:
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = policy(ancestors)
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    if everywhere:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response
