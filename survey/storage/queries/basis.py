"""What an office adds to a survey for computing: indexes of its own, a frame, numbers from its books, targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from survey.storage.models import CustomIndex, Frame, OfficialCount, Target


def indexes(session: Session, survey_id: int) -> Sequence[CustomIndex]:
    """Custom indexes, oldest first."""
    return session.scalars(select(CustomIndex).where(CustomIndex.survey_id == survey_id).order_by(CustomIndex.id)).all()


def index(session: Session, survey_id: int, key: str) -> CustomIndex | None:
    """The custom index with this key."""
    return session.scalar(select(CustomIndex).where(CustomIndex.survey_id == survey_id, CustomIndex.key == key))


def add_index(session: Session, survey_id: int, key: str, document: str) -> None:
    """A new custom index."""
    session.add(CustomIndex(survey_id=survey_id, key=key, document=document))
    session.flush()


def remove_index(session: Session, found: CustomIndex) -> None:
    """Deletes a custom index."""
    session.delete(found)
    session.flush()


def frame(session: Session, survey_id: int) -> Frame | None:
    """The frame stated for a survey."""
    return session.get(Frame, survey_id)


def state_frame(session: Session, survey_id: int, margins: str, source: str, by: str, on: date) -> None:
    """Puts a frame in the place of the one there was."""
    session.merge(Frame(survey_id=survey_id, margins=margins, source=source, stated_by=by, stated_on=on))
    session.flush()


def drop_frame(session: Session, survey_id: int) -> None:
    """Takes the frame away."""
    session.execute(delete(Frame).where(Frame.survey_id == survey_id))


def counts(session: Session, survey_id: int) -> Sequence[OfficialCount]:
    """The numbers stated from the office's books."""
    return session.scalars(select(OfficialCount).where(OfficialCount.survey_id == survey_id)).all()


def state_counts(session: Session, survey_id: int, values: Mapping[str, int], source: str) -> None:
    """Puts these numbers in the place of those there were."""
    session.execute(delete(OfficialCount).where(OfficialCount.survey_id == survey_id))
    rows = [{"survey_id": survey_id, "key": key, "value": value, "source": source} for key, value in values.items()]
    if rows:
        session.execute(insert(OfficialCount), rows)


def targets(session: Session, survey_id: int) -> Sequence[Target]:
    """What is aimed at, in the order it was stated."""
    return session.scalars(select(Target).where(Target.survey_id == survey_id).order_by(Target.id)).all()


def state_targets(session: Session, survey_id: int, values: Mapping[str, float], note: str) -> None:
    """Puts these targets in the place of those there were."""
    session.execute(delete(Target).where(Target.survey_id == survey_id))
    rows = [{"survey_id": survey_id, "measure": key, "value": value, "note": note} for key, value in values.items()]
    if rows:
        session.execute(insert(Target), rows)
