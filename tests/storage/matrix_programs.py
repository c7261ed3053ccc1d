"""Programs around the response matrix that are killed, or run beside each other. They only read the database."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from survey.storage import matrix
from survey.storage.engine import Database, open_database
from survey.storage.matrix import MatrixStore
from tests.storage.matrices import people_of

WATCHED = frozenset({"open", "os.rename", "os.remove", "os.mkdir"})
"""What the kernel is asked to do to files, as the interpreter announces it."""


def people(database: Database, folder: Path, survey_id: int) -> Counter[str]:
    """Who is in the matrix, opened as a new process opens it."""
    matrix._opened.clear()
    with database.reading() as session:
        opened = MatrixStore(folder).open(session, survey_id)
    return people_of(opened)


def kill_at(point: int, folder: Path) -> None:
    """From now on: SIGKILL right before the ``point``-th thing done to files in ``folder``."""
    left = point

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in WATCHED and str(arguments[0]).startswith(str(folder)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def kill_when_written(size: int) -> None:
    """From now on: killed by the kernel when a file would grow beyond ``size`` bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def die_everywhere(url: str, prepared: str, work: str, survey_id: int) -> None:
    """Opens the matrix from a copy of the folder ``prepared`` again and again, killed a step later each time until it
    gets through, then with ever more bytes that can be written. Prints for each: where it was killed, its exit status,
    and whether the next one to open it finds everybody."""
    database, folder = open_database(url), Path(work)
    expected = people(database, folder / "expected", survey_id)

    def attempt(where: str, prepare: Callable[[Path], None]) -> int:
        copy = folder / where
        shutil.copytree(prepared, copy)
        child = os.fork()
        if child == 0:
            prepare(copy)
            matrix._opened.clear()
            with database.reading() as session:
                MatrixStore(copy).open(session, survey_id)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        same = people(database, copy, survey_id) == expected
        left = [path.name for path in copy.rglob("*.tmp")]
        print(json.dumps({"where": where, "status": status, "same": same, "left": left}), flush=True)
        return status

    for point in range(1, 60):
        if attempt(f"step {point}", partial(kill_at, point)) == 0:
            break
    for size in (0, 1, 500, 2000):
        attempt(f"size {size}", lambda _, size=size: kill_when_written(size))  # type: ignore[misc]  # a default, not an argument


def open_together(url: str, work: str, survey_id: int, processes: int) -> None:
    """Some processes open the same matrix at the same moment; prints for each how many people it found, then whether
    all found the same and how many files there are."""
    database, folder = open_database(url), Path(work)
    expected = people(database, folder / "expected", survey_id)
    shared = folder / "shared"
    waiting, go = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            os.close(go)
            os.read(waiting, 1)  # ends when the parent lets go of the other end
            os._exit(0 if people(database, shared, survey_id) == expected else 1)
        children.append(child)
    os.close(go)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(json.dumps({"statuses": statuses, "files": len(list(shared.rglob("*.block")))}), flush=True)
