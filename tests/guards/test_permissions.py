"""Every route says who may call it; what says nothing is not there; what asks for an account shows nothing without."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response, g
from werkzeug.routing import Rule

from survey.accounts.permissions import ROLES, Permission, allows
from survey.services.runtime import Actor, Runtime
from survey.services.signing_in import SignedIn
from survey.web.app import create_app, csrf
from survey.web.security import LOG_IN, access

PUBLIC_STAFF_PAGES = re.compile(r"/staff/(login|logout|invitation|second-factor)\b")
"""Below /staff/ only the way in is for everybody."""


def undeclared(app: Flask) -> list[str]:
    """Routes whose view declares neither a permission nor ``public``."""
    return [rule.rule for rule in app.url_map.iter_rules() if not declared(app, rule)]


def declared(app: Flask, rule: Rule) -> Permission | str | None:
    return access(app.view_functions[rule.endpoint])


def address(rule: Rule) -> str:
    """A rule with something for each of its parts."""
    return re.sub(r"<(?:(\w+)[^:>]*:)?\w+>", lambda match: "1" if match[1] == "int" else "x", rule.rule)


def test_every_route_declares_who_may_call_it(runtime: Runtime) -> None:
    app = create_app(runtime)
    assert undeclared(app) == []
    for rule in app.url_map.iter_rules():
        assert declared(app, rule) in (*Permission, "public")


def test_a_route_that_declares_nothing_is_found_and_is_not_there(runtime: Runtime) -> None:
    app = create_app(runtime)
    app.add_url_rule("/staff/planted", "planted", lambda: Response("secret"))
    assert undeclared(app) == ["/staff/planted"]
    answer = app.test_client().get("/staff/planted")
    assert answer.status_code == 404 and b"secret" not in answer.data


def test_staff_pages_are_public_only_on_the_way_in(runtime: Runtime) -> None:
    app = create_app(runtime)
    staff = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    assert staff
    assert [
        rule.rule for rule in staff if declared(app, rule) == "public" and not PUBLIC_STAFF_PAGES.match(rule.rule)
    ] == []


def test_without_an_account_every_other_route_leads_to_the_way_in(runtime: Runtime) -> None:
    app = create_app(runtime)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if declared(app, rule) != "public":
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                answer = client.open(address(rule), method=method)
                assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (303, LOG_IN), (
                    rule.rule
                )


def test_a_form_of_another_site_is_refused_on_every_staff_route(runtime: Runtime) -> None:
    """Only the pages behind a QR do without the session's form token: they have their own, and no session to misuse."""
    app = create_app(runtime)
    exempt = {getattr(one, "name", one) for one in (*csrf._exempt_blueprints, *csrf._exempt_views)}
    assert exempt == {"respond"}
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/staff"):
            assert client.post(address(rule)).status_code == 400, rule.rule


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_its_permissions_open_and_nothing_else(runtime: Runtime, role: str) -> None:
    app = create_app(runtime)
    app.config["WTF_CSRF_ENABLED"] = False
    person = Actor(name="lan@example.vn", role=role, user_id=1, unit_id=1, units=frozenset({1}))
    signed_in = SignedIn(1, person.name, role, "vi", "Sở", True, b"", person)
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: setattr(g, "signed_in", signed_in))
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        wanted = declared(app, rule)
        if wanted != "public":
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                status = client.open(address(rule), method=method).status_code
                assert (status == 403) == (not allows(role, Permission(wanted))), (rule.rule, method, status)
                assert status < 500, (rule.rule, method)


def test_every_permission_is_held_by_somebody_and_asked_for_somewhere(runtime: Runtime) -> None:
    app = create_app(runtime)
    asked = {declared(app, rule) for rule in app.url_map.iter_rules()}
    assert [permission for permission in Permission if permission not in asked] == []
    assert frozenset().union(*ROLES.values()) == frozenset(Permission)
