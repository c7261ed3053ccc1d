"""The application: blueprints, headers, language, static files, and the one place where errors become pages."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Request, Response, g, render_template, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from survey.config import ROOT
from survey.errors import PhieuError
from survey.services.runtime import Runtime
from survey.services.workshop import Workshop
from survey.texts import LANGUAGES, Texts, texts
from survey.web import (
    accounts,
    author,
    collectors,
    comments,
    entry,
    headers,
    mailings,
    respond,
    results,
    security,
    series,
    shown,
    static,
)
from survey.web.respond import page

LARGEST_BODY = 20 * 1024 * 1024
"""Bytes of any request; the public form has a far smaller bound of its own."""

log = logging.getLogger("survey.web")
csrf = CSRFProtect()


class StaffSessions(SecureCookieSessionInterface):
    """Flask's cookie session on staff pages only; a public page has none to read or to set."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None, Flask's sign for a request without a session, outside ``/staff``."""
        return super().open_session(app, request) if request.path.startswith("/staff") else None


def create_app(runtime: Runtime, processes: int = 1) -> Flask:
    """The WSGI application over one runtime. Nothing in it is built from the request's Host header. ``processes`` of
    the server share the visitors."""
    app = Flask("survey", template_folder=str(ROOT / "templates"), static_folder=None)
    https = (runtime.settings.public_base_url or "").startswith("https:")
    app.config.update(
        SECRET_KEY=runtime.settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(runtime.settings.secret_keys[1:]),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=1000,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="phieu_page",
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_I18N_ENABLED=False,
    )
    app.url_map.strict_slashes = False  # a redirect to the other spelling would be built from the Host header
    app.url_map.merge_slashes = False
    app.extensions["phieu.runtime"] = runtime
    app.extensions["phieu.processes"] = processes
    app.extensions["phieu.workshop"] = Workshop(runtime)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.session_interface = StaffSessions()
    csrf.init_app(app)
    csrf.exempt(respond.blueprint)
    static.register(app)
    security.register(app)
    for package in (respond, accounts, author, collectors, comments, entry, mailings, results, series, shown):
        app.register_blueprint(package.blueprint)
    app.context_processor(_words)
    app.after_request(headers.complete)
    app.register_error_handler(PhieuError, _expected)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    return app


def language() -> str:
    """The product's language for this request: set by the blueprint, else ``?lang=``, else Vietnamese."""
    chosen: str | None = g.get("language") or request.args.get("lang")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def request_texts() -> Texts:
    """Wordings in the request's language."""
    return texts(language())


def _words() -> dict[str, Any]:
    return {"_": request_texts(), "language": language()}


def _page(status: int, title: str, message: str, remedy: str = "", details: tuple[str, ...] = ()) -> Response:
    staff = request.path.startswith("/staff")
    template = "staff/error.html" if staff else "respond/message.html"
    body = render_template(template, title=title, message=message, remedy=remedy, details=details, status=status)
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    if not staff:
        response.headers["Content-Security-Policy"] = page.policy()
    return response


def _expected(error: PhieuError) -> Response:
    t = request_texts()
    if error.status >= 500:
        log.error("%s at %s: %s", error.code, request.endpoint, error)
    title = t("Not possible now") if error.status != 404 else t("Not found")
    return _page(error.status, title, t(error.message), t(error.remedy) if error.remedy else "", error.details)


def _stale_form(error: CSRFError) -> Response:
    t = request_texts()
    message = t("This page was open for too long, or you logged out in another window.")
    return _page(400, t("Please try again"), message, t("Go back, load the page again and repeat what you did."))


def _http(error: HTTPException) -> Response:
    t = request_texts()
    status = error.code or 500
    if isinstance(error, NotFound):
        response = _page(404, t("Not found"), t("This page does not exist."), t("Check the address, or start again."))
    elif isinstance(error, RequestEntityTooLarge):
        response = _page(413, t("Too much at once"), t("What was sent is larger than this page accepts."))
    else:
        response = _page(status, t("Not possible"), t("This request cannot be answered in this form."))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _unexpected(error: Exception) -> Response:
    t = request_texts()
    log.exception("unexpected failure at %s", request.endpoint)
    message = t("Something failed on our side. It has been noted.")
    return _page(500, t("Something went wrong"), message, t("Please try again in a few minutes."))
