"""Released responses with their identifiers, for whoever looks for those that a selection means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, QuestionnaireVersion, Response
from survey.storage.queries.releases import AT_ONCE, COUNTED

Released = Row[int, str, str, str, int, date, str]
"""Id, answers, collector code, language, version number, day, status."""


def released(session: Session, survey_id: int, upto: int) -> Iterator[Sequence[Released]]:
    """What results of the releases up to this number count, in batches and in the order of the random identifiers."""
    query = (
        select(
            Response.id,
            Response.answers,
            Collector.code,
            Response.language,
            QuestionnaireVersion.number,
            Response.received_on,
            Response.status,
        )
        .join(Collector, Collector.id == Response.collector_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Response.survey_id == survey_id, Response.release_number <= upto, Response.status.in_(COUNTED))
        .order_by(Response.id)
    )
    return session.execute(query.execution_options(yield_per=AT_ONCE)).partitions()
