"""The audit trail: adding an entry, and reading. There is nothing here to change one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from survey.storage.models import AuditEntry

T = TypeVar("T")


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
    session: Session,
    subjects: Collection[str] | None = None,
    *,
    who: str = "",
    action: str = "",
    skip: int = 0,
    most: int = 50,
) -> Sequence[AuditEntry]:
    """Entries about one of ``subjects`` (None: about anything), newest first; only those of one person or one action
    where these are named."""
    query = _chosen(select(AuditEntry), subjects, who, action)
    return session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).offset(skip).limit(most)).all()


def count(session: Session, subjects: Collection[str] | None = None, *, who: str = "", action: str = "") -> int:
    """How many entries ``newest`` has to give in all."""
    return session.scalar(_chosen(select(func.count(AuditEntry.id)), subjects, who, action)) or 0


def _chosen(query: Select[T], subjects: Collection[str] | None, who: str, action: str) -> Select[T]:
    if subjects is not None:
        query = query.where(AuditEntry.subject.in_(subjects))
    if who:
        query = query.where(AuditEntry.actor == who)
    return query.where(AuditEntry.action == action) if action else query
