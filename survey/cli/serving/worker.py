"""gunicorn's threaded worker with one change: a connection gets a thread once its request is whole.

The main loop takes in requests, keeps idle connections and hands the rest of replies to slow readers, so a slow client
costs some memory and no thread. Stock ``gthread`` gives a thread to whoever sent a first byte: some sixty slow phones
stop it. Knows HTTP only as far as ``framing``; never parses, routes or answers.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from threading import Semaphore
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from survey.cli.serving.framing import Arrival, State
from survey.cli.serving.line import LARGE, SILENCE, Line

WHOLE = 300.0
"""Seconds in which a request must arrive from its first byte to its last: a form at three bytes a second."""

LEAVING = 2.0
"""Seconds a connection stays after the last reply, so that its end is not cut off on the way."""

STOPPING = 5.0
"""Seconds a stopping worker gives to requests that are still arriving; their phones send them again."""

PROTECTED = 5.0
"""Seconds nobody is put out who waits, even when there is no room."""

CHUNK = 64 * 1024

FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"Content-Type: text/plain\r\n\r\n"
)


class Connection(TConn):  # type: ignore[misc]  # gunicorn is untyped
    """One client. ``since`` and ``until``: when its present wait began, and when it is given up."""

    def __init__(self, cfg: Any, line: Line, client: Any, server: Any) -> None:
        super().__init__(cfg, line, client, server)
        self.line = line
        self.arrival = Arrival(bytearray())
        self.data_ready = True
        self.kept = True
        self.since = self.until = 0.0
        self.events = 0

    @property
    def rank(self) -> tuple[bool, float]:
        """Who is put out first when there is no room: those who send nothing, then the longest there."""
        return bool(self.arrival.arrived or self.line.outbox), self.since


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """Threads for whole requests; everything else waits in one loop."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.slots = Semaphore(max(1, self.cfg.threads // 4))
        self.waiting: set[Connection] = set()
        self.large: deque[Connection] = deque()
        self.swept = 0.0

    def run(self) -> None:
        """Serves until told to stop, then finishes what has begun."""
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        while self.alive and self.is_parent_alive():
            self.set_accept_enabled(self.nr_conns < self.worker_connections or self._make_room())
            self._turn()
        self.set_accept_enabled(False)
        while self.nr_conns < self.worker_connections and any(self.accept(listener) for listener in self.sockets):
            pass  # whoever the system let in is answered too: the end of the listeners would cut them off
        ends = time.monotonic() + self.cfg.graceful_timeout
        for one in self.waiting:
            one.until = min(one.until, time.monotonic() + (STOPPING if one.arrival.arrived else LEAVING))
        while self.nr_conns > 0 and time.monotonic() < ends:
            self._turn()
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()

    def _turn(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(1.0)
        now = time.monotonic()
        if now - self.swept >= 1.0:
            self.swept = now
            for overdue in [one for one in self.waiting if one.until <= now]:
                self._drop(overdue)
            self._serve_large()

    def accept(self, listener: socket.socket) -> bool:
        """Takes in a new client, and its request if that is here already; whether there was one."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in FULL:
                self.log.error("no connection can be taken in: %s", error)
                if not self._make_room():
                    self.set_accept_enabled(False)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return False
        self.nr_conns += 1
        conn = Connection(self.cfg, Line(accepted, self.slots), client, listener.getsockname())
        conn.since = time.monotonic()
        conn.until = conn.since + self.cfg.keepalive
        self.waiting.add(conn)
        self._read(conn)
        return True

    def handle(self, conn: Connection) -> bool:
        """In a thread: answers the request of ``conn``; whether another may follow on it."""
        kept = bool(super().handle(conn))
        try:
            conn.line.push()
        except OSError:
            return False
        # What is left over belongs to no request: this loop and gunicorn's parser did not agree.
        return kept and not conn.line.inbox and not conn.parser.unreader.buf.getvalue()

    def finish_request(self, conn: Connection, fs: Future[bool]) -> None:
        """Back in the loop: whatever of the reply was not taken, then the next request or the end."""
        conn.kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if conn.line.patient:
            conn.line.patient = False
            self.slots.release()
            self._serve_large()
        if conn.line.fileno() < 0:
            self.nr_conns -= 1
        elif conn.line.outbox:
            self._wait(conn, selectors.EVENT_WRITE, SILENCE)
        else:
            self._continue(conn)

    def _continue(self, conn: Connection) -> None:
        if conn.kept:
            self._await_request(conn)
            return
        try:
            conn.line.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        self._wait(conn, selectors.EVENT_READ, LEAVING)

    def _await_request(self, conn: Connection) -> None:
        conn.since = time.monotonic()
        conn.until = conn.since + (self.cfg.keepalive if self.alive else LEAVING)
        self.waiting.add(conn)
        if not conn.arrival.arrived or not self._consider(conn):
            self._listen(conn, selectors.EVENT_READ)

    def _wait(self, conn: Connection, events: int, seconds: float) -> None:
        """Until ``events``; ``seconds`` at most."""
        conn.since = time.monotonic()
        conn.until = conn.since + seconds
        self.waiting.add(conn)
        self._listen(conn, events)

    def _listen(self, conn: Connection, events: int) -> None:
        """Has the loop call for these events of ``conn``; 0: for none."""
        if events == conn.events:
            return
        if conn.events:
            self.poller.unregister(conn.line)
        if events:
            self.poller.register(conn.line, events, partial(self._ready, conn))
        conn.events = events

    def _ready(self, conn: Connection, _line: Line) -> None:
        if conn not in self.waiting:
            return  # put out earlier in this turn
        if conn.events == selectors.EVENT_WRITE:
            self._write(conn)
        elif conn.kept:
            self._read(conn)
        else:
            self._discard(conn)

    def _read(self, conn: Connection) -> None:
        try:
            data = conn.line.arriving(CHUNK)
        except BlockingIOError:
            self._listen(conn, selectors.EVENT_READ)
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
            return
        now = time.monotonic()
        if not conn.arrival.arrived:
            conn.since = now
        conn.arrival.arrived += data
        conn.until = min(now + SILENCE, conn.since + WHOLE) if self.alive else min(conn.until, now + STOPPING)
        if not self._consider(conn):
            self._listen(conn, selectors.EVENT_READ)

    def _consider(self, conn: Connection) -> bool:
        """Whether nothing more need arrive for now."""
        state = conn.arrival.state()
        if state is State.PART:
            return False
        self._listen(conn, 0)
        if state is State.WHOLE:
            self._serve(conn)
        elif state is State.LARGE:
            self.large.append(conn)
            self._serve_large()
        else:
            conn.kept = False
            conn.line.outbox += REFUSAL
            self._write(conn)
        return True

    def _serve(self, conn: Connection) -> None:
        self.waiting.discard(conn)
        conn.line.inbox += conn.arrival.take()
        self.enqueue_req(conn)

    def _serve_large(self) -> None:
        """Gives threads to requests that are read while they arrive: to a quarter of all threads, in turn."""
        while self.large and self.slots.acquire(blocking=False):
            conn = self.large.popleft()
            if conn not in self.waiting:
                self.slots.release()
                continue
            conn.line.patient, conn.line.patient_until = True, time.monotonic() + LARGE
            self._serve(conn)

    def _write(self, conn: Connection) -> None:
        try:
            finished = conn.line.push()
        except OSError:
            self._drop(conn)
            return
        if finished:
            self._listen(conn, 0)
            self._continue(conn)
        else:
            self._wait(conn, selectors.EVENT_WRITE, SILENCE)

    def _discard(self, conn: Connection) -> None:
        try:
            if conn.line.arriving(CHUNK):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self._listen(conn, 0)
        self.waiting.discard(conn)
        self.nr_conns -= 1
        conn.line.close()

    def _make_room(self) -> bool:
        """Puts out one who waits, unless all have come just now."""
        longest = min(self.waiting, key=lambda one: one.rank, default=None)
        if longest is None or time.monotonic() - longest.since < PROTECTED:
            return False
        self._drop(longest)
        return True
