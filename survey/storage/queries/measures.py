"""What was heard in a survey and what is done about it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.storage.models import Measure


def of_survey(session: Session, survey_id: int) -> Sequence[Measure]:
    """All measures of a survey: those with the nearest day first, then those without one."""
    query = select(Measure).where(Measure.survey_id == survey_id)
    return session.scalars(query.order_by(Measure.due_on.is_(None), Measure.due_on, Measure.id)).all()


def count(session: Session, survey_id: int) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).where(Measure.survey_id == survey_id)) or 0


def get(session: Session, survey_id: int, measure_id: int) -> Measure | None:
    """One measure of this survey."""
    return session.scalars(
        select(Measure).where(Measure.survey_id == survey_id, Measure.id == measure_id)
    ).one_or_none()


def insert(session: Session, measure: Measure) -> Measure:
    """A new measure, with its id."""
    session.add(measure)
    session.flush()
    return measure


def remove(session: Session, measure_id: int) -> None:
    """Takes it away."""
    session.execute(delete(Measure).where(Measure.id == measure_id))
