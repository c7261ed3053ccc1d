"""What comes back: failures are read out of reports of any shape, whatever else a mailbox holds."""

from __future__ import annotations

import random
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.mail import bounces
from survey.mail.bounces import Bounce

REPORT = """\
From: MAILER-DAEMON@mail.example.gov.vn
To: khaosat@example.gov.vn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.gov.vn
Arrival-Date: Thu, 15 Oct 2026 10:00:00 +0700

Final-Recipient: rfc822; lan@example.vn
Original-Recipient: rfc822;Lan@Example.vn
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <lan@example.vn>:
    user unknown

--B
Content-Type: {kind}

Message-ID: <phieu.1.2.x@example.gov.vn>
Subject: =?utf-8?b?TeG7nWk=?=

--B--
"""


def report(action: str = "failed", status: str = "5.1.1", kind: str = "message/rfc822") -> bytes:
    return REPORT.format(action=action, status=status, kind=kind).encode()


FAILED = Bounce(("lan@example.vn",), "<phieu.1.2.x@example.gov.vn>", "5.1.1 550 5.1.1 <lan@example.vn>: user unknown")


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_failure_is_read_with_its_recipient_and_the_letters_id(kind: str, ends: str) -> None:
    assert list(bounces.read(report(kind=kind).replace(b"\n", ends.encode()))) == [FAILED]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "FAILURE"])
def test_what_did_not_fail_for_good_is_none(action: str) -> None:
    assert list(bounces.read(report(action=action))) == []


def test_a_mailbox_is_read_message_by_message() -> None:
    other = b"From: lan@example.vn\nSubject: hello\n\nFrom here on I write to you.\n\nAll the best\n"
    mailbox = b"".join(b"From x@y Thu Oct 15 10:00:00 2026\n" + one + b"\n" for one in (report(), other, report()))
    assert list(bounces.read(mailbox)) == [FAILED, FAILED]
    assert list(bounces.read(mailbox.replace(b"\n", b"\r\n"))) == [FAILED, FAILED]


def test_an_ordinary_letter_that_speaks_of_failure_is_none() -> None:
    letter = EmailMessage()
    letter["Subject"] = "Undelivered"
    letter.set_content("Final-Recipient: rfc822; lan@example.vn\nAction: failed\nStatus: 5.1.1\n")
    assert list(bounces.read(letter.as_bytes())) == []


def test_hostile_messages_are_passed_over_and_those_behind_them_read() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth) for depth in range(20_000)
    )
    hostile = [
        nested,
        b"\x00\xff" * 100_000,
        b"Content-Type: multipart/report; boundary=\n\n--\n",
        b'Content-Type: multipart/report; boundary="B"\n\n'
        + b"--B\nContent-Type: message/delivery-status\n\n\n" * 5_000,
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\nFinal-Recipient: rfc822;a@b.vn\n\n" * 20_000,
        b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\n\n",
        b"X: " + b"y" * 3_000_000,
        b"Subject: =?utf-7?q?+AAA?=\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n????",
    ]
    mailbox = b"".join(b"From x@y Thu Oct 15 10:00:00 2026\n" + one + b"\n\n" for one in (*hostile, report()))
    found = list(bounces.read(mailbox))
    assert found[-1] == FAILED and len(found) <= 201


@given(st.binary(max_size=2_000), st.integers(0, 2**32))
def test_no_bytes_make_reading_fail(noise: bytes, seed: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(report())
    for _ in range(chance.randrange(1, 40)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    for content in (noise, bytes(damaged), b"From x\n" + noise, report()[: chance.randrange(900)] + noise):
        for one in bounces.read(content):
            assert one.detail.isprintable() and len(one.detail) <= 300 and all(one.recipients)
