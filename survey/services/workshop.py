"""What ``phieu serve`` keeps for long work: it looks whether there is any, and runs one workroom at a time on this
machine.

Looks when somebody asks, and otherwise every ``EVERY`` seconds, so that work that was interrupted by a kill, or asked
for at another machine, is taken up.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from contextlib import suppress

from survey.config import ROOT
from survey.errors import PhieuError
from survey.services import workroom
from survey.services.runtime import Runtime
from survey.storage.filelock import FileLock

EVERY = 15.0

log = logging.getLogger("survey.jobs")


class Workshop:
    """One of these stands in each process of the server."""

    def __init__(self, runtime: Runtime, every: float = EVERY) -> None:
        self._runtime = runtime
        self._every = every
        self._wanted = threading.Event()
        self._ending = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="workshop")

    def open(self) -> None:
        """Begins to look for work."""
        self._thread.start()

    def begin(self) -> None:
        """There is work now."""
        self._wanted.set()

    def finish(self, seconds: float = 10) -> None:
        """Stops; work under way waits to be begun again."""
        self._ending = True
        self._wanted.set()
        if (process := self._process) is not None:
            with suppress(OSError):
                process.terminate()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._ending:
            try:
                self._look()
            except (PhieuError, OSError):
                log.exception("long work could not be looked after")
            self._wanted.wait(self._every)
            self._wanted.clear()

    def _look(self) -> None:
        """Runs a workroom if there is work and none runs on this machine."""
        lock = FileLock(self._runtime.settings.data_dir / "jobs.lock")
        try:
            while not self._ending and workroom.waits(self._runtime):
                if not lock.try_now():
                    return
                if self._run_workroom() != 0:
                    return
        finally:
            lock.close()

    def _run_workroom(self) -> int:
        with subprocess.Popen(  # our own interpreter and module; nothing from outside
            [sys.executable, "-m", "survey.services.workroom"], cwd=ROOT, stdin=subprocess.PIPE
        ) as process:
            self._process = process
            if self._ending:
                process.terminate()
            with suppress(OSError):
                process.communicate(pickle.dumps(self._runtime.settings))
        self._process = None
        return process.returncode
