"""Doing the long work: claims a job, makes its file, gives signs of life, and tidies up.

Runs as a process of its own (``python -m survey.services.workroom``), so that the pages stay quick, started by
``services/workshop.py``. Any number may run, on any number of machines: a job belongs to whoever claimed it, for as
long as signs of life come.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType, TracebackType

from sqlalchemy.orm import Session

from survey.errors import PhieuError
from survey.services import jobs
from survey.services.jobs import Kind, Stopped, Work
from survey.services.runtime import Actor, Runtime
from survey.storage.queries import jobs as queries

SILENT = timedelta(seconds=45)
"""After this long without a sign of life a job is taken up by somebody else."""

MOST_TRIES = 3
"""A job that was begun this often, and killed whoever did it each time, has failed."""

ORPHANED = timedelta(days=1)
"""Age at which a file that belongs to no job is removed."""


def _(message: str) -> str:
    """Marks a message for translation where it is written; it is translated where it is shown."""
    return message


FAILED = _("The file could not be made; the server's log says why.")
KILLED = _("Making this file ended the program each time; it is not tried again.")

log = logging.getLogger("survey.jobs")


def work_off(runtime: Runtime, kinds: Mapping[str, Kind], silent: timedelta = SILENT) -> int:
    """Does every job that can be claimed, one after the other; how many were. Others may do the same at once."""
    tidy(runtime)
    done = 0
    while (held := _claimed(runtime, silent)) is not None:
        _do(runtime, kinds, held, silent)
        done += 1
    return done


def waits(runtime: Runtime, silent: timedelta = SILENT) -> bool:
    """Whether there is a job to claim."""
    with runtime.database.reading() as session:
        return queries.claimable(session, runtime.now() - silent) is not None


def tidy(runtime: Runtime) -> None:
    """Forgets jobs whose time is up, and removes files that no job knows any more."""
    now = runtime.now()
    runtime.database.write(lambda session: queries.forget(session, now - jobs.KEPT))
    with runtime.database.reading() as session:
        known = queries.files(session)
    for path in jobs.folder(runtime).glob("*"):
        with suppress(OSError):
            if path.name not in known and path.stat().st_mtime < (now - ORPHANED).timestamp():
                path.unlink()


class _Held:
    """A claimed job, and its signs of life from a thread beside the work. Every change names the last of them."""

    def __init__(self, runtime: Runtime, number: int, at: datetime, every: float) -> None:
        self.number = number
        self._runtime = runtime
        self._at = at
        self._every = every
        self._done = self._total = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._keep_beating, daemon=True)

    def __enter__(self) -> _Held:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def told(self, done: int, total: int) -> None:
        """Progress, as makers tell it; written by the next sign of life."""
        self._done, self._total = done, total
        if self._lost:
            raise Stopped

    def end(self, state: str, *, file: str = "", message: str = "") -> bool:
        """Ends the job, unless it is no longer ours."""
        with self._lock:
            at = self._runtime.now()
            return not self._lost and self._runtime.database.write(
                lambda session: queries.end(session, self.number, self._at, at, state, file=file, message=message[:500])
            )

    def give_back(self) -> None:
        """Lets somebody else begin it again."""
        with self._lock:
            self._runtime.database.write(lambda session: queries.give_back(session, self.number, self._at))

    def _keep_beating(self) -> None:
        while not self._over.wait(self._every):
            with self._lock:
                try:
                    self._beat()
                except PhieuError:
                    log.warning("job %d: no sign of life could be given", self.number)

    def _beat(self) -> None:
        at = self._runtime.now()
        if self._runtime.database.write(
            lambda session: queries.beat(session, self.number, self._at, at, self._done, self._total)
        ):
            self._at = at
        else:
            self._lost = True


def _claimed(runtime: Runtime, silent: timedelta) -> _Held | None:
    def work(session: Session) -> tuple[int | None, bool]:
        number = queries.claimable(session, now - silent)
        return number, number is not None and queries.claim(session, number, now - silent, now)

    while True:
        now = runtime.now()
        number, mine = runtime.database.write(work)
        if number is None:
            return None
        if mine:
            return _Held(runtime, number, now, silent.total_seconds() / 30)


def _do(runtime: Runtime, kinds: Mapping[str, Kind], held: _Held, silent: timedelta) -> None:
    with runtime.database.reading() as session:
        found = queries.with_survey(session, held.number)
    if found is None:
        return
    job, slug = found
    wanted = json.loads(job.wanted)
    kind = kinds.get(job.kind)
    if kind is None or job.tries > MOST_TRIES:
        held.end("failed", message=FAILED if kind is None else KILLED)
        return
    units = wanted["actor"].pop("units")
    actor = Actor(units=None if units is None else frozenset(units), **wanted["actor"])
    jobs.folder(runtime).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = runtime.randomness(16).hex() + Path(wanted["filename"]).suffix
    target = jobs.folder(runtime) / name
    kept = False
    try:
        with held:
            kind.make(Work(runtime, actor, slug, wanted["options"], target, held.told))
            target.chmod(0o600)
            kept = held.end("done", file=name)
    except Stopped:
        log.info("job %d was called off", held.number)
    except PhieuError as error:
        log.warning("job %d: %s", held.number, error.code)
        held.end("failed", message="\n".join(filter(None, (error.message, error.remedy))))
    except Exception:
        log.exception("job %d failed", held.number)
        held.end("failed", message=FAILED)
    except BaseException:
        held.give_back()
        raise
    finally:
        if not kept:
            target.unlink(missing_ok=True)


def _end_now(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> int:
    """Does what there is to do, with the settings that come, pickled, on standard input from the server that started
    it."""
    from survey.services.kinds import KINDS
    from survey.services.start import open_runtime

    logging.basicConfig(level=logging.WARNING)
    settings = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process that started this one, over a pipe
    signal.signal(signal.SIGTERM, _end_now)
    with suppress(OSError):
        os.nice(10)
    runtime = open_runtime(settings)
    try:
        work_off(runtime, KINDS)
    finally:
        runtime.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
