"""A bad network: a small TCP proxy that delays, throttles, stalls, swallows, and cuts after so many bytes.

``with network(port) as road`` makes a road to ``port``; each connection suffers what ``road.plan()`` says when it is
opened. Shared by the proofs; knows no HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """What one connection suffers; nothing by default."""

    request_cut: int | None = None
    """Bytes of the request that pass before both ends are cut; 0: as soon as somebody connects."""

    reply_cut: int | None = None
    """Bytes of the reply that pass before both ends are cut; 0: as soon as there is one."""

    reset: bool = False
    """Cut by a reset instead of an ordinary end."""

    swallowed: bool = False
    """Nothing passes at all; the connection stays open."""

    rate: int | None = None
    """Bytes of the request a second."""

    wait: Callable[[], float] | None = None
    """Seconds each piece takes on its way, in either direction."""


class Cut(Exception):
    """The bytes that may pass have passed."""


class Road:
    """The way to a server. ``cuts`` counts the connections that were cut, ``passed`` the bytes of the last one."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.plan: Callable[[], Fault] = Fault
        self.cuts = 0
        self.passed = [0, 0]
        # asyncio itself forgets a task whose client is gone, and it would be collected while it waits for the server.
        self._carried: set[asyncio.Task[None] | None] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its beginning to its end."""
        self._carried.add(asyncio.current_task())
        fault, self.passed = self.plan(), [0, 0]
        writers, pumps = [writer], []
        try:
            if fault.swallowed:
                while await reader.read(65536):
                    pass
                return
            if fault.request_cut == 0:
                raise Cut
            answers, onward = await asyncio.open_connection("127.0.0.1", self.target)
            writers.append(onward)
            pumps = [
                asyncio.ensure_future(self._pump(reader, onward, 0, fault.request_cut, fault)),
                asyncio.ensure_future(self._pump(answers, writer, 1, fault.reply_cut, fault)),
            ]
            await asyncio.gather(*pumps)
        except Cut:
            self.cuts += 1
            for one in writers if fault.reset else ():
                one.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, asyncio.CancelledError):
            pass  # one of the ends is gone, or the road is closed
        finally:
            for pump in pumps:
                pump.cancel()
            for one in writers:
                one.close()
            self._carried.discard(asyncio.current_task())

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        direction: int,
        limit: int | None,
        fault: Fault,
    ) -> None:
        slow = fault.rate if direction == 0 else None
        while data := await source.read(max(1, slow // 4) if slow else 65536):
            if fault.wait:
                await asyncio.sleep(fault.wait())
            if slow:
                await asyncio.sleep(len(data) / slow)
            left = len(data) if limit is None else limit - self.passed[direction]
            sink.write(data[:left])
            await sink.drain()
            self.passed[direction] += min(left, len(data))
            if limit is not None and left <= len(data):
                raise Cut
        sink.write_eof()


@contextlib.contextmanager
def network(target: int) -> Iterator[Road]:
    """A road to a server on this machine, from a loop in a thread of its own: the caller's thread may have one running,
    as Playwright's does."""
    road = Road(target)
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    road.port = listening.getsockname()[1]
    with ThreadPoolExecutor(1) as thread:
        ready: Future[Stop] = Future()
        serving = thread.submit(asyncio.run, _serve(road, listening, ready))
        stop = ready.result()
        try:
            yield road
        finally:
            stop()
            serving.result()


Stop = Callable[[], object]


async def _serve(road: Road, listening: socket.socket, ready: Future[Stop]) -> None:
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    try:
        server = await asyncio.start_server(road.carry, sock=listening)
    except BaseException as error:
        ready.set_exception(error)
        raise
    ready.set_result(lambda: loop.call_soon_threadsafe(over.set))
    await over.wait()
    server.close()
    await _end()


def alone(work: Coroutine[Any, Any, T]) -> T:
    """Runs ``work`` on a loop in a thread of its own, and gives what it gives."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _end() -> None:
    while carried := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in carried:
            task.cancel()
        await asyncio.wait(carried)
