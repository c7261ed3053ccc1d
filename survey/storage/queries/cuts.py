"""Frozen results: adding one, listing them, reading one. There is nothing here to change one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from survey.storage.models import DataCut


def add(
    session: Session,
    survey_id: int,
    *,
    name: str,
    cut_hash: str,
    digest: str,
    as_of: date,
    result: str,
    made_by: str,
    made_at: datetime,
) -> DataCut:
    """The survey's next cut. The survey's row must be locked: numbers follow each other."""
    last = session.scalar(select(func.max(DataCut.number)).where(DataCut.survey_id == survey_id)) or 0
    cut = DataCut(
        survey_id=survey_id,
        number=last + 1,
        name=name,
        cut_hash=cut_hash,
        digest=digest,
        as_of=as_of,
        result=result,
        made_by=made_by,
        made_at=made_at,
    )
    session.add(cut)
    session.flush()
    return cut


def of_survey(session: Session, survey_id: int) -> Sequence[DataCut]:
    """All cuts of a survey without their figures, newest first."""
    query = select(DataCut).where(DataCut.survey_id == survey_id).order_by(DataCut.number.desc())
    return session.scalars(query.options(defer(DataCut.result))).all()


def get(session: Session, survey_id: int, number: int) -> DataCut | None:
    """One cut with its figures."""
    return session.scalars(select(DataCut).where(DataCut.survey_id == survey_id, DataCut.number == number)).first()
