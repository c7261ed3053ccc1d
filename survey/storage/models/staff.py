"""Staff accounts, their server-side sessions, and one-time links that let someone set a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class StaffUser(Base):
    """``email`` is stored lower-case; ``password_hash`` is argon2, null until the invitation is used.
    ``totp_secret`` is set once the second factor is confirmed, ``totp_step`` is the last time step whose code was used;
    ``failures`` counts log-ins tried since the last right one."""

    __tablename__ = "staff_user"
    __table_args__ = (CheckConstraint("role IN ('administrator', 'staff', 'reform_team')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8), default="vi")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """A one-time stand-in for the second factor, kept as a hash; the row goes when it is used."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)


class StaffSession(Base):
    """A log-in. The cookie holds a random token, the row its SHA-256; deleting the row ends the session."""

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class Invitation(Base):
    """A link, usable once and for a limited time, with which a person sets the password of an account."""

    __tablename__ = "invitation"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
