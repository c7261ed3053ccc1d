"""The way to the mail server: encrypted and checked, logged in, never a password in the clear."""

from __future__ import annotations

import ssl
import subprocess
from email.headerregistry import Address
from pathlib import Path

import pytest

from survey.config import MailServer as Configured
from survey.errors import Unavailable
from survey.mail import post
from survey.mail.post import Fate
from tests.mailserver import MailServer, mail_server

SENDER = Address("", addr_spec="khaosat@example.gov.vn")
LETTER = b"Subject: x\r\n\r\n.\r\n..two\r\nend"


def configured(port: int, security: str = "none", host: str = "127.0.0.1", **more: str) -> Configured:
    return Configured(host, port, security, SENDER, **more)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost of an authority that this process trusts, as ``SSL_CERT_FILE`` says."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert)
    subprocess.run([*made, *subject], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def test_over_starttls_it_logs_in_and_hands_over(certificate: ssl.SSLContext) -> None:
    mail = MailServer(tls=certificate, users={"khaosat": "mật khẩu"})
    with mail_server(mail):
        server = configured(mail.port, "starttls", "localhost", user="khaosat", password="mật khẩu")
        with post.connected(server) as smtp:
            assert post.hand_over(smtp, SENDER.addr_spec, "lan@example.vn", LETTER).fate is Fate.SENT
            assert post.alive(smtp)
    assert mail.letters == [("lan@example.vn", LETTER + b"\r\n")] and mail.logged_in == ["khaosat"]


def test_a_certificate_for_another_name_or_of_nobody_is_refused(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = MailServer(tls=certificate, users={"khaosat": "x"})
    with mail_server(mail):
        for host, trusted in (("127.0.0.1", True), ("localhost", False)):
            if not trusted:
                monkeypatch.delenv("SSL_CERT_FILE")
            with (
                pytest.raises(Unavailable) as refusal,
                post.connected(configured(mail.port, "starttls", host, user="khaosat", password="x")),
            ):
                pass
            assert "certificate" in refusal.value.details[0].lower()
    assert mail.logged_in == []


def test_where_the_server_offers_no_encryption_nothing_is_said(certificate: ssl.SSLContext) -> None:
    mail = MailServer(users={"khaosat": "x"})
    with (
        mail_server(mail),
        pytest.raises(Unavailable),
        post.connected(configured(mail.port, "starttls", "localhost", user="khaosat", password="x")),
    ):
        pass
    assert mail.logged_in == []


def test_a_wrong_password_is_told_in_the_servers_words() -> None:
    mail = MailServer(users={"khaosat": "right"})
    with (
        mail_server(mail),
        pytest.raises(Unavailable) as refusal,
        post.connected(configured(mail.port, user="khaosat", password="wrong")),
    ):
        pass
    assert refusal.value.details == ("535 wrong",)


@pytest.mark.parametrize(
    ("greeting", "words"), [("554 go away", "554 go away"), ("nonsense", ""), ("220 " + "x" * 20_000, "")]
)
def test_a_server_that_does_not_speak_properly_is_no_failure_of_ours(greeting: str, words: str) -> None:
    with (
        mail_server(MailServer(greeting=greeting)) as mail,
        pytest.raises(Unavailable) as refusal,
        post.connected(configured(mail.port)),
    ):
        pass
    assert words in refusal.value.details[0]


@pytest.mark.parametrize(
    ("reply", "fate"),
    [("550 no", Fate.REFUSED), ("553 no", Fate.REFUSED), ("450 later", Fate.DEFERRED), ("251 forwarded", Fate.SENT)],
)
def test_a_recipient_is_refused_put_off_or_taken(reply: str, fate: Fate) -> None:
    with mail_server(MailServer(rule=lambda _: reply)) as mail, post.connected(configured(mail.port)) as smtp:
        assert post.hand_over(smtp, SENDER.addr_spec, "lan@example.vn", LETTER).fate is fate
        assert post.alive(smtp)


@pytest.mark.parametrize(("reply", "fate"), [("554 spam", Fate.REFUSED), ("452 full", Fate.DEFERRED)])
def test_a_letter_is_refused_or_put_off_after_its_end(reply: str, fate: Fate) -> None:
    with mail_server(MailServer(content_reply=reply)) as mail, post.connected(configured(mail.port)) as smtp:
        outcome = post.hand_over(smtp, SENDER.addr_spec, "lan@example.vn", LETTER)
    assert (outcome.fate, outcome.detail, mail.letters) == (fate, reply, [])


@pytest.mark.parametrize("rule", ["", "421 shutting down"])
def test_a_server_that_ends_the_session_before_the_letter_has_not_taken_it(rule: str) -> None:
    with mail_server(MailServer(rule=lambda _: rule)) as mail, post.connected(configured(mail.port)) as smtp:
        with pytest.raises(Unavailable):
            post.hand_over(smtp, SENDER.addr_spec, "lan@example.vn", LETTER)
        assert mail.letters == []


def test_what_a_server_says_is_one_bounded_printable_line() -> None:
    assert post.said(550, b"a\x1b[31m\r\nb\xff " + b"x" * 1000).startswith("550 a [31m b� x")
    assert len(post.said(550, b"x" * 1000)) == 300
