"""The cookie of a session, where one may be sent after logging in, and what stays in a shared computer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.runtime import Runtime
from survey.web.app import create_app
from survey.web.security import HOME, safe_next
from tests.factories.staff import PASSWORD, account, browser_of, press
from tests.factories.surveys import open_survey

ALICE = "alice@example.gov.vn"


@pytest.mark.parametrize(
    "target",
    ["/staff/", "/staff/surveys/doi-thoai", "/staff/?q=%C4%91&page=2", "/staff/surveys/a/results?collector=X"],
)
def test_a_path_of_the_staff_pages_is_kept(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example/staff/",
        "//evil.example/staff/",
        "/\\evil.example",
        "/staff/\\evil.example",
        "/staff//evil.example",
        "/staff/../s/CODE",
        "/staff",
        "/staffroom/",
        "staff/",
        "javascript:alert(1)",
        "/staff/\r\nSet-Cookie: a=b",
        "/staff/\x00",
        "//[",
        "/staff/" + "a" * 500,
    ],
)
def test_anywhere_else_becomes_the_first_page(target: str | None) -> None:
    assert safe_next(target) == HOME


@given(st.text(max_size=60))
def test_whatever_is_asked_for_the_way_leads_to_the_staff_pages(target: str) -> None:
    for asked in (target, "/staff/" + target):
        led = safe_next(asked)
        assert led.startswith("/staff/") and "//" not in led.partition("?")[0] and "\n" not in led


@pytest.mark.parametrize(("base", "secure"), [("https://ks.example.gov.vn", True), ("http://127.0.0.1:8000", False)])
def test_the_session_cookie_is_for_the_staff_pages_of_this_site_alone(
    runtime: Runtime, base: str, secure: bool
) -> None:
    account(runtime, ALICE, "staff")
    app = create_app(replace(runtime, settings=replace(runtime.settings, public_base_url=base)))
    client = app.test_client()
    entered = press(client, "/staff/login", on="/staff/login", email=ALICE, password=PASSWORD)
    cookie = next(line for line in entered.headers.getlist("Set-Cookie") if line.startswith("phieu_staff="))
    parts = {part.strip() for part in cookie.split(";")}
    assert {"HttpOnly", "Path=/staff", "SameSite=Lax"} <= parts
    assert ("Secure" in parts) == secure
    assert not any(part.startswith("Domain=") for part in parts)


def test_public_pages_know_nothing_of_the_session_and_set_no_cookie(runtime: Runtime) -> None:
    code = open_survey(runtime)
    account(runtime, ALICE, "staff")
    client = browser_of(create_app(runtime), runtime, ALICE)
    client.get("/staff/")
    for path in (f"/s/{code}", "/", "/healthz"):
        assert "Set-Cookie" not in client.get(path).headers


def test_staff_pages_are_not_kept_by_the_browser(runtime: Runtime) -> None:
    account(runtime, ALICE, "administrator")
    client = browser_of(create_app(runtime), runtime, ALICE)
    for path in ("/staff/", "/staff/users", "/staff/login", "/staff/nothing-here"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_no_page_is_built_from_the_host_header(runtime: Runtime) -> None:
    account(runtime, ALICE, "administrator")
    client = browser_of(create_app(runtime), runtime, ALICE)
    for path in ("/staff/", "/staff/users/invite", "/staff/account"):
        page = client.get(path, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
        assert "evil.example" not in page.text
    answer = create_app(runtime).test_client().get("/staff/users", headers={"Host": "evil.example"})
    assert answer.headers["Location"].startswith("/staff/login?next=")
