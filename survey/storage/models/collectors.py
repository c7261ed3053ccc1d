"""Collectors: one channel each, with the short code that is printed; their print runs and counts of visits."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class Collector(Base):
    """``code`` is ten characters without the hyphen. ``closed_at`` is set when staff close it; dates are local days.

    ``fixed`` is a JSON object question key → choice code that the QR carries. ``leads_to_id``: its printed code opens
    that collector instead, perhaps of another survey; answers already given stay where they are. ``single_use``: only
    codes of ``single_use_code`` open it. ``hours_from`` and ``hours_to`` are when people are served there (local), and
    ``expected_per_day`` how many answers a busy day brings: both only flag, never refuse. ``most_answers`` closes the
    door behind the last one. ``exit_code`` (kiosk) is a salted hash; ``follow_up_id`` is what a kiosk's thank-you
    page shows the QR code of.
    """

    __tablename__ = "collector"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('leaflet', 'poster', 'counter', 'kiosk', 'slip', 'event', 'web', 'link', 'interviewer', 'paper', "
            "'import')",
            name="kind",
        ),
        CheckConstraint("slip IS NULL OR slip IN ('receipt', 'supplement', 'refusal')", name="slip"),
        CheckConstraint("most_answers IS NULL OR most_answers > 0", name="most_answers"),
        CheckConstraint("expected_per_day IS NULL OR expected_per_day > 0", name="expected_per_day"),
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
    slip: Mapped[str | None] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    fixed: Mapped[str] = mapped_column(Text, default="{}")
    language: Mapped[str | None] = mapped_column(String(8))
    hours_from: Mapped[time | None]
    hours_to: Mapped[time | None]
    expected_per_day: Mapped[int | None]
    most_answers: Mapped[int | None]
    single_use: Mapped[bool] = mapped_column(default=False)
    leads_to_id: Mapped[int | None] = mapped_column(ForeignKey("collector.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("collector.id"))
    exit_code: Mapped[str | None] = mapped_column(String(200))


class PrintRun(Base):
    """What was printed for a collector at one time. ``number`` counts within the collector and stands in the printed
    address where there is one; ``copies`` were printed, ``handed_out`` of them given to people (None: not known yet).
    ``first_serial`` is that of the first paper form; ``digest`` the SHA-256 of the file."""

    __tablename__ = "print_run"
    __table_args__ = (
        UniqueConstraint("collector_id", "number"),
        CheckConstraint("kind IN ('poster', 'labels', 'codes', 'form', 'other')", name="kind"),
        CheckConstraint("copies > 0", name="copies"),
        CheckConstraint("handed_out IS NULL OR handed_out >= 0", name="handed_out"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    copies: Mapped[int]
    handed_out: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    first_serial: Mapped[int | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    printed_on: Mapped[date]


class SingleUseCode(Base):
    """A code that opens the form once. ``code_hash`` is its HMAC under the secret key that ``key_id`` names.

    Nothing here tells time or order: the table is in the order of the hashes (on SQLite without hidden row numbers; on
    PostgreSQL it is rewritten at each release together with the answers), so that no code leads to its answer.
    """

    __tablename__ = "single_use_code"
    __table_args__ = ({"sqlite_with_rowid": False},)

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"), index=True)
    print_run_id: Mapped[int | None] = mapped_column(ForeignKey("print_run.id"))
    key_id: Mapped[bytes] = mapped_column(LargeBinary(4))
    spent: Mapped[bool] = mapped_column(default=False)


class Visits(Base):
    """How often a form was opened and begun, by collector, print run (0: none) and local day. Counts of events; nothing
    here belongs to a person. ``shown`` counts a banner's views."""

    __tablename__ = "visits"

    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"), primary_key=True, autoincrement=False)
    run: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
