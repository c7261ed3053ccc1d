"""Counts of visits by collector, print run and day: adding to them, and their sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import Collector, Visits

EVENTS = ("shown", "opened", "started", "completed")

Place = tuple[int, int, date]
"""Collector id, number of the print run (0: none), local day."""


def add(session: Session, counted: Mapping[Place, Mapping[str, int]]) -> None:
    """Adds to the counts of each place what was counted since; places that are new begin at nothing."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        {"collector_id": place[0], "run": place[1], "day": place[2], **{one: events.get(one, 0) for one in EVENTS}}
        for place, events in sorted(counted.items())
    ]
    statement = insert(Visits)
    sums = {one: getattr(Visits, one) + getattr(statement.excluded, one) for one in EVENTS}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["collector_id", "run", "day"], set_=sums), rows
    )


@dataclass(frozen=True)
class Sums:
    """Counts of one collector and print run over all days."""

    shown: int = 0
    opened: int = 0
    started: int = 0
    completed: int = 0


def of_survey(session: Session, survey_id: int) -> dict[tuple[int, int], Sums]:
    """(Collector id, print run) → counts; places without any are absent."""
    query = (
        select(Visits.collector_id, Visits.run, *(func.sum(getattr(Visits, one)) for one in EVENTS))
        .join(Collector, Collector.id == Visits.collector_id)
        .where(Collector.survey_id == survey_id)
        .group_by(Visits.collector_id, Visits.run)
    )
    return {(row[0], row[1]): Sums(*row[2:]) for row in session.execute(query)}
