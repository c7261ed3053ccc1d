"""SQLite: which library, which journal, which files may be used. Knows nothing of what is stored."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, Connection, Engine, create_engine, event

from survey.errors import Misconfigured
from survey.storage import faults

log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0
"""How long a statement waits for a lock that some other program holds."""

WAL_LIMIT = 32 * 1024 * 1024
"""Bytes the write-ahead log is cut back to after a checkpoint."""

NETWORK_FILE_SYSTEMS = frozenset(
    "9p afs beegfs ceph cifs davfs fuse.ceph fuse.davfs fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs glusterfs gpfs lustre "
    "ncpfs nfs nfs4 smb2 smb3 smbfs vboxsf".split()
)


def driver() -> ModuleType:
    """The SQLite library to use: the one packaged with ``pysqlite3`` when it is installed, else Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        from sqlite3 import dbapi2  # type: ignore[no-redef]  # the same interface, another build
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


def prepare(path: Path) -> None:
    """Make folder (0700) and file (0600) where missing; raise Misconfigured when others may read it or a network holds it."""
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
    kind = file_system(path.resolve())
    if kind in NETWORK_FILE_SYSTEMS:
        raise Misconfigured(
            "database_on_network",
            f"{path} lies on a network file system ({kind}), where SQLite's locks do not hold.",
            "Put it on a local disk, or use PostgreSQL.",
        )


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


def open_engines(path: Path) -> tuple[Engine, Engine]:
    """(reading, writing). Readers see one snapshot per transaction and cannot write; writers begin IMMEDIATE."""
    mode = journal_mode(driver().sqlite_version_info)
    if mode == "truncate":
        log.warning(
            "SQLite %s may corrupt a database in WAL mode (fixed in 3.51.3): using journal mode TRUNCATE, which is slower. "
            "Install pysqlite3-binary for a newer one.",
            driver().sqlite_version,
        )
    return _engine(path, "BEGIN", "PRAGMA query_only = ON"), _engine(
        path, "BEGIN IMMEDIATE", f"PRAGMA journal_mode = {mode}"
    )


def _engine(path: Path, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=driver(),
        # The driver's own transaction handling is off: it would begin late and deferred. See the "begin" event below.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: object, _: object) -> None:
        # synchronous = FULL: with NORMAL a power cut takes acknowledged answers along (docs/operations.md).
        for pragma in (
            *pragmas,
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            f"PRAGMA journal_size_limit = {WAL_LIMIT}",
        ):
            connection.execute(pragma).close()  # type: ignore[attr-defined]  # a DBAPI connection of either driver

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def require_mode(engine: Engine) -> None:
    """Raise Unavailable when the journal could not be set because others use the file in another mode."""
    with engine.connect() as connection:
        mode = connection.connection.execute("PRAGMA journal_mode").fetchone()[0]  # type: ignore[attr-defined]
    if mode != journal_mode(driver().sqlite_version_info):
        raise faults.busy()
