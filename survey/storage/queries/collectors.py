"""Collectors: by code and by survey."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, Survey


def by_code(session: Session, code: str, units: Collection[int] | None = None) -> Row[Collector, Survey] | None:
    """The collector with this canonical code, and its survey, if the survey belongs to one of ``units`` (None: any)."""
    query = select(Collector, Survey).join(Survey, Survey.id == Collector.survey_id).where(Collector.code == code)
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.execute(query).one_or_none()


def of_survey(session: Session, survey_id: int) -> Sequence[Collector]:
    """A survey's collectors, oldest first."""
    return session.scalars(select(Collector).where(Collector.survey_id == survey_id).order_by(Collector.id)).all()


def insert(session: Session, collector: Collector) -> Collector:
    """Stores a new collector and gives it its id."""
    session.add(collector)
    session.flush()
    return collector
