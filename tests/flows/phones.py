"""Phones that take a form and send it, and the server they send it to. Shared by the proofs; proves nothing itself."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from survey.config import ROOT
from survey.services.runtime import Runtime

TOKEN = re.compile(rb'name="_token" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Outcome:
    """Marks acknowledged to clients, marks found in the database with how often, and how many faults there were."""

    acknowledged: frozenset[str]
    stored: Counter[str]
    faults: int

    @property
    def lost(self) -> int:
        """Acknowledged and not there."""
        return len(self.acknowledged - self.stored.keys())

    @property
    def double(self) -> int:
        """There more than once."""
        return sum(times - 1 for times in self.stored.values() if times > 1)

    def __str__(self) -> str:
        return (
            f"{self.faults} faults, {len(self.acknowledged)} acknowledged, {self.lost} lost, {self.double} double, "
            f"{len(self.stored.keys() - self.acknowledged)} stored and not acknowledged"
        )


def exchange(port: int, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """One request on a connection of its own; status 0 when the reply did not come in whole."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(request(method, path, fields))
            data = b""
            while chunk := line.recv(65536):
                data += chunk
    except OSError:
        return 0, b""
    return whole(data)


def whole(data: bytes) -> tuple[int, bytes]:
    """Status and body of a reply; status 0 when it did not come in whole."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    if not end or not length or len(body) < int(length.group(1)):
        return 0, b""
    return int(head.split()[1]), body


def request(method: str, path: str, fields: Mapping[str, str] | None = None, *, close: bool = True) -> bytes:
    """The bytes of one request."""
    body = urllib.parse.urlencode(fields).encode() if fields else b""
    head = f"{method} {path} HTTP/1.1\r\nHost: ks.example.gov.vn\r\n" + ("Connection: close\r\n" if close else "")
    if fields:
        head += f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def ask(port: int, path: str) -> str | None:
    """The token of a form; None when it did not come."""
    status, body = exchange(port, "GET", path)
    found = TOKEN.search(body) if status == 200 else None
    return found.group(1).decode() if found else None


def send(port: int, path: str, token: str, mark: str) -> bool:
    """Sends the form with ``mark`` as its comment; whether the phone was thanked."""
    return exchange(port, "POST", path, answers(token, mark))[0] == 303


def answers(token: str, mark: str) -> dict[str, str]:
    """What is filled in."""
    return {"_token": token, "B7": "4", "E1": mark}


def marks(runtime: Runtime) -> Counter[str]:
    """How often each mark is in the database."""
    with runtime.database.reading() as session:
        rows = session.execute(text("SELECT answers FROM response")).scalars()
        return Counter(re.findall(r"mark-\d+", "\n".join(rows)))


def environment(folder: Path, database_url: str | None = None) -> dict[str, str]:
    """Settings of an installation in ``folder``."""
    made = {"PHIEU_DATA_DIR": str(folder), "PHIEU_PUBLIC_BASE_URL": "http://127.0.0.1"}
    return made | ({"PHIEU_DATABASE_URL": database_url} if database_url else {})


@contextlib.contextmanager
def serving(
    settings: Mapping[str, str], *options: str, program: str = "survey.cli.main", before: tuple[str, ...] = ()
) -> Iterator[tuple[int, int]]:
    """``phieu serve`` while it is up; gives its port and the number of its master process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [*before, sys.executable, "-m", program, "serve", "--port", str(port), *options]
    log = Path(settings["PHIEU_DATA_DIR"]) / "server.log"
    with log.open("ab") as output:
        master = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while exchange(port, "GET", "/healthz")[0] != 200:
            if master.poll() is not None:
                raise RuntimeError(f"the server ended at its start:\n{log.read_text()}")
        yield port, master.pid
    finally:
        os.killpg(master.pid, signal.SIGTERM)
        master.wait(60)
