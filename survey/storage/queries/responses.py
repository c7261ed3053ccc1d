"""Storing one response, what became of it, and changing it afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Insert,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import Collector, Erasure, QuestionnaireVersion, Response, Survey
from survey.storage.queries import comments
from survey.storage.queries.releases import AT_ONCE, COUNTED, LIVE, lock

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
    "flags",
)


_brought = (
    select(func.count())
    .where(Response.collector_id == Collector.id, Response.status.in_(COUNTED))
    .correlate(Collector)
    .scalar_subquery()
)


@lru_cache
def _insert_if_open(dialect: str) -> Insert:
    """One statement that stores a response if its collector and survey are open and its key is new; a collector with
    single-use codes is open only to those who bring one (``ticketed``), one with a limit until that is reached."""
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
            or_(~Collector.single_use, bindparam("ticketed", type_=Boolean)),
            or_(Collector.most_answers.is_(None), _brought < Collector.most_answers),
        )
    )
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(Response)
        .from_select([*_STORED, "survey_id", "collector_id"], source)
        # Whichever unique index notices first: of two that come at the same moment PostgreSQL may tell the second by
        # the hash of the receipt, which follows from the key.
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )


def insert_if_open(session: Session, collector_id: int, row: Mapping[str, Any], *, ticketed: bool = False) -> bool:
    """Stores one response (keys as ``_STORED``). False, and nothing stored, when its submission key exists already, or
    when collector or survey is closed or full, or the version is not one of that survey."""
    statement = _insert_if_open(session.get_bind().dialect.name)
    parameters = {**row, "collector": collector_id, "version": row["version_id"], "ticketed": ticketed}
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
    nobody learns whether it is: receipts of one's own answers would tell who else a small release holds. ``collector``
    is the code it was given through. An erased answer has the status ``erased`` and nothing but its survey."""

    status: str
    in_figures: bool
    received_on: date
    survey_title: str
    survey_status: str
    version_id: int
    collector: str
    embed_origins: tuple[str, ...]


def find_by_receipt(session: Session, receipt_hash: bytes) -> Fate | None:
    """The fate of the answer behind a receipt."""
    row = session.execute(
        select(
            func.coalesce(Response.change, Response.status),
            and_(Response.release_number.is_not(None), Response.change.is_(None), Survey.status == "closed"),
            Response.received_on,
            Survey.title,
            Survey.status,
            Response.version_id,
            Collector.code,
            Survey.embed_origins,
        )
        .join(Survey, Survey.id == Response.survey_id)
        .join(Collector, Collector.id == Response.collector_id)
        .where(Response.receipt_hash == receipt_hash)
    ).one_or_none()
    return Fate(*row[:-1], tuple(row[-1].split())) if row else None


@dataclass(frozen=True)
class Erased:
    """An answer that was erased on request: all that is still known of it."""

    erased_on: date
    survey_title: str
    embed_origins: tuple[str, ...]


def find_erasure(session: Session, receipt_hash: bytes) -> Erased | None:
    """When the answer behind a receipt was erased."""
    row = session.execute(
        select(Erasure.erased_on, Survey.title, Survey.embed_origins)
        .join(Survey, Survey.id == Erasure.survey_id)
        .where(Erasure.receipt_hash == receipt_hash)
    ).one_or_none()
    return Erased(*row[:-1], tuple(row[-1].split())) if row else None


@dataclass(frozen=True)
class Held:
    """A response whose holder came with its receipt. ``status`` as it will be; ``released``: results count it until its
    change is released."""

    id: int
    survey_id: int
    survey_status: str
    status: str
    released: bool
    version_id: int
    answers: str


def hold(session: Session, response: bytes | int) -> Held | None:
    """The response behind the hash of a receipt, or with an id; its survey is locked first, so that no release happens
    meanwhile."""
    which = Response.id == response if isinstance(response, int) else Response.receipt_hash == response
    survey_id = session.scalar(select(Response.survey_id).where(which))
    if survey_id is None:
        return None
    survey_status = lock(session, survey_id)
    row = session.execute(
        select(
            Response.id,
            func.coalesce(Response.change, Response.status),
            and_(Response.release_number.is_not(None), Response.status.in_(COUNTED)),
            Response.version_id,
            Response.answers,
        ).where(which)
    ).one_or_none()
    return Held(row[0], survey_id, survey_status, *row[1:]) if row else None


def change(session: Session, response_ids: Sequence[int], status: str) -> int:
    """Gives responses another status: at once where no release holds them yet, else with a later release. The survey is
    locked by the caller. Themes and quotes of withdrawn ones go at once. Gives their number."""
    if status == "withdrawn":
        comments.forget(session, response_ids)
    changed = 0
    for start in range(0, len(response_ids), AT_ONCE):
        released = Response.release_number.is_not(None)
        result = session.connection().execute(
            update(Response)
            .where(Response.id.in_(response_ids[start : start + AT_ONCE]))
            .values(
                status=case((released, Response.status), else_=status),
                # Back to what results count already is no change.
                change=case((and_(released, Response.status != status), status), else_=None),
            )
        )
        changed += result.rowcount
    return changed


def erase(session: Session, held: Held, receipt_hash: bytes, severed: Mapping[str, Any] | None, on: date) -> None:
    """Takes an answer out for good. What results still count stays as ``severed`` (new id, key and closed answers; no
    receipt, no text) until its change is released; None deletes the row at once. Its themes and quotes go with it."""
    comments.forget(session, [held.id])
    session.execute(insert(Erasure).values(receipt_hash=receipt_hash, survey_id=held.survey_id, erased_on=on))
    mine = Response.__table__.c.id == held.id
    if severed is None:
        session.connection().execute(delete(Response).where(mine))
    else:
        values = {**severed, "receipt_hash": None, "change": "erased", "flags": "", "digest": bytes(32)}
        session.connection().execute(update(Response).where(mine).values(**values))


@dataclass(frozen=True)
class Written:
    """What one response says. ``status`` as it will be."""

    version_id: int
    language: str
    status: str
    answers: str


def written(session: Session, response_ids: Collection[int]) -> dict[int, Written]:
    """What the responses with these ids say; those that are gone are absent."""
    found: dict[int, Written] = {}
    ids = sorted(response_ids)
    for start in range(0, len(ids), AT_ONCE):
        rows = session.execute(
            select(Response.id, Response.version_id, Response.language, LIVE, Response.answers).where(
                Response.id.in_(ids[start : start + AT_ONCE])
            )
        )
        found |= {row[0]: Written(*row[1:]) for row in rows}
    return found


def count_by_collector(session: Session, survey_id: int) -> dict[int, int]:
    """Live counts of responses by collector id, all statuses but test and erased ones."""
    rows = session.execute(
        select(Response.collector_id, func.count())
        .where(Response.survey_id == survey_id, LIVE.not_in(("test", "erased")))
        .group_by(Response.collector_id)
    )
    return {collector: count for collector, count in rows}


def collectors_with_answers(session: Session, survey_id: int) -> int:
    """Behind how many of a survey's collectors there are answers, test and erased ones aside. The least collector from
    each on is read off an index; whether any answer is behind it, PostgreSQL would find by looking at all."""
    given = Response.collector_id >= Collector.id, LIVE.not_in(("test", "erased"))
    least = select(func.min(Response.collector_id)).where(*given).correlate(Collector).scalar_subquery()
    query = select(func.count(Collector.id)).where(Collector.survey_id == survey_id, least == Collector.id)
    return session.scalar(query) or 0


def count_by_collector_and_status(session: Session, survey_id: int) -> dict[int, dict[str, int]]:
    """Collector id → status → live number of responses, changes that wait included."""
    rows = session.execute(
        select(Response.collector_id, LIVE, func.count())
        .where(Response.survey_id == survey_id, LIVE != "erased")
        .group_by(Response.collector_id, LIVE)
    )
    found: dict[int, dict[str, int]] = {}
    for collector, status, number in rows:
        found.setdefault(collector, {})[status] = number
    return found


def load_version(session: Session, version_id: int) -> tuple[int, str, str] | None:
    """Survey id, document and digest of a published version."""
    row = session.execute(
        select(QuestionnaireVersion.survey_id, QuestionnaireVersion.document, QuestionnaireVersion.digest).where(
            QuestionnaireVersion.id == version_id
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None
