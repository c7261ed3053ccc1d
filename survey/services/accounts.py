"""Accounts, as administrators look after them: inviting, roles, disabling, new links."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.accounts import tokens
from survey.accounts.permissions import ROLES, Permission, demand
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import offices
from survey.services.runtime import Actor, Runtime
from survey.services.signing_in import canonical_email
from survey.storage.models import StaffUser
from survey.storage.queries import audit, staff

_EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]+@[^@\s<>\"',;:\\()\[\]]+")


@dataclass(frozen=True)
class Account:
    """An account in the administrators' list. ``state``: active, invited, uninvited (the link ran out), disabled."""

    email: str
    role: str
    unit: str
    state: str
    second_factor: bool
    created_at: datetime


def invite(runtime: Runtime, actor: Actor, email: str, role: str, unit: str = "") -> str:
    """A new account and the link, usable once within 48 hours, that lets its owner set a password. Needs the public
    base URL. Raises PhieuError for an unusable address or role, Conflict ``email_taken``."""
    demand(actor.role, Permission.USERS)
    address = canonical_email(email)
    if len(address) > 254 or not address.isprintable() or not _EMAIL.fullmatch(address):
        raise PhieuError("email_unusable", "This is no e-mail address.", "Give one such as ten@donvi.gov.vn.")
    _demand_role(role)
    link, token = _new_link(runtime)

    def work(session: Session) -> None:
        home = offices.place(session, actor, runtime.now(), unit)
        user = StaffUser(email=address, role=role, unit_id=home.id, created_at=runtime.now())
        staff.insert(session, user)
        staff.invite(session, tokens.token_hash(token), user.id, runtime.now() + tokens.INVITATION)
        audit.record(session, runtime.now(), actor.name, "account.invite", f"account:{address}", {"role": role})

    runtime.database.write(work)
    return link


def renew_link(runtime: Runtime, actor: Actor, email: str) -> str:
    """A new link for someone who lost the first one or the password; the old password works until it is used."""
    link, token = _new_link(runtime)

    def change(session: Session, user: StaffUser) -> None:
        if user.disabled_at is not None:
            raise Conflict("account_disabled", "This account is disabled.", "Enable it first.")
        staff.invite(session, tokens.token_hash(token), user.id, runtime.now() + tokens.INVITATION)

    _change(runtime, actor, email, "account.link", change)
    return link


def invite_until_used(runtime: Runtime, actor: Actor, email: str, role: str) -> str:
    """The path of a fresh link for this account, which is made if there is none; empty once it has a password."""
    known = {one.email: one for one in list_accounts(runtime, actor)}.get(canonical_email(email))
    if known is not None and known.state in ("active", "disabled"):
        return ""
    link = renew_link(runtime, actor, email) if known else invite(runtime, actor, email, role)
    return link.removeprefix(runtime.settings.base_url)


def change_role(runtime: Runtime, actor: Actor, email: str, role: str) -> None:
    """Another role, from now on: the person's sessions end."""
    _demand_role(role)

    def change(session: Session, user: StaffUser) -> None:
        _spare(session, actor, user)
        user.role = role
        staff.end_sessions(session, user.id)

    _change(runtime, actor, email, "account.role", change, {"role": role})


def disable(runtime: Runtime, actor: Actor, email: str) -> None:
    """Shuts the person out at once; what they did stays in the audit trail."""

    def change(session: Session, user: StaffUser) -> None:
        _spare(session, actor, user)
        user.disabled_at = runtime.now()
        staff.end_sessions(session, user.id)
        staff.drop_invitations(session, user.id)

    _change(runtime, actor, email, "account.disable", change)


def enable(runtime: Runtime, actor: Actor, email: str) -> None:
    """Lets the person in again with the password they had."""

    def change(session: Session, user: StaffUser) -> None:
        user.disabled_at = None

    _change(runtime, actor, email, "account.enable", change)


def reset_factor(runtime: Runtime, actor: Actor, email: str) -> None:
    """Takes the second factor off an account whose owner lost the phone and the recovery codes."""

    def change(session: Session, user: StaffUser) -> None:
        if user.id == actor.user_id:
            raise Conflict("own_account", "You cannot do this to your own account.", "Ask another administrator.")
        user.totp_secret = user.totp_step = None
        staff.set_recovery_codes(session, user.id, ())
        staff.end_sessions(session, user.id)

    _change(runtime, actor, email, "account.factor_reset", change)


def list_accounts(runtime: Runtime, actor: Actor) -> tuple[Account, ...]:
    """The accounts of the actor's units, by address."""
    demand(actor.role, Permission.USERS)
    with runtime.database.reading() as session:
        waiting = staff.invited(session, runtime.now())
        return tuple(
            Account(user.email, user.role, unit, _state(user, waiting), user.totp_secret is not None, user.created_at)
            for user, unit in staff.visible(session, actor.units)
        )


def _state(user: StaffUser, waiting: frozenset[int]) -> str:
    if user.disabled_at is not None:
        return "disabled"
    if user.password_hash is not None:
        return "active"
    return "invited" if user.id in waiting else "uninvited"


def _new_link(runtime: Runtime) -> tuple[str, str]:
    token = tokens.make(runtime.randomness)
    return f"{runtime.settings.base_url}/staff/invitation/{token}", token


def _demand_role(role: str) -> None:
    if role not in ROLES:
        raise PhieuError("role_unknown", "There is no such role.", "Choose one of those listed.", tuple(ROLES))


def _spare(session: Session, actor: Actor, user: StaffUser) -> None:
    """Nobody takes their own rights away by mistake, and one administrator always remains."""
    if user.id == actor.user_id:
        raise Conflict("own_account", "You cannot do this to your own account.", "Ask another administrator.")
    if user.role == "administrator" and user.disabled_at is None and staff.administrators(session) <= 1:
        raise Conflict("last_administrator", "This is the last administrator.", "Make another administrator first.")


def _change(
    runtime: Runtime,
    actor: Actor,
    email: str,
    action: str,
    change: Callable[[Session, StaffUser], None],
    detail: Mapping[str, object] | None = None,
) -> None:
    demand(actor.role, Permission.USERS)

    def work(session: Session) -> None:
        user = staff.by_email(session, canonical_email(email), lock=True)
        if user is None or (actor.units is not None and user.unit_id not in actor.units):
            raise NotFound("account_unknown", "There is no such account.", "Look it up in the list of accounts.")
        change(session, user)
        audit.record(session, runtime.now(), actor.name, action, f"account:{user.email}", detail)

    runtime.database.write(work)
