"""Surveys and their published versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.errors import Conflict
from survey.storage.models import QuestionnaireVersion, Survey, Unit


def find(session: Session, slug: str, units: Collection[int] | None = None, *, lock: bool = False) -> Survey | None:
    """The survey with this slug if it belongs to one of ``units`` (None: any). ``lock`` keeps other writers of the same
    survey waiting until the transaction ends (PostgreSQL; SQLite has one writer anyway)."""
    query = select(Survey).where(Survey.slug == slug)
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.scalars(query.with_for_update(key_share=True) if lock else query).one_or_none()


def get(session: Session, survey_id: int) -> Survey | None:
    """The survey with this id."""
    return session.get(Survey, survey_id)


def visible(session: Session, units: Collection[int] | None) -> Sequence[Row[Survey, str]]:
    """Surveys of ``units`` (None: of all) with their unit's name, newest first."""
    query = select(Survey, Unit.name).join(Unit, Unit.id == Survey.unit_id)
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.execute(query.order_by(Survey.created_at.desc(), Survey.id.desc())).all()


def insert(session: Session, survey: Survey) -> Survey:
    """Stores a new survey and gives it its id. Raises Conflict ``slug_taken``."""
    session.add(survey)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "slug_taken", "There is already a survey with this short name.", "Choose another one."
        ) from error
    return survey


def version(session: Session, survey_id: int, number: int) -> QuestionnaireVersion | None:
    """One published version."""
    query = select(QuestionnaireVersion).where(
        QuestionnaireVersion.survey_id == survey_id, QuestionnaireVersion.number == number
    )
    return session.scalars(query).one_or_none()


def versions(session: Session, survey_id: int) -> Sequence[QuestionnaireVersion]:
    """All published versions, oldest first."""
    query = select(QuestionnaireVersion).where(QuestionnaireVersion.survey_id == survey_id)
    return session.scalars(query.order_by(QuestionnaireVersion.number)).all()


def insert_version(
    session: Session, survey_id: int, *, number: int, document: str, digest: str, published_at: datetime
) -> QuestionnaireVersion:
    """Stores a published version; such rows are never changed."""
    row = QuestionnaireVersion(
        survey_id=survey_id, number=number, document=document, digest=digest, published_at=published_at
    )
    session.add(row)
    session.flush()
    return row
