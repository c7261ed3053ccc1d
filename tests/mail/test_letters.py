"""Letters as they leave: plain, composed, with headers that nothing typed can add to, known again by their id."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection.answers import normalise
from survey.mail import letters
from tests.conftest import SECRET

LETTER = letters.Letter(
    sender=Address("Sở Nội vụ, tỉnh Đồng Tháp", addr_spec="khaosat@example.gov.vn"),
    recipient="lan@example.vn",
    reply_to="gopy@example.gov.vn",
    subject="Kính mời Quý vị",
    body="Kính gửi Quý vị,\n\n{link}\n",
    language="vi",
    message_id=letters.message_id(SECRET, 3, 14, bytes(8), "example.gov.vn"),
    written_at=datetime(2026, 10, 15, 3, 0, tzinfo=UTC),
)

HEADERS = {"from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "content-language"} | {
    "content-type",
    "content-transfer-encoding",
    "mime-version",
}


def test_every_header_stands_once_and_no_other() -> None:
    read = message_from_bytes(letters.written(LETTER), policy=default)
    assert sorted(name.lower() for name in read) == sorted(HEADERS)
    assert read["From"].addresses[0].display_name == "Sở Nội vụ, tỉnh Đồng Tháp"
    assert read["Content-Language"] == "vi" and read["Auto-Submitted"] == "auto-generated"
    assert "reply-to" not in letters.written(replace(LETTER, reply_to="")).decode().lower()


def test_decomposed_words_leave_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Ễ ự ặ Đồng Tháp")
    read = message_from_bytes(letters.written(replace(LETTER, subject=decomposed, body=decomposed)), policy=default)
    assert read["Subject"] == "Ễ ự ặ Đồng Tháp" and read.get_content().strip() == "Ễ ự ặ Đồng Tháp"  # type: ignore[attr-defined] # as the policy makes it


@pytest.mark.parametrize("planted", ["Mời\nBcc: x@y.vn", "Mời\r\nBcc: x@y.vn", "Mời\rBcc: x@y.vn"])
def test_a_subject_of_several_lines_is_refused_should_one_ever_get_so_far(planted: str) -> None:
    with pytest.raises(ValueError):
        letters.written(replace(LETTER, subject=planted))


@given(st.text(max_size=300), st.text(max_size=600))
def test_whatever_is_typed_as_it_is_kept_adds_no_header_and_keeps_the_text(subject: str, body: str) -> None:
    kept_subject, kept_body = normalise(subject, lines=False)[:200] or "x", normalise(body)
    content = letters.written(replace(LETTER, subject=kept_subject, body=kept_body))
    read = message_from_bytes(content, policy=default)
    assert {name.lower() for name in read} == HEADERS
    assert (
        content.isascii()
        and max(map(len, content.split(b"\r\n"))) <= 998
        and b"\n" not in content.replace(b"\r\n", b"")
    )
    assert read.get_content().replace("\r\n", "\n").strip("\n") == kept_body.strip("\n")  # type: ignore[attr-defined] # as the policy makes it


def test_only_the_link_is_filled_in() -> None:
    assert letters.filled("{link} {name} {0} {{link}}", "L") == "L {name} {0} {L}"


def test_a_letter_is_known_by_its_id_and_a_forged_one_is_not() -> None:
    made = letters.message_id(SECRET, 3, 14, b"12345678", "example.gov.vn")
    assert letters.named(["n" + SECRET, SECRET], f"  {made} ") == (3, 14)
    assert letters.named(["n" + SECRET], made) is None
    for forged in (made.replace(".14.", ".15."), made.replace("phieu", "x"), "", "x" * 10_000, "<phieu.1.2.3.4@x>"):
        assert letters.named([SECRET], forged) is None
