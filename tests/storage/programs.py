"""Programs that tests start and kill: writers that say what was acknowledged, upgrades that stop at a statement."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from survey.errors import Unavailable
from survey.storage import migration
from survey.storage.engine import Database, open_database
from survey.storage.models import Unit


@contextmanager
def started(call: str) -> Iterator[subprocess.Popen[str]]:
    """Run ``call``, such as ``write('sqlite:///…', 4, 50)``, in a process of its own, which ends with the block."""
    program = f"from tests.storage.programs import *\n{call}\n"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            yield process
        finally:
            process.kill()


def put(name: str) -> Any:
    """A work that looks and then adds a row named ``name``: what "locked" errors hit first."""

    def work(session: Session) -> None:
        session.scalar(select(func.count()).select_from(Unit))
        session.execute(insert(Unit).values(name=name, superior="", phone="", email="", website=""))

    return work


def names(database: Database) -> list[str]:
    """Names of the rows that are stored."""
    with database.reading() as session:
        return list(session.scalars(select(Unit.name).order_by(Unit.id)))


def write(url: str, threads: int, each: int, tag: str = "") -> None:
    """Store ``each`` rows from each of some threads, and print the name of each one that was acknowledged."""
    database = open_database(url)
    failures: list[BaseException] = []

    def run(thread: int) -> None:
        try:
            for number in range(each):
                name = f"{tag}{os.getpid()}-{thread}-{number}"
                database.write(put(name))
                os.write(1, f"{name}\n".encode())  # one call, one line, whatever the other threads print
        except BaseException as error:
            failures.append(error)

    running = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    database.close()
    if failures:
        raise failures[0]


def die_before_commit(url: str, name: str) -> None:
    """Acknowledge a row within its own work, as no writer should, and die by SIGKILL."""

    def work(session: Session) -> None:
        put(name)(session)
        os.write(1, f"{name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)

    open_database(url).write(work)


def fill_the_disk(url: str) -> None:
    """Write until files may grow no further, make room, write on; prints acknowledged names, then the errors' codes."""
    database = open_database(url)
    database.write(put("first"))
    print("first")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    codes = []
    for number in range(200):
        try:
            database.write(put(f"{number}"))
            print(number)
        except Unavailable as error:
            codes.append(error.code)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    database.write(put("last"))
    print("last")
    database.close()
    print("codes", *sorted(set(codes)))


def upgrade_and_die(url: str, stride: int) -> None:
    """For each ``stride``-th statement: upgrade in a child that dies by SIGKILL there; print the step found after it.

    Ends when a child reached the end, after "done".
    """
    statement = 0
    while True:
        if (child := os.fork()) == 0:
            database = open_database(url)
            _kill_at(database, statement)
            migration.upgrade(database)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        database = open_database(url)
        print(state(database), flush=True)
        database.close()
        if not os.WIFSIGNALED(status):
            print("done" if status == 0 else f"failed {status}", flush=True)
            return
        statement += stride


def _kill_at(database: Database, statement: int) -> None:
    seen = iter(range(10**6))

    @event.listens_for(database.writer, "before_cursor_execute")
    def _count(*_: object) -> None:
        if next(seen) == statement:
            os.kill(os.getpid(), signal.SIGKILL)


def state(database: Database) -> str:
    """ "nothing", or the step and the number of tables."""
    from sqlalchemy import inspect

    with database.reading() as session:
        tables = inspect(session.connection()).get_table_names()
    return f"{migration.current(database)} {len(tables)}" if tables else "nothing"
