"""Whether the tables answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import Response


def look(session: Session) -> None:
    """Reads from the table of responses, whatever it holds."""
    session.execute(select(Response.id).limit(1)).first()
