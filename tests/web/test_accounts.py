"""The way in, one's own account and the administrators' pages, as a browser sees them."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services import accounts, authoring, signing_in
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.staff import PASSWORD, account, browser_of, press, signed_in

ALICE, BOB = "alice@example.gov.vn", "bob@example.gov.vn"


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    account(runtime, ALICE, "administrator", "Sở A")
    account(runtime, BOB, "staff")
    return create_app(runtime)


@pytest.fixture
def alice(app: Flask, runtime: Runtime) -> FlaskClient:
    return browser_of(app, runtime, ALICE)


def test_an_invitation_leads_to_a_password_and_the_password_to_the_page_one_wanted(
    app: Flask, runtime: Runtime
) -> None:
    link = accounts.invite(runtime, OPERATOR, "dan@example.gov.vn", "staff").removeprefix("https://ks.example.gov.vn")
    dan = app.test_client()
    assert "dan@example.gov.vn" in dan.get(link).text
    short = press(dan, link, on=link, password="ngắn")
    assert short.status_code == 400
    assert "Mật khẩu quá ngắn" in short.text and "<title>Lỗi: " in short.text
    assert press(dan, link, on=link, password=PASSWORD).headers["Location"] == "/staff/login"
    assert "Đã đặt mật khẩu" in dan.get("/staff/login").text
    assert dan.get(link).status_code == 404
    asked = dan.get("/staff/new?x=1").headers["Location"]
    entered = press(dan, "/staff/login", on=asked, email="DAN@example.gov.vn", password=PASSWORD, next="/staff/new?x=1")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/staff/new?x=1")
    assert dan.get("/staff/new").status_code == 200


def test_a_wrong_password_keeps_the_address_and_says_nothing_of_which_was_wrong(app: Flask) -> None:
    client = app.test_client()
    page = press(client, "/staff/login", on="/staff/login", email=ALICE, password="ngày mai trời mưa")
    assert page.status_code == 403
    assert f'value="{ALICE}"' in page.text
    assert "ngày mai" not in page.text
    assert "không đúng, hoặc đã thử quá nhiều lần" in page.text


def test_logging_in_leads_to_no_other_site(app: Flask) -> None:
    client = app.test_client()
    entered = press(
        client,
        "/staff/login",
        on="/staff/login?next=//evil.example",
        email=ALICE,
        password=PASSWORD,
        next="//evil.example",
    )
    assert entered.headers["Location"] == "/staff/"


def test_logging_out_ends_the_session_itself_not_just_the_cookie(
    app: Flask, runtime: Runtime, alice: FlaskClient
) -> None:
    cookie = alice.get_cookie("phieu_staff", path="/staff")
    assert cookie
    assert press(alice, "/staff/logout").headers["Location"] == "/staff/login"
    thief = app.test_client()
    thief.set_cookie("phieu_staff", cookie.value, path="/staff")
    assert thief.get("/staff/").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "\x00", "a" * 3000, "é" * 43])
def test_a_made_up_session_is_nobodys(app: Flask, token: str) -> None:
    client = app.test_client()
    client.set_cookie("phieu_staff", token.encode("unicode_escape").decode(), path="/staff")
    assert client.get("/staff/").status_code == 303


def test_the_second_factor_is_set_up_asked_for_and_turned_off(
    app: Flask, runtime: Runtime, alice: FlaskClient, clock: Clock
) -> None:
    page = alice.get("/staff/account/second-factor").text
    secret = re.search(r'<span class="code wrap">([A-Z2-7 ]+)</span>', page)
    assert secret and "data:image/svg+xml;base64," in page
    generator = pyotp.TOTP(secret.group(1).replace(" ", ""))
    wrong = press(alice, "/staff/account/second-factor", on="/staff/account/second-factor", code="123456")
    assert wrong.status_code == 400 and "Mã này không đúng" in wrong.text
    done = press(alice, "/staff/account/second-factor", on="/staff/account/second-factor", code=generator.at(clock()))
    codes = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", done.text)
    assert len(codes) == 10

    phone = app.test_client()
    first = press(phone, "/staff/login", on="/staff/login", email=ALICE, password=PASSWORD, next="/staff/users")
    assert first.headers["Location"] == "/staff/login/code"
    assert phone.get("/staff/").status_code == 303
    clock.advance(seconds=30)
    second = press(phone, "/staff/login/code", on="/staff/login/code", code=generator.at(clock()))
    assert second.headers["Location"] == "/staff/users"
    assert phone.get("/staff/users").status_code == 200

    off = press(phone, "/staff/account/second-factor/off", on="/staff/account/second-factor/off", password=PASSWORD)
    assert off.headers["Location"] == "/staff/account"
    assert not signing_in.check_password(runtime, ALICE, PASSWORD).second_factor


def test_between_the_two_steps_there_are_ten_minutes(
    app: Flask, runtime: Runtime, clock: Clock, alice: FlaskClient
) -> None:
    page = alice.get("/staff/account/second-factor").text
    secret = re.search(r'<span class="code wrap">([A-Z2-7 ]+)</span>', page)
    assert secret
    code = pyotp.TOTP(secret.group(1).replace(" ", "")).at(clock())
    press(alice, "/staff/account/second-factor", on="/staff/account/second-factor", code=code)
    phone = app.test_client()
    press(phone, "/staff/login", on="/staff/login", email=ALICE, password=PASSWORD)
    assert phone.get("/staff/login/code").status_code == 200
    clock.advance(minutes=10, seconds=1)
    assert phone.get("/staff/login/code").headers["Location"] == "/staff/login"
    assert app.test_client().get("/staff/login/code").headers["Location"] == "/staff/login"


def test_the_language_is_kept_for_the_person_and_comes_back_to_the_page(
    app: Flask, runtime: Runtime, alice: FlaskClient
) -> None:
    assert '<html lang="vi">' in alice.get("/staff/users").text
    switched = press(alice, "/staff/account/language", on="/staff/users", language="en", next="/staff/users")
    assert switched.headers["Location"] == "/staff/users"
    assert "Invite someone" in browser_of(app, runtime, ALICE).get("/staff/users").text
    assert press(alice, "/staff/account/language", language="xx").status_code == 400
    assert "Log in" in app.test_client().get("/staff/login?lang=en").text


def test_an_administrator_invites_and_sees_the_link_once(app: Flask, runtime: Runtime, alice: FlaskClient) -> None:
    page = press(
        alice, "/staff/users/invite", on="/staff/users/invite", email="dan@example.gov.vn", role="staff", unit="Sở A"
    )
    link = re.search(r'value="(https://ks\.example\.gov\.vn/staff/invitation/[\w-]{43})"', page.text)
    assert link
    assert app.test_client().get(link.group(1).removeprefix("https://ks.example.gov.vn")).status_code == 200
    again = press(alice, "/staff/users/invite", on="/staff/users/invite", email="dan@example.gov.vn", role="staff")
    assert again.status_code == 409 and "đã có tài khoản" in again.text
    none = press(alice, "/staff/users/invite", on="/staff/users/invite", email="", role="king")
    assert none.status_code == 400
    king = press(alice, "/staff/users/invite", on="/staff/users/invite", email="k@example.vn", role="king")
    assert king.status_code == 400 and "Không có vai trò này" in king.text


def test_roles_are_changed_and_accounts_disabled_from_the_list(
    app: Flask, runtime: Runtime, alice: FlaskClient
) -> None:
    bob = browser_of(app, runtime, BOB)
    assert press(alice, "/staff/users/role", on="/staff/users", email=BOB, role="reform_team").status_code == 303
    assert bob.get("/staff/").status_code == 303
    assert signed_in(runtime, BOB).role == "reform_team"
    press(alice, "/staff/users/disable", on="/staff/users", email=BOB)
    assert "Đã khóa" in alice.get("/staff/users").text
    press(alice, "/staff/users/enable", on="/staff/users", email=BOB)
    own = press(alice, "/staff/users/disable", on="/staff/users", email=ALICE)
    assert own.status_code == 409
    assert press(alice, "/staff/users/disable", on="/staff/users", email="nobody@example.vn").status_code == 404


def test_the_audit_trail_says_who_did_what_in_words(alice: FlaskClient, runtime: Runtime) -> None:
    press(alice, "/staff/users/role", on="/staff/users", email=BOB, role="reform_team")
    page = alice.get("/staff/audit").text
    assert "đổi vai trò" in page and BOB in page and "Vai trò: Tổ CCHC" in page
    assert "Người vận hành máy chủ (dòng lệnh)" in page and "Sở A" in page and "invited" not in page
    assert not re.search(r">\s*(operator|role:|unit:)", page)


def test_the_audit_trail_is_searched_by_person_action_and_survey(alice: FlaskClient, runtime: Runtime) -> None:
    press(alice, "/staff/users/role", on="/staff/users", email=BOB, role="reform_team")
    for slug in ("a", "b"):
        authoring.create_survey(runtime, OPERATOR, slug=slug, template="conference", title=f"Đợt {slug}", phone="1022")
    authoring.publish(runtime, OPERATOR, "a")

    def found(**query: str) -> str:
        page = alice.get("/staff/audit", query_string=query).text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<tbody>")[2].partition("</tbody>")[0]))

    assert found(slug="a").count("Đợt a") == 2 and "Đợt b" not in found(slug="a")
    assert "Phiên bản 1" in found(slug="a") and "Mẫu phiếu: Hội nghị đối thoại doanh nghiệp" in found(slug="a")
    assert found(who=ALICE, action="account.role").count(BOB) == 1
    assert "tạo khảo sát" not in found(who=ALICE) and "tạo khảo sát" in found(who="operator")
    assert found(action="survey.create", slug="b").count("Đợt b") == 1
    assert found(slug="nothing") == found(who="' OR 1=1") == found(action="\x00") == ""


@pytest.mark.parametrize("number", ["abc", "-1", "0", "9" * 400, "٣", "1.5", ""])
def test_any_page_number_is_answered(alice: FlaskClient, number: str) -> None:
    for path in ("/staff/", "/staff/users", "/staff/audit"):
        assert alice.get(path, query_string={"page": number}).status_code == 200


def test_the_password_is_changed_with_the_old_one(alice: FlaskClient, runtime: Runtime) -> None:
    wrong = press(alice, "/staff/account", on="/staff/account", old="ngày mai trời mưa", password="một câu khác hẳn 7")
    assert wrong.status_code == 403 and "Mật khẩu hiện tại không đúng" in wrong.text
    press(alice, "/staff/account", on="/staff/account", old=PASSWORD, password="một câu khác hẳn 7")
    assert alice.get("/staff/account").status_code == 200
    assert signing_in.check_password(runtime, ALICE, "một câu khác hẳn 7")
