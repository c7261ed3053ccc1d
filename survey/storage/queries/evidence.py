"""What stands beside a survey's figures: what was done about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import Measure


def measures(session: Session, survey_id: int) -> Sequence[Measure]:
    """What was heard and done, in the order it was written down."""
    return session.scalars(select(Measure).where(Measure.survey_id == survey_id).order_by(Measure.id)).all()
