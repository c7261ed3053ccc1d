"""What is known about a collector beforehand, as far as screening asks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

UNTIMED = frozenset({"interviewer", "paper", "import"})
"""Kinds whose answers staff key in: when and how fast says nothing about who gave them."""

SERVED = frozenset({"counter", "kiosk"})
"""Kinds that stand where people are served, so that opening hours bound them."""

CROWDS = frozenset({"event", "leaflet", "link", "poster", "web"})
"""Kinds whose answers come in waves: after a meeting, after a post, when leaflets are handed out at a market. A poster
may hang in a hall."""

GROUP = 2.0
"""The same elsewhere: two dozen who came by one bus."""

WAVE = 4.0
"""People whom one wave brings on average where answers come in waves: by the law of ``chance.least_expected`` waves of
forty are still believed."""

GRACE = timedelta(minutes=30)
"""Before and after the opening hours: people sit down to answer once they have been served, and clocks differ."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``hours``: from and until when people are served (local; until may lie after midnight). ``budget``: answers that
    a busy day brings. ``processes``: server processes that each see their share of the answers. None of it refuses
    anything."""

    kind: str
    hours: tuple[time, time] | None = None
    budget: int | None = None
    processes: int = 1

    @property
    def timed(self) -> bool:
        """Whether times mean anything here."""
        return self.kind not in UNTIMED

    def share(self, number: float | None) -> float:
        """This process's share of a number of answers; 0 for None."""
        return number / max(self.processes, 1) if number else 0.0

    @property
    def wave(self) -> float:
        """This process's share of a wave."""
        return self.share(WAVE if self.kind in CROWDS else GROUP)

    def closed_at(self, local: datetime) -> bool:
        """Whether people are surely not served at this time."""
        if self.hours is None or self.kind not in SERVED:
            return False
        minute = local.hour * 60 + local.minute
        grace = GRACE.seconds // 60
        start, end = (one.hour * 60 + one.minute for one in self.hours)
        if start == end:
            return False
        length = (end - start) % 1440 + 2 * grace
        return (minute - start + grace) % 1440 > length
