"""R7: the connection is cut at every point of request and reply; the phone sends the same again; it counts once.

A program: ``python -m tests.flows.cutting [CUTS]`` prints its figures; the test beside it runs it short.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from survey.config import read_settings
from survey.services.start import open_runtime
from tests.factories.surveys import open_survey
from tests.flows.network import Fault, Road, network
from tests.flows.phones import Outcome, ask, environment, marks, send, serving

PHONES = 6


def run(settings: Mapping[str, str], cuts: int, *, keep_key: bool = True) -> Outcome:
    """About so many cuts, spread evenly over all bytes of a submission and its reply, half of them resets. With
    ``keep_key`` off phones take a new form at each try: the negative control."""
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    path = f"/s/{open_survey(runtime)}"
    numbers = itertools.count(1)
    acknowledged = ["mark-0"]
    happened = 0

    def stretch(port: int, faults: list[Fault]) -> int:
        with network(port) as road:
            for fault in faults:
                acknowledged.append(_submit(road, path, f"mark-{next(numbers)}", fault, keep_key))
            return road.cuts

    with serving(settings) as (port, _), ThreadPoolExecutor(PHONES) as phones:
        faults = _sweep(port, path, cuts)
        happened = sum(phones.map(stretch, itertools.repeat(port), [faults[one::PHONES] for one in range(PHONES)]))
    stored = marks(runtime)
    runtime.database.close()
    return Outcome(frozenset(acknowledged), stored, happened)


def _sweep(port: int, path: str, cuts: int) -> list[Fault]:
    """Every way to cut, or as many of them as wanted; the lengths are taken from a submission that is not cut."""
    with network(port) as road:
        _submit(road, path, "mark-0", Fault(), keep_key=True)
        request, reply = road.passed
    every = [
        fault
        for reset in (False, True)
        for fault in (
            *(Fault(request_cut=count, reset=reset) for count in range(request + 1)),
            *(Fault(reply_cut=count, reset=reset) for count in range(reply + 1)),
        )
    ]
    return [every[number * len(every) // cuts] for number in range(cuts)]


def _submit(road: Road, path: str, mark: str, fault: Fault, keep_key: bool) -> str:
    token = None
    faults = itertools.chain([fault], itertools.repeat(Fault()))
    while True:
        token = token if token and keep_key else ask(road.target, path)
        suffered = next(faults)
        road.plan = lambda suffered=suffered: suffered  # type: ignore[misc]  # mypy does not infer it
        if token and send(road.port, path, token, mark):
            return mark


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(run(environment(Path(folder)), *[int(one) for one in sys.argv[1:] or ["2400"]]))
