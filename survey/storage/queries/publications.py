"""What is open to everybody: the publication of a survey with its cut, and walls by their keys."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from survey.storage.models import DataCut, Publication, Survey


def of_survey(session: Session, survey_id: int) -> Row[Publication, int, str] | None:
    """The publication of a survey, withdrawn or not, with number and hash of its cut."""
    query = select(Publication, DataCut.number, DataCut.cut_hash).join(DataCut, DataCut.id == Publication.cut_id)
    return session.execute(query.where(Publication.survey_id == survey_id)).one_or_none()


def shown(session: Session, slug: str) -> Row[Survey, Publication, int, str] | None:
    """The survey of this slug with its publication, and number and digest of the cut, if it is not withdrawn."""
    query = (
        select(Survey, Publication, DataCut.id, DataCut.digest)
        .join(Publication, Publication.survey_id == Survey.id)
        .join(DataCut, DataCut.id == Publication.cut_id)
        .where(Survey.slug == slug, Publication.withdrawn_on.is_(None))
    )
    return session.execute(query).one_or_none()


def frozen(session: Session, cut_id: int) -> str:
    """The figures of a cut, as they are stored."""
    return session.scalars(select(DataCut.result).where(DataCut.id == cut_id)).one()


def put(session: Session, survey_id: int, cut_id: int, *, open_data: bool, by: str, on: date) -> None:
    """Publishes this cut in place of whatever was published."""
    values = {
        "cut_id": cut_id,
        "open_data": open_data,
        "published_by": by,
        "published_on": on,
        "withdrawn_on": None,
    }
    found = session.get(Publication, survey_id)
    if found is None:
        session.add(Publication(survey_id=survey_id, **values))
    else:
        for name, value in values.items():
            setattr(found, name, value)


def withdraw(session: Session, survey_id: int, on: date) -> bool:
    """Takes it back; False where nothing is published."""
    found = session.get(Publication, survey_id)
    if found is None or found.withdrawn_on is not None:
        return False
    found.withdrawn_on = on
    return True


def by_wall(session: Session, key: str) -> Survey | None:
    """The survey whose live wall has this key."""
    return session.scalars(select(Survey).where(Survey.wall_key == key)).one_or_none()
