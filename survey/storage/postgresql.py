"""PostgreSQL: addresses, pool, what is tried again. The server groups commits by itself: writers go straight to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Engine, create_engine, exc
from sqlalchemy.orm import Session

from survey.errors import Misconfigured

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is run that the server gives up for the sake of another one."""

TIMEOUTS = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
"""Seconds to reach the server, milliseconds until its loss is noticed (libpq); an address may say otherwise."""

_GIVEN_UP = frozenset({"40001", "40P01"})  # serialization failure, deadlock


def normalise(url: URL) -> URL:
    """``postgres://`` and ``postgresql://`` mean psycopg 3, the one driver this product is tested with."""
    return url.set(drivername="postgresql+psycopg")


def open_engines(url: URL) -> tuple[Engine, Engine]:
    """(reading, writing) over one pool. Readers see one snapshot per transaction and cannot write."""
    try:
        writing = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=24,
            pool_timeout=10,
            connect_args={name: value for name, value in TIMEOUTS.items() if name not in url.query},
        )
    except ImportError as error:
        raise Misconfigured(
            "database_driver_missing",
            "The PostgreSQL driver is not installed.",
            "Run: make install-postgresql.",
        ) from error
    return writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), writing


def write(open_session: Callable[[], Session], work: Callable[[Session], T]) -> T:
    """Run ``work`` in one transaction, again when it deadlocked or could not be serialised."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _once(open_session, work)
        except exc.DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _GIVEN_UP:
                raise
    return _once(open_session, work)


def _once(open_session: Callable[[], Session], work: Callable[[Session], T]) -> T:
    with open_session() as session, session.begin():
        return work(session)
