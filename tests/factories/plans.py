"""How SQLite goes about what is asked of it; a table of ten rows would not tell by the time it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.services.runtime import Runtime


def plans(runtime: Runtime, read: Callable[[Session], object]) -> list[str]:
    """The steps over the table of responses in the plans of every statement that ``read`` sends, as SQLite words them:
    ``SEARCH response USING INDEX …`` or ``SCAN response``."""
    sent: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        sent.append((statement, parameters))

    with runtime.database.reading() as session:
        event.listen(runtime.database.reader, "before_cursor_execute", note)
        try:
            read(session)
        finally:
            event.remove(runtime.database.reader, "before_cursor_execute", note)
        asked = [session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given) for one, given in sent]
        return [row.detail for rows in asked for row in rows if " response " in f"{row.detail} "]
