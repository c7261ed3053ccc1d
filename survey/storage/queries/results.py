"""What results need to know beside the response matrix; but for ``everything``, nothing looks at every response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, func, literal_column, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, QuestionnaireVersion, Release, Response
from survey.storage.queries.releases import AT_ONCE, COUNTED, LIVE

COMPLETE: ColumnElement[str] = literal_column("'complete'")
"""As written in the condition of the index: a bound value would keep the database from using it."""


def count_by_status(session: Session, survey_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Survey id → status → live number of responses, changes that wait included; statuses without one are absent. A
    release tells how many counted responses it holds, so the complete ones among them, nearly all, need not be counted
    again; an index alone tells how many are not complete."""
    counts: dict[int, Counter[str]] = {survey_id: Counter() for survey_id in survey_ids}
    of = (Response.survey_id, Response.status)
    query = select(*of, func.count()).where(Response.survey_id.in_(survey_ids)).group_by(*of)
    released = select(Release.survey_id, func.sum(Release.responses)).where(Release.survey_id.in_(survey_ids))
    for survey_id, number in session.execute(released.group_by(Release.survey_id)):
        counts[survey_id]["complete"] = number
    for survey_id, status, number in session.execute(query.where(Response.status != COMPLETE)):
        counts[survey_id][status] = number
        counts[survey_id]["complete"] -= number if status in COUNTED else 0
    for survey_id, _, number in session.execute(
        query.where(Response.release_number.is_(None), Response.status.in_(COUNTED))
    ):
        counts[survey_id]["complete"] += number
    changes = query.add_columns(Response.change).where(Response.change.is_not(None)).group_by(Response.change)
    for survey_id, now, number, then in session.execute(changes):
        counts[survey_id][now] -= number
        counts[survey_id][str(then)] += number
    return {
        survey_id: {status: number for status, number in found.items() if number and status != "erased"}
        for survey_id, found in counts.items()
    }


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
