"""Mailings and the people written to. Of a code it is asked whether it was used; nothing leads on to an answer.

A ``waiting`` invitee is written to when ``detail`` is empty. ``HELD`` there: staff have not let it go, or stopped;
other words are the mail server's, which asked to come again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.storage.models import Collector, Invitee, Mailing, SingleUseCode, Survey

HELD = "held"

_AT_ONCE = 5_000

_QUEUED = and_(Invitee.state == "waiting", Invitee.detail == "")
_DEFERRED = and_(Invitee.state == "waiting", Invitee.detail.not_in(("", HELD)))
_DOUBTFUL = and_(Invitee.state == "sending", Invitee.detail != "")
_HAS_ANSWERED = exists().where(SingleUseCode.code_hash == Invitee.code_hash, SingleUseCode.spent)


@dataclass(frozen=True)
class Counts:
    """A mailing's people by what became of the last letter to them. ``waiting`` those of ``queued`` (being sent now),
    ``held`` and ``deferred`` together; ``doubtful``: those of ``sending`` whose letter may have gone out; ``answered``:
    those whose code was used, whatever the state."""

    people: int = 0
    queued: int = 0
    held: int = 0
    deferred: int = 0
    sending: int = 0
    sent: int = 0
    refused: int = 0
    bounced: int = 0
    doubtful: int = 0
    answered: int = 0
    reminded: int = 0

    @property
    def waiting(self) -> int:
        """Those to whom a letter is still to go."""
        return self.queued + self.held + self.deferred


def get(
    session: Session, number: int, units: Collection[int] | None = None, *, lock: bool = False
) -> Row[Mailing, Collector, Survey] | None:
    """The mailing of this number with its collector and survey, if the survey belongs to one of ``units``."""
    query = (
        select(Mailing, Collector, Survey)
        .join(Collector, Collector.id == Mailing.collector_id)
        .join(Survey, Survey.id == Collector.survey_id)
        .where(Mailing.id == number)
    )
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.execute(query.with_for_update(of=Mailing) if lock else query).one_or_none()


def insert_mailing(session: Session, mailing: Mailing) -> int:
    """Stores a new mailing; gives its number."""
    session.add(mailing)
    session.flush()
    return mailing.id


def of_collector(session: Session, collector_id: int) -> Sequence[Mailing]:
    """A collector's mailings, oldest first."""
    return session.scalars(select(Mailing).where(Mailing.collector_id == collector_id).order_by(Mailing.id)).all()


def of_survey(session: Session, survey_id: int) -> Sequence[Row[Mailing, Collector]]:
    """A survey's mailings with their collectors, oldest first."""
    query = select(Mailing, Collector).join(Collector, Collector.id == Mailing.collector_id)
    return session.execute(query.where(Collector.survey_id == survey_id).order_by(Mailing.id)).all()


def counts(session: Session, numbers: Collection[int]) -> Mapping[int, Counts]:
    """How far each mailing has got."""
    count = func.count()
    query = (
        select(
            Invitee.mailing_id,
            count,
            count.filter(_QUEUED),
            count.filter(Invitee.state == "waiting", Invitee.detail == HELD),
            count.filter(_DEFERRED),
            *(count.filter(Invitee.state == state) for state in ("sending", "sent", "refused", "bounced")),
            count.filter(_DOUBTFUL),
            count.filter(_HAS_ANSWERED),
            count.filter(Invitee.reminded_on.is_not(None)),
        )
        .where(Invitee.mailing_id.in_(numbers))
        .group_by(Invitee.mailing_id)
    )
    found = {row[0]: Counts(*row[1:]) for row in session.execute(query)}
    return {number: found.get(number, Counts()) for number in numbers}


def known(session: Session, number: int) -> frozenset[str]:
    """The addresses a mailing has."""
    return frozenset(session.scalars(select(Invitee.address).where(Invitee.mailing_id == number)))


def add(session: Session, number: int, addresses: Sequence[str]) -> None:
    """Adds people who are not written to yet."""
    rows = [{"mailing_id": number, "address": one, "state": "waiting", "detail": HELD} for one in addresses]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Invitee), rows[start : start + _AT_ONCE])


@dataclass(frozen=True)
class Person:
    """An address in a list, and what the mail server said of it."""

    address: str
    state: str
    detail: str


def listed(session: Session, number: int, states: Collection[str], most: int) -> tuple[Person, ...]:
    """People in one of these states, by address; of those who wait only the ones a server asked to come again for, of
    letters on their way only those in doubt."""
    query = (
        select(Invitee.address, Invitee.state, Invitee.detail)
        .where(Invitee.mailing_id == number, Invitee.state.in_(states))
        .where(or_(Invitee.state.not_in(("waiting", "sending")), _DEFERRED, _DOUBTFUL))
        .order_by(Invitee.address)
        .limit(most)
    )
    return tuple(Person(*row) for row in session.execute(query))


def queued_mailings(session: Session) -> Sequence[int]:
    """Mailings with letters to send now."""
    return session.scalars(select(Invitee.mailing_id).where(_QUEUED).distinct().order_by(Invitee.mailing_id)).all()


def any_deferred(session: Session) -> bool:
    """Whether letters wait that a server asked to come again for, or that it could not be reached for."""
    return session.scalar(select(Invitee.id).where(_DEFERRED).limit(1)) is not None


def next_queued(session: Session, number: int, after: int) -> Invitee | None:
    """The next person to write to, the first one again past the last. Looking on from where one was stays quick in a
    long list."""
    query = select(Invitee).where(Invitee.mailing_id == number, _QUEUED).order_by(Invitee.id).limit(1)
    fresh = query.execution_options(populate_existing=True)
    return session.scalar(fresh.where(Invitee.id > after)) or (session.scalar(fresh) if after else None)


def claim(session: Session, invitee_id: int) -> bool:
    """Marks that the letter to somebody is on its way; False when somebody else did, or it was held meanwhile."""
    return _update(session, Invitee.id == invitee_id, _QUEUED, state="sending", detail="") == 1


def settle(session: Session, invitee_id: int, **columns: Any) -> bool:
    """Notes what became of a letter that was on its way; False when that was settled otherwise meanwhile."""
    return _update(session, Invitee.id == invitee_id, Invitee.state == "sending", **columns) == 1


def queue(session: Session, number: int) -> int:
    """Lets go every letter that waits; gives how many."""
    return _update(session, Invitee.mailing_id == number, Invitee.state == "waiting", detail="")


def queue_deferred(session: Session) -> int:
    """Lets go again what servers asked to come again for, of every mailing."""
    return _update(session, _DEFERRED, detail="")


def hold(session: Session, number: int, detail: str = HELD) -> int:
    """Keeps back every letter that waits; ``detail`` other than ``HELD``: those that were to go, with the reason."""
    which = Invitee.state == "waiting" if detail == HELD else _QUEUED
    return _update(session, Invitee.mailing_id == number, which, detail=detail[:300])


def remind(session: Session, number: int) -> int:
    """Lets a reminder go to everybody whose letter was sent and whose code is not used; gives how many."""
    return _update(
        session, Invitee.mailing_id == number, Invitee.state == "sent", ~_HAS_ANSWERED, state="waiting", detail=""
    )


def doubt(session: Session, detail: str) -> None:
    """Marks letters that were on their way when their sender stopped."""
    _update(session, Invitee.state == "sending", Invitee.detail == "", detail=detail)


def again(session: Session, number: int, state: str) -> int:
    """Writes anew to those in one state, once letters are let go; never to whom a letter is just leaving for."""
    which = _DOUBTFUL if state == "sending" else Invitee.state == state
    return _update(session, Invitee.mailing_id == number, which, state="waiting", detail=HELD)


def take_for_sent(session: Session, number: int, on: date) -> int:
    """Takes letters that may have gone out for sent."""
    return _update(
        session,
        Invitee.mailing_id == number,
        _DOUBTFUL,
        state="sent",
        detail="",
        reminded_on=case((Invitee.sent_on.is_not(None), on), else_=None),
        sent_on=func.coalesce(Invitee.sent_on, on),
    )


def drop_unwritten(session: Session, number: int) -> int:
    """Removes those nobody has written to yet."""
    gone = delete(Invitee).where(
        Invitee.mailing_id == number, Invitee.state == "waiting", Invitee.detail == HELD, Invitee.code_hash.is_(None)
    )
    return _rows(session, gone)


def forget(session: Session, survey_id: int) -> int:
    """Removes everybody of a survey's mailings; gives how many."""
    mine = select(Mailing.id).join(Collector).where(Collector.survey_id == survey_id)
    return _rows(session, delete(Invitee).where(Invitee.mailing_id.in_(mine)))


def surveys_with_people(session: Session) -> Sequence[Survey]:
    """Surveys whose mailings still hold addresses."""
    holding = select(Collector.survey_id).join(Mailing).join(Invitee, Invitee.mailing_id == Mailing.id)
    return session.scalars(select(Survey).where(Survey.id.in_(holding))).all()


def bounce(session: Session, who: tuple[int, int] | str, detail: str) -> Sequence[int]:
    """Notes that a letter came back: of one invitee (mailing and id), or of everybody written to at an address. Whoever
    answered had it. Gives the mailings concerned."""
    chosen = (
        Invitee.address == who if isinstance(who, str) else and_(Invitee.mailing_id == who[0], Invitee.id == who[1])
    )
    change = (
        update(Invitee)
        .where(chosen, Invitee.state.in_(("sending", "sent")), ~_HAS_ANSWERED)
        .values(state="bounced", detail=detail[:300])
        .returning(Invitee.mailing_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(change).all()


def _update(session: Session, *where: Any, **columns: Any) -> int:
    return _rows(session, update(Invitee).where(*where).values(**columns))


def _rows(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
