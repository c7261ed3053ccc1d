"""Units: the tree, and what lies below one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import Unit


def every(session: Session) -> Sequence[Unit]:
    """All units by name."""
    return session.scalars(select(Unit).order_by(Unit.name, Unit.id)).all()


def named(session: Session, name: str, units: Collection[int] | None = None) -> Unit | None:
    """The unit of ``units`` (None: any) with exactly this name; the oldest if several carry it."""
    query = select(Unit).where(Unit.name == name)
    if units is not None:
        query = query.where(Unit.id.in_(units))
    return session.scalars(query.order_by(Unit.id).limit(1)).first()


def top(session: Session) -> Unit | None:
    """The oldest unit without a parent."""
    return session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()


def get(session: Session, unit_id: int) -> Unit | None:
    """The unit with this id."""
    return session.get(Unit, unit_id)


def below(session: Session, unit_id: int) -> frozenset[int]:
    """The ids of a unit and of everything under it."""
    tree = select(Unit.id).where(Unit.id == unit_id).cte("tree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return frozenset(session.scalars(select(tree.c.id)))


def insert(session: Session, **values: str | int | None) -> Unit:
    """A new unit, with its id."""
    unit = Unit(**values)
    session.add(unit)
    session.flush()
    return unit
