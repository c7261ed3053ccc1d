"""A connection as its thread sees it: what arrived, then the end; what it writes is taken at once.

So a thread waits for a client only where a request or a reply is too large to be kept, and such waits are counted.
"""

from __future__ import annotations

import select
import socket
import time
from threading import Semaphore
from typing import Any

SILENCE = 30.0
"""Seconds in which a client must send or take something."""

LARGE = 600.0
"""Seconds a thread spends on reading one large request; twenty megabytes at 34 kB a second."""

GATHERED = 32 * 1024
"""Bytes of a reply that are collected before the first are sent: head and body of a page leave together."""

KEPT = 256 * 1024
"""Bytes of a reply that wait in memory for a slow reader. A thread with more to write waits with it."""


class Line(socket.socket):
    """A socket that never blocks by itself. ``slots`` bounds how many threads may wait for their clients."""

    def __init__(self, accepted: socket.socket, slots: Semaphore) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        super().setblocking(False)
        self.inbox = bytearray()
        self.outbox = bytearray()
        self.patient = False
        self.patient_until = 0.0
        self._slots = slots

    def setblocking(self, flag: bool) -> None:
        """Stays as it is; so gunicorn's calls cost no turn of the interpreter lock."""

    def settimeout(self, value: float | None) -> None:
        """Stays as it is."""

    def gettimeout(self) -> float:
        """As of a socket that does not block."""
        return 0.0

    def arriving(self, size: int) -> bytes:
        """What came over the network; BlockingIOError while there is nothing."""
        return super().recv(size)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What the request still holds, then nothing; a patient line waits for more, with its bound."""
        if self.inbox:
            taken = bytes(self.inbox[:size])
            del self.inbox[:size]
            return taken
        while self.patient and time.monotonic() < self.patient_until and self._ready(select.POLLIN):
            try:
                return super().recv(size, flags)
            except BlockingIOError:
                continue
        return b""

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Takes all of ``data``; sends what the client takes now."""
        self.outbox += data
        if len(self.outbox) >= GATHERED and not self.push() and len(self.outbox) > KEPT:
            self._wait()

    def push(self) -> bool:
        """Sends what the client takes now; whether that was all."""
        try:
            while self.outbox:
                del self.outbox[: super().send(self.outbox)]
        except BlockingIOError:
            return False
        return True

    def _wait(self) -> None:
        """Holds the thread until little enough waits; ends the connection when too many threads are held so."""
        if not self.patient and not self._slots.acquire(blocking=False):
            raise ConnectionResetError(104, "too many slow readers of large replies")
        try:
            while len(self.outbox) > KEPT:
                if not self._ready(select.POLLOUT):
                    raise ConnectionResetError(104, "the reader of a large reply fell silent")
                self.push()
        finally:
            if not self.patient:
                self._slots.release()

    def _ready(self, event: int) -> bool:
        poll = select.poll()
        poll.register(self.fileno(), event)
        return bool(poll.poll(SILENCE * 1000))
