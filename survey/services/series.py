"""Series: repeated surveys put into an order of time, and the breaks of method that staff state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import offices
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import SLUG, in_scope
from survey.storage.models import Series
from survey.storage.queries import audit, series, surveys
from survey.storage.queries import offices as stored_offices


@dataclass(frozen=True)
class SeriesSummary:
    """A series as lists show it; ``waves`` counts the surveys in it that the actor may see."""

    slug: str
    title: str
    unit: str
    waves: int


@dataclass(frozen=True)
class Turn:
    """A survey's place in its series, ``series`` empty if it is in none. ``breaks`` is what staff state."""

    survey: str
    title: str
    unit: str
    series: str = ""
    wave: str = ""
    on: date | None = None
    breaks: str = ""


def create(runtime: Runtime, actor: Actor, slug: str, title: str, unit: str = "") -> str:
    """A new series of the actor's unit; gives its short name. Raises PhieuError ``slug_unusable`` or ``text_missing``,
    Conflict ``slug_taken``."""
    demand(actor.role, Permission.SERIES)
    named = line("title", title, 300)
    if not SLUG.fullmatch(slug):
        raise PhieuError(
            "slug_unusable",
            "A short name holds small letters a to z, digits and hyphens, at most 64 of them.",
            "Use one such as doi-thoai-2026.",
        )
    if not named:
        raise PhieuError("text_missing", "The title is missing.", "Write one.")

    def work(session: Session) -> str:
        owner = offices.place(session, actor, runtime.now(), unit)
        series.insert(session, Series(slug=slug, unit_id=owner.id, title=named))
        audit.record(session, runtime.now(), actor.name, "series.create", f"series:{slug}", {"title": named})
        return slug

    return runtime.database.write(work)


def remove(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Deletes a series that no survey is in any more. Raises NotFound, Conflict ``series_in_use``."""
    demand(actor.role, Permission.SERIES)

    def work(session: Session) -> None:
        found = series_in_scope(session, actor, slug)
        if series.in_use(session, found.id):
            raise Conflict("series_in_use", "There are surveys in this series.", "Take them out of it first.")
        series.remove(session, found.id)
        audit.record(session, runtime.now(), actor.name, "series.remove", f"series:{slug}", {"title": found.title})

    runtime.database.write(work)


def put(
    runtime: Runtime, actor: Actor, survey_slug: str, series_slug: str, wave: str, on: date, breaks: str = ""
) -> None:
    """Puts a survey into a series, or changes its place there. ``breaks`` says why it cannot be compared with the wave
    before, empty where it can. Raises NotFound, PhieuError ``text_missing``."""
    demand(actor.role, Permission.SERIES)
    named, stated = line("wave", wave, 60), line("breaks", breaks, 300)
    if not named:
        raise PhieuError("text_missing", "The name of the wave is missing.", "Write one, such as 2026.")

    def work(session: Session) -> None:
        survey = in_scope(session, actor, survey_slug, lock=True)
        found = series_in_scope(session, actor, series_slug)
        survey.series_id, survey.wave, survey.wave_on, survey.breaks = found.id, named, on, stated
        detail = {"series": series_slug, "wave": named, "on": on.isoformat(), "breaks": stated}
        audit.record(session, runtime.now(), actor.name, "series.put", f"survey:{survey.slug}", detail)

    runtime.database.write(work)


def take_out(runtime: Runtime, actor: Actor, survey_slug: str) -> None:
    """Takes a survey out of its series; nothing happens where it is in none."""
    demand(actor.role, Permission.SERIES)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, survey_slug, lock=True)
        if survey.series_id is None:
            return
        survey.series_id, survey.wave, survey.wave_on, survey.breaks = None, "", None, ""
        audit.record(session, runtime.now(), actor.name, "series.take_out", f"survey:{survey.slug}")

    runtime.database.write(work)


def list_series(runtime: Runtime, actor: Actor) -> tuple[SeriesSummary, ...]:
    """The series the actor may see, by title."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        rows = series.visible(session, actor.units)
        return tuple(SeriesSummary(one.slug, one.title, unit, waves) for one, unit, waves in rows)


def show(runtime: Runtime, actor: Actor, slug: str) -> tuple[SeriesSummary, tuple[Turn, ...]]:
    """A series and its waves in order of time, as far as the actor may see them. Raises NotFound."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        found = series_in_scope(session, actor, slug)
        rows = series.waves(session, found.id, actor.units)
        owner = stored_offices.get(session, found.unit_id)
        turns = tuple(Turn(one.slug, one.title, unit, slug, one.wave, one.wave_on, one.breaks) for one, unit in rows)
        return SeriesSummary(slug, found.title, owner.name if owner else "", len(turns)), turns


def turn(runtime: Runtime, actor: Actor, survey_slug: str) -> Turn:
    """Where a survey stands in its series."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, survey_slug)
        found = series.get(session, survey.series_id) if survey.series_id else None
        # The series may belong to an office above the actor's: then it is not the actor's to see.
        mine = found is not None and (actor.units is None or found.unit_id in actor.units)
        name = found.slug if found is not None and mine else ""
        return Turn(survey.slug, survey.title, "", name, survey.wave, survey.wave_on, survey.breaks)


def free_surveys(runtime: Runtime, actor: Actor) -> tuple[Turn, ...]:
    """The actor's surveys that were published and are in no series, newest first."""
    demand(actor.role, Permission.SERIES)
    with runtime.database.reading() as session:
        rows = surveys.visible(session, actor.units)
        return tuple(
            Turn(one.slug, one.title, unit, on=one.closes_on or one.opens_on)
            for one, unit in rows
            if one.series_id is None and one.version_number
        )


def series_in_scope(session: Session, actor: Actor, slug: str) -> Series:
    """The series with this slug. Raises the same NotFound for a missing one and one outside the actor's units."""
    found = series.find(session, slug, actor.units) if SLUG.fullmatch(slug) else None
    if found is None:
        raise NotFound("series_unknown", "There is no such series.", "Look it up in the list of series.")
    return found
