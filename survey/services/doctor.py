"""Examines an installation without changing it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from survey.collection import single_use
from survey.config import MailServer, Settings, read_settings
from survey.errors import Misconfigured, PhieuError
from survey.mail import post
from survey.storage.engine import open_database
from survey.storage.migration import require_current
from survey.storage.queries import tickets
from survey.typesetting import font_files


@dataclass(frozen=True)
class Finding:
    """One thing examined; ``message`` says what was found, or what to do."""

    subject: str
    sound: bool
    message: str


def examine(environment: Mapping[str, str] = os.environ) -> tuple[Finding, ...]:
    """Settings, public address, database, fonts and mail server, in this order; what cannot be looked at because of an
    earlier failure, and what is not set up, is left out."""
    try:
        settings = read_settings(environment)
    except PhieuError as error:
        return (Finding("settings", False, str(error)),)
    return (
        Finding("settings", True, f"data in {settings.data_dir}, zone {settings.timezone.key}"),
        _looked_at("public address", lambda: settings.base_url),
        _looked_at("database", lambda: _database(settings)),
        _looked_at("fonts", lambda: f"{len(font_files())} files"),
        *([_looked_at("mail server", partial(_mail, settings.mail))] if settings.mail else []),
    )


def _looked_at(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except PhieuError as error:
        return Finding(subject, False, " ".join((str(error), *error.details)))


def _mail(server: MailServer) -> str:
    """Speaks to the mail server, and sends nothing."""
    with post.connected(server):
        way = "in the clear" if server.security == "none" else server.security
        return f"{server.host}:{server.port}, {way}, letters from {server.sender.addr_spec}"


def _database(settings: Settings) -> str:
    database = open_database(settings.database_url)
    try:
        require_current(database)
        with database.reading() as session:
            lost = tickets.unused_of_other_keys(session, [single_use.key_id(key) for key in settings.secret_keys])
        if lost:
            raise Misconfigured(
                "codes_without_key",
                f"{lost} unused single-use codes were made with a secret key that is no longer accepted.",
                "Add that key after the present one, or make new codes.",
            )
        return f"{database.dialect}, schema up to date"
    finally:
        database.close()
