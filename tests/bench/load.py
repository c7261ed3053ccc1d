"""A small closed-loop client: so many connections, each sends its next request when the last one is answered.

It speaks just enough HTTP/1.1 over raw sockets that its own cost stays small beside the servers it measures.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Exchange = Callable[["Line"], None]
"""One complete unit of work over a connection; raises when it was not acknowledged."""


@dataclass(frozen=True)
class Load:
    """Units finished a second, and the times of each in seconds, sorted."""

    per_second: float
    times: Sequence[float]

    def quantile(self, share: float) -> float:
        """Time below which this share of the units stayed, seconds."""
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))]


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Sends a whole request; gives status and body."""
        self._socket.sendall(request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        start = head.index(b"content-length:") + 15
        stop = head.find(b"\r\n", start)
        length = int(head[start : stop if stop > 0 else None])
        body = data[end + 4 :]
        while len(body) < length:
            body += self._more()
        self._rest = body[length:]
        if b"connection: close" in head:
            self.__init__(self._port)  # type: ignore[misc]  # a fresh connection under the same name
        return int(head[9:12]), body[:length]

    def _more(self) -> bytes:
        chunk = self._socket.recv(262144)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return chunk


def run(port: int, exchange: Exchange, *, connections: int, seconds: float) -> Load:
    """Runs ``exchange`` on every connection until the time is over, from one process of its own."""
    queue: multiprocessing.Queue[tuple[float, list[float]]] = multiprocessing.get_context("fork").Queue()
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(queue, port, exchange, connections, seconds)
    )
    process.start()
    spent, times = queue.get()
    process.join()
    return Load(len(times) / spent, sorted(times))


def _work(
    queue: multiprocessing.Queue[tuple[float, list[float]]],
    port: int,
    exchange: Exchange,
    connections: int,
    seconds: float,
) -> None:
    times: list[float] = []
    began = time.perf_counter()
    until = began + seconds

    def one() -> None:
        line = Line(port)
        while (start := time.perf_counter()) < until:
            exchange(line)
            times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=one) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((time.perf_counter() - began, times))
