"""Selections that were shown, and those kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.models import SavedSelection, SelectionShown


def newest_shown(session: Session, survey_id: int) -> int:
    """The id of the last row of what was shown, 0 before the first."""
    return session.scalar(select(func.max(SelectionShown.id)).where(SelectionShown.survey_id == survey_id)) or 0


def shown(session: Session, survey_id: int) -> Sequence[SelectionShown]:
    """Everything that was shown of a survey, oldest first."""
    query = select(SelectionShown).where(SelectionShown.survey_id == survey_id).order_by(SelectionShown.id)
    return session.scalars(query).all()


def add_shown(
    session: Session,
    survey_id: int,
    *,
    digest: str,
    filters: str,
    by: str,
    release_number: int,
    cut_hash: str,
    people: int,
    shown: str,
    shown_to: str,
    shown_on: date,
) -> None:
    """Writes down that this was shown. It must not stand there already for this person."""
    session.execute(
        insert(SelectionShown).values(
            survey_id=survey_id,
            digest=digest,
            filters=filters,
            by=by,
            release_number=release_number,
            cut_hash=cut_hash,
            people=people,
            shown=shown,
            shown_to=shown_to,
            shown_on=shown_on,
        )
    )


def saved(session: Session, survey_id: int) -> Sequence[SavedSelection]:
    """The selections kept for a survey, by name."""
    query = select(SavedSelection).where(SavedSelection.survey_id == survey_id)
    return session.scalars(query.order_by(SavedSelection.name)).all()


def named(session: Session, survey_id: int, name: str) -> SavedSelection | None:
    """The kept selection with this name."""
    query = select(SavedSelection).where(SavedSelection.survey_id == survey_id, SavedSelection.name == name)
    return session.scalars(query).one_or_none()


def get(session: Session, survey_id: int, number: int) -> SavedSelection | None:
    """One kept selection of a survey."""
    query = select(SavedSelection).where(SavedSelection.survey_id == survey_id, SavedSelection.id == number)
    return session.scalars(query).one_or_none()


def keep(
    session: Session, survey_id: int, *, name: str, filters: str, by: str, saved_by: str, saved_on: date
) -> SavedSelection:
    """Keeps a selection under a name that no other has."""
    found = SavedSelection(survey_id=survey_id, name=name, filters=filters, by=by, saved_by=saved_by, saved_on=saved_on)
    session.add(found)
    session.flush()
    return found


def rename(session: Session, number: int, name: str) -> None:
    """Gives a kept selection another name that no other has."""
    session.execute(update(SavedSelection).where(SavedSelection.id == number).values(name=name))


def drop(session: Session, number: int) -> None:
    """Forgets a kept selection; what was shown of it stays written down."""
    session.execute(delete(SavedSelection).where(SavedSelection.id == number))
