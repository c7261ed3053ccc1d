"""Handing letters to the office's own mail server, and knowing afterwards what became of each.

The end of a letter is sent apart from its text: whatever breaks before it, the server cannot have taken the letter;
what breaks between it and the server's reply leaves a letter that may or may not go out, and is told as such.
"""

from __future__ import annotations

import base64
import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from survey.config import MailServer
from survey.errors import Unavailable

TIMEOUT = 60
"""Seconds to wait for the server; between end and reply it may be looking for viruses."""

_DETAIL = 300


class Fate(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    REFUSED = "refused"
    """For good; it will never arrive."""
    DEFERRED = "deferred"
    """For now; the server did not take it."""
    DOUBTFUL = "doubtful"
    """The server had it all and never said whether it took it."""


@dataclass(frozen=True)
class Outcome:
    """``detail`` is what the server said."""

    fate: Fate
    detail: str = ""


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A session with the mail server, logged in. Raises Unavailable ``mail_server_unavailable``."""
    try:
        smtp = _open(server)
    except (smtplib.SMTPException, OSError) as error:
        raise trouble(error) from error
    try:
        yield smtp
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def alive(smtp: smtplib.SMTP) -> bool:
    """Whether a session can still be used; servers end those that are silent for long."""
    try:
        return smtp.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def hand_over(smtp: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
    """One letter. Raises Unavailable when the server cannot be used; the letter was not taken then."""
    try:
        code, words = smtp.mail(sender)
        if code != 250:
            raise trouble(said(code, words))
        code, words = smtp.rcpt(recipient)
        if code in (250, 251):
            code, words = smtp.docmd("DATA")
        if code != 354:
            if code == 421:
                raise trouble(said(code, words))
            smtp.rset()
            return Outcome(Fate.REFUSED if 500 <= code < 600 else Fate.DEFERRED, said(code, words))
        smtp.send(_stuffed(content))
    except (smtplib.SMTPException, OSError) as error:
        raise trouble(error) from error
    try:
        smtp.send(b".\r\n")
        code, words = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Fate.DOUBTFUL, str(error)[:_DETAIL] or type(error).__name__)
    if code == 250:
        return Outcome(Fate.SENT)
    return Outcome(Fate.REFUSED if 500 <= code < 600 else Fate.DEFERRED, said(code, words))


def said(code: int, words: bytes) -> str:
    """A server's reply as one printable line."""
    text = f"{code} {words.decode('utf-8', 'replace')}"
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_DETAIL]


def trouble(cause: object) -> Unavailable:
    """The error for a server that cannot be used; its words are in the details."""
    text = said(cause.smtp_code, _bytes(cause.smtp_error)) if isinstance(cause, smtplib.SMTPResponseException) else ""
    detail = text or str(cause)[:_DETAIL] or type(cause).__name__
    return Unavailable(
        "mail_server_unavailable", "The mail server cannot be used now.", "Look at its own words below.", (detail,)
    )


def _open(server: MailServer) -> smtplib.SMTP:
    context = None if server.security == "none" else ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.security == "tls":
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            _log_in(smtp, server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """The standard library encodes only ASCII, and a password may have marks (RFC 4616)."""
    if user.isascii() and password.isascii():
        smtp.login(user, password)
        return
    code, words = smtp.docmd("AUTH", "PLAIN " + base64.b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _stuffed(content: bytes) -> bytes:
    """The text of a letter with the dots at the beginnings of lines doubled (RFC 5321, 4.5.2), without its end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    doubled = ended.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words
