"""Surveys as lists and pages show them, within what the actor may see."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import codes
from survey.definition import document
from survey.definition.questionnaire import Office, Questionnaire
from survey.errors import NotFound
from survey.services.runtime import Actor, Runtime
from survey.storage.models import Collector, Survey
from survey.storage.queries import collectors, offices, results, surveys

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""Short names of surveys: they stand in addresses, file names and commands."""


@dataclass(frozen=True)
class SurveySummary:
    """A survey as lists and pages show it. ``responses`` counts by status, live; ``changed``: a draft waits for
    publication."""

    id: int
    slug: str
    title: str
    status: str
    version: int
    changed: bool
    unit: str
    population: int | None
    target: int | None
    opens_on: date | None
    closes_on: date | None
    created_at: datetime
    layout: str
    responses: Mapping[str, int]

    @property
    def answers(self) -> int:
        """How many responses count: all but test, excluded and withdrawn ones."""
        return sum(number for status, number in self.responses.items() if status in ("complete", "partial", "flagged"))


def list_surveys(runtime: Runtime, actor: Actor) -> tuple[SurveySummary, ...]:
    """The surveys the actor may see: those that collect first, then the newest."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        rows = surveys.visible(session, actor.units)
        counts = results.count_by_status(session, [survey.id for survey, _ in rows])
        found = [_summary(survey, unit, counts[survey.id]) for survey, unit in rows]
    return tuple(sorted(found, key=lambda one: one.status != "open"))


def show(runtime: Runtime, actor: Actor, slug: str) -> SurveySummary:
    """One survey. Raises NotFound when there is none the actor may see."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        unit = offices.get(session, survey.unit_id)
        return _summary(survey, unit.name if unit else "", results.count_by_status(session, [survey.id])[survey.id])


def questionnaire(runtime: Runtime, actor: Actor, slug: str) -> Questionnaire:
    """The draft being written, or the newest published version when nothing differs from it."""
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        text = survey.draft
        if text is None:
            version = surveys.version(session, survey.id, survey.version_number)
            text = version.document if version else "{}"
    return document.read(json.loads(text))


def latest_office(runtime: Runtime, actor: Actor) -> Office | None:
    """How the actor's unit presented itself in its newest survey, to start the next one from."""
    with runtime.database.reading() as session:
        rows = surveys.visible(session, None if actor.unit_id is None else {actor.unit_id})
        newest = rows[0][0].slug if rows else None
    return questionnaire(runtime, actor, newest).office if newest else None


def in_scope(session: Session, actor: Actor, slug: str, *, lock: bool = False) -> Survey:
    """The survey with this slug. Raises the same NotFound for a missing one and one outside the actor's units."""
    survey = surveys.find(session, slug, actor.units, lock=lock) if SLUG.fullmatch(slug) else None
    if survey is None:
        raise NotFound("survey_unknown", "There is no such survey.", "Look it up in the list of surveys.")
    return survey


def collector_in_scope(session: Session, actor: Actor, typed: str) -> tuple[Collector, Survey]:
    """The collector with this code and its survey. Raises the same NotFound for a missing one and one outside the
    actor's units, NotFound ``code_mistyped`` for what is no code."""
    found = collectors.by_code(session, codes.canonical(typed), actor.units)
    if found is None:
        raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
    collector, survey = found
    return collector, survey


def _summary(survey: Survey, unit: str, counts: Mapping[str, int]) -> SurveySummary:
    return SurveySummary(
        id=survey.id,
        slug=survey.slug,
        title=survey.title,
        status=survey.status,
        version=survey.version_number,
        changed=survey.draft is not None,
        unit=unit,
        population=survey.population,
        target=survey.target,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        created_at=survey.created_at,
        layout=survey.layout,
        responses=counts,
    )
