"""Reading every stored response of a survey, for files of single answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from survey.storage.models import Response

KEPT = ("complete", "flagged")
"""Statuses that are somebody's answer."""

BETWEEN = "|"
"""Stands between the values beside the answers."""

AT_ONCE = 500
"""Rows read together, more or less, so that memory does not grow with the survey."""

_IDS = 1 << 63


def batches(session: Session, survey_id: int) -> Iterator[tuple[list[str], str]]:
    """Batches of responses in random order: for each response the status, collector id, language, version id and month
    (``2026-11``) with ``BETWEEN`` between them; and the answers of all as one JSON array.

    Identifiers are random, so each of so many equal ranges of them holds about as many responses, and their order is
    random. The database joins what it finds in a range: handing over row by row takes twice as long (measured).
    """
    number = session.scalar(select(func.count()).select_from(Response).where(Response.survey_id == survey_id)) or 0
    ranges = 1 + number // AT_ONCE
    connection, query = session.connection(), _range(session.get_bind().dialect.name)
    for n in range(ranges):
        bounds = {"first": n * _IDS // ranges, "last": (n + 1) * _IDS // ranges - 1}
        names, answers = connection.execute(query, {"survey": survey_id, **bounds}).one()
        if names is not None:
            yield names.split("\n"), f"[{answers}]"


@cache
def _range(dialect: str) -> Select[str, str]:
    """The responses of one range, joined. SQLite is to read that range of its table, which is in this order, and not
    all that an index on surveys finds: "+ 0" keeps it from using one."""
    month = func.substr(cast(Response.received_on, String), 1, 7)
    beside = Response.status + BETWEEN
    for value in (Response.collector_id, Response.language, Response.version_id):
        beside = beside + cast(value, String) + BETWEEN
    found = (
        select((beside + month).label("beside"), Response.answers)
        .where(
            (Response.survey_id + 0 if dialect == "sqlite" else Response.survey_id) == bindparam("survey"),
            Response.id.between(bindparam("first"), bindparam("last")),
            Response.status.in_(KEPT),
        )
        .order_by(Response.id)
        .subquery()
    )
    return select(func.aggregate_strings(found.c.beside, "\n"), func.aggregate_strings(found.c.answers, ","))
