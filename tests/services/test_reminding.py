"""The one reminder, and who is written to at all: those who have not answered, where something can be answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from survey.errors import Conflict
from survey.services import authoring, collectors, mailing, sending
from survey.services.collecting import Stored
from survey.services.collectors import Traits
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.services.sending import Report
from survey.storage.queries import mailings
from tests.factories.mailings import (
    answer,
    code_in,
    codes_stored,
    counts,
    go_on,
    invited,
    many,
    received,
    sent_off,
    with_mail,
)
from tests.factories.surveys import open_survey
from tests.mailserver import MailServer, mail_server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def test_only_those_who_have_not_answered_are_reminded_and_their_old_code_ends(
    any_runtime: Runtime, mail: MailServer
) -> None:
    runtime = with_mail(any_runtime, mail.port)
    people = many(6)
    number = invited(runtime, *people)
    sent_off(runtime, number)
    first = {one: code_in(mail, one) for one in people}
    for one in people[:2]:
        assert isinstance(answer(runtime, first[one]), Stored)
    assert sending.remind(runtime, OPERATOR, number) == 4
    assert isinstance(answer(runtime, first[people[2]]), Stored)  # between the order and the letter
    assert sending.send(runtime, number, go_on) == Report(sent=3)
    assert received(mail) == Counter({**dict.fromkeys(people[:3], 1), **dict.fromkeys(people[3:], 2)})
    assert mail.to(people[3])[1]["Subject"].startswith("Nhắc lại: ")
    for one in people[3:]:
        second = code_in(mail, one)
        assert second != first[one]
        with pytest.raises(Exception, match="No survey has this code"):
            answer(runtime, first[one])
        assert isinstance(answer(runtime, second), Stored)
    found = counts(runtime, number)
    assert (found.sent, found.answered, found.reminded) == (6, 6, 3)
    with pytest.raises(Conflict) as refusal:
        sending.remind(runtime, OPERATOR, number)
    assert refusal.value.code == "reminded_already"


def test_a_reminder_that_cannot_be_delivered_leaves_the_first_code_working(
    any_runtime: Runtime, mail: MailServer
) -> None:
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, "lan@example.vn", "minh@example.vn")
    sent_off(runtime, number)
    mail.rule = lambda one: "552 mailbox full" if one.startswith("lan") else "452 busy"
    sending.remind(runtime, OPERATOR, number)
    assert sending.send(runtime, number, go_on) == Report(refused=1, deferred=1)
    for one in ("lan@example.vn", "minh@example.vn"):
        assert isinstance(answer(runtime, code_in(mail, one)), Stored)
    mail.rule = lambda _: "250 ok"
    assert sent_off(runtime, number) == Report()  # both have answered meanwhile
    assert codes_stored(runtime) == 2


def test_nobody_is_written_to_where_nothing_could_be_answered(any_runtime: Runtime, mail: MailServer) -> None:
    runtime = with_mail(any_runtime, mail.port)
    number = invited(runtime, *many(3))
    with pytest.raises(Conflict) as refusal:
        sending.start(any_runtime, OPERATOR, number)
    assert refusal.value.code == "mail_not_set_up"
    sending.start(runtime, OPERATOR, number)
    authoring.close(runtime, OPERATOR, "conference")
    assert sending.send(runtime, number, go_on) == Report()
    assert counts(runtime, number).held == 3 and mail.letters == []
    with pytest.raises(Conflict) as refusal:
        sending.start(runtime, OPERATOR, number)
    assert refusal.value.code == "not_collecting"


def test_a_letter_in_the_questionnaires_second_language_leads_to_the_form_in_it(
    runtime: Runtime, mail: MailServer
) -> None:
    runtime = with_mail(runtime, mail.port)
    open_survey(runtime)
    code = collectors.add(runtime, OPERATOR, "conference", "link", "Letters", traits=Traits(single_use=True))
    number = mailing.create(runtime, OPERATOR, code, mailing.suggested(runtime, OPERATOR, code, "en"))
    mailing.add_addresses(runtime, OPERATOR, number, "ann@example.org")
    sent_off(runtime, number)
    said = mail.to("ann@example.org")[0].get_content()
    assert "Dear Sir or Madam" in said and re.search(r"/s/[0-9A-Z-]{14}\?lang=en\s", said)


def test_a_code_that_a_release_moves_is_still_taken_back(any_runtime: Runtime, mail: MailServer) -> None:
    """On PostgreSQL a release stores code rows anew; the reminder must find them all the same."""
    runtime = with_mail(any_runtime, mail.port)
    people = many(15)
    number = invited(runtime, *people)
    sent_off(runtime, number)
    for one in people[:12]:
        answer(runtime, code_in(mail, one))
    open_result(runtime, OPERATOR, "conference")
    sending.remind(runtime, OPERATOR, number)
    assert sending.send(runtime, number, go_on) == Report(sent=3)
    assert codes_stored(runtime) == 15
    with runtime.database.reading() as session:
        assert mailings.counts(session, [number])[number].answered == 12
