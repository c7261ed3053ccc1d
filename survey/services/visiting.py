"""Counting how often forms are opened, begun and completed, without noting anything about who did.

Counts are added up in memory and written together every few seconds: an answer never waits for them, and a process that
is killed loses a few. They say how a code is used; how many answers there are is counted from the answers.
"""

from __future__ import annotations

import logging
import threading
from typing import Literal

from survey.errors import Unavailable
from survey.services.runtime import Runtime
from survey.services.soon import Soon
from survey.storage.queries import visits
from survey.storage.queries.visits import Place

Event = Literal["shown", "opened", "started", "completed"]

EVERY = 10.0
"""Seconds between the first count and its being written with all that came since."""

MOST_PLACES = 10_000
"""Places kept in memory; should more come before they are written, counts of new ones are dropped."""

log = logging.getLogger(__name__)


class Counter:
    """The counts of one process since they were last written."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._counted: dict[Place, dict[str, int]] = {}
        self._lock = threading.Lock()
        self._soon = Soon(EVERY, self._write)

    def count(self, collector_id: int, run: int, *events: Event) -> None:
        """Notes that these things happened once."""
        place = (collector_id, run, self._runtime.today())
        with self._lock:
            if place not in self._counted and len(self._counted) >= MOST_PLACES:
                return
            here = self._counted.setdefault(place, {})
            for event in events:
                here[event] = here.get(event, 0) + 1
        self._soon.ask()

    def write(self) -> None:
        """Writes what was counted; what cannot be written now waits for the next time."""
        self._soon.now()

    def _write(self) -> None:
        with self._lock:
            counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            self._runtime.database.write(lambda session: visits.add(session, counted))
        except Unavailable as error:
            log.warning("counts of visits wait: %s", error)
            with self._lock:
                for place, events in counted.items():
                    here = self._counted.setdefault(place, {})
                    for event, number in events.items():
                        here[event] = here.get(event, 0) + number
