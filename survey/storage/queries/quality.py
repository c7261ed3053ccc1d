"""Flagged answers in groups, and leaving answers out of results. No query here gives a single answer to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, Subquery, bindparam, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from survey.storage.models import Collector, Exclusion, Response
from survey.storage.queries.releases import AT_ONCE, COUNTED, LIVE
from survey.storage.queries.results import COMPLETE


def flagged(session: Session, survey_id: int) -> Sequence[Row[str, str, date, str, int]]:
    """Collector code and name, local day, flags between spaces, and how many counted answers carry just these."""
    query = (
        select(Collector.code, Collector.name, Response.received_on, Response.flags, func.count())
        .join(Collector, Collector.id == Response.collector_id)
        .where(Response.survey_id == survey_id, Response.flags != "", LIVE.in_(COUNTED))
        .group_by(Collector.code, Collector.name, Response.received_on, Response.flags)
    )
    return session.execute(query).all()


def days(session: Session, survey_id: int) -> dict[tuple[str, date], int]:
    """(Collector code, local day) → how many answers count."""
    query = (
        select(Collector.code, Response.received_on, func.count())
        .join(Collector, Collector.id == Response.collector_id)
        .where(Response.survey_id == survey_id, LIVE.in_(COUNTED))
        .group_by(Collector.code, Response.received_on)
    )
    return {(code, day): number for code, day, number in session.execute(query)}


def chosen(session: Session, survey_id: int, collector_id: int, day: date, flag: str) -> list[int]:
    """The counted answers behind a collector on one day that carry a flag."""
    carried: ColumnElement[str] = literal(" ") + Response.flags + literal(" ")
    query = select(Response.id).where(
        Response.survey_id == survey_id,
        Response.collector_id == collector_id,
        Response.received_on == day,
        carried.contains(f" {flag} ", autoescape=True),
        LIVE.in_(COUNTED),
    )
    return list(session.scalars(query))


def flag(session: Session, found: Mapping[int, frozenset[str]]) -> list[int]:
    """Adds flags to responses; gives those of them that counted as complete so far."""
    complete: list[int] = []
    ids = list(found)
    for start in range(0, len(ids), AT_ONCE):
        some = Response.id.in_(ids[start : start + AT_ONCE])
        rows = session.execute(select(Response.id, Response.flags, LIVE).where(some)).all()
        complete += [response for response, _, status in rows if status == "complete"]
        changed = [
            {"one": response, "written": " ".join(sorted({*flags.split(), *found[response]}))}
            for response, flags, _ in rows
        ]
        if changed:
            session.connection().execute(
                update(Response).where(Response.id == bindparam("one")).values(flags=bindparam("written")), changed
            )
    return complete


def add(session: Session, exclusion: Exclusion, response_ids: Sequence[int]) -> int:
    """Stores an exclusion and marks the answers it leaves out; gives its id."""
    session.add(exclusion)
    session.flush()
    session.connection().execute(
        update(Response).where(Response.id.in_(response_ids)).values(exclusion_id=exclusion.id)
    )
    return exclusion.id


def get(session: Session, survey_id: int, number: int) -> Exclusion | None:
    """One exclusion of a survey."""
    return session.scalars(
        select(Exclusion).where(Exclusion.survey_id == survey_id, Exclusion.id == number)
    ).one_or_none()


def left_out(session: Session, exclusion: Exclusion) -> dict[str, list[int]]:
    """The answers an exclusion still leaves out, by the status they had: ``flagged`` or ``complete``."""
    excluded = _excluded(exclusion.survey_id)
    query = select(excluded.c.id, excluded.c.flags).where(excluded.c.exclusion_id == exclusion.id)
    found: dict[str, list[int]] = {"flagged": [], "complete": []}
    for response, flags in session.execute(query):
        found["flagged" if flags else "complete"].append(response)
    return found


def of_survey(session: Session, survey_id: int) -> Sequence[Row[Exclusion, str | None]]:
    """A survey's exclusions, newest first, with the name of the collector each is about."""
    query = select(Exclusion, Collector.name).outerjoin(Collector, Collector.id == Exclusion.collector_id)
    return session.execute(query.where(Exclusion.survey_id == survey_id).order_by(Exclusion.id.desc())).all()


def reasons(session: Session, survey_id: int) -> list[tuple[str, int]]:
    """Why answers are left out, and how many for each reason; what was taken back in is not among them."""
    excluded = _excluded(survey_id)
    query = (
        select(Exclusion.reason, func.count())
        .join(excluded, excluded.c.exclusion_id == Exclusion.id)
        .where(Exclusion.survey_id == survey_id)
        .group_by(Exclusion.reason)
        .order_by(func.count().desc(), Exclusion.reason)
    )
    return [(reason, number) for reason, number in session.execute(query)]


def _excluded(survey_id: int) -> Subquery:
    """The survey's answers that are left out, or will be with a release: as two questions, each with an index of few
    answers; one question for both would look at every answer of the survey."""
    excluded = select(Response.id, Response.flags, Response.exclusion_id).where(Response.survey_id == survey_id)
    by_now = excluded.where(Response.status != COMPLETE, Response.status == "excluded", Response.change.is_(None))
    to_be = excluded.where(Response.change.is_not(None), Response.change == "excluded")
    return union_all(by_now, to_be).subquery()
