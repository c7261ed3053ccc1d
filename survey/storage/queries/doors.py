"""What stands behind a printed code: its collector, or the one it was led to, and the survey asked there now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from survey.storage.models import Collector, QuestionnaireVersion, SingleUseCode, Survey


@dataclass(frozen=True)
class Door:
    """A collector as a respondent meets it, its survey, and the version asked now (None before publication). ``fixed``
    are the answers its code carries. ``single_use``: only a ``ticket`` (the hash of a single-use code) opens it;
    ``spent``: that one was used."""

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
    language: str | None
    fixed: tuple[tuple[str, str], ...]
    layout: str
    embed_origins: tuple[str, ...]
    single_use: bool
    hours: tuple[time, time] | None
    expected_per_day: int | None
    most_answers: int | None
    exit_code: str | None
    follow_up: str | None
    ticket: bytes | None = None
    spent: bool = False


_printed, _follow_up = aliased(Collector), aliased(Collector)


def _doors(*more: Any, led: bool = True) -> Select[*tuple[Any, ...]]:
    """Doors of the collectors that a printed code leads to, or without ``led`` of those themselves; the caller says
    which printed collector."""
    behind = func.coalesce(_printed.leads_to_id, _printed.id) if led else _printed.id
    return (
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
            Collector.language,
            Collector.fixed,
            Survey.layout,
            Survey.embed_origins,
            Collector.single_use,
            Collector.hours_from,
            Collector.hours_to,
            Collector.expected_per_day,
            Collector.most_answers,
            Collector.exit_code,
            _follow_up.code,
            *more,
        )
        .select_from(_printed)
        .join(Collector, Collector.id == behind)
        .join(Survey, Survey.id == Collector.survey_id)
        .outerjoin(_follow_up, _follow_up.id == Collector.follow_up_id)
        .outerjoin(
            QuestionnaireVersion,
            (QuestionnaireVersion.survey_id == Survey.id) & (QuestionnaireVersion.number == Survey.version_number),
        )
    )


_BY_CODE = _doors().where(_printed.code == bindparam("code"))
_BY_ID = _doors(led=False).where(_printed.id == bindparam("collector"))
_BY_TICKET = (
    _doors(SingleUseCode.code_hash, SingleUseCode.spent)
    .join(SingleUseCode, SingleUseCode.collector_id == _printed.id)
    .where(SingleUseCode.code_hash.in_(bindparam("hashes", expanding=True)))
)


def find(session: Session, code: str) -> Door | None:
    """The door behind a collector's code."""
    row = session.execute(_BY_CODE, {"code": code}).one_or_none()
    return _door(tuple(row)) if row else None


def find_own(session: Session, collector_id: int) -> Door:
    """The door of a collector itself, wherever its printed code leads now: sheets that were printed for one survey
    belong to it."""
    return _door(tuple(session.execute(_BY_ID, {"collector": collector_id}).one()))


def find_ticket(session: Session, hashes: Sequence[bytes]) -> Door | None:
    """The door that a single-use code with one of these hashes opens."""
    row = session.execute(_BY_TICKET, {"hashes": list(hashes)}).first()
    return _door(tuple(row)) if row else None


def _door(row: tuple[Any, ...]) -> Door:
    head, (language, fixed, layout, origins, single_use, start, end, *rest) = row[:12], row[12:]
    hours = (start, end) if start and end else None
    answers = tuple((str(key), str(value)) for key, value in json.loads(fixed).items())
    columns: tuple[Any, ...] = (*head, language, answers, layout, tuple(origins.split()), single_use, hours, *rest)
    return Door(*columns)
