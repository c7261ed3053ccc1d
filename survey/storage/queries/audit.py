"""The audit trail: adding an entry, and reading. There is nothing here to change one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
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


def newest(
    session: Session, subjects: Collection[str] | None = None, *, skip: int = 0, most: int = 50
) -> Sequence[AuditEntry]:
    """Entries about one of ``subjects`` (None: about anything), newest first."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).offset(skip).limit(most)
    return session.scalars(query if subjects is None else query.where(AuditEntry.subject.in_(subjects))).all()


def count(session: Session, subjects: Collection[str] | None = None) -> int:
    """How many entries there are about one of ``subjects`` (None: about anything)."""
    query = select(func.count()).select_from(AuditEntry)
    return session.scalar(query if subjects is None else query.where(AuditEntry.subject.in_(subjects))) or 0
