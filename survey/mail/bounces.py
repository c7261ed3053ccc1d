"""What mail servers send back when a letter could not be delivered (RFC 3464), out of mbox, Maildir or .eml files.

Whoever knows an address of the office can send such a file: sizes, numbers and depths are bounded, and a message that
cannot be read is passed over. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_MESSAGE = 512 * 1024
"""Bytes of a message that are looked at; reports are small, and name what failed at their beginning."""

MOST = 50_000
"""Messages of one file."""

_PARTS = 40
_BLOCKS = 200
_NEXT = re.compile(rb"(?:\A|\n\r?\n)From [^\n]*\n")
_STATUS = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_UNREADABLE = (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""What the standard library's reader raises at broken messages."""


@dataclass(frozen=True)
class Bounce:
    """A letter that failed for good. ``recipients``: the address it was sent to, first as we wrote it;
    ``message_id``: what the report says is that of our letter, perhaps empty; ``detail``: status and the server's
    words."""

    recipients: tuple[str, ...]
    message_id: str
    detail: str


def read(content: bytes) -> Iterator[Bounce]:
    """Every failure reported in a file."""
    for message in _messages(content[:LARGEST_FILE]):
        try:
            found = list(_report(message_from_bytes(message)))
        except _UNREADABLE:
            continue
        yield from found


def _messages(content: bytes) -> Iterator[bytes]:
    """The messages of an mbox, or the one message that a file is; each cut to what is looked at."""
    if not content.startswith(b"From "):
        yield content[:LARGEST_MESSAGE]
        return
    starts = [found.end() for found, _ in zip(_NEXT.finditer(content), range(MOST), strict=False)]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        yield content[start : min(end, start + LARGEST_MESSAGE)]


def _report(message: Message) -> Iterator[Bounce]:
    """The failures one message tells of."""
    blocks: list[Message] = []
    message_id = ""
    for part in _parts(message):
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/delivery-status" and isinstance(payload, list):
            blocks += [one for one in payload[:_BLOCKS] if isinstance(one, Message)]
        elif kind == "message/rfc822" and isinstance(payload, list) and payload and isinstance(payload[0], Message):
            message_id = message_id or _header(payload[0], "Message-ID")
        elif kind == "text/rfc822-headers" and isinstance(payload, str):
            headers = message_from_bytes(payload.encode("utf-8", "replace"))
            message_id = message_id or _header(headers, "Message-ID")
    for block in blocks:
        status = _STATUS.search(_header(block, "Status"))
        recipients = tuple(
            dict.fromkeys(
                address
                for name in ("Original-Recipient", "Final-Recipient")
                if (address := _header(block, name).partition(";")[2].strip(" <>").lower())
            )
        )
        if _header(block, "Action").lower() == "failed" and recipients:
            words = _header(block, "Diagnostic-Code").partition(";")[2].strip()
            detail = " ".join(part for part in (status[0] if status else "", words) if part)
            yield Bounce(recipients, message_id, detail[:300] or "failed")


def _parts(message: Message) -> Iterator[Message]:
    """A message's parts, as far as a report has any."""
    for number, part in enumerate(message.walk()):
        if number >= _PARTS:
            return
        yield part


def _header(message: Message, name: str) -> str:
    """A header as one printable line of bounded length."""
    value = str(message.get(name, ""))[:2000]
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
