"""Invitations by e-mail: what is written, to whom, how far it got, and forgetting the addresses afterwards.

The database knows who was written to and whether their code was used, for the reminder; it never knows what they said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection.answers import normalise
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.errors import Conflict, NotFound, PhieuError
from survey.mail import addresses, letters
from survey.services.doors import STAFF_ONLY
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import collector_in_scope, in_scope
from survey.storage.models import Collector, Mailing, Survey
from survey.storage.queries import audit, mailings, surveys
from survey.storage.queries.mailings import Counts as Counts
from survey.storage.queries.mailings import Person as Person
from survey.texts import texts

T = TypeVar("T")

Noted = Mapping[str, object]
"""What an audit entry says besides who, what and when."""

KEPT_AFTER_CLOSING = timedelta(days=30)
"""How long addresses stay after a survey has ended, unless somebody has them forgotten earlier."""

LONGEST_BODY = 10_000
SHOWN = 200
"""Addresses in a list of trouble."""


@dataclass(frozen=True)
class Wording:
    """What a mailing says; ``{link}`` in a body becomes the person's own address."""

    language: str
    subject: str
    body: str
    reminder_subject: str
    reminder_body: str


@dataclass(frozen=True)
class MailingSummary:
    """A mailing as pages and commands show it. ``ended``: its survey takes no more answers for good."""

    number: int
    collector: str
    collector_name: str
    slug: str
    wording: Wording
    created_at: datetime
    reminded_at: datetime | None
    counts: Counts
    ended: bool


@dataclass(frozen=True)
class Added:
    """How many addresses are new, and how many were there already or stood in the list twice."""

    new: int
    known: int


def suggested(runtime: Runtime, actor: Actor, code: str, language: str) -> Wording:
    """What a mailing says unless somebody words it otherwise."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        _, survey = collector_in_scope(session, actor, code)
        asked = questionnaire(session, survey)
    t = texts(language)
    said = {
        "office": asked.office.name.to(language),
        "title": asked.title.to(language),
        "minutes": asked.minutes,
        "link": letters.LINK,
    }
    return Wording(
        language,
        t("We would like to hear from you: {title}", title=said["title"])[:200],
        t(
            "Dear Sir or Madam,\n\n{office} would like to hear from you in the survey “{title}”. It takes about "
            "{minutes} minutes.\n\nPlease open this address to answer:\n{link}\n\nIt is made for you and can be used "
            "once. Taking part is voluntary. The office sees whether this address was used, so as to remind only those "
            "who have not answered; it cannot see what you answered.\n\nThank you.\n{office}",
            **said,
        ),
        t("Reminder: {title}", title=said["title"])[:200],
        t(
            "Dear Sir or Madam,\n\nA few days ago we asked for your opinion in the survey “{title}”. You can still "
            "answer; it takes about {minutes} minutes:\n{link}\n\nThis address takes the place of the earlier one and "
            "can be used once. We will not write about this again.\n\nThank you.\n{office}",
            **said,
        ),
    )


def create(runtime: Runtime, actor: Actor, code: str, wording: Wording) -> int:
    """A new mailing of a collector with single-use codes; gives its number. Raises NotFound, Conflict
    ``not_single_use``, PhieuError for a wording that cannot be sent."""
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> int:
        collector, survey = collector_in_scope(session, actor, code)
        if not collector.single_use or collector.kind in STAFF_ONLY:
            raise Conflict(
                "not_single_use",
                "This collector is open to everybody who has its code.",
                "Add a collector with single-use codes.",
            )
        kept = _checked(session, survey, wording)
        columns = {**vars(kept), "collector_id": collector.id, "created_at": runtime.now()}
        number = mailings.insert_mailing(session, Mailing(**columns))
        detail = {"code": collector.code, "mailing": number}
        audit.record(session, runtime.now(), actor.name, "mailing.add", f"survey:{survey.slug}", detail)
        return number

    return runtime.database.write(work)


def reword(runtime: Runtime, actor: Actor, number: int, wording: Wording) -> None:
    """Changes what letters say that are still to go. Raises as ``create``."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[None, Noted]:
        for name, value in vars(_checked(session, survey, wording)).items():
            setattr(mailing, name, value)
        return None, {}

    changed(runtime, actor, number, "mailing.edit", change)


def add_addresses(runtime: Runtime, actor: Actor, number: int, text: str) -> Added:
    """Adds the people in a list, all or none; nobody is written to yet. Raises PhieuError ``addresses_wrong`` with the
    lines, ``addresses_missing`` or ``addresses_too_many``."""
    given = addresses.read(text)
    if given.wrong:
        raise PhieuError(
            "addresses_wrong",
            "Some lines hold no e-mail address, so nothing was added.",
            "Correct or remove them; letters of an address are plain ones, such as ten@donvi.gov.vn.",
            tuple(f"{line_number}: {words}" for line_number, words in given.wrong[:100]),
        )
    if not given.addresses:
        raise PhieuError("addresses_missing", "The list holds no e-mail address.", "Write one address a line.")

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[Added, Noted]:
        there = mailings.known(session, mailing.id)
        new = [one for one in given.addresses if one not in there]
        if len(there) + len(new) > addresses.MOST:
            raise PhieuError(
                "addresses_too_many", "A mailing has at most 20,000 addresses.", "Make another mailing for the rest."
            )
        mailings.add(session, mailing.id, new)
        added = Added(len(new), len(given.addresses) - len(new) + given.repeated)
        return added, {"addresses": len(new)}

    return changed(runtime, actor, number, "mailing.addresses", change)


def drop_unwritten(runtime: Runtime, actor: Actor, number: int) -> int:
    """Removes the addresses nobody has written to; gives how many."""

    def change(session: Session, mailing: Mailing, survey: Survey) -> tuple[int, Noted]:
        gone = mailings.drop_unwritten(session, number)
        return gone, {"addresses": gone}

    return changed(runtime, actor, number, "mailing.drop", change)


def show(runtime: Runtime, actor: Actor, number: int) -> MailingSummary:
    """One mailing. Raises NotFound when there is none the actor may see."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        mailing, collector, survey = found(session, actor, number)
        return _summary(runtime, session, mailing, collector, survey, mailings.counts(session, [number])[number])


def of_collector(runtime: Runtime, actor: Actor, code: str) -> tuple[MailingSummary, ...]:
    """A collector's mailings, oldest first."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        collector, survey = collector_in_scope(session, actor, code)
        rows = mailings.of_collector(session, collector.id)
        counted = mailings.counts(session, [row.id for row in rows])
        return tuple(_summary(runtime, session, row, collector, survey, counted[row.id]) for row in rows)


def of_survey(runtime: Runtime, actor: Actor, slug: str) -> tuple[MailingSummary, ...]:
    """A survey's mailings, oldest first."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        rows = mailings.of_survey(session, survey.id)
        counted = mailings.counts(session, [mailing.id for mailing, _ in rows])
        return tuple(_summary(runtime, session, *row, survey, counted[row[0].id]) for row in rows)


def people(runtime: Runtime, actor: Actor, number: int, *states: str) -> tuple[Person, ...]:
    """Addresses in one of these states, at most ``SHOWN``."""
    demand(actor.role, Permission.COLLECT)
    with runtime.database.reading() as session:
        found(session, actor, number)
        return mailings.listed(session, number, states, SHOWN)


def forget(runtime: Runtime, actor: Actor, slug: str) -> int:
    """Removes every address of an ended survey's mailings; gives how many. Raises Conflict ``addresses_needed``."""
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug)
        if _ended_on(session, survey, runtime) is None:
            raise Conflict(
                "addresses_needed",
                "The survey still collects, so its addresses are needed for the reminder.",
                "Close the survey first.",
            )
        return _forget(session, runtime, actor.name, survey)

    return runtime.database.write(work)


def forget_due(runtime: Runtime) -> int:
    """Removes the addresses of surveys that ended ``KEPT_AFTER_CLOSING`` ago; gives how many. Looks first, so that it
    costs little where nothing is due."""

    def due(session: Session) -> list[Survey]:
        held = [(survey, _ended_on(session, survey, runtime)) for survey in mailings.surveys_with_people(session)]
        return [one for one, ended in held if ended is not None and ended + KEPT_AFTER_CLOSING <= runtime.today()]

    with runtime.database.reading() as session:
        if not due(session):
            return 0
    return runtime.database.write(
        lambda session: sum(_forget(session, runtime, "operator", survey) for survey in due(session))
    )


def found(session: Session, actor: Actor, number: int, *, lock: bool = False) -> tuple[Mailing, Collector, Survey]:
    """The mailing with its collector and survey; the same NotFound for a missing one and one outside the units."""
    row = mailings.get(session, number, actor.units, lock=lock) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound("mailing_unknown", "There is no such mailing.", "Look it up in the list of the collector.")
    mailing, collector, survey = row
    return mailing, collector, survey


def changed(
    runtime: Runtime,
    actor: Actor,
    number: int,
    action: str,
    change: Callable[[Session, Mailing, Survey], tuple[T, Noted]],
) -> T:
    """Changes a mailing and notes it. ``change`` gives what is returned, and what is noted, never an address."""
    demand(actor.role, Permission.COLLECT)

    def work(session: Session) -> T:
        mailing, collector, survey = found(session, actor, number, lock=True)
        result, noted = change(session, mailing, survey)
        detail = {"code": collector.code, "mailing": number, **noted}
        audit.record(session, runtime.now(), actor.name, action, f"survey:{survey.slug}", detail)
        return result

    return runtime.database.write(work)


def questionnaire(session: Session, survey: Survey) -> Questionnaire:
    """What the survey asks now: the newest published version, before the first publication the draft."""
    version = surveys.version(session, survey.id, survey.version_number)
    return document.read(json.loads(version.document if version else survey.draft or "{}"))


def _checked(session: Session, survey: Survey, given: Wording) -> Wording:
    if given.language not in questionnaire(session, survey).languages:
        raise PhieuError(
            "language_unknown",
            "The pages do not speak this language.",
            "Choose one of those listed.",
            (given.language,),
        )
    subjects = [line(name, getattr(given, name), 200) for name in ("subject", "reminder_subject")]
    bodies = [normalise(text) for text in (given.body, given.reminder_body)]
    if not all(subjects):
        raise PhieuError("subject_missing", "A letter has no subject.", "Write one line that says what it is about.")
    if any(len(one) > LONGEST_BODY for one in bodies):
        raise PhieuError("text_too_long", "This text is too long.", "Shorten it.", (f"body: {LONGEST_BODY}",))
    if any(letters.LINK not in one for one in bodies):
        raise PhieuError(
            "letter_without_link",
            "A letter lacks {link}, so nobody could answer.",
            "Write {link} where the person's own address is to stand.",
        )
    return Wording(given.language, subjects[0], bodies[0], subjects[1], bodies[1])


def _ended_on(session: Session, survey: Survey, runtime: Runtime) -> date | None:
    """The local day a survey ended: it was closed, or its last day has passed; None while it may still collect."""
    if survey.status == "closed":
        entries = audit.newest(session, {f"survey:{survey.slug}"}, action="survey.close", most=1)
        closed_at = entries[0].at if entries else survey.created_at
        return closed_at.astimezone(runtime.settings.timezone).date()
    return survey.closes_on if survey.closes_on and survey.closes_on < runtime.today() else None


def _forget(session: Session, runtime: Runtime, who: str, survey: Survey) -> int:
    gone = mailings.forget(session, survey.id)
    audit.record(session, runtime.now(), who, "mailing.forget", f"survey:{survey.slug}", {"addresses": gone})
    return gone


def _summary(
    runtime: Runtime, session: Session, mailing: Mailing, collector: Collector, survey: Survey, counts: Counts
) -> MailingSummary:
    names = ("language", "subject", "body", "reminder_subject", "reminder_body")
    return MailingSummary(
        number=mailing.id,
        collector=collector.code,
        collector_name=collector.name,
        slug=survey.slug,
        wording=Wording(*(getattr(mailing, name) for name in names)),
        created_at=mailing.created_at,
        reminded_at=mailing.reminded_at,
        counts=counts,
        ended=_ended_on(session, survey, runtime) is not None,
    )
