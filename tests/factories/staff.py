"""Accounts and browsers that are logged in with them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.services import accounts, own_account, signing_in
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.services.signing_in import PasswordRight, SignedIn
from survey.storage.queries import staff

PASSWORD = "bốn từ rời nhau 42"

CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def account(runtime: Runtime, email: str, role: str, unit: str = "") -> str:
    """An account with its password set; gives its address."""
    link = accounts.invite(runtime, OPERATOR, email, role, unit)
    own_account.accept_invitation(runtime, link.rpartition("/")[2], PASSWORD)
    return email


def session_of(runtime: Runtime, email: str) -> str:
    """The token of a new session, without spending the time of a password."""
    with runtime.database.reading() as session:
        user = staff.by_email(session, email)
        assert user is not None
        right = PasswordRight(user.id, signing_in.mark(user.password_hash or ""), False)
    return signing_in.begin_session(runtime, right)


def signed_in(runtime: Runtime, email: str) -> SignedIn:
    """Who is behind a new session of this account."""
    who = signing_in.resume(runtime, session_of(runtime, email))
    assert who is not None
    return who


def actor(runtime: Runtime, email: str) -> Actor:
    """The same, as services take it."""
    return signed_in(runtime, email).actor


def browser_of(app: Flask, runtime: Runtime, email: str) -> FlaskClient:
    """A client that is logged in."""
    client = app.test_client()
    client.set_cookie("phieu_staff", session_of(runtime, email), path="/staff")
    return client


def press(client: FlaskClient, path: str, *, on: str = "/staff/help", **fields: str | list[str]) -> TestResponse:
    """Posts to ``path`` with the CSRF token of the page it stands ``on``."""
    found = CSRF.search(client.get(on).text)
    assert found, f"no form on {on}"
    return client.post(path, data={"csrf_token": found.group(1), **fields})
