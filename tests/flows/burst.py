"""R10: a conference answers at once: many phones behind one address, some of them slow, over a network that loses.

A program: ``python -m tests.flows.burst [PHONES] [SLOW] [SECONDS]`` prints its figures; the test beside it runs it
short. The network is the proxy of ``network``: pieces are late, some wait for a second sending, some connections are
reset or fall silent.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from survey.config import read_settings
from survey.services.start import open_runtime
from tests.deploy import nginx
from tests.factories.surveys import open_survey
from tests.flows.network import Fault, alone, network
from tests.flows.phones import TOKEN, Outcome, answers, environment, marks, request, serving, whole

LOSS = 0.05
"""Share of pieces that are sent a second time, and of connections that come to nothing."""

SLOW = 6
"""Bytes a second a slow phone sends."""

PATIENCE = 2.0
"""Seconds after which a phone takes a connection for dead and sends again what it has."""


@dataclass(frozen=True)
class Crowd:
    """How many phones, how many of them slow, over how many seconds they come. ``gated``: the others come when the
    slow ones are under way, and these go on when the others are through or ``giving_up`` seconds are over."""

    phones: int = 500
    slow: int = 100
    seconds: float = 60.0
    gated: bool = False
    giving_up: float | None = None


@dataclass
class Seen:
    """What the phones saw. ``times``: seconds from the first byte to the thanks, of those that are not slow."""

    acknowledged: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    tries: int = 0
    under_way: int = 0

    def quantile(self, share: float) -> float:
        """Seconds within which this share of the phones that are not slow were through."""
        times = sorted(self.times)
        return times[min(len(times) - 1, int(share * len(times)))]

    def __str__(self) -> str:
        spread = ", ".join(f"{name} {self.quantile(share):.2f} s" for name, share in SHARES) if self.times else "none"
        return f"{len(self.acknowledged)} accepted in {self.tries} tries, of {len(self.times)} not slow: {spread}"


SHARES = (("median", 0.5), ("p95", 0.95), ("most", 1.0))


def run(settings: Mapping[str, str], crowd: Crowd, *options: str, behind: bool = False) -> tuple[Seen, Outcome]:
    """The crowd before ``phieu serve``, or ``behind`` nginx."""
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    path = f"/s/{open_survey(runtime)}"
    program = "tests.flows.variants" if "VARIANT" in settings else "survey.cli.main"
    with ExitStack() as up:
        port, _ = up.enter_context(serving(settings, *options, program=program))
        if behind:
            folder = Path(settings["PHIEU_DATA_DIR"]) / "nginx"
            folder.mkdir()
            port = up.enter_context(nginx.serving(folder, port)).port
        road = up.enter_context(network(port))
        chance = random.Random(10)
        road.plan = lambda: _suffers(chance)
        seen = alone(_crowd(road.port, path, crowd))
        cuts = road.cuts
    stored = marks(runtime)
    runtime.database.close()
    return seen, Outcome(frozenset(seen.acknowledged), stored, cuts)


def _suffers(chance: random.Random) -> Fault:
    def wait() -> float:
        late = chance.uniform(0.02, 0.06)
        while chance.random() < LOSS:
            late += chance.uniform(0.2, 1.0)
        return late

    kind = chance.random()
    if kind < LOSS / 2:
        return Fault(swallowed=True)
    if kind < LOSS:
        at = chance.randrange(400)
        return chance.choice([Fault(request_cut=at, reset=True, wait=wait), Fault(reply_cut=at, reset=True, wait=wait)])
    return Fault(wait=wait)


async def _crowd(port: int, path: str, crowd: Crowd) -> Seen:
    seen, chance = Seen(), random.Random(500)
    ready, go = asyncio.Event(), asyncio.Event()
    if not crowd.gated:
        ready.set()
        go.set()

    async def under_way() -> None:
        seen.under_way += 1
        if seen.under_way >= crowd.slow:
            ready.set()
        await go.wait()

    async def phone(number: int) -> None:
        slow = number < crowd.slow
        pace = (0.0 if crowd.gated else 1.0) if slow else None
        if not slow:
            await ready.wait()
        await asyncio.sleep(chance.uniform(0, crowd.seconds))
        began = time.monotonic()
        page = b""
        while not (token := TOKEN.search(page)):
            seen.tries += 1
            _, page = await _talk(port, request("GET", path), pace)
        posted = request("POST", path, answers(token.group(1).decode(), f"mark-{number}"))
        status = 0
        while status != 303:
            seen.tries += 1
            status, _ = await _talk(port, posted, pace, under_way if slow else None)
        seen.acknowledged.add(f"mark-{number}")
        if not slow:
            seen.times.append(time.monotonic() - began)

    phones = [asyncio.ensure_future(phone(number)) for number in range(crowd.phones)]
    await asyncio.wait(phones[crowd.slow :], timeout=crowd.giving_up)
    go.set()
    if crowd.giving_up is not None:
        for one in phones:
            one.cancel()
    await asyncio.gather(*phones, return_exceptions=crowd.giving_up is not None)
    return seen


async def _talk(
    port: int, sent: bytes, pace: float | None, before_last: Callable[[], Awaitable[None]] | None = None
) -> tuple[int, bytes]:
    """One request; status 0 when no whole reply came. With ``pace``, its seconds pass between some few bytes."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if pace is not None:
            for start in range(0, len(sent) - 1, SLOW):
                writer.write(sent[start : min(start + SLOW, len(sent) - 1)])
                await asyncio.sleep(pace)
            sent = sent[-1:]
        if before_last is not None:
            await before_last()
        writer.write(sent)
        async with asyncio.timeout(PATIENCE):
            return whole(await reader.read(-1))
    except (OSError, TimeoutError):
        return 0, b""
    finally:
        if writer is not None:
            writer.close()


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    for behind in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            print(
                "behind nginx" if behind else "phieu serve",
                *run(environment(Path(folder)), Crowd(*given), behind=behind),
            )
