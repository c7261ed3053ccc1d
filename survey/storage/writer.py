"""The fair writer for SQLite: one thread per process stores what waits, each work in a savepoint, one commit for all.

Without it sixteen connections starve each other in SQLite's busy waiting (p99 some 20 times longer). Nobody hears of
success before the commit that holds their work; a work that fails costs only itself. Knows nothing of what is stored.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from survey.errors import Unavailable
from survey.storage import faults
from survey.storage.filelock import FileLock

T = TypeVar("T")

log = logging.getLogger(__name__)

BATCH = 256
"""Most works in one commit, so that the first of them does not wait for ever."""

PATIENCE = 30.0
"""Seconds a work waits for its turn before it is given up."""


class WorkSession(Session):
    """The session a work is handed; beginning and committing are its writer's business."""

    def commit(self) -> None:
        raise RuntimeError("a work does not commit: Database.write does, after it returned")

    def rollback(self) -> None:
        raise RuntimeError("a work does not roll back: it raises")


class _Job:
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class FairWriter:
    """A queue with its thread and its connection. Made after a fork, never carried over one.

    ``engine`` leaves beginning and committing to this class (``sqlite.UnmanagedDialect``).
    """

    def __init__(self, engine: Engine, lock_path: Path) -> None:
        self._engine = engine
        self._lock = FileLock(lock_path)
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="phieu-writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether there is still a thread that stores what is submitted."""
        return self._thread.is_alive()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue a work; its future is resolved after the commit."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a work does not write through the database: it would wait for itself")
        job = _Job(work)
        self._waiting.put(job)
        return job.future

    def stop(self) -> None:
        """Store what waits, then end the thread and let go of the connection. Nothing may be submitted afterwards."""
        self._waiting.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        last = False
        while not last and (first := self._waiting.get()) is not None:
            try:
                with self._lock:
                    jobs, last = self._gather(first)
                    outcomes = self._store(jobs)
            except OSError as error:  # the lock file: no descriptors left, disk full, folder gone
                jobs, last = self._gather(first)
                outcomes = _refuse(error, jobs, [])
            for job, outcome in zip(jobs, outcomes, strict=True):
                if isinstance(outcome, _Failed):
                    job.future.set_exception(outcome.error)
                else:
                    job.future.set_result(outcome)
        self._disconnect()
        self._lock.close()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """All works that wait by now, without those whose caller went away; and whether these are the last."""
        jobs = [first] if first.future.set_running_or_notify_cancel() else []
        while len(jobs) < BATCH:
            try:
                job = self._waiting.get_nowait()
            except Empty:
                break
            if job is None:
                return jobs, True
            if job.future.set_running_or_notify_cancel():
                jobs.append(job)
        return jobs, False

    def _store(self, jobs: list[_Job]) -> list[Any]:
        """One transaction; a value or ``_Failed`` for each of ``jobs``, in their order. Never raises."""
        outcomes: list[Any] = []
        try:
            # Savepoints cost each work two more turns of the interpreter lock, so they wait until one is needed.
            if not self._transact(jobs, outcomes, apart=False):
                outcomes.clear()
                self._transact(jobs, outcomes, apart=True)
        except BaseException as error:  # those who wait must hear of it, and the next ones be served
            self._disconnect()
            return _refuse(error, jobs, outcomes)
        return outcomes

    def _transact(self, jobs: list[_Job], outcomes: list[Any], *, apart: bool) -> bool:
        """Runs ``jobs`` and commits, adding to ``outcomes``. With ``apart`` each has its savepoint; without, False and
        nothing kept as soon as one of several fails."""
        if self._connection is None:
            self._connection = self._engine.connect()
        raw: Any = self._connection.connection.dbapi_connection
        raw.execute("BEGIN IMMEDIATE")
        for job in jobs:
            if apart:
                raw.execute("SAVEPOINT work")
            outcome = _attempt(self._connection, job.work)
            outcomes.append(outcome)
            if not raw.in_transaction:
                # A full or failing disk makes SQLite roll everything back under our feet.
                raise faults.gone()
            if isinstance(outcome, _Failed) and not apart:
                raw.execute("ROLLBACK")
                return len(jobs) == 1
            if isinstance(outcome, _Failed):
                raw.execute("ROLLBACK TO work")
            if apart:
                raw.execute("RELEASE work")
        raw.execute("COMMIT")
        return True

    def _disconnect(self) -> None:
        """Close the connection, which rolls back what it began; the next batch makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


class _Failed:
    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _attempt(connection: Connection, work: Callable[[Session], Any]) -> Any:
    try:
        with WorkSession(connection, expire_on_commit=False) as session:
            value = work(session)
            session.flush()
            return value
    except BaseException as error:  # it goes to the one who asked; the thread lives on
        return _Failed(faults.unavailable(error) or error)


def _refuse(error: BaseException, jobs: list[_Job], outcomes: list[Any]) -> list[Any]:
    """What to tell ``jobs`` when nothing was committed: their own error, or that it cannot be done now."""
    known = error if isinstance(error, Unavailable) else faults.unavailable(error)
    if known is None:
        log.error("the writer met an error it does not know", exc_info=error)
    else:
        log.error("%d works were not stored: %s", len(jobs), error)
    said = known or faults.gone()
    own = [outcome if isinstance(outcome, _Failed) else None for outcome in outcomes]
    own += [None] * (len(jobs) - len(own))
    # An exception of its own for each: several threads are going to raise it.
    return [outcome or _Failed(Unavailable(said.code, said.message, said.remedy)) for outcome in own]


def wait_for(future: Future[T]) -> T:
    """The work's value or its error; Unavailable when its turn did not come in time (then nothing was kept)."""
    try:
        return future.result(PATIENCE)
    except TimeoutError:
        if future.done() or not future.cancel():
            return future.result()  # running, or failed with a TimeoutError of its own
        raise Unavailable(
            "database_busy", "The database is busy; nothing was kept.", "Try again in a moment."
        ) from None
