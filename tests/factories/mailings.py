"""Mailings ready to be sent, over a mail server of the test's own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from email.headerregistry import Address

from sqlalchemy import text

from survey.config import MailServer as Configured
from survey.services import collecting, collectors, mailing, sending
from survey.services.collectors import Traits
from survey.services.doors import Doors
from survey.services.mailing import Counts
from survey.services.runtime import OPERATOR, Runtime
from survey.services.sending import Report
from tests.factories.surveys import open_survey
from tests.mailserver import MailServer

SENDER = Address("Sở Nội vụ", addr_spec="khaosat@example.gov.vn")
CODE = re.compile(r"https://ks\.example\.gov\.vn/s/([0-9A-Z-]{14})")


def go_on(seconds: float) -> bool:
    """Waits for nothing."""
    return False


def with_mail(runtime: Runtime, port: int) -> Runtime:
    """The same runtime with a mail server to write through."""
    server = Configured("127.0.0.1", port, "none", SENDER, per_minute=6000)
    return replace(runtime, settings=replace(runtime.settings, mail=server))


def invited(runtime: Runtime, *people: str) -> int:
    """A mailing to these people, ready to be sent."""
    open_survey(runtime)
    code = collectors.add(runtime, OPERATOR, "conference", "link", "Thư mời", traits=Traits(single_use=True))
    number = mailing.create(runtime, OPERATOR, code, mailing.suggested(runtime, OPERATOR, code, "vi"))
    if people:
        mailing.add_addresses(runtime, OPERATOR, number, "\n".join(people))
    return number


def many(number: int) -> list[str]:
    """So many addresses."""
    return [f"nguoi{one:03}@example.vn" for one in range(number)]


def sent_off(runtime: Runtime, number: int) -> Report:
    """Lets the letters go and carries them."""
    sending.start(runtime, OPERATOR, number)
    return sending.send(runtime, number, go_on)


def counts(runtime: Runtime, number: int) -> Counts:
    """How far a mailing got."""
    return mailing.show(runtime, OPERATOR, number).counts


def received(mail: MailServer) -> Counter[str]:
    """How many letters each address got."""
    return Counter(recipient for recipient, _ in mail.letters)


def code_in(mail: MailServer, recipient: str) -> str:
    """The code in the last letter somebody got."""
    found = CODE.findall(mail.to(recipient)[-1].get_content())
    assert len(found) == 1
    return str(found[0])


def answer(runtime: Runtime, code: str) -> object:
    """What becomes of an answer given with a code."""
    doors = Doors(runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    return collecting.submit(runtime, door, version, runtime.randomness(16), {"B7": ["5"]}, "vi")


def codes_stored(runtime: Runtime) -> int:
    """How many single-use codes there are."""
    with runtime.database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM single_use_code")).scalar_one())
