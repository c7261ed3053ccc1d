"""Invitations by e-mail: one letter to many addresses, each with a single-use code of its own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class Mailing(Base):
    """The wording that goes out, and the one reminder after it. ``{link}`` in a body becomes the person's address."""

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    reminder_subject: Mapped[str] = mapped_column(String(200))
    reminder_body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class Invitee(Base):
    """An address that is written to. ``code_hash`` is its code in ``single_use_code``: it tells whether the person has
    answered, for the reminder, and never what. ``state``: what became of the last letter; ``sending`` is one that may
    or may not have left when the server stopped. ``detail`` is what the mail server said."""

    __tablename__ = "invitee"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address"),
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'refused', 'bounced')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    detail: Mapped[str] = mapped_column(String(300), default="")
    sent_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
