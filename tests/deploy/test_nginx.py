"""The shipped nginx configuration in a real nginx: what it logs, bounds and refuses, what it says in a restart.

Only its ports, paths and the TLS lines are changed for the test.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy import nginx

CODE = "7XK3Q-M2PWD"


class Upstream(BaseHTTPRequestHandler):
    """Tells what it was asked, one request a connection, and counts what keeps one of its threads busy."""

    reached = threading.Semaphore(0)

    def do_GET(self) -> None:
        self.reached.release()
        body = "\n".join(f"{header}: {value}" for header, value in self.headers.items()).encode()
        expected = int(self.headers.get("Content-Length", 0))
        if len(self.rfile.read(expected)) < expected:
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Proxy:
    """nginx running: the port of the site, the port of the redirect, its folder of logs."""

    port: int
    plain: int
    logs: Path
    upstream: ThreadingHTTPServer

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        host: str = "ks.example.gov.vn",
        port: int | None = None,
    ) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        headers = {"Host": host, "User-Agent": "Secret-Browser/1.0", "X-Forwarded-For": "203.0.113.9"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode(), dict(response.getheaders())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with nginx.serving(tmp_path_factory.mktemp("nginx"), upstream.server_address[1]) as running:
        yield Proxy(running.port, running.plain, running.logs, upstream)
    upstream.server_close()


def test_a_page_passes_and_nothing_about_the_visitor_does(proxy: Proxy) -> None:
    status, seen, headers = proxy.ask("GET", f"/s/{CODE}")
    assert status == 200
    assert "203.0.113.9" not in seen and "X-Real-IP" not in seen and "X-Forwarded-For" not in seen
    assert "Host: ks.example.gov.vn" in seen and "X-Forwarded-Proto: http" in seen
    assert headers["Strict-Transport-Security"]


def test_the_log_names_routes_and_neither_codes_nor_visitors(proxy: Proxy) -> None:
    for path in (f"/S/{CODE}?source=leaflet", "/r/ABCDE-FGHJK", "/staff/surveys?q=secret", "/healthz", "/no/such/page"):
        proxy.ask("GET", path)
    proxy.ask("POST", f"/s/{CODE}", b"E2=a+comment")
    log = (proxy.logs / "phieu.log").read_text()
    found = re.findall(r"^\S+ (GET|POST) (\w+) (\d{3}) \d+ [\d.]+s$", log, re.MULTILINE)
    assert len(found) == len(log.splitlines())
    assert {route for _, route, _ in found} == {"survey", "receipt", "staff", "health", "other"}
    everything = "".join(path.read_text() for path in proxy.logs.iterdir())
    for secret in (CODE, "7xk3q", "ABCDE", "127.0.0.1", "203.0.113.9", "leaflet", "Secret-Browser", "comment", "such"):
        assert secret not in everything


def test_a_body_of_any_size_is_refused_before_it_reaches_a_worker(proxy: Proxy) -> None:
    assert proxy.ask("POST", f"/s/{CODE}", b"x" * 200_000)[0] == 200
    assert proxy.ask("POST", f"/s/{CODE}", b"x" * 300_000)[0] == 413
    assert proxy.ask("POST", "/staff/import", b"x" * 300_000)[0] == 200


def test_an_unknown_host_gets_no_answer(proxy: Proxy) -> None:
    for host in ("evil.example", "127.0.0.1"):
        with pytest.raises(http.client.RemoteDisconnected):
            proxy.ask("GET", "/", host=host)


def test_the_redirect_names_the_configured_host(proxy: Proxy) -> None:
    status, _, headers = proxy.ask("GET", f"/S/{CODE}", port=proxy.plain)
    assert (status, headers["Location"]) == (301, f"https://ks.example.gov.vn/S/{CODE}")


def silent(port: int, count: int) -> list[socket.socket]:
    """Connections that begin a submission and then send nothing."""
    made = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for one in made:
        one.sendall(f"POST /s/{CODE} HTTP/1.1\r\nHost: ks.example.gov.vn\r\nContent-Length: 900\r\n\r\nE2=".encode())
    return made


def busy() -> int:
    """How many requests reached the service since last asked."""
    count = 0
    while Upstream.reached.acquire(blocking=False):
        count += 1
    return count


def test_silent_connections_reach_no_worker(proxy: Proxy) -> None:
    busy()
    waiting = silent(proxy.port, 100)
    try:
        assert proxy.ask("GET", f"/s/{CODE}")[0] == 200
        assert busy() == 1
        # Without nginx before it, one silent connection is enough to keep a thread of this upstream.
        waiting += silent(proxy.upstream.server_address[1], 1)
        assert Upstream.reached.acquire(timeout=20)
    finally:
        for one in waiting:
            one.close()


def test_a_service_that_restarts_says_so_in_the_visitors_language(proxy: Proxy) -> None:
    proxy.upstream.shutdown()
    proxy.upstream.server_close()
    status, page, headers = proxy.ask("POST", f"/s/{CODE}", b"A1=5")
    assert status == 503
    assert "xin bấm quay lại và gửi lại" in page and "Your answers are still on your device" in page
    assert headers["Retry-After"] == "5" and headers["Content-Type"] == "text/html; charset=utf-8"
    assert CODE not in "".join(path.read_text() for path in proxy.logs.iterdir())
