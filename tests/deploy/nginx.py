"""The shipped nginx configuration in a real nginx on free ports, without certificates. Shared by proofs and tests."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from survey.config import ROOT
from tests.conftest import missing


@dataclass(frozen=True)
class Nginx:
    """nginx running: the port of the site, the port of the redirect, its folder of logs."""

    port: int
    plain: int
    logs: Path


def free_ports(count: int) -> list[int]:
    """Loopback ports nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def configuration(folder: Path, tls: int, plain: int, upstream: int) -> str:
    """A whole nginx configuration around the shipped one, on free ports and without certificates."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    shipped = re.sub(r"^\s*ssl_.*;$", "", shipped, flags=re.MULTILINE)
    shipped = re.sub(r"listen 443 ssl(?: http2)?", f"listen 127.0.0.1:{tls}", shipped)
    shipped = shipped.replace("listen 80", f"listen 127.0.0.1:{plain}").replace(
        "127.0.0.1:8000", f"127.0.0.1:{upstream}"
    )
    shipped = shipped.replace("/var/log/nginx/", f"{folder}/logs/")
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user}\ndaemon off;\nmaster_process on;\nworker_processes 1;\npid {folder}/nginx.pid;\n"
        f"error_log {folder}/logs/start.log emerg;\nevents {{ worker_connections 768; }}\n"
        f"http {{\n{temporary}{shipped}\n}}\n"
    )


@contextmanager
def serving(folder: Path, upstream: int) -> Iterator[Nginx]:
    """nginx before the service at the port ``upstream``, while it is up."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        missing("nginx", "install the package nginx-light to test the shipped configuration.")
    (folder / "logs").mkdir()
    tls, plain = free_ports(2)
    (folder / "nginx.conf").write_text(configuration(folder, tls, plain, upstream))
    command = [nginx, "-p", str(folder), "-e", str(folder / "logs/start.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        _wait_for(tls, running)
        yield Nginx(tls, plain, folder / "logs")
    finally:
        running.terminate()
        running.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError(f"nginx ended with status {process.returncode}")
