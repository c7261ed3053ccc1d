"""What people change about their own account: password, second factor, language; and the invitation it begins with."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.accounts import passwords, second_factor, tokens
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services.runtime import Runtime
from survey.services.signing_in import SignedIn, confirm_password
from survey.storage.models import StaffUser
from survey.storage.queries import audit, staff
from survey.texts import LANGUAGES


def invited(runtime: Runtime, token: str) -> str:
    """The address an invitation is for; it stays unused. Raises NotFound ``invitation_unknown``."""
    with runtime.database.reading() as session:
        found = staff.invitation(session, tokens.token_hash(token))
        if found is None or found[0].expires_at <= runtime.now() or found[1].disabled_at is not None:
            raise _no_invitation()
        return found[1].email


def accept_invitation(runtime: Runtime, token: str, password: str) -> None:
    """Uses an invitation up: sets the password and ends older sessions. Raises NotFound, or PhieuError for the
    password, which leaves the invitation as it is."""
    email = invited(runtime, token)
    passwords.check(password, email)
    digest = passwords.digest(password, runtime.randomness)

    def work(session: Session) -> None:
        user_id = staff.take_invitation(session, tokens.token_hash(token))
        user = staff.by_id(session, user_id, lock=True) if user_id is not None else None
        if user is None or user.disabled_at is not None:
            raise _no_invitation()
        user.password_hash, user.failures, user.locked_until = digest, 0, None
        staff.end_sessions(session, user.id)
        audit.record(session, runtime.now(), user.email, "account.password", f"account:{user.email}", {"invited": True})

    runtime.database.write(work)


def change_password(runtime: Runtime, who: SignedIn, old: str, new: str) -> None:
    """Sets another password; every other session of the account ends. Raises NotAllowed ``password_wrong``, or
    ``factor_missing`` before a second factor that is required."""
    if who.must_enrol:
        raise NotAllowed("factor_missing", "Your role requires a second factor.", "Set it up first.")
    confirm_password(runtime, who, old)
    passwords.check(new, who.email)
    digest = passwords.digest(new, runtime.randomness)

    def work(session: Session) -> None:
        user = _mine(session, who)
        user.password_hash = digest
        staff.drop_invitations(session, user.id)
        staff.end_sessions(session, user.id, but=who.session)
        audit.record(session, runtime.now(), who.email, "account.password", f"account:{who.email}")

    runtime.database.write(work)


def offered_secret(runtime: Runtime, who: SignedIn) -> str:
    """The secret this session may confirm as its second factor."""
    return second_factor.pending_secret(runtime.settings.secret_keys[0], who.session)


def confirm_factor(runtime: Runtime, who: SignedIn, typed: str) -> tuple[str, ...]:
    """Turns the second factor on, once a code shows that the app has the secret; gives the recovery codes, this once.
    Raises PhieuError ``code_wrong``, Conflict when it is on already."""
    secret = offered_secret(runtime, who)
    step = second_factor.used_step(secret, typed, runtime.now(), None)
    if step is None:
        raise PhieuError("code_wrong", "This code is not right.", "Type the six digits the app shows now.")
    codes = second_factor.recovery_codes(runtime.randomness)

    def work(session: Session) -> None:
        user = _mine(session, who)
        if user.totp_secret is not None:
            raise Conflict("factor_on", "The second factor is on already.", "Turn it off first to set it up anew.")
        user.totp_secret, user.totp_step = secret, step
        staff.set_recovery_codes(session, user.id, [second_factor.recovery_hash(user.id, one) for one in codes])
        staff.end_sessions(session, user.id, but=who.session)
        audit.record(session, runtime.now(), who.email, "account.factor_on", f"account:{who.email}")

    runtime.database.write(work)
    return codes


def remove_factor(runtime: Runtime, who: SignedIn, password: str) -> None:
    """Turns the second factor off; recovery codes go too. Raises NotAllowed ``password_wrong``, ``factor_required``."""
    demand_optional_factor(who)
    confirm_password(runtime, who, password)

    def work(session: Session) -> None:
        user = _mine(session, who)
        user.totp_secret = user.totp_step = None
        staff.set_recovery_codes(session, user.id, ())
        audit.record(session, runtime.now(), who.email, "account.factor_off", f"account:{who.email}")

    runtime.database.write(work)


def demand_optional_factor(who: SignedIn) -> None:
    """Raises NotAllowed ``factor_required`` where the settings require the second factor of this role."""
    if who.factor_required:
        raise NotAllowed(
            "factor_required",
            "Your role requires a second factor, so it stays on.",
            "For another phone, ask an administrator to take it off; then set it up anew.",
        )


def recovery_codes_left(runtime: Runtime, who: SignedIn) -> int:
    """How many recovery codes are not used yet."""
    with runtime.database.reading() as session:
        return staff.recovery_codes_left(session, who.user_id)


def set_language(runtime: Runtime, who: SignedIn, language: str) -> None:
    """The language the pages speak to this person. Raises PhieuError for one they do not know."""
    if language not in LANGUAGES:
        raise PhieuError("language_unknown", "The pages do not speak this language.", "Choose one of those listed.")

    def work(session: Session) -> None:
        _mine(session, who).language = language

    runtime.database.write(work)


def _mine(session: Session, who: SignedIn) -> StaffUser:
    user = staff.by_id(session, who.user_id, lock=True)
    if user is None or user.disabled_at is not None:
        raise NotAllowed("account_gone", "This account was disabled.", "Ask an administrator.")
    return user


def _no_invitation() -> NotFound:
    return NotFound(
        "invitation_unknown",
        "This link was used already, has run out, or is not complete.",
        "Ask an administrator for a new one.",
    )
