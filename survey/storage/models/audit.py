"""The audit trail: one entry for every change by staff or the operator; entries are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class AuditEntry(Base):
    """``actor`` is an e-mail address or ``operator`` (the command line); ``subject`` names what was changed, such as
    ``survey:dialogue-2026``; ``detail`` is a small JSON object without personal data or answers."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(Text, default="{}")
