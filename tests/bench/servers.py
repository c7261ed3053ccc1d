"""Real servers to measure: the product as ``phieu serve`` starts it, the bounds under the same gunicorn settings."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from survey.config import ROOT

WORKERS, THREADS = 2, 16


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[int]:
    """The server while it is up; gives its port."""
    log = (Path(environment["PHIEU_DATA_DIR"]) / "server.log").open("ab")
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}; see its server.log")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")


def product(environment: Mapping[str, str]) -> tuple[list[str], int]:
    """The command that serves the product, and its port."""
    port = free_port()
    command = [sys.executable, "-m", "survey.cli.main", "serve", "--port", str(port)]
    return [*command, "--workers", str(WORKERS), "--threads", str(THREADS)], port


def bound() -> tuple[list[str], int]:
    """The command that serves ``tests.bench.bare`` under the same settings, and its port."""
    port = free_port()
    settings = (
        f"-w {WORKERS} --threads {THREADS} -k gthread --keep-alive 5 --no-control-socket --worker-tmp-dir /dev/shm"
    )
    gunicorn = [sys.executable, "-m", "gunicorn", "tests.bench.bare:app", "-b", f"127.0.0.1:{port}"]
    return [*gunicorn, *settings.split(), "--log-level", "warning"], port
