"""R1: all workers are killed again and again under clients that retry; what was acknowledged is there, exactly once.

A program: ``python -m tests.flows.killing [SUBMISSIONS] [KILLS]`` prints its figures; the test beside it runs it short.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from survey.config import read_settings
from survey.services.start import open_runtime
from tests.factories.surveys import open_survey
from tests.flows.phones import Outcome, ask, marks, send, serving

CLIENTS = 20


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
    progress = Progress(submissions)
    with serving(environment) as (port, master):
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
    stored = marks(runtime)
    runtime.database.close()
    return Outcome(frozenset(progress.acknowledged), stored, killed)


def _client(port: int, path: str, progress: Progress, keep_key: bool) -> None:
    try:
        while (number := progress.take()) is not None:
            mark = f"mark-{number}"
            token = None
            while True:
                token = token if token and keep_key else ask(port, path)
                if token and send(port, path, token, mark):
                    break
            progress.done(mark)
    finally:
        progress.leave()


def _children(master: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


if __name__ == "__main__":
    wanted = [int(one) for one in sys.argv[1:]] + [20_000, 200][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as folder:
        result = run({"PHIEU_DATA_DIR": folder, "PHIEU_PUBLIC_BASE_URL": "http://127.0.0.1"}, *wanted)
    print(f"{result.faults} kills, {len(result.acknowledged)} acknowledged, {result.lost} lost, {result.double} double")
