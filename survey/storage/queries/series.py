"""Series and their waves, and what each day brought of one question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import JSON, ColumnElement, Row, cast, delete, func, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.errors import Conflict
from survey.storage.models import QuestionnaireVersion, Release, Response, Series, Survey, Unit
from survey.storage.queries.releases import COUNTED


def find(session: Session, slug: str, units: Collection[int] | None = None) -> Series | None:
    """The series with this slug if it belongs to one of ``units`` (None: any)."""
    query = select(Series).where(Series.slug == slug)
    return session.scalars(query if units is None else query.where(Series.unit_id.in_(units))).one_or_none()


def get(session: Session, series_id: int) -> Series | None:
    """The series with this id."""
    return session.get(Series, series_id)


def visible(session: Session, units: Collection[int] | None) -> Sequence[Row[Series, str, int]]:
    """The series of ``units`` (None: all) with their unit's name and the number of their surveys, by title."""
    waves = select(func.count()).where(Survey.series_id == Series.id)
    if units is not None:
        waves = waves.where(Survey.unit_id.in_(units))
    query = select(Series, Unit.name, waves.scalar_subquery()).join(Unit, Unit.id == Series.unit_id)
    if units is not None:
        query = query.where(Series.unit_id.in_(units))
    return session.execute(query.order_by(Series.title, Series.id)).all()


def insert(session: Session, series: Series) -> Series:
    """A new series, with its id. Raises Conflict ``slug_taken``."""
    session.add(series)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "slug_taken", "There is already a series with this short name.", "Choose another one."
        ) from error
    return series


def remove(session: Session, series_id: int) -> None:
    """Deletes a series that no survey is in."""
    session.execute(delete(Series).where(Series.id == series_id))


def in_use(session: Session, series_id: int) -> bool:
    """Whether any survey, of whatever unit, is in it."""
    return session.scalar(select(Survey.id).where(Survey.series_id == series_id).limit(1)) is not None


def waves(session: Session, series_id: int, units: Collection[int] | None) -> Sequence[Row[Survey, str]]:
    """The surveys of a series that belong to ``units`` (None: any), with their unit's name, in order of time."""
    query = select(Survey, Unit.name).join(Unit, Unit.id == Survey.unit_id).where(Survey.series_id == series_id)
    if units is not None:
        query = query.where(Survey.unit_id.in_(units))
    return session.execute(query.order_by(Survey.wave_on, Survey.id)).all()


def documents(session: Session, survey_id: int) -> Sequence[Row[int, int, str]]:
    """Identifier, number and document of every published version, oldest first."""
    query = select(QuestionnaireVersion.id, QuestionnaireVersion.number, QuestionnaireVersion.document)
    return session.execute(
        query.where(QuestionnaireVersion.survey_id == survey_id).order_by(QuestionnaireVersion.number)
    ).all()


def daily(
    session: Session, survey_id: int, key: str, codes: Collection[str], versions: Collection[int]
) -> Sequence[Row[date, str, int]]:
    """Of what is released: local day, code of the question ``key``, and how many gave it then, in order of days.
    ``codes`` are those that count, ``versions`` those that asked it as a closed question."""
    code = _answer(session, key)
    released = select(Release.number).where(Release.survey_id == survey_id)
    query = (
        select(Response.received_on, code, func.count())
        .where(
            Response.survey_id == survey_id,
            Response.release_number.in_(released),
            Response.status.in_(COUNTED),
            Response.version_id.in_(versions),
            code.in_(codes),
        )
        .group_by(Response.received_on, code)
    )
    return session.execute(query.order_by(Response.received_on)).all()


def first_waiting_day(session: Session, survey_id: int) -> date | None:
    """The first local day of which an answer waits for its release; None if none waits."""
    waiting = (Response.survey_id == survey_id, Response.release_number.is_(None), Response.status.in_(COUNTED))
    return session.scalar(select(func.min(Response.received_on)).where(*waiting))


def _answer(session: Session, key: str) -> ColumnElement[str]:
    """One answer out of the document. SQLite reads it from the text; PostgreSQL has to be told that it is JSON."""
    stored = Response.answers
    read = cast(stored, JSON) if session.get_bind().dialect.name == "postgresql" else type_coerce(stored, JSON)
    answer: ColumnElement[str] = read[key].as_string()
    return answer
