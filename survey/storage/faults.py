"""Which database failures mean "not now": busy, full, broken disk, connection gone. Never hides a programming error."""

from __future__ import annotations

from sqlalchemy import exc

from survey.errors import Unavailable

_BUSY = frozenset({5, 6, 15})  # SQLITE_BUSY, LOCKED, PROTOCOL
_FULL = frozenset({13})  # SQLITE_FULL
_DAMAGED = frozenset({11, 26})  # SQLITE_CORRUPT, NOTADB
_DISK = frozenset({7, 8, 9, 10, 14, 23})  # SQLITE_NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, AUTH

_READ_ONLY = 8  # SQLITE_READONLY without an extension, which query_only gives too
_READ_ONLY_STATE = "25006"

_SERVER_BUSY = ("53", "55P03", "57014")  # insufficient resources, lock not available, cancelled by a timeout
_SERVER_GONE = ("08", "25006", "57P", "58")  # connection, read-only standby, operator intervention, system error


def unavailable(error: BaseException) -> Unavailable | None:
    """The error to raise instead when the database cannot serve now; None when ``error`` says something else.

    ``error`` is SQLAlchemy's or the driver's own.
    """
    if isinstance(error, exc.TimeoutError):  # every pooled connection is in use
        return busy()
    original = error.orig if isinstance(error, exc.DBAPIError) else error
    number = getattr(original, "sqlite_errorcode", None)
    if number is not None:
        return _of_sqlite(number & 0xFF)
    if isinstance(error, exc.DBAPIError):
        return _of_postgresql(error)
    return None


def is_read_only(error: exc.SQLAlchemyError) -> bool:
    """Whether a statement tried to write where that is switched off, or on a disk or server that became read-only."""
    original = getattr(error, "orig", None)
    return (
        getattr(original, "sqlite_errorcode", 0) == _READ_ONLY or getattr(original, "sqlstate", "") == _READ_ONLY_STATE
    )


def _of_postgresql(error: exc.DBAPIError) -> Unavailable | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # said by the client library, not by the server
        return gone() if error.connection_invalidated or isinstance(error, exc.OperationalError) else None
    if state == "53100":
        return full()
    if state.startswith(_SERVER_BUSY):
        return busy()
    return gone() if error.connection_invalidated or state.startswith(_SERVER_GONE) else None


def _of_sqlite(code: int) -> Unavailable | None:
    if code in _BUSY:
        return busy()
    if code in _FULL:
        return full()
    if code in _DAMAGED:
        return Unavailable(
            "database_damaged", "The database file is damaged.", "Run: phieu db check. Restore a backup."
        )
    return gone() if code in _DISK else None


def busy() -> Unavailable:
    return Unavailable("database_busy", "The database is busy.", "Try again in a moment.")


def full() -> Unavailable:
    return Unavailable(
        "disk_full",
        "The server's disk is full; nothing was kept.",
        "Try again later; the operator has to free some space.",
    )


def gone() -> Unavailable:
    return Unavailable("database_unavailable", "The database cannot be used now.", "Try again in a moment.")
