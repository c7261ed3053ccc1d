"""The fair writer for SQLite: one thread per process stores what waits, each work in its own savepoint, one commit for all.

Without it sixteen connections starve each other in SQLite's busy waiting. Nobody hears of success before the commit that
holds their work; a work that fails costs only itself. Knows nothing of what is stored.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, exc
from sqlalchemy.orm import Session

from survey.errors import Unavailable
from survey.storage import faults
from survey.storage.filelock import FileLock

T = TypeVar("T")

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
    """A queue with its thread and its connection. Made after a fork, never carried over one."""

    def __init__(self, engine: Engine, lock_path: Path) -> None:
        self._engine = engine
        self._lock_path = lock_path
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="phieu-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue a work; its future is resolved after the commit."""
        job = _Job(work)
        self._waiting.put(job)
        return job.future

    def stop(self) -> None:
        """Store what waits, then end the thread and let go of the connection. Nothing may be submitted afterwards."""
        self._waiting.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        lock = FileLock(self._lock_path)
        try:
            while (first := self._waiting.get()) is not None:
                with lock:
                    jobs, last = self._gather(first)
                    outcomes = self._store(jobs)
                for job, outcome in zip(jobs, outcomes, strict=True):
                    if isinstance(outcome, _Failed):
                        job.future.set_exception(outcome.error)
                    else:
                        job.future.set_result(outcome)
                if last:
                    break
        finally:
            self._drop_connection()
            lock.close()

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
        """One transaction; a list of values, or ``_Failed`` for those that were not kept, in the order of ``jobs``."""
        outcomes: list[Any] = []
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            connection = self._connection
            with connection.begin():
                raw: Any = connection.connection.dbapi_connection
                for job in jobs:
                    outcomes.append(_attempt(connection, job.work))
                    if not raw.in_transaction:
                        # A full or failing disk makes SQLite roll everything back under our feet.
                        raise _RolledBack
        except BaseException as error:
            self._drop_connection()
            refusal = _refusal(error)
            kept_own = [o if isinstance(o, _Failed) else _Failed(refusal) for o in outcomes]
            return kept_own + [_Failed(refusal)] * (len(jobs) - len(outcomes))
        return outcomes

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except exc.SQLAlchemyError:
                pass  # it is being thrown away because it does not work


class _RolledBack(Exception):
    """SQLite ended the transaction by itself."""


class _Failed:
    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _attempt(connection: Connection, work: Callable[[Session], Any]) -> Any:
    try:
        with (
            WorkSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            return work(session)
    except exc.SQLAlchemyError as error:
        return _Failed(faults.unavailable(error) or error)
    except BaseException as error:  # the thread serves others: whatever it is goes to the one who asked
        return _Failed(error)


def _refusal(error: BaseException) -> BaseException:
    if isinstance(error, exc.SQLAlchemyError):
        return faults.unavailable(error) or error
    return faults.gone() if isinstance(error, _RolledBack) else error


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
