"""The audit trail: adding an entry. There is nothing here to change one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.storage.models import AuditEntry


def record(
    session: Session,
    at: datetime,
    actor_name: str,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add who did what to which thing. ``detail`` is a small JSON object without personal data or answers."""
    session.execute(
        insert(AuditEntry).values(
            at=at,
            actor=actor_name,
            action=action,
            subject=subject,
            detail=json.dumps(detail or {}, ensure_ascii=False, sort_keys=True),
        )
    )
