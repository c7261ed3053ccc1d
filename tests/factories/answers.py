"""Answers in the database as they are after validation, and their release; for tests of what comes later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.services.releasing import release_everything
from survey.services.runtime import Runtime
from survey.storage.models import Collector, QuestionnaireVersion, Response, Survey


def answer(
    runtime: Runtime, code: str, people: Sequence[Mapping[str, str]], status: str = "complete", flags: str = ""
) -> None:
    """Stores these answers behind a collector, as they are after validation."""
    with runtime.database.reading() as session:
        collector = session.scalars(select(Collector).where(Collector.code == code)).one()
        version = session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.survey_id == collector.survey_id)
        ).one()
    rows = [
        {
            "id": int.from_bytes(runtime.randomness(7), "big"),
            "survey_id": collector.survey_id,
            "version_id": version,
            "collector_id": collector.id,
            "submission_key": runtime.randomness(16),
            "digest": bytes(32),
            "receipt_hash": None,
            "language": "vi",
            "status": status,
            "received_on": runtime.today(),
            "release_number": None,
            "import_id": None,
            "answers": json.dumps(one),
            "flags": flags,
        }
        for one in people
    ]
    runtime.database.write(lambda session: session.execute(insert(Response), rows) and None)


def release(runtime: Runtime, slug: str) -> None:
    """Lets all that waits into the results."""

    def work(session: Session) -> None:
        survey_id = session.scalars(select(Survey.id).where(Survey.slug == slug)).one()
        release_everything(session, survey_id, runtime.today(), runtime.randomness)

    runtime.database.write(work)
