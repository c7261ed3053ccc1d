"""``phieu serve`` by itself, one process of four threads: whom a slow client keeps from being served."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from survey.cli.serving.framing import LARGEST_HEAD
from survey.config import read_settings
from survey.services.start import open_runtime
from tests.factories.surveys import open_survey
from tests.flows.phones import environment, exchange, serving

THREADS = 4
BEGUN = b"POST /s/%s HTTP/1.1\r\nHost: ks\r\nContent-Length: 900\r\nContent-Type: application/x-www-form-urlencoded\r\n"
LARGE = b"POST /s/%s HTTP/1.1\r\nHost: ks\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nB1"


@contextmanager
def served(folder: Path, variant: str = "") -> Iterator[tuple[int, bytes, int]]:
    """Port, code of an open survey, number of the master process."""
    settings = environment(folder)
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    code = open_survey(runtime)
    runtime.database.close()
    program = "tests.flows.variants" if variant else "survey.cli.main"
    with serving(settings | {"VARIANT": variant}, "--workers", "1", "--threads", str(THREADS), program=program) as (
        port,
        master,
    ):
        yield port, code.encode(), master


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, bytes]]:
    with served(tmp_path_factory.mktemp("server")) as (port, code, _):
        yield port, code


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Keeps connections and closes them in the end."""
    with ExitStack() as stack:
        yield stack


def connect(opened: ExitStack, port: int, sent: bytes, *, window: int = 0, timeout: float = 60) -> socket.socket:
    """A connection that sent this; with a small ``window`` it takes little of the reply."""
    line = socket.socket()
    if window:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    line.settimeout(timeout)
    line.connect(("127.0.0.1", port))
    opened.enter_context(line)
    line.sendall(sent)
    return line


def reply(line: socket.socket) -> tuple[int, bytes]:
    """Status and body of the next reply."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(1) or pytest.fail(f"closed after {data!r}")
    head = data.lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r")[0])
    body = b""
    while len(body) < length:
        body += line.recv(length - len(body)) or pytest.fail("closed within the body")
    return int(data.split()[1]), body


def form(port: int, code: bytes) -> int:
    return exchange(port, "GET", f"/s/{code.decode()}")[0]


def test_slow_requests_hold_no_thread(server: tuple[int, bytes], opened: ExitStack) -> None:
    port, code = server
    for sent in (b"", b"GET", BEGUN % code, BEGUN % code + b"\r\nE1="):
        for _ in range(40):
            connect(opened, port, sent)
    assert form(port, code) == 200


def test_gunicorns_own_worker_is_stopped_by_them(tmp_path: Path, opened: ExitStack) -> None:
    with served(tmp_path, "stock") as (port, code, master):
        for _ in range(40):
            connect(opened, port, BEGUN % code + b"\r\nE1=")
        hopeless = connect(opened, port, b"GET /s/%s HTTP/1.1\r\nHost: ks\r\n\r\n" % code, timeout=1)
        with pytest.raises(TimeoutError):
            hopeless.recv(1)
        opened.close()
        os.kill(master, signal.SIGTERM)


def test_a_request_that_comes_byte_by_byte_is_answered(server: tuple[int, bytes], opened: ExitStack) -> None:
    port, code = server
    line = connect(opened, port, b"")
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in BEGUN % code + b"\r\n" + b"E1=" + b"a" * 897:
        line.sendall(bytes([byte]))
    assert reply(line)[0] == 400  # it has no token


def test_requests_that_follow_each_other_are_answered_in_their_order(
    server: tuple[int, bytes], opened: ExitStack
) -> None:
    port, code = server
    page, health = (b"GET %s HTTP/1.1\r\nHost: ks\r\n\r\n" % path for path in (b"/s/" + code, b"/healthz"))
    line = connect(opened, port, page + health + page + health[:20])
    first, second, third = reply(line), reply(line), reply(line)
    assert (first[0], second[0], third[0]) == (200, 200, 200)
    assert len(first[1]) == len(third[1]) > len(second[1])
    line.sendall(health[20:])
    assert reply(line) == second


def test_requests_without_known_length_share_a_quarter_of_the_threads(
    server: tuple[int, bytes], opened: ExitStack
) -> None:
    port, code = server
    stalled = [connect(opened, port, LARGE % code) for _ in range(20)]
    assert form(port, code) == 200
    for line in stalled:  # each gets its turn when those before it are through
        line.sendall(b"=55\r\n0\r\n\r\n")
        assert reply(line)[0] in (400, 411, 415)


def test_a_body_too_large_to_be_kept_arrives_whole(server: tuple[int, bytes], opened: ExitStack) -> None:
    port, code = server
    size = 300_000
    head = b"POST /s/%s HTTP/1.1\r\nHost: ks\r\nContent-Type: application/x-www-form-urlencoded\r\n" % code
    line = connect(opened, port, head + b"Content-Length: %d\r\n\r\n" % size)
    line.sendall(b"E1=" + b"a" * (size - 3))
    assert reply(line)[0] == 400
    waiting = connect(opened, port, head + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    assert waiting.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
    waiting.sendall(b"B1=5")
    assert reply(waiting)[0] == 400


def test_slow_readers_hold_no_thread(server: tuple[int, bytes], opened: ExitStack) -> None:
    port, code = server
    request = b"GET /s/%s HTTP/1.1\r\nHost: ks\r\n\r\n" % code
    readers = [connect(opened, port, request * 60, window=2048) for _ in range(20)]
    assert form(port, code) == 200
    pages = [reply(readers[-1]) for _ in range(60)]
    assert {status for status, _ in pages} == {200} and len({len(body) for _, body in pages}) == 1


def test_a_head_too_long_to_be_kept_is_refused(server: tuple[int, bytes], opened: ExitStack) -> None:
    line = connect(opened, server[0], b"GET / HTTP/1.1\r\nX: " + b"a" * LARGEST_HEAD)
    assert reply(line)[0] == 431
    assert line.recv(1) == b""


def test_what_no_parser_accepts_is_refused_and_closed(server: tuple[int, bytes], opened: ExitStack) -> None:
    port, code = server
    for sent in (b"\r\n\r\n\r\n\r\n", b"\0\xff\r\n\r\n", BEGUN % code + b"Content-Length: 7\r\n\r\nB1=5"):
        line = connect(opened, port, sent)
        while line.recv(4096):
            pass
    assert form(port, code) == 200


def test_whoever_falls_silent_is_let_go(tmp_path: Path, opened: ExitStack) -> None:
    with served(tmp_path, "impatient") as (port, code, _):
        assert connect(opened, port, BEGUN % code).recv(1) == b""


def test_when_there_is_no_room_the_one_who_waits_longest_goes(tmp_path: Path, opened: ExitStack) -> None:
    with served(tmp_path, "crowded") as (port, code, _):
        waiting = [connect(opened, port, BEGUN % code) for _ in range(30)]
        assert form(port, code) == 200
        assert waiting[0].recv(1) == b""
        waiting[-1].sendall(b"\r\n" + b"a" * 900)
        assert reply(waiting[-1])[0] == 400


def test_a_server_that_stops_answers_what_it_has_and_waits_for_nobody_long(tmp_path: Path, opened: ExitStack) -> None:
    with served(tmp_path) as (port, code, master):
        idle = connect(opened, port, b"GET /healthz HTTP/1.1\r\nHost: ks\r\n\r\n")
        assert reply(idle)[0] == 200
        slow = connect(opened, port, BEGUN % code)
        os.kill(master, signal.SIGTERM)
        slow.sendall(b"\r\n" + b"a" * 900)
        assert reply(slow)[0] == 400
        assert slow.recv(1) == idle.recv(1) == b""
