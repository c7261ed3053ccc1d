"""What every use case is handed: settings, the database, the clock and randomness, and who acts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from survey.config import Settings
from survey.storage.engine import Database


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """``now`` gives aware UTC times, ``randomness(n)`` n unpredictable bytes; tests pass their own."""

    settings: Settings
    database: Database
    now: Callable[[], datetime] = _utc_now
    randomness: Callable[[int], bytes] = secrets.token_bytes

    def today(self) -> date:
        """The local calendar day in the configured zone."""
        return self.now().astimezone(self.settings.timezone).date()


@dataclass(frozen=True)
class Actor:
    """Who does something. ``user_id`` is None for the operator at the command line, who may do everything.
    ``units`` are the ids of the units they may see, None for all."""

    name: str
    role: str
    user_id: int | None = None
    unit_id: int | None = None
    units: frozenset[int] | None = None


OPERATOR = Actor(name="operator", role="administrator")
