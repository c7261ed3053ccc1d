"""A real mail server on a socket of this machine (RFC 5321), which can be told to fail at any point.

Its ``rules`` decide about recipients; ``breaks`` says at which letter and how a connection dies. It keeps what it took.
"""

from __future__ import annotations

import base64
import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

Rule = Callable[[str], str]
"""What to reply to a recipient: ``250 ok``, ``550 …``, ``451 …``; empty: the connection dies."""


@dataclass
class MailServer:
    """``letters`` are (recipient, message) in the order they were taken. ``breaks``: number of a DATA command → where
    the connection dies there: ``before`` the letter, ``within`` it, or ``after`` it (the letter is taken) without a
    reply."""

    port: int = 0
    rule: Rule = lambda _: "250 ok"
    breaks: dict[int, str] = field(default_factory=dict)
    content_reply: str = "250 taken"
    greeting: str = "220 mail.example.gov.vn"
    users: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    sessions: int = 0
    data_commands: int = 0
    logged_in: list[str] = field(default_factory=list)

    def to(self, recipient: str) -> list[EmailMessage]:
        """The letters somebody got."""
        return [
            cast(EmailMessage, message_from_bytes(content, policy=default))  # type: ignore[arg-type] # as documented
            for address, content in self.letters
            if address == recipient
        ]


class _Session(socketserver.StreamRequestHandler):
    server: _Sockets

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def handle(self) -> None:
        mail = self.server.mail
        mail.sessions += 1
        self.say(mail.greeting)
        recipient, secure, known = "", False, not mail.users
        while line := self.rfile.readline(2000):
            verb, _, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    offers = ["STARTTLS"] if mail.tls and not secure else []
                    offers += ["AUTH PLAIN"] if mail.users and (secure or not mail.tls) else []
                    for one in ("mail.example.gov.vn", *offers):
                        self.say(f"250-{one}")
                    self.say("250 8BITMIME")
                case "STARTTLS" if mail.tls:
                    self.say("220 go on")
                    self.connection = mail.tls.wrap_socket(self.connection, server_side=True)
                    self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                    secure = True
                case "AUTH":
                    user, password = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                    known = mail.users.get(user) == password
                    mail.logged_in.append(user)
                    self.say("235 welcome" if known else "535 wrong")
                case "MAIL":
                    self.say("250 ok" if known else "530 log in first")
                case "RCPT":
                    recipient = rest.partition("<")[2].partition(">")[0]
                    reply = mail.rule(recipient)
                    if not reply:
                        return
                    self.say(reply)
                case "DATA":
                    if not self.take(mail, recipient):
                        return
                case "RSET" | "NOOP":
                    self.say("250 ok")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("502 unknown")

    def take(self, mail: MailServer, recipient: str) -> bool:
        """A letter; False when the connection dies over it."""
        mail.data_commands += 1
        breaks = mail.breaks.get(mail.data_commands, "")
        if breaks == "before":
            return False
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            if breaks == "within":
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        if mail.content_reply.startswith("250"):
            mail.letters.append((recipient, b"".join(lines)))
        if breaks == "after":
            return False
        self.say(mail.content_reply)
        return True


class _Sockets(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what is tested."""


@contextmanager
def mail_server(mail: MailServer | None = None) -> Iterator[MailServer]:
    """A server that listens; the same ``mail`` can be started again later on the same port."""
    mail = mail or MailServer()
    with _Sockets(("127.0.0.1", mail.port), _Session) as sockets:
        sockets.mail = mail
        mail.port = sockets.server_address[1]
        thread = threading.Thread(target=sockets.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield mail
        finally:
            sockets.shutdown()
            thread.join()


def unused_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
