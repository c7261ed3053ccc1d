"""Opening the database: SQLite or PostgreSQL behind two verbs, ``reading`` and ``write``. Makes no tables."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy import URL, Engine, exc, make_url
from sqlalchemy.orm import Session

from survey.errors import Misconfigured
from survey.storage import faults, immutable, postgresql, sqlite
from survey.storage.writer import FairWriter, WorkSession, wait_for

T = TypeVar("T")

immutable.guard()


class Database:
    """An open database; ``open_database`` makes it. Connections are made when needed and let go before a fork.

    ``url`` is the full address, ``place`` the same without a password, ``path`` the file of an SQLite database.
    ``reader``, ``writer`` and ``fair`` are the storage room's engines: everybody else has ``reading`` and ``write``.
    """

    def __init__(self, url: URL, reader: Engine, writer: Engine, path: Path | None = None, fair: Engine | None = None):
        self.url = url.render_as_string(hide_password=False)
        self.place = str(path or url.render_as_string(hide_password=True))
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if path else "postgresql"
        self.path = path
        self.reader = reader
        self.writer = writer
        self.fair = fair
        self._queue: FairWriter | None = None
        self._guard = threading.Lock()
        _opened.add(self)

    def __repr__(self) -> str:
        return f"Database({self.place!r})"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot that cannot write. Raises Unavailable when the database cannot be reached."""
        try:
            with Session(self.reader, expire_on_commit=False) as session:
                yield session
        except exc.SQLAlchemyError as error:
            if faults.is_read_only(error):  # a mistake of ours: this session is for reading
                raise
            raise faults.unavailable(error) or error from error

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one durable transaction and give what it returned; what it raises is raised, nothing kept.

        ``work`` runs on another thread (SQLite), perhaps more than once (PostgreSQL gives transactions up for each
        other; on SQLite a batch is run again when one of its works fails), and holds up other writers: it does
        nothing but SQL. Raises Unavailable when the database is busy, full or gone; whether PostgreSQL had committed
        when the connection broke is then unknown, so a submission comes with its key.
        """
        if self.path is None or self.fair is None:
            try:
                return postgresql.write(lambda: WorkSession(self.writer, expire_on_commit=False), work)
            except exc.SQLAlchemyError as error:
                raise faults.unavailable(error) or error from error
        with self._guard:
            if self._queue is None or not self._queue.alive:
                self._queue = FairWriter(self.fair, sqlite.lock_path(self.path))
            future = self._queue.submit(work)
        return wait_for(future)

    def close(self) -> None:
        """Finish what waits and let go of every connection. The next use opens new ones."""
        with self._guard:
            queue, self._queue = self._queue, None
        if queue is not None:
            queue.stop()
        for engine in self._engines():
            engine.dispose()

    def _forget(self) -> None:
        """In a forked child: what is still open is the parent's and is not to be touched."""
        self._queue = None
        self._guard = threading.Lock()
        for engine in self._engines():
            engine.dispose(close=False)

    def _engines(self) -> tuple[Engine, ...]:
        return (self.reader, self.writer, *([self.fair] if self.fair else []))


def open_database(url: str) -> Database:
    """Open the database that ``url`` names: sqlite:///path, postgresql:// or postgres://. A missing file is made.

    Raises Misconfigured for an unknown kind, a database in memory, a world-readable file, a network file system, a
    missing driver; Unavailable when other programs hold the SQLite file.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        # The address is not repeated: it may hold a password.
        raise Misconfigured(
            "database_url_unusable",
            "PHIEU_DATABASE_URL is not a database address.",
            "Use sqlite:////var/lib/phieu/phieu.db or postgresql://user:password@host/phieu.",
        ) from None
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        path = sqlite.path_of(parsed)
        sqlite.prepare(path)
        reading, writing, fair = sqlite.open_engines(path)
        return Database(parsed.set(database=str(path)), reading, writing, path, fair)
    if kind in ("postgresql", "postgres"):
        parsed = postgresql.normalise(parsed)
        return Database(parsed, *postgresql.open_engines(parsed))
    raise Misconfigured(
        "database_unsupported", f"Databases of kind {kind!r} are not supported.", "Use sqlite:/// or postgresql://."
    )


_opened: weakref.WeakSet[Database] = weakref.WeakSet()


def _before_fork() -> None:
    # SQLite connections must not cross a fork: https://sqlite.org/howtocorrupt.html, section 2.6.
    for database in list(_opened):
        database.close()


def _after_fork_in_child() -> None:
    for database in list(_opened):
        database._forget()


os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
