"""``phieu serve`` and ``phieu demo``: gunicorn around the application, and a first office to look at."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from survey.cli.serving.worker import Worker
from survey.collection.qrcodes import terminal
from survey.config import Settings, read_settings
from survey.services.demo import Demo, prepare
from survey.services.postman import Postman
from survey.services.runtime import Runtime
from survey.services.start import open_runtime
from survey.services.workshop import Workshop
from survey.web.app import create_app

TURN = 0.001
"""Seconds a thread may hold the interpreter while others wait, a fifth of Python's own. The writer holds the file lock
while it waits for its turn: with this about 760 submissions a second were stored instead of 620 (measured once)."""

CONNECTIONS = 800
"""Connections a process holds at once. With what else it opens they stay below 1,024 files, the usual limit."""

EVERYWHERE = "0.0.0.0"  # noqa: S104 – what somebody asked for, never a default


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn with the options this product was measured with."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        sys.setswitchinterval(TURN)
        app = create_app(open_runtime(self._settings), processes=int(self._options["workers"]))
        postman: Postman = app.extensions["phieu.postman"]
        workshop: Workshop = app.extensions["phieu.workshop"]
        postman.resume()
        workshop.open()

        def finish(_arbiter: object, _worker: object) -> None:
            workshop.finish()
            postman.finish()

        self.cfg.set("worker_exit", finish)
        return app


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """gunicorn's options. No access log: paths hold codes. The heartbeat file lives in memory where it can."""
    memory = Path("/dev/shm")  # noqa: S108 – gunicorn makes its own unguessable file there
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": Worker,
        "worker_connections": CONNECTIONS,
        "worker_tmp_dir": str(memory) if os.access(memory, os.W_OK) else tempfile.gettempdir(),
        "control_socket_disable": True,
        # An idle connection costs no thread. Longer than nginx keeps its own, so that it never finds one just closed.
        "keepalive": 65,
        "sendfile": False,
        "timeout": 60,
        "graceful_timeout": 30,
        "loglevel": "warning",
        "forwarded_allow_ips": "127.0.0.1,::1",
        "limit_request_line": 2048,
        "limit_request_fields": 60,
    }


def _serving(function: Any) -> Any:
    for option in (
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
        click.option(
            "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
        ),
        click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes."),
        click.option(
            "--threads", default=16, show_default=True, type=click.IntRange(1, 256), help="Threads a process."
        ),
    ):
        function = option(function)
    return function


@click.command()
@_serving
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages. Makes a secret key and the database when there are none yet."""
    settings = read_settings(make_key=True)
    open_runtime(settings, migrate=True).database.close()
    Server(settings, options(host, port, workers, threads)).run()


@click.command()
@_serving
@click.option("--no-serve", is_flag=True, help="Only make the demo and print its links.")
def demo(host: str, port: int, workers: int, threads: int, no_serve: bool) -> None:
    """Make a demo office with the conference survey, print its links and QR code, and serve it."""
    address = "127.0.0.1" if host == EVERYWHERE else host
    environment = {"PHIEU_PUBLIC_BASE_URL": f"http://{address}:{port}", **os.environ}
    settings = read_settings(environment, make_key=True)
    runtime = open_runtime(settings, migrate=True)
    _tell(runtime, prepare(runtime))
    runtime.database.close()
    if not no_serve:
        Server(settings, options(host, port, workers, threads)).run()


def _tell(runtime: Runtime, made: Demo) -> None:
    base = runtime.settings.base_url
    click.echo(f"\n  Survey   {made.survey_url}\n")
    click.echo(terminal(made.survey_url))
    click.echo(f"  Staff    {base}/staff/")
    if made.invitation:
        click.echo(f"  Log in   {made.email}; choose your password first, once, within 48 hours, at")
        click.echo(f"           {base}{made.invitation}")
    else:
        click.echo(f"  Log in   {made.email} with the password you chose")
    click.echo("\n  Stop with Ctrl+C.\n")
