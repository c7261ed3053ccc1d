"""Where the settings require a second factor: without it, administrators and the reform team set it up or log out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey.accounts import tokens
from survey.accounts.permissions import PASSWORD_ALONE, ROLES
from survey.errors import NotAllowed
from survey.services import accounts, auditing, exporting, own_account, results, signing_in, surveys
from survey.services.runtime import OPERATOR, Runtime
from survey.services.signing_in import SignedIn
from survey.storage.queries import staff
from survey.web.app import create_app
from survey.web.security import BEFORE_ENROLMENT, ENROL, LOG_IN, access
from tests.conftest import Clock
from tests.factories.staff import PASSWORD, account, press, signed_in
from tests.factories.surveys import open_survey

EMAILS = {role: f"{role.replace('_', '-')}@example.gov.vn" for role in ROLES}
GUARDED = sorted(set(ROLES) - PASSWORD_ALONE)
ALICE = EMAILS["administrator"]


@pytest.fixture
def strict(runtime: Runtime) -> Runtime:
    """The same database under the stricter setting, with an account of each role and a survey."""
    for role, email in EMAILS.items():
        account(runtime, email, role)
    open_survey(runtime, slug="x")
    return replace(runtime, settings=replace(runtime.settings, second_factor_required=True))


def enrol(runtime: Runtime, clock: Clock, email: str) -> None:
    who = signed_in(runtime, email)
    own_account.confirm_factor(runtime, who, pyotp.TOTP(own_account.offered_secret(runtime, who)).at(clock()))


def browser_of(runtime: Runtime, email: str) -> FlaskClient:
    """A client with a new session of this account, as one that logged in with whatever it takes."""
    token = tokens.make(runtime.randomness)

    def work(session: Session) -> None:
        user = staff.by_email(session, email)
        assert user is not None
        staff.open_session(session, tokens.token_hash(token), user.id, runtime.now())

    runtime.database.write(work)
    client = create_app(runtime).test_client()
    client.set_cookie("phieu_staff", token, path="/staff")
    return client


def asked_to_enrol(runtime: Runtime, email: str) -> tuple[set[str], set[str]]:
    """Staff routes that lead to the enrolment page whatever the method, and those that do what they are for."""
    client = browser_of(runtime, email)
    app = client.application
    app.config["WTF_CSRF_ENABLED"] = False
    led: dict[str, set[bool]] = {}
    # Logging out comes last: it ends the session.
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "accounts.logout"):
        if access(app.view_functions[rule.endpoint]) != "public":
            for method in sorted(rule.methods or ()):
                path = re.sub(r"<int:[^>]+>", "1", rule.rule)
                answer = client.open(re.sub(r"<[^>]+>", "x", path), method=method)
                location = answer.headers.get("Location", "")
                assert not location.startswith(LOG_IN) or rule.endpoint == "accounts.logout"
                led.setdefault(rule.endpoint, set()).add(location == ENROL)
    assert all(len(one) == 1 for one in led.values())
    return {name for name, one in led.items() if one == {True}}, {name for name, one in led.items() if one == {False}}


@pytest.mark.parametrize("role", GUARDED)
def test_before_enrolment_every_page_but_three_leads_to_it(strict: Runtime, role: str) -> None:
    led, open_ = asked_to_enrol(strict, EMAILS[role])
    assert open_ == BEFORE_ENROLMENT
    assert {"author.home", "results.answers", "collectors.poster", "accounts.account", "accounts.help_page"} <= led


@pytest.mark.parametrize("role", ROLES)
def test_without_the_setting_no_page_leads_to_enrolment(strict: Runtime, runtime: Runtime, role: str) -> None:
    assert asked_to_enrol(runtime, EMAILS[role])[0] == set()


def test_staff_who_only_prepare_surveys_are_asked_for_nothing(strict: Runtime) -> None:
    assert asked_to_enrol(strict, EMAILS["staff"])[0] == set()


@pytest.mark.parametrize("role", GUARDED)
def test_after_enrolment_every_page_is_open(strict: Runtime, clock: Clock, role: str) -> None:
    enrol(strict, clock, EMAILS[role])
    assert asked_to_enrol(strict, EMAILS[role])[0] == set()


def test_a_session_from_before_the_setting_is_stopped_at_once(strict: Runtime, runtime: Runtime) -> None:
    alice = browser_of(runtime, ALICE)
    cookie = alice.get_cookie("phieu_staff", path="/staff")
    assert cookie and alice.get("/staff/users").status_code == 200
    after = create_app(strict).test_client()
    after.set_cookie("phieu_staff", cookie.value, path="/staff")
    assert after.get("/staff/users").headers["Location"] == ENROL


def test_from_the_password_to_the_first_page(strict: Runtime, clock: Clock) -> None:
    alice = create_app(strict).test_client()
    entered = press(alice, "/staff/login", on="/staff/login", email=ALICE, password=PASSWORD, next="/staff/users")
    assert entered.headers["Location"] == "/staff/users"
    page = alice.get("/staff/users", follow_redirects=True)
    assert page.request.path == ENROL
    assert "bắt buộc xác thực hai lớp" in page.text
    assert 'href="/staff/users"' not in page.text and 'href="/staff/account"' not in page.text
    switched = press(alice, "/staff/account/language", on=ENROL, language="en", next=ENROL)
    assert switched.headers["Location"] == ENROL
    secret = re.search(r'<span class="code wrap">([A-Z2-7 ]+)</span>', alice.get(ENROL).text)
    assert secret
    code = pyotp.TOTP(secret.group(1).replace(" ", "")).at(clock())
    assert press(alice, ENROL, on=ENROL, code="000000").status_code == 400
    assert alice.get("/staff/users").headers["Location"] == ENROL
    assert "Recovery codes" in press(alice, ENROL, on=ENROL, code=code).text
    assert alice.get("/staff/users").status_code == 200


def test_logging_out_needs_no_factor_and_public_pages_and_unknown_ones_stay_as_they_are(strict: Runtime) -> None:
    code = open_survey(strict)
    alice = browser_of(strict, ALICE)
    assert [alice.get(path).status_code for path in (f"/s/{code}", "/healthz", "/staff/nothing")] == [200, 200, 404]
    assert press(alice, "/staff/logout", on=ENROL).headers["Location"] == "/staff/login"


@pytest.mark.parametrize("role", GUARDED)
def test_a_required_factor_stays_on(strict: Runtime, runtime: Runtime, clock: Clock, role: str) -> None:
    email = EMAILS[role]
    enrol(strict, clock, email)
    browser = browser_of(strict, email)
    assert "không tắt được" in browser.get("/staff/account").text
    assert browser.get("/staff/account/second-factor/off").status_code == 403
    off = press(browser, "/staff/account/second-factor/off", on="/staff/account", password=PASSWORD)
    assert off.status_code == 403 and "quản trị viên tắt" in off.text
    assert signing_in.check_password(strict, email, PASSWORD).second_factor
    # The control: the same page under the other setting turns it off.
    browser = browser_of(runtime, email)
    assert press(browser, "/staff/account/second-factor/off", on="/staff/account", password=PASSWORD).status_code == 303
    assert not signing_in.check_password(strict, email, PASSWORD).second_factor


def test_who_lost_the_phone_enrols_again(strict: Runtime, clock: Clock) -> None:
    enrol(strict, clock, ALICE)
    accounts.reset_factor(strict, OPERATOR, ALICE)
    assert browser_of(strict, ALICE).get("/staff/").headers["Location"] == ENROL


@pytest.mark.parametrize(
    "act",
    [
        lambda runtime, who: surveys.show(runtime, who.actor, "x"),
        lambda runtime, who: results.open_result(runtime, who.actor, "x"),
        lambda runtime, who: b"".join(exporting.export_pieces(runtime, who.actor, "x")),
        lambda runtime, who: accounts.invite(runtime, who.actor, "dan@example.gov.vn", "administrator"),
        lambda runtime, who: accounts.list_accounts(runtime, who.actor),
        lambda runtime, who: auditing.newest(runtime, who.actor, skip=0, most=9),
        lambda runtime, who: own_account.change_password(runtime, who, PASSWORD, "một câu khác hẳn 7"),
    ],
)
def test_services_do_nothing_for_who_must_enrol(
    strict: Runtime, runtime: Runtime, act: Callable[[Runtime, SignedIn], object]
) -> None:
    with pytest.raises(NotAllowed):
        act(strict, signed_in(strict, ALICE))
    act(runtime, signed_in(runtime, ALICE))
