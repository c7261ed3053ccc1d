"""Responses, the releases that let them into results, and the imports they may have come from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class Response(Base):
    """One person's answers: a row with no time finer than the local day, no address, no name.

    ``id`` is random and tells no order of arrival; nor does SQLite's table, which is in its order. PostgreSQL's table
    does until a release, which rewrites what it takes and what still waits. ``answers`` is a JSON object in
    questionnaire order: code, list of codes or text; ``""`` or ``[]`` where asked and left blank, absent where not
    asked. ``digest`` (SHA-256) tells the same content sent again from other content. ``release_number`` is null until a
    release, ``receipt_hash`` for imported answers and for those whose link to their receipt was cut.

    ``status`` is what results count. What changes after a release waits in ``change``, the status to be, until enough
    changes are released together. ``flags`` are the reasons for a second look, in alphabetical order between spaces.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("status IN ('complete', 'partial', 'test', 'flagged', 'excluded', 'withdrawn')", name="status"),
        Index("ix_response_survey_id_release_number", "survey_id", "release_number"),
        # Most responses are complete: counting the others must not look at them all.
        Index(
            "ix_response_survey_id_status",
            "survey_id",
            "status",
            sqlite_where=text("status <> 'complete'"),
            postgresql_where=text("status <> 'complete'"),
        ),
        CheckConstraint(
            "change IS NULL OR change IN ('complete', 'flagged', 'excluded', 'withdrawn', 'erased')", name="change"
        ),
        Index(
            "ix_response_survey_id_change",
            "survey_id",
            sqlite_where=text("change IS NOT NULL"),
            postgresql_where=text("change IS NOT NULL"),
        ),
    )

    # INTEGER makes it SQLite's row id; a BIGINT would leave a hidden one that counts arrivals.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    collector_id: Mapped[int] = mapped_column(ForeignKey("collector.id"), index=True)
    submission_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default="complete")
    received_on: Mapped[date]
    release_number: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    answers: Mapped[str] = mapped_column(Text)
    flags: Mapped[str] = mapped_column(String(200), default="")
    change: Mapped[str | None] = mapped_column(String(16))
    exclusion_id: Mapped[int | None] = mapped_column(ForeignKey("exclusion.id"))


class Exclusion(Base):
    """Answers left out of results together, by whom and why; ``lifted_on`` when they were taken back in. Which ones:
    those behind ``collector_id`` of ``day`` that carry ``flag`` (null: any)."""

    __tablename__ = "exclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("collector.id"))
    day: Mapped[date | None]
    flag: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(500))
    responses: Mapped[int]
    excluded_by: Mapped[str] = mapped_column(String(254))
    excluded_on: Mapped[date]
    lifted_by: Mapped[str | None] = mapped_column(String(254))
    lifted_on: Mapped[date | None]


class Erasure(Base):
    """The receipt of an answer that was erased on request, so that its holder can still be told so."""

    __tablename__ = "erasure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    erased_on: Mapped[date]


class Release(Base):
    """A number that one locked transaction gave to responses; from then on they are in results. ``revision`` is drawn
    at random, anew whenever a withdrawal, exclusion or correction changes what the release holds: caches tell one state
    from another by it, also where a backup was restored or another database put in place. ``released_on``
    is the day of its newest revision."""

    __tablename__ = "release"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(default=1)
    responses: Mapped[int]
    released_on: Mapped[date]


class ImportBatch(Base):
    """A file taken in; ``digest`` (SHA-256 of its normalised content) keeps the same table from coming in twice."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("survey_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    filename: Mapped[str] = mapped_column(String(255))
    rows: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(Instant)
