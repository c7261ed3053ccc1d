"""Long work: asking for it, claiming it with one conditional UPDATE, signs of life, and its end.

Whoever works on a job holds the time of its last sign of life: every change names it, so that a worker that was given
up for dead, and comes back, changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from survey.storage.models import Job, Survey

UNDER_WAY = ("waiting", "running")
ENDED = ("done", "failed", "cancelled")


def add(session: Session, survey_id: int, *, kind: str, wanted: str, made_by: str, made_at: datetime) -> Job:
    """A job that waits, with its id."""
    job = Job(survey_id=survey_id, kind=kind, wanted=wanted, made_by=made_by, made_at=made_at)
    session.add(job)
    session.flush()
    return job


def same(session: Session, survey_id: int, kind: str, wanted: str, made_by: str) -> Job | None:
    """A job under way for the same person that wants the same."""
    query = select(Job).where(
        Job.survey_id == survey_id,
        Job.kind == kind,
        Job.wanted == wanted,
        Job.made_by == made_by,
        Job.state.in_(UNDER_WAY),
    )
    return session.scalars(query.order_by(Job.id).limit(1)).first()


def under_way(session: Session, survey_id: int) -> int:
    """How many jobs of a survey wait or run."""
    query = select(func.count(Job.id)).where(Job.survey_id == survey_id, Job.state.in_(UNDER_WAY))
    return session.scalar(query) or 0


def of_survey(session: Session, survey_id: int, most: int) -> Sequence[Job]:
    """The newest jobs of a survey, newest first."""
    return session.scalars(select(Job).where(Job.survey_id == survey_id).order_by(Job.id.desc()).limit(most)).all()


def get(session: Session, survey_id: int, job_id: int) -> Job | None:
    """One job of a survey."""
    return session.scalars(select(Job).where(Job.survey_id == survey_id, Job.id == job_id)).first()


def claimable(session: Session, silent_since: datetime) -> int | None:
    """The oldest job that waits, or that runs without a sign of life since then; None when there is none."""
    return session.scalar(select(Job.id).where(_free(silent_since)).order_by(Job.id).limit(1))


def claim(session: Session, job_id: int, silent_since: datetime, at: datetime) -> bool:
    """Makes the job the caller's, begun anew; False when somebody else was faster."""
    change = update(Job).where(Job.id == job_id, _free(silent_since))
    return _changes(session, change.values(state="running", beat_at=at, done=0, total=0, tries=Job.tries + 1))


def with_survey(session: Session, job_id: int) -> tuple[Job, str] | None:
    """A job and its survey's slug."""
    found = session.execute(
        select(Job, Survey.slug).join(Survey, Survey.id == Job.survey_id).where(Job.id == job_id)
    ).first()
    return (found[0], found[1]) if found else None


def beat(session: Session, job_id: int, held: datetime, at: datetime, done: int, total: int) -> bool:
    """A sign of life with progress; False when the job is no longer the caller's."""
    return _changes(session, update(Job).where(*_mine(job_id, held)).values(beat_at=at, done=done, total=total))


def give_back(session: Session, job_id: int, held: datetime) -> bool:
    """Lets the job wait again, as if this try had not been."""
    change = update(Job).where(*_mine(job_id, held))
    return _changes(session, change.values(state="waiting", beat_at=None, done=0, total=0, tries=Job.tries - 1))


def end(
    session: Session, job_id: int, held: datetime, at: datetime, state: str, *, file: str = "", message: str = ""
) -> bool:
    """Ends the caller's job; False when it is no longer the caller's."""
    change = update(Job).where(*_mine(job_id, held))
    return _changes(session, change.values(state=state, ended_at=at, file=file, message=message))


def cancel(session: Session, job_id: int, at: datetime) -> bool:
    """Ends a job that waits or runs; False when it had ended."""
    change = update(Job).where(Job.id == job_id, Job.state.in_(UNDER_WAY))
    return _changes(session, change.values(state="cancelled", ended_at=at))


def forget(session: Session, before: datetime) -> None:
    """Removes jobs that ended before then."""
    session.execute(delete(Job).where(Job.state.in_(ENDED), Job.ended_at < before))


def retire(session: Session, survey_id: int, message: str) -> frozenset[str]:
    """Takes back all files made of a survey, saying why, and lets those begin anew that are being made. Gives the names
    of the files; nothing knows them any more."""
    mine = (Job.survey_id == survey_id, Job.file != "")
    names = frozenset(session.scalars(select(Job.file).where(*mine)))
    session.execute(update(Job).where(*mine).values(state="failed", file="", message=message))
    begun = update(Job).where(Job.survey_id == survey_id, Job.state == "running")
    session.execute(begun.values(state="waiting", beat_at=None, done=0, total=0, tries=Job.tries - 1))
    return names


def files(session: Session) -> frozenset[str]:
    """Names of the files that jobs have made."""
    return frozenset(session.scalars(select(Job.file).where(Job.file != "")))


def _free(silent_since: datetime) -> ColumnElement[bool]:
    return or_(Job.state == "waiting", (Job.state == "running") & (Job.beat_at < silent_since))


def _mine(job_id: int, held: datetime) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job_id, Job.state == "running", Job.beat_at == held


def _changes(session: Session, change: Update) -> bool:
    return session.connection().execute(change).rowcount == 1
