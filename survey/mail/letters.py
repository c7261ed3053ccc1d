"""A letter as it leaves: plain text in UTF-8, from the office, with an identifier by which its bounce is known. Pure.

Nothing a person typed can add a header: subject and names are single lines, and the standard library refuses others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

LINK = "{link}"
"""Stands in a body where the person's own address goes."""

_ID = re.compile(r"phieu\.(\d{1,18})\.(\d{1,18})\.([0-9a-f]{16})\.([0-9a-f]{32})@")


@dataclass(frozen=True)
class Letter:
    """What one person gets; ``reply_to`` may be empty."""

    sender: Address
    recipient: str
    reply_to: str
    subject: str
    body: str
    language: str
    message_id: str
    written_at: datetime


def filled(body: str, link: str) -> str:
    """The body with the person's link in it; other braces are text."""
    return body.replace(LINK, link)


def written(letter: Letter) -> bytes:
    """The letter as bytes with CRLF, as a mail server takes it. Raises ValueError for a header of several lines."""
    message = EmailMessage(policy=SMTP)
    message["From"] = letter.sender
    message["To"] = Address(addr_spec=letter.recipient)
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    message["Subject"] = unicodedata.normalize("NFC", letter.subject)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    body = unicodedata.normalize("NFC", letter.body).strip("\n") + "\n"
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message.as_bytes()


def message_id(secret_key: str, mailing: int, invitee: int, nonce: bytes, domain: str) -> str:
    """Names the letter to one invitee in a way that only this server can make; ``nonce`` (8 bytes) tells apart several
    to the same one."""
    drawn = nonce[:8].hex()
    return f"<phieu.{mailing}.{invitee}.{drawn}.{_mark(secret_key, mailing, invitee, drawn)}@{domain}>"


def named(secret_keys: Sequence[str], text: str) -> tuple[int, int] | None:
    """Mailing and invitee of a message identifier that this server made; None for any other text."""
    found = _ID.search(text[:1000])
    if found is None:
        return None
    mailing, invitee, drawn, mark = int(found[1]), int(found[2]), found[3], found[4]
    right = any(hmac.compare_digest(mark, _mark(key, mailing, invitee, drawn)) for key in secret_keys)
    return (mailing, invitee) if right else None


def _mark(secret_key: str, mailing: int, invitee: int, drawn: str) -> str:
    message = f"letter {mailing} {invitee} {drawn}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()[:32]
