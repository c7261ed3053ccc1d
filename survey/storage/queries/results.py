"""What results need to know beside the response matrix; but for ``everything``, nothing looks at every response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, func, literal_column, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, QuestionnaireVersion, Release, Response
from survey.storage.queries.releases import AT_ONCE, COUNTED, LIVE

COMPLETE: ColumnElement[str] = literal_column("'complete'")
"""As written in the condition of the index: a bound value would keep the database from using it."""


def count_by_status(session: Session, survey_id: int) -> dict[str, int]:
    """Live counts of responses by status, changes that wait included; statuses without one are absent. A release tells
    how many counted responses it holds, so the complete ones among them, nearly all, need not be counted again."""
    mine = Response.survey_id == survey_id
    released = Response.release_number.is_not(None)
    others = session.execute(
        select(Response.status, released, func.count())
        .where(mine, Response.status != COMPLETE)
        .group_by(Response.status, released)
    )
    counts: Counter[str] = Counter()
    counts["complete"] = session.scalar(select(func.sum(Release.responses)).where(Release.survey_id == survey_id)) or 0
    for status, is_released, number in others:
        counts[status] += number
        counts["complete"] -= number if is_released and status in COUNTED else 0
    waiting = select(func.count()).where(mine, ~released, Response.status == COMPLETE)
    counts["complete"] += session.scalar(waiting) or 0
    to_change = select(Response.status, Response.change, func.count()).where(mine, Response.change.is_not(None))
    for now, then, number in session.execute(to_change.group_by(Response.status, Response.change)):
        counts[now] -= number
        counts[str(then)] += number
    return {status: number for status, number in counts.items() if number and status != "erased"}


def collector_names(session: Session, survey_id: int) -> dict[str, str]:
    """Collector code → name, oldest first."""
    query = select(Collector.code, Collector.name).where(Collector.survey_id == survey_id).order_by(Collector.id)
    return {code: name for code, name in session.execute(query)}


def everything(session: Session, survey_id: int) -> Iterator[Sequence[Row[str, str, str, int, date, str]]]:
    """Every counted response, released or not, in batches: answers, collector code, language, version number, day and
    status."""
    query = (
        select(
            Response.answers,
            Collector.code,
            Response.language,
            QuestionnaireVersion.number,
            Response.received_on,
            LIVE,
        )
        .join(Collector, Collector.id == Response.collector_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Response.survey_id == survey_id, LIVE.in_(COUNTED))
    )
    return session.execute(query.execution_options(yield_per=AT_ONCE)).partitions()
