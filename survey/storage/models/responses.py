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
    release, ``receipt_hash`` for imported answers.
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


class Release(Base):
    """A number that one locked transaction gave to responses; from then on they are in results. ``revision`` is drawn
    at random, anew whenever a withdrawal, exclusion or correction changes what the release holds: caches tell one state
    from another by it, also where a backup was restored or another database put in place."""

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
