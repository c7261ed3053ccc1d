"""Long work: done once, told of, called off, taken up again after a kill, and fetched only by those who may."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from survey.accounts.permissions import Permission
from survey.config import ROOT
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import collecting, jobs, receipts, workroom
from survey.services.doors import Doors
from survey.services.jobs import Kind, Stopped, Work
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.services.workroom import SILENT, work_off
from survey.services.workshop import Workshop
from survey.storage.queries import jobs as queries
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7, units=None)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)
ELSEWHERE = Actor(name="other@example.gov.vn", role="reform_team", user_id=9, units=frozenset({99}))


def _write(work: Work) -> None:
    work.told(1, 2)
    work.target.write_text(f"{work.slug} {work.actor.name} {work.options['say']}")


def _refuse(work: Work) -> None:
    work.target.write_text("half")
    raise Conflict("cut_damaged", "The figures are damaged.", "Make a new cut.")


def _break(work: Work) -> None:
    raise RuntimeError("a fault of ours")


KINDS = {
    name: Kind(name, Permission.DOWNLOAD, make)
    for name, make in {"write": _write, "refuse": _refuse, "break": _break}.items()
} | {"answers": Kind("answers", Permission.EXPORT, _write)}


@pytest.fixture
def waiting(runtime: Runtime) -> int:
    open_survey(runtime)
    return ask(runtime)


def ask(runtime: Runtime, kind: str = "write", say: str = "xin chào", actor: Actor = REFORM) -> int:
    return jobs.ask(runtime, actor, "conference", KINDS[kind], {"say": say}, "bao-cao.txt")


def state(runtime: Runtime, number: int) -> str:
    return jobs.show(runtime, REFORM, "conference", number).state


def files(runtime: Runtime) -> list[Path]:
    return list(jobs.folder(runtime).glob("*"))


def test_work_is_done_and_its_file_fetched(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    number = ask(any_runtime)
    assert state(any_runtime, number) == "waiting"
    assert work_off(any_runtime, KINDS) == 1
    told = jobs.show(any_runtime, REFORM, "conference", number)
    assert (told.state, told.filename, told.ended_at) == ("done", "bao-cao.txt", any_runtime.now())
    path, filename = jobs.fetch(any_runtime, REFORM, "conference", number)
    assert (path.read_text(), filename) == (f"conference {REFORM.name} xin chào", "bao-cao.txt")
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.stem) == 32
    assert work_off(any_runtime, KINDS) == 0


def test_the_same_asked_twice_is_one_job_until_it_is_done(runtime: Runtime, waiting: int) -> None:
    assert ask(runtime) == waiting
    assert ask(runtime, say="khác") != waiting
    assert ask(runtime, actor=OPERATOR) != waiting
    work_off(runtime, KINDS)
    assert ask(runtime) != waiting


def test_a_survey_has_only_so_many_jobs_under_way(runtime: Runtime, waiting: int) -> None:
    for number in range(jobs.MOST_WAITING - 1):
        ask(runtime, say=str(number))
    with pytest.raises(Conflict) as refusal:
        ask(runtime, say="one more")
    assert refusal.value.code == "jobs_too_many"


def test_workers_side_by_side_do_each_job_once(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    done: Counter[str] = Counter()
    kinds = {
        "write": Kind("write", Permission.DOWNLOAD, lambda work: done.update([work.options["say"]]) or _write(work))
    }
    for number in range(12):
        ask(any_runtime, say=str(number))
    workers = [threading.Thread(target=work_off, args=(any_runtime, kinds)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert done == Counter(map(str, range(12)))
    assert {one.state for one in jobs.list_jobs(any_runtime, REFORM, "conference")} == {"done"}


def test_what_is_called_off_is_not_begun(runtime: Runtime, waiting: int) -> None:
    jobs.cancel(runtime, REFORM, "conference", waiting)
    assert work_off(runtime, KINDS) == 0
    assert state(runtime, waiting) == "cancelled"
    with pytest.raises(NotFound):
        jobs.fetch(runtime, REFORM, "conference", waiting)


def test_what_is_called_off_under_way_stops_and_leaves_no_file(runtime: Runtime, waiting: int) -> None:
    def stubborn(work: Work) -> None:
        work.target.write_text("half")
        jobs.cancel(runtime, REFORM, "conference", waiting)
        while True:
            work.told(1, 2)

    work_off(runtime, {"write": Kind("write", Permission.DOWNLOAD, stubborn)}, timedelta(seconds=0.3))
    assert state(runtime, waiting) == "cancelled"
    assert files(runtime) == []


def test_a_file_that_is_finished_after_it_was_called_off_is_thrown_away(runtime: Runtime, waiting: int) -> None:
    def late(work: Work) -> None:
        jobs.cancel(runtime, REFORM, "conference", waiting)
        _write(work)

    work_off(runtime, {"write": Kind("write", Permission.DOWNLOAD, late)})
    assert (state(runtime, waiting), files(runtime)) == ("cancelled", [])


def test_a_refusal_is_told_and_a_fault_is_not(runtime: Runtime, waiting: int) -> None:
    refused, broken = ask(runtime, "refuse"), ask(runtime, "break")
    work_off(runtime, KINDS)
    one = jobs.show(runtime, REFORM, "conference", refused)
    assert (one.state, one.message) == ("failed", "The figures are damaged.\nMake a new cut.")
    two = jobs.show(runtime, REFORM, "conference", broken)
    assert (two.state, two.message) == ("failed", workroom.FAILED)
    assert state(runtime, waiting) == "done"
    assert len(files(runtime)) == 1


def test_progress_is_told_while_it_runs(runtime: Runtime, waiting: int) -> None:
    seen: list[tuple[str, int, int]] = []

    def watched(work: Work) -> None:
        work.told(3, 7)
        while not (one := jobs.show(runtime, REFORM, "conference", waiting)).total:
            work.told(3, 7)
        seen.append((one.state, one.done, one.total))
        _write(work)

    work_off(runtime, {"write": Kind("write", Permission.DOWNLOAD, watched)}, timedelta(seconds=0.3))
    assert seen == [("running", 3, 7)]


@contextmanager
def working(runtime: Runtime) -> Iterator[subprocess.Popen[str]]:
    """Another process that has claimed the job, written half of the file, and waits."""
    program = (
        "import pickle, sys, pathlib\n"
        "from survey.accounts.permissions import Permission\n"
        "from survey.services.jobs import Kind\n"
        "from survey.services.runtime import Runtime\n"
        "from survey.services.start import open_runtime\n"
        "from survey.services.workroom import work_off\n"
        "def make(work):\n"
        "    work.target.write_text('half')\n"
        "    print('half', flush=True)\n"
        "    sys.stdin.readline()\n"
        "now = pickle.loads(bytes.fromhex(sys.argv[2]))\n"
        "whole = open_runtime(pickle.loads(bytes.fromhex(sys.argv[1])))\n"
        "runtime = Runtime(whole.settings, whole.database, lambda: now)\n"
        "work_off(runtime, {'write': Kind('write', Permission.DOWNLOAD, make)})\n"
    )
    handed = [pickle.dumps(one).hex() for one in (runtime.settings, runtime.now())]
    with subprocess.Popen(
        [sys.executable, "-c", program, *handed], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "half\n"
        yield process
        if process.poll() is None:
            process.kill()


def test_work_whose_worker_was_killed_is_done_by_another(runtime: Runtime, clock: Clock) -> None:
    open_survey(runtime)
    number = ask(runtime)
    with working(runtime) as process:
        assert state(runtime, number) == "running"
        assert work_off(runtime, KINDS) == 0
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert work_off(runtime, KINDS) == 0
        clock.advance(seconds=SILENT.total_seconds() + 1)
        assert work_off(runtime, KINDS) == 1
    path, _ = jobs.fetch(runtime, REFORM, "conference", number)
    assert path.read_text().startswith("conference")


def test_a_worker_that_was_given_up_changes_nothing_when_it_comes_back(runtime: Runtime, clock: Clock) -> None:
    open_survey(runtime)
    number = ask(runtime)
    with working(runtime) as process:
        clock.advance(seconds=SILENT.total_seconds() + 1)
        assert work_off(runtime, KINDS) == 1
        process.communicate("go on\n", timeout=20)
    path, _ = jobs.fetch(runtime, REFORM, "conference", number)
    assert path.read_text().startswith("conference")
    assert files(runtime) == [path]


def test_a_worker_that_is_asked_to_end_gives_its_work_back(runtime: Runtime, waiting: int) -> None:
    def ended(work: Work) -> None:
        work.target.write_text("half")
        raise SystemExit

    with pytest.raises(SystemExit):
        work_off(runtime, {"write": Kind("write", Permission.DOWNLOAD, ended)})
    assert (state(runtime, waiting), files(runtime)) == ("waiting", [])
    assert work_off(runtime, KINDS) == 1


def test_work_that_kills_its_worker_each_time_is_given_up(runtime: Runtime, waiting: int, clock: Clock) -> None:
    for _ in range(workroom.MOST_TRIES):
        # What is left of a worker that was killed: a claim without further signs of life.
        silent = clock.at - SILENT
        assert runtime.database.write(lambda session, since=silent: queries.claim(session, waiting, since, clock.at))
        clock.advance(seconds=SILENT.total_seconds() + 1)
    work_off(runtime, KINDS)
    told = jobs.show(runtime, REFORM, "conference", waiting)
    assert (told.state, told.message) == ("failed", workroom.KILLED)


def test_files_go_when_their_time_is_up_and_so_do_those_nobody_knows(
    runtime: Runtime, waiting: int, clock: Clock
) -> None:
    work_off(runtime, KINDS)
    path, _ = jobs.fetch(runtime, REFORM, "conference", waiting)
    orphan, fresh = path.with_name("0" * 32 + ".pdf"), path.with_name("1" * 32 + ".pdf")
    for one, age in ((path, 0), (orphan, 2 * 86400), (fresh, 0)):
        one.touch()
        os.utime(one, (clock.at.timestamp() - age,) * 2)
    workroom.tidy(runtime)
    assert sorted(files(runtime)) == sorted([path, fresh])
    clock.advance(days=jobs.KEPT.days + 1)
    workroom.tidy(runtime)
    assert files(runtime) == []
    with pytest.raises(NotFound):
        jobs.show(runtime, REFORM, "conference", waiting)


def test_a_kind_this_version_does_not_know_fails(runtime: Runtime, waiting: int) -> None:
    work_off(runtime, {})
    assert state(runtime, waiting) == "failed"


def test_only_those_who_may_ask_look_call_off_and_fetch(runtime: Runtime, waiting: int) -> None:
    for work in (
        lambda actor: ask(runtime, actor=actor),
        lambda actor: jobs.list_jobs(runtime, actor, "conference"),
        lambda actor: jobs.show(runtime, actor, "conference", waiting),
        lambda actor: jobs.cancel(runtime, actor, "conference", waiting),
        lambda actor: jobs.fetch(runtime, actor, "conference", waiting),
    ):
        with pytest.raises(NotAllowed):
            work(STAFF)
        with pytest.raises(NotFound):
            work(ELSEWHERE)
    assert state(runtime, waiting) == "waiting"


@pytest.mark.parametrize("number", [0, -1, 404, 10**30])
def test_an_unknown_job_is_not_found(runtime: Runtime, waiting: int, number: int) -> None:
    with pytest.raises(NotFound):
        jobs.show(runtime, REFORM, "conference", number)


def test_a_job_of_another_survey_is_not_found(runtime: Runtime, waiting: int) -> None:
    open_survey(runtime, slug="other")
    with pytest.raises(NotFound):
        jobs.show(runtime, REFORM, "other", waiting)


def test_a_workshop_makes_a_chart_book_in_a_process_of_its_own(runtime: Runtime) -> None:
    from survey.services.charting import CHART_BOOK

    code = open_survey(runtime, instrument="lecture_ratings")
    answer(runtime, code, [{"rating": str(n % 5 + 1)} for n in range(40)])
    release(runtime, "conference")
    real = Runtime(runtime.settings, runtime.database)
    number = jobs.ask(real, REFORM, "conference", CHART_BOOK, {"language": "vi"}, "charts.pdf")
    done = threading.Event()

    class Watched(Workshop):
        def _run_workroom(self) -> int:
            code = super()._run_workroom()
            done.set()
            return code

    workshop = Watched(real, every=3600)
    workshop.open()
    try:
        assert done.wait(120)
    finally:
        workshop.finish()
    path, _ = jobs.fetch(real, REFORM, "conference", number)
    assert path.read_bytes().startswith(b"%PDF")


def test_stopped_is_no_expected_error() -> None:
    assert not issubclass(Stopped, PhieuError)


def test_an_erased_answer_takes_the_files_of_its_survey_along(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    doors = Doors(any_runtime)
    door = doors.find(code)
    stored = collecting.submit(
        any_runtime, door, doors.version(door.version_id or 0), b"k" * 16, {"A1": ["1"], "B7": ["4"]}, "vi"
    )
    assert isinstance(stored, collecting.Stored)
    finished = ask(any_runtime)
    work_off(any_runtime, KINDS)
    seen: list[str] = []

    def erasing(work: Work) -> None:
        seen.append(work.slug)
        if len(seen) == 1:
            receipts.erase(any_runtime, stored.receipt)
        _write(work)

    begun = ask(any_runtime, say="khác")
    assert work_off(any_runtime, {"write": Kind("write", Permission.DOWNLOAD, erasing)}) >= 1
    told = jobs.show(any_runtime, REFORM, "conference", finished)
    assert (told.state, told.message) == ("failed", jobs.ERASED)
    with pytest.raises(NotFound):
        jobs.fetch(any_runtime, REFORM, "conference", finished)
    assert (state(any_runtime, begun), len(seen)) == ("done", 2), "what was being made began anew"
    assert [path.name for path in files(any_runtime)] == [jobs.fetch(any_runtime, REFORM, "conference", begun)[0].name]
