"""Storing one response, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, and_, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import Collector, QuestionnaireVersion, Response, Survey

_STORED = (
    "id",
    "version_id",
    "submission_key",
    "digest",
    "receipt_hash",
    "language",
    "status",
    "received_on",
    "answers",
)


@lru_cache
def _insert_if_open(dialect: str) -> Insert:
    """One statement that stores a response if its collector and survey are open and its key is new."""
    columns = Response.__table__.c
    given = [bindparam(name, type_=columns[name].type).label(name) for name in _STORED]
    source = (
        select(*given, Collector.survey_id, Collector.id.label("collector_id"))
        .join(Survey, Survey.id == Collector.survey_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.survey_id == Survey.id)
        .where(
            Collector.id == bindparam("collector"),
            Collector.closed_at.is_(None),
            Survey.status == literal("open"),
            QuestionnaireVersion.id == bindparam("version"),
        )
    )
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(Response)
        .from_select([*_STORED, "survey_id", "collector_id"], source)
        .on_conflict_do_nothing(index_elements=["submission_key"])
        .execution_options(preserve_rowcount=True)
    )


def insert_if_open(session: Session, collector_id: int, row: Mapping[str, Any]) -> bool:
    """Stores one response (keys as ``_STORED``). False, and nothing stored, when its submission key exists already, or
    when collector or survey is closed, or the version is not one of that survey."""
    statement = _insert_if_open(session.get_bind().dialect.name)
    parameters = {**row, "collector": collector_id, "version": row["version_id"]}
    return session.connection().execute(statement, parameters).rowcount == 1


@dataclass(frozen=True)
class Earlier:
    """A response found under a submission key."""

    digest: bytes
    receipt_hash: bytes | None


def find_by_submission_key(session: Session, submission_key: bytes) -> Earlier | None:
    """What was stored under this key, if anything."""
    row = session.execute(
        select(Response.digest, Response.receipt_hash).where(Response.submission_key == submission_key)
    ).one_or_none()
    return Earlier(*row) if row else None


@dataclass(frozen=True)
class Fate:
    """What became of an answer. ``in_figures``: it is in the results of a closed survey. While the survey collects
    nobody learns whether it is: receipts of one's own answers would tell who else a small release holds."""

    status: str
    in_figures: bool
    received_on: date
    survey_title: str
    survey_status: str
    version_id: int


def find_by_receipt(session: Session, receipt_hash: bytes) -> Fate | None:
    """The fate of the answer behind a receipt."""
    row = session.execute(
        select(
            Response.status,
            and_(Response.release_number.is_not(None), Survey.status == "closed"),
            Response.received_on,
            Survey.title,
            Survey.status,
            Response.version_id,
        )
        .join(Survey, Survey.id == Response.survey_id)
        .where(Response.receipt_hash == receipt_hash)
    ).one_or_none()
    return Fate(*row) if row else None


def count_by_status(session: Session, survey_id: int) -> dict[str, int]:
    """Live counts of responses by status; statuses without one are absent."""
    rows = session.execute(
        select(Response.status, func.count()).where(Response.survey_id == survey_id).group_by(Response.status)
    )
    return {status: count for status, count in rows}


def count_by_collector(session: Session, survey_id: int) -> dict[int, int]:
    """Live counts of responses by collector id, all statuses but test ones."""
    rows = session.execute(
        select(Response.collector_id, func.count())
        .where(Response.survey_id == survey_id, Response.status != "test")
        .group_by(Response.collector_id)
    )
    return {collector: count for collector, count in rows}


@dataclass(frozen=True)
class Door:
    """What stands behind a printed code: the collector, its survey, and the version asked now (None before
    publication)."""

    collector_id: int
    code: str
    kind: str
    survey_id: int
    survey_status: str
    title: str
    version_id: int | None
    opens_on: date | None
    closes_on: date | None
    collector_opens_on: date | None
    collector_closes_on: date | None
    collector_closed: bool


_DOOR = (
    select(
        Collector.id,
        Collector.code,
        Collector.kind,
        Survey.id,
        Survey.status,
        Survey.title,
        QuestionnaireVersion.id,
        Survey.opens_on,
        Survey.closes_on,
        Collector.opens_on,
        Collector.closes_on,
        Collector.closed_at.is_not(None),
    )
    .join(Survey, Survey.id == Collector.survey_id)
    .outerjoin(
        QuestionnaireVersion,
        (QuestionnaireVersion.survey_id == Survey.id) & (QuestionnaireVersion.number == Survey.version_number),
    )
    .where(Collector.code == bindparam("code"))
)


def find_door(session: Session, code: str) -> Door | None:
    """The collector with this code."""
    row = session.execute(_DOOR, {"code": code}).one_or_none()
    columns: tuple[Any, ...] = tuple(row or ())
    return Door(*columns) if columns else None


def load_version(session: Session, version_id: int) -> tuple[int, str, str] | None:
    """Survey id, document and digest of a published version."""
    row = session.execute(
        select(QuestionnaireVersion.survey_id, QuestionnaireVersion.document, QuestionnaireVersion.digest).where(
            QuestionnaireVersion.id == version_id
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None
