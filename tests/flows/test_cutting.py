"""A connection may be cut at any byte: whoever sends the same form again is counted once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.flows.cutting import run
from tests.flows.network import alone, network
from tests.flows.phones import environment

CUTS = 2_400 if os.environ.get("PHIEU_PROVE") else 90


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_cut_anywhere_leaves_one_answer(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    url = request.getfixturevalue("postgresql")() if engine == "postgresql" else None
    outcome = run(environment(tmp_path, url), CUTS)
    print(f"R7 {engine}: {outcome}")
    # A reply is sometimes a few bytes shorter than the first one, and then its last cuts do not happen.
    assert outcome.faults >= CUTS * 0.98
    assert len(outcome.acknowledged) == CUTS + 1
    assert outcome.stored.keys() == outcome.acknowledged
    assert (outcome.lost, outcome.double) == (0, 0)


def test_with_a_new_form_for_each_try_the_same_cuts_leave_doubles(tmp_path: Path) -> None:
    outcome = run(environment(tmp_path), 40, keep_key=False)
    print(f"R7 with new forms: {outcome}")
    assert outcome.double > 10 and outcome.lost == 0


def test_a_road_is_made_also_where_a_loop_runs_already() -> None:
    """As in a process that has driven a browser before."""

    async def across() -> bytes:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            network(server.getsockname()[1]) as road,
            socket.create_connection(("127.0.0.1", road.port)) as client,
        ):
            client.sendall(b"hello")
            arrived, _ = server.accept()
            with arrived:
                return arrived.recv(5)

    assert alone(across()) == b"hello"
