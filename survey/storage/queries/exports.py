"""Reading every stored response of a survey, for files of single answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import ColumnElement, LargeBinary, Row, Select, String, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from survey.storage.models import Response
from survey.storage.queries.releases import LIVE

KEPT = ("complete", "flagged")
"""Statuses that are somebody's answer."""

AT_ONCE = 300
"""Responses read together, more or less. With more they no longer fit the processor's cache, and it gets slower."""

_IDS = 1 << 63

Batch = Row[str, int, str, int, str, bytes]
"""Status, collector id, language, version id, month (``2026-11``), and what each who shares these answered: a JSON
object a line, UTF-8."""


def number(session: Session, survey_id: int) -> int:
    """How many answers ``batches`` gives."""
    wanted = Response.survey_id == survey_id, LIVE.in_(KEPT)
    return session.scalar(select(func.count()).select_from(Response).where(*wanted)) or 0


def batches(session: Session, survey_id: int) -> Iterator[Batch]:
    """All responses, in an order that tells nothing of when they came.

    Identifiers are random, so each of so many equal ranges of them holds about as many responses. The database joins
    what it finds in a range: handing over row by row takes twice as long (measured).
    """
    number = session.scalar(select(func.count()).select_from(Response).where(Response.survey_id == survey_id)) or 0
    connection, query = session.connection(), _range(session.get_bind().dialect.name)
    ranges = 1 + number // AT_ONCE
    for n in range(ranges):
        bounds = {"first": n * _IDS // ranges, "last": (n + 1) * _IDS // ranges - 1}
        yield from connection.execute(query, {"survey": survey_id, **bounds})


@cache
def _range(dialect: str) -> Select[str, int, str, int, str, bytes]:
    """The responses of one range, grouped. SQLite goes through that range of its table, which is in the order of
    identifiers, ("+ 0" keeps it from its index on surveys); PostgreSQL, whose table is in order of arrival, sorts."""
    survey: ColumnElement[int] = Response.survey_id + 0
    lines: ColumnElement[bytes] = cast(func.group_concat(Response.answers, "\n"), LargeBinary)
    if dialect == "postgresql":
        survey = Response.__table__.c.survey_id
        sorted_lines = func.string_agg(Response.answers, aggregate_order_by(literal("\n"), Response.id))
        lines = func.convert_to(sorted_lines, "UTF8", type_=LargeBinary)
    status = LIVE.label("status")
    shared = (
        status,
        Response.collector_id,
        Response.language,
        Response.version_id,
        func.substr(cast(Response.received_on, String), 1, 7).label("month"),
    )
    return (
        select(*shared, lines)
        .where(
            survey == bindparam("survey"),
            Response.id.between(bindparam("first"), bindparam("last")),
            LIVE.in_(KEPT),
        )
        .group_by(*shared)
    )
