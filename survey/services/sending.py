"""Sending a mailing's letters: each person at most one, whoever sends at the same time and wherever it breaks off.

A letter is claimed by a conditional UPDATE before it leaves, in the transaction that makes its code; what became of it
is noted after. In between it may have gone out: such letters are shown to staff and never sent again by themselves.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.collection import codes, links, single_use
from survey.config import MailServer
from survey.errors import Conflict, Unavailable
from survey.mail import addresses, letters, post
from survey.mail.post import Fate, Outcome
from survey.services.doors import Opening, opening
from survey.services.mailing import Noted, changed, found, questionnaire
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import Collector, Mailing, Survey
from survey.storage.queries import doors, mailings, tickets

MOST_REFUSALS = 20
"""So many refusals one after another are the mail server's, not the addresses': sending stops."""

INTERRUPTED = "interrupted"
"""What is noted of a letter that was on its way when its sender stopped."""

Pause = Callable[[float], bool]
"""Waits so many seconds; True when sending is to end."""


@dataclass(frozen=True)
class Report:
    """What one go at a mailing brought."""

    sent: int = 0
    refused: int = 0
    deferred: int = 0
    doubtful: int = 0

    def __add__(self, outcome: Outcome) -> Report:
        more = {Fate.SENT: "sent", Fate.REFUSED: "refused", Fate.DEFERRED: "deferred", Fate.DOUBTFUL: "doubtful"}
        name = more[outcome.fate]
        return Report(**{**vars(self), name: getattr(self, name) + 1})


def start(runtime: Runtime, actor: Actor, number: int) -> int:
    """Lets every letter that waits go; gives how many. Somebody has to carry them: a process's ``Postman``, or
    ``send``. Raises Conflict when there is no mail server, no public address, or nothing to answer."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        _demand_open(runtime, session, mailing)
        queued = mailings.queue(session, number)
        return queued, {"letters": queued}

    return changed(runtime, actor, number, "mailing.send", change)


def remind(runtime: Runtime, actor: Actor, number: int) -> int:
    """Lets the one reminder go to everybody who was written to and has not answered; gives how many. Raises as
    ``start`` does, and Conflict ``reminded_already``."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        _demand_open(runtime, session, mailing)
        if mailing.reminded_at is not None:
            raise Conflict("reminded_already", "The reminder was sent already.", "People are reminded once.")
        mailing.reminded_at = runtime.now()
        queued = mailings.remind(session, number)
        return queued, {"letters": queued}

    return changed(runtime, actor, number, "mailing.remind", change)


def stop(runtime: Runtime, actor: Actor, number: int) -> int:
    """Keeps back every letter that has not left; gives how many."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        held = mailings.hold(session, number)
        return held, {"letters": held}

    return changed(runtime, actor, number, "mailing.stop", change)


def again(runtime: Runtime, actor: Actor, number: int, state: str) -> int:
    """Puts those whose letter was refused, or may have gone out, among the ones to write to; the code of an earlier
    letter then stops working. Gives how many. Nothing leaves before ``start``."""
    wanted = "sending" if state == "sending" else "refused"

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        moved = mailings.again(session, number, wanted)
        return moved, {"letters": moved}

    return changed(runtime, actor, number, "mailing.again", change)


def take_for_sent(runtime: Runtime, actor: Actor, number: int) -> int:
    """Takes letters that may have gone out for sent; gives how many."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        moved = mailings.take_for_sent(session, number, runtime.today())
        return moved, {"letters": moved}

    return changed(runtime, actor, number, "mailing.settle", change)


def send(runtime: Runtime, number: int, pause: Pause) -> Report:
    """Sends what a mailing has queued, one letter after another over one session, waiting between two. Raises
    Unavailable when the mail server cannot be used; what was queued is put off then, with the server's words."""
    server = _server(runtime)
    report, refusals, after = Report(), 0, 0
    with contextlib.ExitStack() as opened:
        smtp: smtplib.SMTP | None = None
        while True:
            sheet = _sheet(runtime, number)
            one = _claim(runtime, number, sheet.collector, after) if sheet.is_open else None
            if one is None:
                if not sheet.is_open:
                    _hold(runtime, number)
                return report
            try:
                letter = _written(runtime, sheet, one)
                if smtp is None or not post.alive(smtp):
                    opened.close()
                    smtp = opened.enter_context(post.connected(server))
                outcome = post.hand_over(smtp, server.sender.addr_spec, one.address, letter)
            except Unavailable as error:
                words = " ".join(error.details)
                _settle(runtime, one, Outcome(Fate.DEFERRED, words))
                _hold(runtime, number, words)
                raise
            _settle(runtime, one, outcome)
            smtp = None if outcome.fate is Fate.DOUBTFUL else smtp
            report, after = report + outcome, one.invitee_id
            refusals = refusals + 1 if outcome.fate is Fate.REFUSED else 0
            if refusals >= MOST_REFUSALS:
                _hold(runtime, number)
                return report
            if pause(60 / server.per_minute):
                return report


@dataclass(frozen=True)
class Claimed:
    """Somebody whose letter was claimed. ``code`` is in the letter and nowhere else; ``previous`` is the hash of the
    earlier letter's code and the name of its key, so that it can be put back if this one does not leave."""

    invitee_id: int
    address: str
    code: str
    code_hash: bytes
    collector_id: int
    previous: tuple[bytes, bytes] | None
    reminder: bool


def _claim(runtime: Runtime, number: int, collector: Collector, after: int) -> Claimed | None:
    """The next person to write to, with a code made for this letter; None when there is none left."""
    key = runtime.settings.secret_keys[0]
    code = single_use.make(runtime.randomness)
    code_hash = single_use.code_hash(key, code)

    def work(session: Session) -> Claimed | None:
        while (person := mailings.next_queued(session, number, after)) is not None:
            if not mailings.claim(session, person.id):
                continue
            earlier, previous = person.code_hash, None
            if earlier is not None:
                key_id = tickets.take_back(session, earlier)
                if key_id is None and tickets.is_spent(session, earlier):  # answered: there is nothing to write
                    mailings.settle(session, person.id, state="sent", sent_on=person.sent_on or runtime.today())
                    continue
                previous = (earlier, key_id) if key_id is not None else None
            tickets.insert_codes(session, [code_hash], collector.id, None, single_use.key_id(key))
            mailings.settle(session, person.id, code_hash=code_hash)
            reminder = person.sent_on is not None
            return Claimed(person.id, person.address, code, code_hash, collector.id, previous, reminder)
        return None

    return runtime.database.write(work)


@dataclass(frozen=True)
class Sheet:
    """What every letter of a mailing says, as it is worded now."""

    mailing: Mailing
    collector: Collector
    is_open: bool
    first_language: str
    reply_to: str


def _sheet(runtime: Runtime, number: int) -> Sheet:
    with runtime.database.reading() as session:
        mailing, collector, survey = found(session, OPERATOR, number)
        asked = questionnaire(session, survey)
        reply_to = addresses.canonical(asked.office.email) or ""
        return Sheet(mailing, collector, _is_open(runtime, session, collector), asked.languages[0], reply_to)


def _written(runtime: Runtime, sheet: Sheet, one: Claimed) -> bytes:
    server, mailing = _server(runtime), sheet.mailing
    link = links.written_link(runtime.settings.base_url, codes.display(one.code))
    if mailing.language != sheet.first_language:
        link = f"{link}?lang={mailing.language}"
    key, nonce = runtime.settings.secret_keys[0], runtime.randomness(8)
    letter = letters.Letter(
        sender=server.sender,
        recipient=one.address,
        reply_to=sheet.reply_to,
        subject=mailing.reminder_subject if one.reminder else mailing.subject,
        body=letters.filled(mailing.reminder_body if one.reminder else mailing.body, link),
        language=mailing.language,
        message_id=letters.message_id(key, mailing.id, one.invitee_id, nonce, server.sender.domain),
        written_at=runtime.now().astimezone(runtime.settings.timezone),
    )
    return letters.written(letter)


def _settle(runtime: Runtime, one: Claimed, outcome: Outcome) -> None:
    """Notes what became of a letter. One that did not leave takes its code with it and gives back the earlier one."""

    def work(session: Session) -> None:
        if outcome.fate is Fate.DOUBTFUL:
            mailings.settle(session, one.invitee_id, detail=outcome.detail or INTERRUPTED)
        elif outcome.fate is Fate.SENT:
            day = {"reminded_on" if one.reminder else "sent_on": runtime.today()}
            mailings.settle(session, one.invitee_id, state="sent", detail="", **day)
        else:
            kept = one.previous[0] if one.previous else None
            state = "refused" if outcome.fate is Fate.REFUSED else "waiting"
            detail = outcome.detail or str(outcome.fate)
            if not mailings.settle(session, one.invitee_id, state=state, detail=detail, code_hash=kept):
                return
            tickets.take_back(session, one.code_hash)
            if one.previous:
                tickets.insert_codes(session, [one.previous[0]], one.collector_id, None, one.previous[1])

    runtime.database.write(work)


def _hold(runtime: Runtime, number: int, detail: str = mailings.HELD) -> None:
    runtime.database.write(lambda session: mailings.hold(session, number, detail))


def _server(runtime: Runtime) -> MailServer:
    if runtime.settings.mail is None:
        raise Conflict(
            "mail_not_set_up",
            "No mail server is set up.",
            "Ask whoever runs this server to set PHIEU_SMTP_URL and PHIEU_MAIL_FROM.",
        )
    return runtime.settings.mail


def _demand_open(runtime: Runtime, session: Session, mailing: Mailing) -> None:
    """That letters can be sent and would lead to an open form."""
    _server(runtime)
    if runtime.settings.public_base_url is None:
        raise Conflict("no_public_address", "The public address of this server is not set.", "Ask whoever runs it.")
    if not _is_open(runtime, session, session.get_one(Collector, mailing.collector_id)):
        raise Conflict(
            "not_collecting", "This code takes no answers at the moment, so nobody is written to.", "Open it first."
        )


def _is_open(runtime: Runtime, session: Session, collector: Collector) -> bool:
    door = doors.find(session, collector.code)
    return door is not None and opening(door, runtime.today()) is Opening.OPEN
