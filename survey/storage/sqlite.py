"""SQLite: which library, which journal, which files may be used. Knows nothing of what is stored."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from survey.errors import Misconfigured, Unavailable
from survey.storage import faults
from survey.storage.filelock import locked

log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0
"""How long a statement waits for a lock that some other program holds."""

WAL_LIMIT = 32 * 1024 * 1024
"""Bytes the write-ahead log is cut back to after a checkpoint."""

NETWORK_FILE_SYSTEMS = frozenset(
    """9p afs beegfs ceph cifs davfs fuse.ceph fuse.davfs fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs glusterfs
    gpfs lustre ncpfs nfs nfs4 smb2 smb3 smbfs vboxsf""".split()  # noqa: SIM905  # a list of strings reads worse
)


def driver() -> ModuleType:
    """The SQLite library to use: the one packaged with ``pysqlite3`` when it is installed, else Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        from sqlite3 import dbapi2
    module: ModuleType = dbapi2
    return module


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL where it is sound. SQLite 3.7.0 to 3.51.2 may corrupt a WAL database that several connections write and
    checkpoint (fixed in 3.51.3; https://sqlite.org/wal.html#walresetbug), which is what several web workers do."""
    return "truncate" if version <= (3, 51, 2) else "wal"


def path_of(url: URL) -> Path:
    """The database file a URL names; raises Misconfigured for memory databases and for driver options."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:") or "mode" in url.query:
        raise Misconfigured(
            "database_in_memory",
            "A database in memory loses every answer when the server stops.",
            "Name a file: PHIEU_DATABASE_URL=sqlite:////var/lib/phieu/phieu.db.",
        )
    if url.query or url.host or url.username:
        raise Misconfigured(
            "database_url_unusable",
            "A SQLite address names a file and nothing else.",
            "Use sqlite:////absolute/path/phieu.db without host and options.",
        )
    return Path(url.database).absolute()


def prepare(path: Path, mounts: str | None = None) -> None:
    """Make folder (0700) and file (0600) where missing. Raises Misconfigured when others may read the file, or when it
    lies on a network file system (``mounts`` as for ``file_system``)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        mode = path.stat().st_mode
    except OSError as error:
        raise Misconfigured(
            "database_file_unusable",
            f"The database file {path} cannot be opened: {error.strerror}.",
            "Check that the folder exists and that this user may write there.",
        ) from error
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise Misconfigured(
            "database_world_readable", f"Everybody on this machine can read {path}.", f"Run: chmod 600 '{path}'."
        )
    kind = file_system(path.resolve(), mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise Misconfigured(
            "database_on_network",
            f"{path} lies on a network file system ({kind}), where SQLite's locks do not hold.",
            "Put it on a local disk, or use PostgreSQL.",
        )


def lock_path(path: Path) -> Path:
    """The file beside the database at which its writers queue."""
    return path.with_name(f"{path.name}.lock")


def file_system(path: Path, mounts: str | None = None) -> str:
    """The type of file system below ``path`` (absolute, resolved) by the kernel's mount table, "" where there is none.

    ``mounts`` is the text of /proc/self/mountinfo; see proc(5).
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
    found, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        place = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        # A later mount on the same place hides the earlier one, hence >=.
        if path.is_relative_to(place) and len(place.parts) >= found:
            found, kind = len(place.parts), after.split(" ")[0]
    return kind


def open_engines(path: Path) -> tuple[Engine, Engine, Engine]:
    """(reading, writing, fair). Readers see one snapshot per transaction and cannot write; writing begins IMMEDIATE;
    the fair one leaves transactions to the fair writer, who speaks to the driver."""
    mode = journal_mode(driver().sqlite_version_info)
    if mode == "truncate":
        log.warning(
            "SQLite %s may corrupt a database in WAL mode (fixed in 3.51.3): using the slower journal mode TRUNCATE. "
            "Install pysqlite3 for a newer one.",
            driver().sqlite_version,
        )
    reading = _engine(path, "sqlite", "PRAGMA query_only = ON")
    _begin_with(reading, "BEGIN")
    writing = _engine(path, "sqlite", f"PRAGMA journal_mode = {mode}")
    _begin_with(writing, "BEGIN IMMEDIATE")
    _set_journal(writing, path, mode)
    return reading, writing, _engine(path, "sqlite+unmanaged", f"PRAGMA journal_mode = {mode}")


def _set_journal(engine: Engine, path: Path, mode: str) -> None:
    """Bring the file into its journal mode once, alone: SQLite does not wait when two connections try to at a time."""
    try:
        with locked(lock_path(path)), engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    except exc.DBAPIError as error:
        refusal = faults.unavailable(error)
        if refusal is None or refusal.code != "database_damaged":
            raise refusal or error from error
        log.error("%s is damaged: %s", path, error)
        return  # to be looked at and restored, it has to be opened; every other use fails
    finally:
        engine.dispose()
    if found != mode:
        raise Unavailable(
            "database_busy",
            f"Other programs use {path} in journal mode {found}; this one needs {mode}.",
            "Stop them and start again.",
        )


def _engine(path: Path, dialect: str, *pragmas: str) -> Engine:
    engine = create_engine(
        URL.create(dialect, database=str(path)),
        module=driver(),
        # The driver's own transaction handling is off: it would begin late and deferred.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: object) -> None:
        # synchronous = FULL: with NORMAL a power cut takes acknowledged answers along (docs/operations.md).
        for pragma in (
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            f"PRAGMA journal_size_limit = {WAL_LIMIT}",
            *pragmas,
        ):
            connection.execute(pragma).close()

    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


class UnmanagedDialect(SQLiteDialect_pysqlite):
    """SQLite without SQLAlchemy's transactions: a session's end neither commits nor rolls back what the driver began.

    Telling SQLAlchemy about each savepoint instead would double the cost of storing an answer.
    """

    supports_statement_cache = True

    def do_commit(self, dbapi_connection: object) -> None:
        pass

    def do_rollback(self, dbapi_connection: object) -> None:
        pass


registry.register("sqlite.unmanaged", __name__, "UnmanagedDialect")
