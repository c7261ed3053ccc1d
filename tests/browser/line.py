"""A telephone line between a browser and the server, which can be cut, lose replies or end at somebody's login page."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from urllib.parse import urlsplit

_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"
_LOGIN = b"<!doctype html><title>Wi-Fi</title><p>Please log in."
_PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
    len(_LOGIN),
    _LOGIN,
)


class State(Enum):
    """What happens to a request."""

    OPEN = "it arrives, and so does its reply"
    CUT = "nothing arrives"
    DEAF = "it arrives, its reply does not"
    BUSY = "the server has no time for it"
    PORTAL = "somebody else's page replies"
    SILENT = "it arrives, and the wait for its reply has no end"


class Line:
    """Listens at ``url`` and passes on to the server as its ``state`` says; ``requests`` are the first lines seen."""

    def __init__(self, server: str) -> None:
        target = urlsplit(server)
        self._target = (str(target.hostname), int(target.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._turning = threading.Lock()
        self.state = State.OPEN
        self.requests: list[str] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, state: State) -> None:
        """Changes the state; connections that stand are cut, as when a phone changes networks. Nothing passes by the
        old state any more, on connections either that were being made at this moment."""
        with self._turning:
            self.state = state
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends for good."""
        self._listener.close()
        self.turn(State.CUT)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server, suppress(OSError):
            with self._turning:
                if self.state is State.CUT:
                    return
                self._open |= {client, server}
            threading.Thread(target=self._back, args=(server, client), daemon=True).start()
            while data := client.recv(65536):
                self.requests += [line for line in (data.split(b"\r\n", 1)[0].decode("latin-1"),) if "HTTP/1" in line]
                if self.state in (State.BUSY, State.PORTAL):
                    client.sendall(_BUSY if self.state is State.BUSY else _PORTAL)
                    break
                server.sendall(data)
            with self._turning:
                self._open -= {client, server}

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if self.state is State.DEAF:
                    break
                if self.state is State.SILENT:
                    continue
                client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """A line for the time of a test."""
    line = Line(server)
    yield line
    line.close()
