"""Units: finding the one a survey or an account belongs to, and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.storage.models import Unit
from survey.storage.queries import audit, offices

UNNAMED = "Cơ quan tổ chức khảo sát"
"""What the first unit is called until somebody names it ("the surveying office")."""


@dataclass(frozen=True)
class Office:
    """A unit as pages and commands show it."""

    id: int
    name: str
    superior: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


def summary(unit: Unit) -> Office:
    """The plain data of a unit."""
    return Office(unit.id, unit.name, unit.superior, unit.phone, unit.email, unit.website)


def list_offices(runtime: Runtime, actor: Actor) -> tuple[Office, ...]:
    """The units the actor may see, by name."""
    with runtime.database.reading() as session:
        return tuple(summary(unit) for unit in offices.every(session) if actor.units is None or unit.id in actor.units)


def own_office(runtime: Runtime, actor: Actor) -> Office | None:
    """The actor's unit; for the operator the one at the top, None while there is none."""
    with runtime.database.reading() as session:
        unit = offices.top(session) if actor.unit_id is None else offices.get(session, actor.unit_id)
        return summary(unit) if unit else None


def place(session: Session, actor: Actor, at: datetime, name: str = "") -> Unit:
    """The unit something new belongs to. Without a name the actor's own, for the operator the one at the top, made
    if there is none; with a name the unit of the actor's that carries it, made below the former if there is none."""
    home = offices.top(session) if actor.unit_id is None else offices.get(session, actor.unit_id)
    wanted = line("unit", name, 300)
    if home is not None and not wanted:
        return home
    known = offices.named(session, wanted, actor.units) if home is not None else None
    return known or _add(session, actor, at, wanted or UNNAMED, home)


def _add(session: Session, actor: Actor, at: datetime, name: str, parent: Unit | None) -> Unit:
    unit = offices.insert(session, name=name, parent_id=parent.id if parent else None)
    audit.record(session, at, actor.name, "unit.add", f"unit:{unit.id}", {"name": name})
    return unit
