"""Imports: the batch that recognises a table it has seen, and its responses, stored together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.errors import Conflict
from survey.storage.models import ImportBatch, Response

AT_ONCE = 5_000
"""Responses handed over together, so that they need not all stand in memory twice."""


def insert_batch(
    session: Session, survey_id: int, *, digest: bytes, filename: str, rows: int, imported_at: datetime
) -> int:
    """Stores an import and gives its id. Raises Conflict ``already_imported``."""
    batch = ImportBatch(survey_id=survey_id, digest=digest, filename=filename, rows=rows, imported_at=imported_at)
    session.add(batch)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "already_imported",
            "This table was taken into this survey before, so nothing was stored.",
            "If these are other people who happened to say the same, tell them apart by a column received_on.",
        ) from error
    return batch.id


def insert_responses(session: Session, rows: Sequence[dict[str, Any]], **shared: Any) -> None:
    """Stores responses given as dictionaries of their columns; ``shared`` columns are the same for all."""
    connection = session.connection()
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(insert(Response), [row | shared for row in rows[start : start + AT_ONCE]])
