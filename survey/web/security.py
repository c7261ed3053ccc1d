"""Who may call which route: every view declares it, and one that does not is not there. Sessions come in a cookie here.

@blueprint.get("/staff/surveys/<slug>/results")
@requires(Permission.RESULTS)
def results(slug: str) -> Response: …
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request

from survey.accounts import tokens
from survey.accounts.permissions import Permission, allows, demand
from survey.services.runtime import Actor, Runtime
from survey.services.signing_in import SignedIn, resume

COOKIE = "phieu_staff"
FOLDER = "/staff"
HOME = "/staff/"
LOG_IN = "/staff/login"
ENROL = "/staff/account/second-factor"

BEFORE_ENROLMENT = frozenset({"accounts.factor", "accounts.language", "accounts.logout"})
"""All that is open to an account without the second factor it must have."""

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that anybody may call."""
    view.__dict__["access"] = "public"
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Marks a view that only accounts with this permission may call."""

    def mark(view: View) -> View:
        view.__dict__["access"] = permission
        return view

    return mark


def access(view: Callable[..., Any]) -> Permission | str | None:
    """What a view declares: a permission, ``public``, or None."""
    declared: Permission | str | None = getattr(view, "access", None)
    return declared


def runtime() -> Runtime:
    """The runtime this application was made over."""
    made: Runtime = current_app.extensions["phieu.runtime"]
    return made


def signed_in() -> SignedIn:
    """Who is behind this request; only in views that require a permission."""
    who: SignedIn = g.signed_in
    return who


def actor() -> Actor:
    """The same, as services take it."""
    return signed_in().actor


def visitor() -> SignedIn | None:
    """Who is behind this request, on pages that anybody may see."""
    if "signed_in" not in g:
        token = request.cookies.get(COOKIE, "")
        g.signed_in = resume(runtime(), token) if token else None
        if g.signed_in is not None:
            g.language = g.signed_in.language
    found: SignedIn | None = g.signed_in
    return found


def start_session(response: Response, token: str) -> Response:
    """Hands the browser its session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(tokens.ABSOLUTE.total_seconds()),
        path=FOLDER,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def end_session(response: Response) -> Response:
    """Takes the session from the browser."""
    response.delete_cookie(COOKIE, path=FOLDER)
    return response


def safe_next(target: str | None) -> str:
    """Where to go after logging in: a path of the staff pages, else their first page; never another site."""
    if not target or len(target) > 500 or "\\" in target or any(unicodedata.category(c)[0] == "C" for c in target):
        return HOME
    try:
        parts = urlsplit(target)
    except ValueError:
        return HOME
    inside = not parts.scheme and not parts.netloc and parts.path.startswith(HOME) and "//" not in parts.path
    return target if inside and ".." not in parts.path.split("/") else HOME


def register(app: Flask) -> None:
    """Guards every request of the application, and tells templates who reads them."""
    app.before_request(_guard)
    app.after_request(_keep_private)
    app.context_processor(lambda: {"who": g.get("signed_in"), "may": may, "here": here})


def may(permission: str) -> bool:
    """Whether whoever reads this page holds a permission; for showing links, never in place of ``requires``."""
    who: SignedIn | None = g.get("signed_in")
    return who is not None and not who.must_enrol and allows(who.role, Permission(permission))


def here(**changes: object) -> str:
    """This page's path with its query, some of it changed; None takes a parameter away. The first page where this one
    cannot be fetched again."""
    if request.url_rule is None or "GET" not in (request.url_rule.methods or ()):
        return HOME
    query = {name: value for name, value in {**request.args.to_dict(), **changes}.items() if value not in (None, "")}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _guard() -> Any:
    if request.path.startswith(FOLDER):
        visitor()
    if request.routing_exception is not None or request.endpoint is None:
        return None
    declared = access(current_app.view_functions[request.endpoint])
    if declared is None:
        abort(404)
    if declared == "public":
        return None
    who = visitor()
    if who is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else HOME
        return redirect(f"{LOG_IN}?next={quote(safe_next(back))}", 303)
    if who.must_enrol and request.endpoint not in BEFORE_ENROLMENT:
        return redirect(ENROL, 303)
    demand(who.role, Permission(declared))
    return None


def _keep_private(response: Response) -> Response:
    """Nothing of the staff pages stays in a shared computer's cache or comes back after logging out."""
    if request.path.startswith(FOLDER):
        response.headers["Cache-Control"] = "no-store"
    return response
