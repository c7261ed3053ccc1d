"""Letters that came back: from a file of the mailbox to the list on the page. A forged report reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.collection.answers import normalise
from survey.errors import PhieuError
from survey.mail import bounces
from survey.services import bouncing, mailing, sending
from survey.services.bouncing import Noted
from survey.services.runtime import OPERATOR, Runtime
from tests.factories.mailings import answer, code_in, counts, go_on, invited, sent_off, with_mail
from tests.mail.test_bounces import report
from tests.mailserver import MailServer, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def about(letter_id: str, recipient: str) -> bytes:
    """A report of a failure."""
    written = report().replace(b"<phieu.1.2.x@example.gov.vn>", letter_id.encode())
    return written.replace(b"lan@example.vn", recipient.encode()).replace(b"Lan@Example.vn", recipient.encode())


def test_a_letter_that_came_back_is_listed_with_the_servers_words_and_not_reminded(
    any_runtime: Runtime, mail: MailServer, tmp_path: Path
) -> None:
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, "lan@example.vn", "minh@example.vn", "tam@example.vn")
    sent_off(runtime, number)
    letter_id = mail.to("minh@example.vn")[0]["Message-ID"]
    by_id, by_address = tmp_path / "1.eml", tmp_path / "mailbox"
    by_id.write_bytes(about(letter_id, "forwarded-to@other.example"))
    by_address.write_bytes(b"From x\n" + about("<unknown@x>", "LAN@example.vn"))
    files = (by_id, by_address)
    assert bouncing.take(runtime, OPERATOR, files) == Noted(reports=2, people=2)
    assert bouncing.take(runtime, OPERATOR, files) == Noted(reports=2, people=0)
    listed = mailing.people(runtime, OPERATOR, number, "bounced")
    assert [one.address for one in listed] == ["lan@example.vn", "minh@example.vn"]
    assert all(one.detail.startswith("5.1.1 550 5.1.1") and one.detail == normalise(one.detail) for one in listed)
    assert sending.remind(runtime, OPERATOR, number) == 1
    sending.send(runtime, number, go_on)
    assert counts(runtime, number).bounced == 2 and len(mail.to("tam@example.vn")) == 2


def test_whoever_has_answered_had_the_letter(runtime: Runtime, mail: MailServer, tmp_path: Path) -> None:
    runtime = with_mail(runtime, mail.port)
    number = invited(runtime, "lan@example.vn")
    sent_off(runtime, number)
    answer(runtime, code_in(mail, "lan@example.vn"))
    file = tmp_path / "1.eml"
    file.write_bytes(about(mail.to("lan@example.vn")[0]["Message-ID"], "lan@example.vn"))
    assert bouncing.take(runtime, OPERATOR, (file,)) == Noted(reports=1, people=0)


def test_a_forged_letter_id_names_nobody(runtime: Runtime, mail: MailServer, tmp_path: Path) -> None:
    runtime = with_mail(runtime, mail.port)
    number = invited(runtime, "lan@example.vn", "minh@example.vn")
    sent_off(runtime, number)
    mine, other = (mail.to(one)[0]["Message-ID"] for one in ("lan@example.vn", "minh@example.vn"))
    forged = ".".join((*other.split(".")[:3], *mine.split(".")[3:]))
    file = tmp_path / "1.eml"
    file.write_bytes(about(forged, "nobody@example.vn"))
    assert forged != other and bouncing.take(runtime, OPERATOR, (file,)) == Noted(reports=1, people=0)


def test_a_file_that_cannot_be_read_is_told(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(PhieuError) as refusal:
        bouncing.take(runtime, OPERATOR, (tmp_path / "nothing",))
    assert refusal.value.code == "file_unusable"
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(bounces.LARGEST_FILE + 1)
    with pytest.raises(PhieuError) as refusal:
        bouncing.take(runtime, OPERATOR, (large,))
    assert refusal.value.code == "mailbox_too_large"
