"""Reading the audit trail, and noting a download that no other service notes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.services.runtime import Actor, Runtime
from survey.services.series import series_in_scope
from survey.services.surveys import in_scope
from survey.storage.queries import audit, offices, staff, surveys


@dataclass(frozen=True)
class Entry:
    """Who did what to which thing, when."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    name: str
    """What people call the subject: a survey's title, a unit's name, an account's address."""


def newest(
    runtime: Runtime, actor: Actor, *, skip: int, most: int, who: str = "", action: str = "", slug: str = ""
) -> tuple[tuple[Entry, ...], int]:
    """Entries the actor may read, newest first, and how many there are in all: those about the surveys and accounts of
    their units; whoever sees every unit sees every entry. ``who``, ``action`` and ``slug`` of a survey choose some."""
    demand(actor.role, Permission.AUDIT)
    with runtime.database.reading() as session:
        subjects = _subjects(session, actor)
        if slug:
            asked = frozenset({f"survey:{slug}"})
            subjects = asked if subjects is None else asked & subjects
        rows = audit.newest(session, subjects, who=who, action=action, skip=skip, most=most)
        names = _names(session, actor) if rows else {}
        found = tuple(
            Entry(row.at, row.actor, row.action, row.subject, json.loads(row.detail), _name(row.subject, names))
            for row in rows
        )
        return found, audit.count(session, subjects, who=who, action=action)


def note_download(runtime: Runtime, actor: Actor, slug: str, what: str, detail: Mapping[str, object]) -> None:
    """Notes that a file about a survey was handed out."""

    def work(session: Session) -> None:
        in_scope(session, actor, slug)
        audit.record(session, runtime.now(), actor.name, f"download.{what}", f"survey:{slug}", detail)

    runtime.database.write(work)


def note_series_download(runtime: Runtime, actor: Actor, name: str, what: str, detail: Mapping[str, object]) -> None:
    """Notes that a file about a series was handed out."""

    def work(session: Session) -> None:
        series_in_scope(session, actor, name)
        audit.record(session, runtime.now(), actor.name, f"download.{what}", f"series:{name}", detail)

    runtime.database.write(work)


def _subjects(session: Session, actor: Actor) -> frozenset[str] | None:
    """What an actor's entries may be about; None when there is no bound."""
    if actor.units is None or actor.units >= {unit.id for unit in offices.every(session)}:
        return None
    mine = {f"survey:{survey.slug}" for survey, _ in surveys.visible(session, actor.units)}
    return frozenset(mine | {f"account:{user.email}" for user, _ in staff.visible(session, actor.units)})


def _names(session: Session, actor: Actor) -> dict[str, str]:
    titles = {f"survey:{survey.slug}": survey.title for survey, _ in surveys.visible(session, actor.units)}
    return titles | {f"unit:{unit.id}": unit.name for unit in offices.every(session)}


def _name(subject: str, names: Mapping[str, str]) -> str:
    return names.get(subject) or subject.partition(":")[2]
