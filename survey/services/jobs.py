"""Long work with its progress: asking for a file, looking how far it is, calling it off, fetching it.

``services/workroom.py`` does the work; ``services/kinds.py`` lists what can be asked for. Files lie below
``<data dir>/jobs`` under names that cannot be guessed, for ``KEPT``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, allows, demand
from survey.errors import Conflict, NotFound
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Job
from survey.storage.queries import audit, jobs


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


KEPT = timedelta(days=7)
"""How long a finished job and its file are kept."""

MOST_WAITING = 20
"""Jobs of one survey that may be under way."""

MOST_LISTED = 20

ERASED = _("An answer was erased since, so this file was deleted. Make it anew.")

Told = Callable[[int, int], None]
"""Takes how many of how many steps are done; raises ``Stopped`` when the work is no longer wanted."""


class Stopped(Exception):
    """The job was called off, or another worker has taken it up: stop at once and leave nothing."""


@dataclass(frozen=True)
class Work:
    """What a maker is handed: who wants what of which survey, the file to write, and whom to tell of progress."""

    runtime: Runtime
    actor: Actor
    slug: str
    options: Mapping[str, Any]
    target: Path
    told: Told


@dataclass(frozen=True)
class Kind:
    """A kind of work. ``permission`` is needed to ask for it and to fetch it. ``make`` writes ``Work.target``; what it
    raises as PhieuError is shown to whoever asked."""

    name: str
    permission: Permission
    make: Callable[[Work], None]


@dataclass(frozen=True)
class JobSummary:
    """A job as pages show it. ``state`` is waiting, running, done, failed or cancelled; ``total`` is 0 while nobody
    knows how much there is to do; ``cut`` is the number of the data cut it works from, if any."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str
    filename: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    cut: int | None = None

    @property
    def under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in jobs.UNDER_WAY


def ask(runtime: Runtime, actor: Actor, slug: str, kind: Kind, options: Mapping[str, Any], filename: str) -> int:
    """Asks for a file called ``filename`` (ASCII); gives the job's number. The same person who wants the same while it
    is under way gets the same job. Raises NotAllowed, NotFound, Conflict ``jobs_too_many``."""
    demand(actor.role, kind.permission)
    wanted = {
        "actor": {
            "name": actor.name,
            "role": actor.role,
            "user_id": actor.user_id,
            "unit_id": actor.unit_id,
            "units": None if actor.units is None else sorted(actor.units),
        },
        "permission": str(kind.permission),
        "options": dict(options),
        "filename": filename,
    }
    text = json.dumps(wanted, ensure_ascii=False, sort_keys=True)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug, lock=True)
        if found := jobs.same(session, survey.id, kind.name, text, actor.name):
            return found.id
        if jobs.under_way(session, survey.id) >= MOST_WAITING:
            raise Conflict("jobs_too_many", "Many files of this survey are being made already.", "Wait for some.")
        made = jobs.add(session, survey.id, kind=kind.name, wanted=text, made_by=actor.name, made_at=runtime.now())
        detail = {"job": made.id, "kind": kind.name, "options": dict(options)}
        audit.record(session, runtime.now(), actor.name, "job.ask", f"survey:{slug}", detail)
        return made.id

    return runtime.database.write(work)


def list_jobs(runtime: Runtime, actor: Actor, slug: str) -> tuple[JobSummary, ...]:
    """The newest jobs of a survey whose files the actor may fetch, newest first."""
    demand(actor.role, Permission.DOWNLOAD)
    with runtime.database.reading() as session:
        found = jobs.of_survey(session, in_scope(session, actor, slug).id, MOST_LISTED)
        return tuple(_summary(one) for one in found if _permits(actor, one))


def show(runtime: Runtime, actor: Actor, slug: str, number: int) -> JobSummary:
    """One job. Raises NotAllowed, NotFound ``job_unknown``."""
    with runtime.database.reading() as session:
        return _summary(_found(session, actor, slug, number))


def cancel(runtime: Runtime, actor: Actor, slug: str, number: int) -> None:
    """Calls a job off; one that has ended stays as it is. Raises as ``show``."""

    def work(session: Session) -> None:
        job = _found(session, actor, slug, number)
        if jobs.cancel(session, job.id, runtime.now()):
            audit.record(session, runtime.now(), actor.name, "job.cancel", f"survey:{slug}", {"job": number})

    runtime.database.write(work)


def fetch(runtime: Runtime, actor: Actor, slug: str, number: int) -> tuple[Path, str]:
    """The file a job made, and what to call it; leaves an audit entry. Raises as ``show``, NotFound ``file_gone``."""

    def work(session: Session) -> tuple[str, str]:
        job = _found(session, actor, slug, number)
        if job.state == "done":
            detail = {"job": number, "kind": job.kind}
            audit.record(session, runtime.now(), actor.name, "job.fetch", f"survey:{slug}", detail)
        return job.file, _summary(job).filename

    name, filename = runtime.database.write(work)
    path = folder(runtime) / name
    if not name or not path.is_file():
        raise NotFound("file_gone", "This file is not there, or not any more.", "Make it anew.")
    return path, filename


def folder(runtime: Runtime) -> Path:
    """Where finished files lie."""
    return runtime.settings.data_dir / "jobs"


def _found(session: Session, actor: Actor, slug: str, number: int) -> Job:
    demand(actor.role, Permission.DOWNLOAD)
    survey = in_scope(session, actor, slug)
    job = jobs.get(session, survey.id, number) if 0 < number < 2**31 else None
    if job is None:
        raise NotFound("job_unknown", "There is no such work, or not any more.", "Ask for the file again.")
    demand(actor.role, Permission(json.loads(job.wanted)["permission"]))
    return job


def _permits(actor: Actor, job: Job) -> bool:
    return allows(actor.role, Permission(json.loads(job.wanted)["permission"]))


def _summary(job: Job) -> JobSummary:
    wanted = json.loads(job.wanted)
    return JobSummary(
        id=job.id,
        kind=job.kind,
        state=job.state,
        done=job.done,
        total=job.total,
        message=job.message,
        filename=str(wanted["filename"]),
        cut=wanted["options"].get("cut"),
        made_by=job.made_by,
        made_at=job.made_at,
        ended_at=job.ended_at,
    )
