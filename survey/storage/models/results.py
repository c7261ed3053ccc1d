"""What people make of results: selections they keep, cuts they froze, series, targets, themes, measures, jobs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Instant


class SavedSelection(Base):
    """A selection under a name. ``filters`` is a JSON object key → list of codes, ``by`` a grouping variable or empty;
    keys may be ``@collector`` and its like."""

    __tablename__ = "saved_selection"
    __table_args__ = (UniqueConstraint("survey_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    filters: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64), default="")
    saved_by: Mapped[str] = mapped_column(String(254))
    saved_on: Mapped[date]


class SelectionShown(Base):
    """That a selection or a breakdown was shown, to whom and of which release: what has left the disclosure control can
    be looked up, and what is asked for next is compared with it. One row for each selection, state of the results and
    person. ``filters`` and ``by`` are as asked, ``digest`` (SHA-256, hex) covers them; ``cut_hash`` names the state.
    ``shown`` is JSON, which sets of people were described, by variable (see ``statistics.showing``)."""

    __tablename__ = "selection_shown"
    __table_args__ = (UniqueConstraint("survey_id", "digest", "cut_hash", "shown_to"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    filters: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64), default="")
    release_number: Mapped[int]
    cut_hash: Mapped[str] = mapped_column(String(64))
    people: Mapped[int]
    shown: Mapped[str] = mapped_column(Text)
    shown_to: Mapped[str] = mapped_column(String(254))
    shown_on: Mapped[date]


class Series(Base):
    """Repeated surveys that are looked at together. ``survey.series_id`` puts a survey into one, ``survey.wave`` names
    its wave and ``survey.wave_on`` gives its place on the time line."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))


class Target(Base):
    """What is aimed at: ``measure`` is the key of an index or of a question, ``value`` in its unit."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("survey_id", "measure"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    measure: Mapped[str] = mapped_column(String(64))
    value: Mapped[float]
    note: Mapped[str] = mapped_column(String(300), default="")


class Frame(Base):
    """The population that answers are weighted to: ``margins`` is JSON, variable key → code → number of people."""

    __tablename__ = "frame"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    margins: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(500))
    stated_by: Mapped[str] = mapped_column(String(254))
    stated_on: Mapped[date]


class CustomIndex(Base):
    """An index that was put together in the browser; ``document`` is the JSON of ``definition.indexes.Index``."""

    __tablename__ = "custom_index"
    __table_args__ = (UniqueConstraint("survey_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)


class OfficialCount(Base):
    """A number the office takes from its own books, such as dossiers due in the period; never from answers."""

    __tablename__ = "official_count"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int]
    source: Mapped[str] = mapped_column(String(300), default="")


class DataCut(Base):
    """A frozen ``SurveyResult``, as JSON: the same figures for ever. ``number`` counts within the survey, ``digest``
    (SHA-256, hex) covers ``result``, ``cut_hash`` is the cut's own hash. Rows are only ever inserted."""

    __tablename__ = "data_cut"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    cut_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date]
    result: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Instant)


class Job(Base):
    """Long work with its progress. ``wanted`` is JSON, what the work needs to begin again; ``beat_at`` is when it last
    gave a sign of life, so that a running job whose process died is taken up by another; ``tries`` is how often it was
    begun. ``file`` is the name of what it made, below the folder of finished work."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    wanted: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(500), default="")
    file: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Theme(Base):
    """What comments are sorted by. ``words`` are the keyword rules that suggest it, one a line."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("survey_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")


class CommentTheme(Base):
    """A theme that somebody gave to a comment; it goes when the comment is erased."""

    __tablename__ = "comment_theme"

    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True, index=True)


class Quote(Base):
    """A comment chosen for publication; it goes when the comment is erased. ``text`` is what may be published: personal
    data in it is masked."""

    __tablename__ = "quote"

    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[str] = mapped_column(String(254))
    chosen_on: Mapped[date]


class CutQuote(Base):
    """That a cut quotes a comment, as long as the quote stands; it goes when the comment is withdrawn or erased. The
    cut itself holds no word of it."""

    __tablename__ = "cut_quote"

    response_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    cut_id: Mapped[int] = mapped_column(ForeignKey("data_cut.id"), primary_key=True, index=True)


class Measure(Base):
    """What was heard and what is done about it, for the report and the poster."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    heard: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]


class Publication(Base):
    """That a cut may be seen by everybody at ``/p/SLUG``; ``withdrawn_on`` when it was taken back."""

    __tablename__ = "publication"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    cut_id: Mapped[int] = mapped_column(ForeignKey("data_cut.id"))
    open_data: Mapped[bool]
    published_by: Mapped[str] = mapped_column(String(254))
    published_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
