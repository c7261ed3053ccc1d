"""Key-in of paper forms and interviews: batches, and the sheets keyed in them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class EntryBatch(Base):
    """A pile of sheets, or a shift of interviews, behind one collector. ``expected`` sheets are in the pile; about
    ``double_percent`` of them are keyed a second time by somebody else."""

    __tablename__ = "entry_batch"
    __table_args__ = (
        CheckConstraint("expected IS NULL OR expected > 0", name="expected"),
        CheckConstraint("double_percent BETWEEN 0 AND 100", name="double_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    expected: Mapped[int | None]
    double_percent: Mapped[int]
    opened_by: Mapped[str] = mapped_column(String(254))
    opened_on: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class KeyedSheet(Base):
    """A sheet that was keyed in, and by whom. ``serial`` is printed on it (null: none, as in an interview); two sheets
    may bear the same, and are then asked about. ``response_id`` is the stored answer, 0 for an interview: in the order
    of these rows it would tell who said what. No foreign key, since releases rewrite the answers. ``second_answers``
    (JSON) is what the second person read differently and, once ``settled``, only who erred where; ``differences`` in
    how many questions the two differ."""

    __tablename__ = "keyed_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("entry_batch.id"), index=True)
    serial: Mapped[str | None] = mapped_column(String(16), index=True)
    response_id: Mapped[int] = mapped_column(BigInteger)
    keyed_by: Mapped[str] = mapped_column(String(254))
    keyed_on: Mapped[date]
    second_answers: Mapped[str | None] = mapped_column(Text)
    second_by: Mapped[str | None] = mapped_column(String(254))
    differences: Mapped[int | None]
    settled: Mapped[bool] = mapped_column(default=False)
