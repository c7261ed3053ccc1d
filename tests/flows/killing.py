"""R1: all workers are killed again and again under clients that retry; what was acknowledged is there, exactly once.

A program: ``python -m tests.flows.killing [SUBMISSIONS] [KILLS]`` prints its figures; the test beside it runs it short.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from survey.config import ROOT, read_settings
from survey.services.start import open_runtime
from tests.factories.surveys import open_survey

CLIENTS = 20
TOKEN = re.compile(rb'name="_token" value="([^"]+)"')


@dataclass(frozen=True)
class Outcome:
    """Marks acknowledged to clients, marks found in the database with how often, and how many kills there were."""

    acknowledged: frozenset[str]
    stored: Counter[str]
    kills: int

    @property
    def lost(self) -> int:
        """Acknowledged and not there."""
        return len(self.acknowledged - self.stored.keys())

    @property
    def double(self) -> int:
        """There more than once."""
        return sum(times - 1 for times in self.stored.values() if times > 1)


class Progress:
    """Counts acknowledgements and lets the killer wait for the next stretch of them."""

    def __init__(self, submissions: int) -> None:
        self._condition = threading.Condition()
        self._left = submissions
        self.acknowledged: set[str] = set()
        self.finished = 0

    def take(self) -> int | None:
        """The number of the next submission to make; None when there is none left."""
        with self._condition:
            self._left -= 1
            return self._left if self._left >= 0 else None

    def done(self, mark: str) -> None:
        """A client was thanked for this mark."""
        with self._condition:
            self.acknowledged.add(mark)
            self._condition.notify_all()

    def leave(self) -> None:
        """A client has nothing left to do."""
        with self._condition:
            self.finished += 1
            self._condition.notify_all()

    def wait_for(self, count: int) -> bool:
        """True once so many are acknowledged; False when all clients have left before."""
        with self._condition:
            self._condition.wait_for(lambda: len(self.acknowledged) >= count or self.finished == CLIENTS)
            return len(self.acknowledged) >= count


def run(environment: Mapping[str, str], submissions: int, kills: int, *, keep_key: bool = True) -> Outcome:
    """Serves, submits, kills. With ``keep_key`` off clients throw the page away and take a new one at each try, as a
    product without submission keys would make them: the negative control."""
    runtime = open_runtime(read_settings(environment, make_key=True), migrate=True)
    code = open_survey(runtime)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    progress = Progress(submissions)
    with _serving(environment, port) as master:
        clients = [
            threading.Thread(target=_client, args=(port, f"/s/{code}", progress, keep_key)) for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        killed = 0
        for number in range(kills):
            if not progress.wait_for((number + 1) * submissions // (kills + 1)):
                break
            for worker in _children(master):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            killed += 1
        for client in clients:
            client.join()
    with runtime.database.reading() as session:
        rows = session.execute(text("SELECT answers FROM response")).scalars()
        stored = Counter(re.findall(r"mark-\d+", "\n".join(rows)))
    runtime.database.close()
    return Outcome(frozenset(progress.acknowledged), stored, killed)


def _client(port: int, path: str, progress: Progress, keep_key: bool) -> None:
    try:
        while (number := progress.take()) is not None:
            mark = f"mark-{number}"
            token = None
            while True:
                token = token if token and keep_key else _ask(port, path)
                if token and _send(port, path, token, mark):
                    break
            progress.done(mark)
    finally:
        progress.leave()


def _ask(port: int, path: str) -> str | None:
    status, body = _exchange(port, "GET", path, None)
    found = TOKEN.search(body) if status == 200 else None
    return found.group(1).decode() if found else None


def _send(port: int, path: str, token: str, mark: str) -> bool:
    status, _ = _exchange(port, "POST", path, {"_token": token, "B7": "4", "E1": mark})
    return status == 303


def _exchange(port: int, method: str, path: str, fields: Mapping[str, str] | None) -> tuple[int, bytes]:
    """One request on a connection of its own; status 0 when it was cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = urllib.parse.urlencode(fields) if fields else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@contextlib.contextmanager
def _serving(environment: Mapping[str, str], port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "survey.cli.main", "serve", "--port", str(port)]
    log = Path(environment["PHIEU_DATA_DIR"]) / "server.log"
    with log.open("ab") as output:
        master = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while _exchange(port, "GET", "/healthz", None)[0] != 200:
            if master.poll() is not None:
                raise RuntimeError(f"the server ended at its start:\n{log.read_text()}")
        yield master.pid
    finally:
        os.killpg(master.pid, signal.SIGTERM)
        master.wait(60)


def _children(master: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


if __name__ == "__main__":
    wanted = [int(one) for one in sys.argv[1:]] + [20_000, 200][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as folder:
        result = run({"PHIEU_DATA_DIR": folder, "PHIEU_PUBLIC_BASE_URL": "http://127.0.0.1"}, *wanted)
    print(f"{result.kills} kills, {len(result.acknowledged)} acknowledged, {result.lost} lost, {result.double} double")
