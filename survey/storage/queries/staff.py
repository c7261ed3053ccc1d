"""Accounts, their sessions, invitations and recovery codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.errors import Conflict
from survey.storage.models import Invitation, RecoveryCode, StaffSession, StaffUser, Unit


def by_email(session: Session, email: str, *, lock: bool = False) -> StaffUser | None:
    """The account with this address (lower-case). ``lock`` keeps others from changing it meanwhile."""
    query = select(StaffUser).where(StaffUser.email == email)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def by_id(session: Session, user_id: int, *, lock: bool = False) -> StaffUser | None:
    """The account with this id."""
    query = select(StaffUser).where(StaffUser.id == user_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def visible(session: Session, units: Collection[int] | None) -> Sequence[Row[StaffUser, str]]:
    """Accounts of ``units`` (None: of all) with their unit's name, by address."""
    query = select(StaffUser, Unit.name).join(Unit, Unit.id == StaffUser.unit_id).order_by(StaffUser.email)
    if units is not None:
        query = query.where(StaffUser.unit_id.in_(units))
    return session.execute(query).all()


def insert(session: Session, user: StaffUser) -> StaffUser:
    """Stores a new account and gives it its id. Raises Conflict ``email_taken``."""
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "email_taken", "This address has an account already.", "Send that person a new link instead."
        ) from error
    return user


def administrators(session: Session) -> int:
    """How many administrators can log in, or have an invitation waiting."""
    query = select(func.count()).where(StaffUser.role == "administrator", StaffUser.disabled_at.is_(None))
    return session.scalar(query) or 0


def open_session(session: Session, token_hash: bytes, user_id: int, at: datetime) -> None:
    """Stores a log-in."""
    session.add(StaffSession(token_hash=token_hash, user_id=user_id, created_at=at, seen_at=at))


def live_session(session: Session, token_hash: bytes) -> Row[StaffSession, StaffUser] | None:
    """The session behind a cookie with its account, whatever its age."""
    query = select(StaffSession, StaffUser).join(StaffUser, StaffUser.id == StaffSession.user_id)
    return session.execute(query.where(StaffSession.token_hash == token_hash)).one_or_none()


def touch_session(session: Session, token_hash: bytes, at: datetime) -> None:
    """Notes that a session was used."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == token_hash).values(seen_at=at))


def end_session(session: Session, token_hash: bytes) -> None:
    """Ends one log-in."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


def end_sessions(session: Session, user_id: int, *, but: bytes = b"") -> None:
    """Ends all log-ins of an account, except the one with this hash."""
    session.execute(delete(StaffSession).where(StaffSession.user_id == user_id, StaffSession.token_hash != but))


def end_stale_sessions(session: Session, created_before: datetime, seen_before: datetime) -> None:
    """Removes log-ins that ran out."""
    stale = (StaffSession.created_at < created_before) | (StaffSession.seen_at < seen_before)
    session.execute(delete(StaffSession).where(stale))


def invite(session: Session, token_hash: bytes, user_id: int, expires_at: datetime) -> None:
    """Stores an invitation in place of any earlier one for the account."""
    session.execute(delete(Invitation).where(Invitation.user_id == user_id))
    session.add(Invitation(token_hash=token_hash, user_id=user_id, expires_at=expires_at))


def invitation(session: Session, token_hash: bytes) -> Row[Invitation, StaffUser] | None:
    """The invitation behind a link, with its account."""
    query = select(Invitation, StaffUser).join(StaffUser, StaffUser.id == Invitation.user_id)
    return session.execute(query.where(Invitation.token_hash == token_hash)).one_or_none()


def take_invitation(session: Session, token_hash: bytes) -> int | None:
    """Spends an invitation and gives its account's id; None when somebody else just did."""
    query = delete(Invitation).where(Invitation.token_hash == token_hash).returning(Invitation.user_id)
    return session.scalars(query).one_or_none()


def drop_invitations(session: Session, user_id: int) -> None:
    """Takes back what invitations an account has."""
    session.execute(delete(Invitation).where(Invitation.user_id == user_id))


def invited(session: Session, at: datetime) -> frozenset[int]:
    """Accounts whose invitation still waits."""
    return frozenset(session.scalars(select(Invitation.user_id).where(Invitation.expires_at > at)))


def set_recovery_codes(session: Session, user_id: int, hashes: Iterable[bytes]) -> None:
    """Replaces an account's recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(code_hash=one, user_id=user_id) for one in hashes)


def take_recovery_code(session: Session, user_id: int, code_hash: bytes) -> bool:
    """Spends a recovery code; False when there is none like it."""
    mine = (RecoveryCode.code_hash == code_hash) & (RecoveryCode.user_id == user_id)
    return session.scalars(delete(RecoveryCode).where(mine).returning(RecoveryCode.user_id)).one_or_none() is not None


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes an account still has."""
    return session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0
