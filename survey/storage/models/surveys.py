"""Surveys and the immutable versions of their questionnaires."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class Survey(Base):
    """A study. ``draft`` is the JSON document being written, null when nothing differs from the newest version;
    ``version_number`` is that newest version, 0 before the first publication. Dates are local days, both included.
    ``layout``: all questions on one page, or one a screen. ``embed_origins`` are the web sites, between spaces,
    that may show the form inside their own pages. In a series, ``wave`` names this survey's turn, ``wave_on`` is its
    place on the time line, and ``breaks`` says why it cannot be compared with the wave before (empty: it can).
    ``wall_key`` is the secret in the address of the live wall, null while there is none."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'open', 'closed')", name="status"),
        CheckConstraint("population IS NULL OR population > 0", name="population"),
        CheckConstraint("target IS NULL OR target > 0", name="target"),
        CheckConstraint("layout IN ('page', 'steps')", name="layout"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    draft: Mapped[str | None] = mapped_column(Text)
    version_number: Mapped[int] = mapped_column(default=0)
    population: Mapped[int | None]
    target: Mapped[int | None]
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    layout: Mapped[str] = mapped_column(String(8), default="page")
    embed_origins: Mapped[str] = mapped_column(Text, default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    wave: Mapped[str] = mapped_column(String(60), default="")
    wave_on: Mapped[date | None]
    breaks: Mapped[str] = mapped_column(String(300), default="")
    wall_key: Mapped[str | None] = mapped_column(String(32), unique=True)


class QuestionnaireVersion(Base):
    """A published questionnaire. Rows are only ever inserted; the storage layer refuses to change one."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    number: Mapped[int]
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
