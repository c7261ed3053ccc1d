"""Collectors: by code and by survey."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, PrintRun, Survey, Unit


def by_code(session: Session, code: str, units: Collection[int] | None = None) -> Row[Collector, Survey] | None:
    """The collector with this canonical code, and its survey, if the survey belongs to one of ``units`` (None: any)."""
    query = select(Collector, Survey).join(Survey, Survey.id == Collector.survey_id).where(Collector.code == code)
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.execute(query).one_or_none()


def get(session: Session, collector_id: int) -> Collector:
    """The collector with this id, which must exist."""
    return session.get_one(Collector, collector_id)


def of_survey(session: Session, survey_id: int) -> Sequence[Collector]:
    """A survey's collectors, oldest first."""
    return session.scalars(select(Collector).where(Collector.survey_id == survey_id).order_by(Collector.id)).all()


def insert(session: Session, collector: Collector) -> Collector:
    """Stores a new collector and gives it its id."""
    session.add(collector)
    session.flush()
    return collector


def add_run(session: Session, collector_id: int, **columns: Any) -> PrintRun:
    """Stores the next print run of a collector; ``columns`` as ``PrintRun`` has them. The collector is locked, so that
    two runs at once get two numbers."""
    session.execute(select(Collector.id).where(Collector.id == collector_id).with_for_update(key_share=True))
    run = PrintRun(collector_id=collector_id, number=newest_run(session, collector_id) + 1, **columns)
    session.add(run)
    session.flush()
    return run


def last_serial(session: Session, collector_id: int, *, locked: bool = False) -> int:
    """The number of the last paper form that was printed for a collector, 0 before the first. With ``locked`` nobody
    else prints until the transaction ends."""
    if locked:
        session.execute(select(Collector.id).where(Collector.id == collector_id).with_for_update(key_share=True))
    newest = func.max(PrintRun.first_serial + PrintRun.copies - 1)
    return session.scalar(select(newest).where(PrintRun.collector_id == collector_id, PrintRun.kind == "form")) or 0


def newest_run(session: Session, collector_id: int) -> int:
    """The number of a collector's newest print run, 0 before the first."""
    return session.scalar(select(func.max(PrintRun.number)).where(PrintRun.collector_id == collector_id)) or 0


def runs(session: Session, collector_id: int) -> Sequence[PrintRun]:
    """A collector's print runs, oldest first."""
    return session.scalars(
        select(PrintRun).where(PrintRun.collector_id == collector_id).order_by(PrintRun.number)
    ).all()


def run(session: Session, collector_id: int, number: int) -> PrintRun | None:
    """One print run of a collector."""
    return session.scalars(
        select(PrintRun).where(PrintRun.collector_id == collector_id, PrintRun.number == number)
    ).one_or_none()


def offices_of(session: Session, survey_id: int) -> dict[str, str]:
    """Collector code → name of the office it belongs to, by default the survey's, oldest collector first."""
    query = (
        select(Collector.code, Unit.name)
        .join(Survey, Survey.id == Collector.survey_id)
        .join(Unit, Unit.id == func.coalesce(Collector.unit_id, Survey.unit_id))
        .where(Collector.survey_id == survey_id)
        .order_by(Collector.id)
    )
    return {code: name for code, name in session.execute(query)}
