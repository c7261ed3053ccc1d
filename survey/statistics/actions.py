"""What an office did about what it heard, as a result holds it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Action:
    """What is done about something that was heard, in the office's own words."""

    heard: str
    action: str
    lead: str = ""
    due_on: date | None = None
    done_on: date | None = None
