"""Collectors: one channel each, with the short code that is printed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class Collector(Base):
    """``code`` is ten characters without the hyphen. ``closed_at`` is set when staff close it; dates are local days."""

    __tablename__ = "collector"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('leaflet', 'poster', 'counter', 'kiosk', 'slip', 'event', 'web', 'interviewer', 'paper', "
            "'import')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
