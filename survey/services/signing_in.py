"""Logging in and staying logged in: password, second factor, server-side sessions. Knows no cookies and no pages.

Guessing is slowed down per account, never per address: a whole office may share one. Every attempt is counted before it
is checked, so that a hundred at once are a hundred. An unknown account costs the same time and gets the same words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.accounts import passwords, second_factor, tokens
from survey.accounts.permissions import PASSWORD_ALONE
from survey.errors import NotAllowed
from survey.services.runtime import Actor, Runtime
from survey.storage.models import StaffUser
from survey.storage.queries import audit, offices, staff

FREE_ATTEMPTS = 4
"""Wrong attempts without consequence; each further one locks the account for twice as long as the one before."""

FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)


@dataclass(frozen=True)
class PasswordRight:
    """The first step is done. ``mark`` changes with the password, so a step begun before a change leads nowhere."""

    user_id: int
    mark: str
    second_factor: bool


@dataclass(frozen=True)
class _Tried:
    """An account whose password was right."""

    user_id: int
    stored: str
    second_factor: bool


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session, and what they see."""

    user_id: int
    email: str
    role: str
    language: str
    unit: str
    second_factor: bool
    session: bytes
    actor: Actor
    factor_required: bool = False

    @property
    def must_enrol(self) -> bool:
        """Whether nothing is open to them before they have a second factor."""
        return self.factor_required and not self.second_factor


def check_password(runtime: Runtime, email: str, password: str) -> PasswordRight:
    """The first step of logging in. Raises NotAllowed ``log_in_refused``, the same whatever was wrong."""
    address = canonical_email(email)
    tried = _try(runtime, password, lambda session: staff.by_email(session, address, lock=True))
    if tried is None:
        raise _refused()
    if tried.second_factor or passwords.outdated(tried.stored):
        _settle(runtime, tried, password)
    return PasswordRight(tried.user_id, mark(tried.stored), tried.second_factor)


def confirm_password(runtime: Runtime, who: SignedIn, password: str) -> None:
    """The password once more, before something that takes it; counted as at the door, or a session left open would let
    anybody guess. Raises NotAllowed ``password_wrong``."""
    tried = _try(runtime, password, lambda session: staff.by_id(session, who.user_id, lock=True))
    if tried is None:
        raise NotAllowed(
            "password_wrong",
            "The present password is not right, or there were too many attempts.",
            "Type it again; after several attempts wait up to 15 minutes.",
        )
    _settle(runtime, tried, password)


def begin_session(runtime: Runtime, right: PasswordRight, code: str = "") -> str:
    """The second step: checks the code where the account has a second factor, and gives the token of a new session.
    Raises NotAllowed ``code_refused`` or ``log_in_refused``."""
    token = tokens.make(runtime.randomness)
    now = runtime.now()

    def work(session: Session) -> NotAllowed | None:
        user = staff.by_id(session, right.user_id, lock=True)
        if user is None or user.disabled_at or mark(user.password_hash or "") != right.mark:
            return _refused()
        if user.totp_secret is not None and not (
            _count(runtime, session, user) and _code_fits(session, user, code, now)
        ):
            return NotAllowed(
                "code_refused",
                "This code is not right, was used before, or there were too many attempts.",
                "Wait for the next code, or use a recovery code.",
            )
        user.failures, user.locked_until = 0, None
        staff.end_stale_sessions(session, now - tokens.ABSOLUTE, now - tokens.IDLE)
        staff.open_session(session, tokens.token_hash(token), user.id, now)
        audit.record(session, now, user.email, "account.log_in", f"account:{user.email}")
        return None

    # A refusal is returned, not raised, by the work: the attempt must stay counted.
    if refusal := runtime.database.write(work):
        raise refusal
    return token


def resume(runtime: Runtime, token: str) -> SignedIn | None:
    """Who is behind a session's token; None when it ended, ran out, or never was."""
    digest, now = tokens.token_hash(token), runtime.now()
    with runtime.database.reading() as session:
        found = staff.live_session(session, digest)
        if found is None:
            return None
        live, user = found
        out = now - live.created_at >= tokens.ABSOLUTE or now - live.seen_at >= tokens.IDLE
        if out or user.disabled_at is not None:
            return None
        unit = offices.get(session, user.unit_id)
        who = SignedIn(
            user.id,
            user.email,
            user.role,
            user.language,
            unit.name if unit else "",
            user.totp_secret is not None,
            digest,
            Actor(user.email, user.role, user.id, user.unit_id, offices.below(session, user.unit_id)),
            runtime.settings.second_factor_required and user.role not in PASSWORD_ALONE,
        )
    if who.must_enrol:  # no service does anything for them, whichever page should call it
        who = replace(who, actor=Actor(user.email, "", user.id, user.unit_id, frozenset()))
    if now - live.seen_at >= tokens.SEEN:
        runtime.database.write(lambda session: staff.touch_session(session, digest, now))
    return who


def log_out(runtime: Runtime, who: SignedIn) -> None:
    """Ends this session."""
    runtime.database.write(lambda session: staff.end_session(session, who.session))


def canonical_email(email: str) -> str:
    """An address as accounts are found by."""
    return "".join(c for c in email.strip().casefold() if c.isprintable())


def mark(stored: str) -> str:
    """A short name of a stored password hash that tells nothing about it."""
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


def _try(runtime: Runtime, password: str, find: Callable[[Session], StaffUser | None]) -> _Tried | None:
    """Counts an attempt at a password, then checks it, which takes its time outside the transaction."""

    def attempt(session: Session) -> _Tried | None:
        user = find(session)
        if user is None or user.password_hash is None or not _count(runtime, session, user):
            return None
        return _Tried(user.id, user.password_hash, user.totp_secret is not None)

    found = runtime.database.write(attempt)
    right = passwords.matches(found.stored if found else None, password)
    return found if right else None


def _settle(runtime: Runtime, tried: _Tried, password: str) -> None:
    """Takes a right attempt back from the count; keeps wrong codes of the second factor counted."""

    def work(session: Session) -> None:
        user = staff.by_id(session, tried.user_id, lock=True)
        if user is not None:
            user.failures = max(0, user.failures - 1)
            user.locked_until = None
            if passwords.outdated(tried.stored):
                user.password_hash = passwords.digest(password, runtime.randomness)

    runtime.database.write(work)


def _count(runtime: Runtime, session: Session, user: StaffUser) -> bool:
    """Counts an attempt and says whether it may be made at all."""
    now = runtime.now()
    if user.disabled_at is not None or (user.locked_until is not None and now < user.locked_until):
        return False
    user.failures += 1
    if user.failures > FREE_ATTEMPTS:
        times = 2 ** min(user.failures - FREE_ATTEMPTS - 1, 8)
        user.locked_until = now + min(FIRST_LOCK * times, LONGEST_LOCK)
        audit.record(
            session, now, user.email, "account.slow_down", f"account:{user.email}", {"attempts": user.failures}
        )
    return True


def _code_fits(session: Session, user: StaffUser, typed: str, now: datetime) -> bool:
    step = second_factor.used_step(user.totp_secret or "", typed, now, user.totp_step)
    if step is not None:
        user.totp_step = step
        return True
    return staff.take_recovery_code(session, user.id, second_factor.recovery_hash(user.id, typed))


def _refused() -> NotAllowed:
    return NotAllowed(
        "log_in_refused",
        "The e-mail address or the password is not right, or there were too many attempts.",
        "Check both; after several attempts wait up to 15 minutes.",
    )
