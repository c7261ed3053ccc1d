"""Showing a selection or a breakdown: only what can stand beside everything that was shown before, and written down.

The overall result is not written down: everybody who may see results knows it. All else is a set of people, and sets
can be subtracted (see ``statistics.showing`` and ``statistics.deciding``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey.aggregation.columns import Matrix
from survey.errors import Conflict
from survey.services.runtime import Actor, Runtime
from survey.statistics import showing
from survey.statistics.deciding import Asked, Make, Record, decide
from survey.statistics.results import SurveyResult
from survey.storage.models import SelectionShown
from survey.storage.queries import releases, selections

ATTEMPTS = 5


def show(runtime: Runtime, actor: Actor, matrix: Matrix, asked: Asked, make: Make) -> SurveyResult:
    """What of the result may be shown, after writing it down.

    Raises PhieuError ``selection_too_small`` where that is nothing, and Conflict ``asked_at_once`` when others keep
    looking at other selections at the same moment.
    """
    for _ in range(ATTEMPTS):
        with runtime.database.reading() as session:
            mark = selections.newest_shown(session, asked.survey_id)
            rows = selections.shown(session, asked.survey_id)
        found, entries = decide(matrix, asked, make, [_record(row) for row in rows])
        mine = {(row.digest, row.cut_hash) for row in rows if row.shown_to == actor.name}
        fresh = [one for one in entries if (one.digest, one.cut_hash) not in mine]
        if not fresh or _written(runtime, actor, asked, mark, fresh):
            return found
    raise Conflict(
        "asked_at_once", "Others are looking at selections of this survey at the same moment.", "Try again shortly."
    )


def _record(row: SelectionShown) -> Record:
    return Record(row.by, row.digest, row.cut_hash, row.people, showing.read(json.loads(row.shown)))


def _written(runtime: Runtime, actor: Actor, asked: Asked, mark: int, entries: Sequence[Record]) -> bool:
    """Whether it could be written down before anybody else wrote."""

    def work(session: Session) -> bool:
        releases.lock(session, asked.survey_id)
        if selections.newest_shown(session, asked.survey_id) != mark:
            return False
        for one in entries:
            selections.add_shown(
                session,
                asked.survey_id,
                digest=one.digest,
                filters=json.dumps([[key, list(codes)] for key, codes in asked.filters], ensure_ascii=False),
                by=one.by,
                release_number=one.shown.release,
                cut_hash=one.cut_hash,
                people=one.people,
                shown=json.dumps(one.shown.document(), ensure_ascii=False),
                shown_to=actor.name,
                shown_on=runtime.today(),
            )
        return True

    return runtime.database.write(work)
