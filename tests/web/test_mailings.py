"""Invitations on the staff pages, from the first word to the deleted address, with letters over a real mail server."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services import authoring, collectors, mailing
from survey.services.collectors import Traits
from survey.services.postman import Postman
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.mailings import code_in, counts, received, with_mail
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey
from tests.mailserver import MailServer, mail_server

BOB = "bob@example.gov.vn"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def code(runtime: Runtime) -> str:
    open_survey(runtime)
    return collectors.add(runtime, OPERATOR, "conference", "link", "Thư mời", traits=Traits(single_use=True))


@pytest.fixture
def app(runtime: Runtime, mail: MailServer, code: str) -> Flask:
    return create_app(with_mail(runtime, mail.port))


@pytest.fixture
def bob(app: Flask, runtime: Runtime) -> FlaskClient:
    account(runtime, BOB, "staff")
    return browser_of(app, runtime, BOB)


def carried(app: Flask) -> None:
    """Waits until the letters have left."""
    postman: Postman = app.extensions["phieu.postman"]
    postman.join(60)


def made(bob: FlaskClient, code: str, *people: str) -> str:
    """The path of a new mailing with suggested words."""
    path = f"/staff/collectors/{code}/mailings/new"
    page = unescape(bob.get(path).text)
    bodies = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    subjects = re.findall(r'name="((?:reminder_)?subject)"[^>]* value="([^"]*)"', page)
    there = press(bob, path, on=path, language="vi", **dict(bodies), **dict(subjects)).headers["Location"]
    if people:
        assert press(bob, f"{there}/addresses", on=there, addresses="\n".join(people)).status_code == 303
    return there


def test_a_letter_leads_to_the_form_is_answered_once_and_only_the_others_are_reminded(
    app: Flask, bob: FlaskClient, runtime: Runtime, mail: MailServer, code: str
) -> None:
    people = ("Lan@Example.vn", "minh@example.vn", "tâm <tam@example.vn>")
    there = made(bob, code, *people)
    assert mail.letters == [] and "3 người đang chờ thư" in bob.get(there).text
    press(bob, f"{there}/send", on=there)
    carried(app)
    assert received(mail) == Counter(["lan@example.vn", "minh@example.vn", "tam@example.vn"])
    single = code_in(mail, "lan@example.vn")
    visitor = app.test_client()
    form = visitor.get(f"/s/{single}")
    assert form.status_code == 200
    token = re.search(r'name="_token" value="([^"]+)"', form.text)
    assert token
    sent = visitor.post(f"/s/{single}", data={"_token": token[1], "B7": "5"})
    assert sent.status_code == 303 and "/r/" in sent.headers["Location"]
    assert visitor.get(f"/s/{single.lower()}?x").status_code in (200, 410)
    press(bob, f"{there}/remind", on=there)
    carried(app)
    assert received(mail) == Counter({"lan@example.vn": 1, "minh@example.vn": 2, "tam@example.vn": 2})
    assert visitor.get(f"/s/{code_in(mail, 'minh@example.vn')}").status_code == 200
    found = counts(runtime, 1)
    assert (found.sent, found.answered, found.reminded) == (3, 1, 2)
    assert press(bob, f"{there}/remind").status_code == 409


def test_a_list_with_a_wrong_line_is_named_by_line_and_adds_nobody(
    bob: FlaskClient, runtime: Runtime, code: str
) -> None:
    there = made(bob, code)
    listed = "họ tên,địa chỉ\nLan,lan@example.vn\nMinh\nTâm,tâm@example.vn\n"
    page = press(bob, f"{there}/addresses", on=there, addresses=listed)
    assert page.status_code == 400 and "3: Minh" in page.text and "4: Tâm,tâm@example.vn" in page.text
    assert "lan@example.vn" in page.text and counts(runtime, 1).people == 0


def test_a_file_and_what_was_pasted_are_taken_together_each_address_once(
    bob: FlaskClient, runtime: Runtime, code: str
) -> None:
    there = made(bob, code, "lan@example.vn")
    csrf = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', bob.get(there).text)
    assert csrf
    file = io.BytesIO("\ufeffTên;Thư\nLan;LAN@example.vn\nMinh;minh@example.vn\n".encode())
    data = {"csrf_token": csrf[1], "addresses": "tam@example.vn", "file": (file, "a.csv")}
    sent = bob.post(f"{there}/addresses", data=data, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert "Đã thêm 2 địa chỉ. 1 địa chỉ đã có từ trước." in bob.get(there).text
    assert counts(runtime, 1).people == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "Không có liên kết"}, "Một thư thiếu {link}"),
        ({"reminder_body": "Không có liên kết"}, "Một thư thiếu {link}"),
        ({"subject": " "}, "Hãy ghi một dòng"),
        ({"subject": "x" * 201}, "Nội dung này quá dài."),
        ({"body": "{link}" + "x" * 10_001}, "Nội dung này quá dài."),
        ({"language": "xx"}, "Các trang không có ngôn ngữ này."),
    ],
)
def test_a_letter_nobody_could_answer_is_not_kept(
    bob: FlaskClient, runtime: Runtime, code: str, changes: dict[str, str], words: str
) -> None:
    path = f"/staff/collectors/{code}/mailings/new"
    good = {"language": "vi", "subject": "Mời", "body": "{link}", "reminder_subject": "Nhắc", "reminder_body": "{link}"}
    page = press(bob, path, on=path, **{**good, **changes})
    assert page.status_code == 400 and words in unescape(page.text)
    assert mailing.of_collector(runtime, OPERATOR, code) == ()


def test_no_subject_can_add_a_header(app: Flask, bob: FlaskClient, mail: MailServer, code: str) -> None:
    path = f"/staff/collectors/{code}/mailings/new"
    evil = "Mời\r\nBcc: ai@example.vn\nX: \u2028Y: \x00\x85 Ễ"
    words = {"language": "vi", "body": "{link}\r\n.\r\nMAIL FROM:<x@y.vn>\r\n", "reminder_body": "{link}"}
    there = press(bob, path, on=path, subject=evil, reminder_subject=evil, **words).headers["Location"]
    press(bob, f"{there}/addresses", on=there, addresses="lan@example.vn")
    press(bob, f"{there}/send", on=there)
    carried(app)
    [letter] = mail.to("lan@example.vn")
    assert letter["Bcc"] is None and letter["X"] is None and letter["Subject"].startswith("Mời Bcc: ai@example.vn X:")
    assert len(mail.letters) == 1 and "\r\n.\r\nMAIL FROM:<x@y.vn>" in letter.get_content()


def test_addresses_go_when_the_survey_has_ended(
    app: Flask, bob: FlaskClient, runtime: Runtime, code: str, clock: Clock
) -> None:
    there = made(bob, code, "lan@example.vn", "minh@example.vn")
    assert press(bob, f"{there}/forget", on=there).status_code == 409
    authoring.close(runtime, OPERATOR, "conference")
    assert "2 địa chỉ sau khi kết thúc 30 ngày" in unescape(bob.get(there).text)
    press(bob, f"{there}/forget", on=there)
    assert counts(runtime, 1).people == 0 and "Không còn địa chỉ nào." in bob.get(there).text


def test_addresses_go_by_themselves_thirty_days_after_the_end(runtime: Runtime, code: str, clock: Clock) -> None:
    number = mailing.create(runtime, OPERATOR, code, mailing.suggested(runtime, OPERATOR, code, "vi"))
    mailing.add_addresses(runtime, OPERATOR, number, "lan@example.vn")
    clock.advance(days=100)
    assert mailing.forget_due(runtime) == 0  # it still collects
    authoring.close(runtime, OPERATOR, "conference")
    clock.advance(days=29)
    assert mailing.forget_due(runtime) == 0
    clock.advance(days=1)
    assert mailing.forget_due(runtime) == 1 and counts(runtime, number).people == 0


def test_no_entry_of_the_audit_trail_holds_an_address(
    app: Flask, bob: FlaskClient, runtime: Runtime, mail: MailServer, code: str
) -> None:
    account(runtime, "alice@example.gov.vn", "administrator")
    alice = browser_of(app, runtime, "alice@example.gov.vn")
    there = made(bob, code, "lan@example.vn")
    press(bob, f"{there}/send", on=there)
    carried(app)
    for act in ("stop", "remind", "settle", "drop", "again/refused"):
        press(bob, f"{there}/{act}", on=there)
        carried(app)
    trail = alice.get("/staff/audit").text
    assert trail.count("cho gửi thư mời") >= 2 and "lập đợt gửi thư mời" in trail and "thêm địa chỉ nhận thư" in trail
    assert "lan@example.vn" not in trail and "mailing." not in re.sub(r'value="[^"]*"', "", trail)


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "9" * 30, "١", "1%00", "1.0"])
def test_a_mailing_that_is_not_there_is_not_found(bob: FlaskClient, code: str, number: str) -> None:
    made(bob, code)
    assert bob.get(f"/staff/collectors/{code}/mailings/{number}").status_code == 404


def test_a_mailing_is_found_below_its_own_collector_only(bob: FlaskClient, runtime: Runtime, code: str) -> None:
    there = made(bob, code)
    other = collectors.add(runtime, OPERATOR, "conference", "link", "Khác", traits=Traits(single_use=True))
    assert bob.get(there).status_code == 200
    assert bob.get(there.replace(code, other)).status_code == 404
    assert press(bob, f"{there.replace(code, other)}/send").status_code == 404


def test_a_collector_that_everybody_can_use_has_no_mailings(bob: FlaskClient, runtime: Runtime, code: str) -> None:
    shared = collectors.list_collectors(runtime, OPERATOR, "conference")[0].code
    path = f"/staff/collectors/{shared}/mailings"
    assert "mở cho mọi người" in bob.get(path).text
    words = {
        "language": "vi",
        "subject": "Mời",
        "body": "{link}",
        "reminder_subject": "Nhắc",
        "reminder_body": "{link}",
    }
    assert press(bob, f"{path}/new", **words).status_code == 409
    assert "Mời qua thư điện tử" not in bob.get(f"/staff/collectors/{shared}").text
    assert "Mời qua thư điện tử" in bob.get(f"/staff/collectors/{code}").text


def test_without_a_mail_server_the_page_says_so(runtime: Runtime, code: str) -> None:
    account(runtime, BOB, "staff")
    bob = browser_of(create_app(runtime), runtime, BOB)
    there = made(bob, code, "lan@example.vn")
    assert "Chưa cài đặt máy chủ thư." in bob.get(there).text
    assert press(bob, f"{there}/send", on=there).status_code == 409
