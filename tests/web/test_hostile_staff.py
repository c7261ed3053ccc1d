"""Whatever is sent to the staff pages, by somebody who may: a clear page, never a failure, on both databases."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services import authoring, batches, collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from survey.web.security import access
from tests.factories.staff import CSRF, account, browser_of

ALICE = "alice@example.gov.vn"

HOSTILE = (
    "",
    "%00",
    "%ED%A0%80",
    "a" * 10_000,
    "9" * 400,
    "%E2%80%AE%1B%5B31m",
    "'%20OR%201%3D1--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "..%2F..%2Fetc%2Fpasswd",
    "%0d%0aSet-Cookie:%20a=b",
)

TYPED = ("", "%00", "%ED%A0%80", "a" * 10_000, "9" * 400, "1e999", "0001-01-01")
"""Those of them that a field may fail on."""

FIELDS = (
    *("email", "password", "old", "code", "next", "language", "role", "unit", "new_unit", "name", "kind", "slug"),
    *("template", "title", "office", "superior", "phone", "website", "opens_on", "closes_on", "population", "target"),
    *("expected", "double_percent", "serial", "_serial", "_key", "_version", "_language", "B7", "A4", "E1"),
    *("rule", "scoring", "low", "high", "overall", "note", "name-1", "weight-1", "item-B1", "source", "by"),
    *("target|conference", "target|B7", "frame|A3|1", "frame|A3|2", "count|dossiers", "count|dossiers_bad"),
    *("survey", "wave", "on", "breaks", "number", "heard", "action", "lead", "due_on", "done_on"),
)


@pytest.fixture
def alice(any_runtime: Runtime) -> FlaskClient:
    account(any_runtime, ALICE, "administrator")
    authoring.create_survey(any_runtime, OPERATOR, slug="a", template="conference", phone="1022")
    collectors.add(any_runtime, OPERATOR, "a", "poster", "Sảnh")
    authoring.publish(any_runtime, OPERATOR, "a")
    batches.open_batch(any_runtime, OPERATOR, collectors.add(any_runtime, OPERATOR, "a", "paper", "Hòm"), "Tuần 42")
    app: Flask = create_app(any_runtime)
    return browser_of(app, any_runtime, ALICE)


def routes(client: FlaskClient) -> list[tuple[str, str]]:
    """Method and rule of every guarded route that keeps its caller logged in."""
    app = client.application
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if access(app.view_functions[rule.endpoint]) != "public" and rule.endpoint != "accounts.logout"
        for method in (rule.methods or set()) & {"GET", "POST"}
    )


def test_hostile_addresses_and_queries_get_a_page(alice: FlaskClient) -> None:
    for method, rule in routes(alice):
        if method == "GET":
            for value in HOSTILE[1:] if "<" in rule else HOSTILE[:6]:
                path = re.sub(r"<[^>]+>", value, rule)
                answer = alice.get(f"{path}?page={value}&q={value}&collector={value}&sort={value}&lang={value}")
                assert answer.status_code < 500, path[:80]
                assert "<script>alert" not in answer.text
                assert "a=b" not in answer.headers.get("Set-Cookie", "")


def test_hostile_fields_get_a_page(alice: FlaskClient, any_runtime: Runtime) -> None:
    token = CSRF.search(alice.get("/staff/help").text)
    assert token
    code = collectors.list_collectors(any_runtime, OPERATOR, "a")[0].code
    for method, rule in routes(alice):
        if method == "POST":
            path = re.sub(r"<int:\w+>", "1", rule.replace("<slug>", "a").replace("<code>", code))
            for value in TYPED:
                body = "&".join((f"csrf_token={token.group(1)}", *(f"{name}={value}" for name in FIELDS)))
                answer = alice.post(path, data=body, content_type="application/x-www-form-urlencoded")
                assert answer.status_code < 500, (path, value[:40])


def test_hostile_bodies_get_a_page(alice: FlaskClient) -> None:
    token = CSRF.search(alice.get("/staff/help").text)
    assert token
    header = {"X-CSRFToken": token.group(1)}
    bodies = (
        ("application/json", "[" * 50_000),
        ("application/json", json.dumps({"title": ["a"], "population": 2**80})),
        ("application/x-www-form-urlencoded", "&".join(f"f{number}=1" for number in range(60_000))),
        ("application/x-www-form-urlencoded", "title=" + "a" * 2_000_000),
        ("multipart/form-data", "no boundary"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="title"; filename="x"\r\n\r\nx\r\n--b--',
        ),
        ("text/plain", "\x00"),
    )
    for kind, body in bodies:
        for path in ("/staff/new", "/staff/users/invite"):
            answer = alice.post(path, data=body, content_type=kind, headers=header)
            assert 400 <= answer.status_code < 500, (kind, path, answer.status_code)
