"""Style sheets, scripts and pictures; the hash of their content stands in the address, so browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask import Flask, Response, abort, send_from_directory

from survey.config import ROOT
from survey.web.security import public

FOLDER = ROOT / "static"
YEAR = 365 * 24 * 3600


@lru_cache
def _digests() -> dict[str, str]:
    """Every file there is, by name: nothing else can be asked for, whatever a path holds."""
    files = (path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}


def static_url(name: str) -> str:
    """The address of a file below ``static/``; KeyError if there is none, so a template cannot name one amiss."""
    return f"/static/{_digests()[name]}/{name}"


@public
def file(digest: str, name: str) -> Response:
    """One static file; an address with an old hash answers 404 and the page that named it is loaded afresh."""
    if _digests().get(name) != digest:
        abort(404)
    response = send_from_directory(FOLDER, name, max_age=YEAR)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def register(app: Flask) -> None:
    """The route and the template function."""
    app.add_url_rule("/static/<digest>/<path:name>", "static", file)
    app.jinja_env.globals["static_url"] = static_url
