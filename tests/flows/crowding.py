"""R5: eight writers, exports and backups at once on one SQLite file; nobody is told that it is locked.

A program: ``python -m tests.flows.crowding [SUBMISSIONS]`` prints its figures; the test beside it runs it short.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.config import ROOT, read_settings
from survey.services.start import open_runtime
from survey.storage.sqlite import driver
from tests.factories.surveys import open_survey
from tests.flows.killing import Progress
from tests.flows.phones import Outcome, ask, environment, marks, send, serving

WRITERS = 8


@dataclass(frozen=True)
class Crowding:
    """``refused`` counts submissions not taken at the first try, ``locked`` says of "locked" in any log or output."""

    outcome: Outcome
    refused: int
    locked: int
    exports: int
    backups: int
    times: list[float]

    def quantile(self, share: float) -> float:
        """Seconds in which this share of the submissions was acknowledged."""
        return sorted(self.times)[int(share * (len(self.times) - 1))]

    def __str__(self) -> str:
        return (
            f"{len(self.outcome.acknowledged)} acknowledged beside {self.exports} exports and {self.backups} backups: "
            f"{self.locked} locked, {self.refused} refused, {self.outcome.lost} lost, {self.outcome.double} double, "
            f"median {self.quantile(0.5):.3f} s, p99 {self.quantile(0.99):.3f} s, most {self.quantile(1):.3f} s"
        )


def run(settings: Mapping[str, str], submissions: int) -> Crowding:
    """Writers submit until all is stored; beside them exports and backups follow each other."""
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    folder = Path(settings["PHIEU_DATA_DIR"])
    path = f"/s/{open_survey(runtime)}"
    progress, over = Progress(submissions), threading.Event()
    times: list[float] = []
    said: list[str] = []
    refused = 0

    def writer() -> None:
        nonlocal refused
        while (number := progress.take()) is not None:
            token = None
            while token is None:
                token = ask(port, path)
            began = time.monotonic()
            while not send(port, path, token, f"mark-{number}"):
                refused += 1
            times.append(time.monotonic() - began)
            progress.done(f"mark-{number}")

    def beside(*command: str) -> int:
        runs = 0
        while not over.is_set() or not runs:
            target = folder / f"{command[1]}-{runs}.csv"
            done = subprocess.run(
                [sys.executable, "-m", "survey.cli.main", *command, str(target)],
                cwd=ROOT,
                env={**os.environ, **settings},
                capture_output=True,
                text=True,
            )
            said.append(done.stdout + done.stderr)
            if done.returncode or not target.stat().st_size:
                raise RuntimeError(f"{command}: {said[-1]}")
            target.unlink()
            runs += 1
        return runs

    counted: dict[str, int] = {}
    errors: list[BaseException] = []

    def count(*command: str) -> None:
        try:
            counted[command[1]] = beside(*command)
        except BaseException as error:
            errors.append(error)

    with serving(settings) as (port, _):
        others = [
            threading.Thread(target=count, args=("response", "export", "conference", "--output")),
            threading.Thread(target=count, args=("db", "backup")),
        ]
        writers = [threading.Thread(target=writer) for _ in range(WRITERS)]
        for thread in others + writers:
            thread.start()
        for thread in writers:
            thread.join()
        over.set()
        for thread in others:
            thread.join()
    if errors:
        raise errors[0]
    said.append((folder / "server.log").read_text())
    outcome = Outcome(frozenset(progress.acknowledged), marks(runtime), 0)
    runtime.database.close()
    locked = "\n".join(said).lower().count("locked")
    return Crowding(outcome, refused, locked, counted["export"], counted["backup"], times)


def read_then_write(folder: Path, begin: str) -> int:
    """How many of eight writers that each read, then write, hear "locked"; all have read before any writes, unless
    ``begin`` lets only one of them in at a time."""
    connect, path = driver().connect, folder / f"{begin.lower().replace(' ', '-')}.db"
    first = connect(path, isolation_level=None)
    first.execute("PRAGMA journal_mode = wal")
    first.execute("CREATE TABLE answer (number INTEGER)")
    first.close()
    all_have_read = threading.Barrier(WRITERS)
    locked: list[str] = []

    def writer(number: int) -> None:
        connection = connect(path, isolation_level=None, timeout=30)
        try:
            connection.execute(begin)
            connection.execute("SELECT count(*) FROM answer").fetchone()
            if begin == "BEGIN":
                all_have_read.wait()
            connection.execute("INSERT INTO answer VALUES (?)", (number,))
            connection.execute("COMMIT")
        except driver().OperationalError as error:
            locked.append(str(error))
        finally:
            connection.close()

    writers = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    return sum("locked" in one for one in locked)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(run(environment(Path(folder)), int((sys.argv[1:] or ["10000"])[0])))
