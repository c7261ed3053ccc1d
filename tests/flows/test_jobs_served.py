"""Long work under a real ``phieu serve``: asked for while no server runs, ended or killed in the middle, done all the
same. Only with ``PHIEU_PROVE=1``, for it waits until a killed worker is given up; ``tests/services/test_jobs.py`` kills
one under a clock of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from survey.config import read_settings
from survey.services import cuts, jobs
from survey.services.jobs import JobSummary
from survey.services.reporting import REPORT
from survey.services.runtime import OPERATOR, Runtime
from survey.services.start import open_runtime
from survey.services.workroom import SILENT
from tests.factories.conferences import answered
from tests.flows.phones import environment, serving


def seen(runtime: Runtime, number: int) -> JobSummary:
    return jobs.show(runtime, OPERATOR, "conference", number)


def wait(runtime: Runtime, number: int, until: Callable[[JobSummary], bool], seconds: float) -> JobSummary:
    """The job once it is as wanted; asserts that it becomes so in time."""
    end = monotonic() + seconds
    while not until(found := seen(runtime, number)):
        assert monotonic() < end, found
    return found


def workrooms() -> list[int]:
    """Processes of this machine that do long work."""
    found = subprocess.run(["pgrep", "-f", "survey.services.workroom"], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


if os.environ.get("PHIEU_PROVE"):  # a minute each: another server takes work up only after a silence

    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
    def test_work_that_is_interrupted_is_done_after_the_restart(tmp_path: Path, how: signal.Signals) -> None:
        settings = environment(tmp_path)
        runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
        answered(runtime, 40)
        cuts.make_cut(runtime, OPERATOR, "conference")
        options = {"cut": 1, "suffix": ".docx", "language": "vi", "summary": False}
        number = jobs.ask(runtime, OPERATOR, "conference", REPORT, options, "report.docx")
        before = set(workrooms())
        with serving(settings, "--workers", "1") as (_, master):
            wait(runtime, number, lambda one: one.state == "running", 60)
            if how is signal.SIGKILL:
                for process in {*workrooms()} - before:
                    os.kill(process, signal.SIGKILL)
                os.killpg(master, signal.SIGKILL)
                assert seen(runtime, number).state == "running"
            else:
                os.kill(master, signal.SIGTERM)
        with serving(settings, "--workers", "2"):
            wait(runtime, number, lambda one: one.state == "done", 60 + SILENT.total_seconds())
        path, _ = jobs.fetch(runtime, OPERATOR, "conference", number)
        assert path.read_bytes().startswith(b"PK")
        assert list(jobs.folder(runtime).iterdir()) == [path]
        runtime.database.close()
