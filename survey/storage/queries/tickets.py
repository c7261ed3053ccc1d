"""Single-use codes: storing them, spending one, counting them. None of these rows knows a time or an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.models import PrintRun, SingleUseCode

AT_ONCE = 5_000
"""Codes handed over together."""

_ATTEMPTS = 10


def insert_codes(
    session: Session, hashes: Sequence[bytes], collector_id: int, run_id: int | None, key_id: bytes
) -> None:
    """Stores new codes by their hashes, which come sorted so that their table is filled from one end to the other.
    Those of letters belong to no print run."""
    shared = {"collector_id": collector_id, "print_run_id": run_id, "key_id": key_id, "spent": False}
    for start in range(0, len(hashes), AT_ONCE):
        rows = [{"code_hash": one, **shared} for one in hashes[start : start + AT_ONCE]]
        session.connection().execute(insert(SingleUseCode), rows)


def spend(session: Session, ticket: bytes) -> bool:
    """Marks a single-use code as used; False when it was already. On PostgreSQL a release may have stored the row anew
    while this waited for it, so a code that looks unused is tried again."""
    unspent = (SingleUseCode.code_hash == ticket, ~SingleUseCode.spent)
    for _ in range(_ATTEMPTS):
        if session.connection().execute(update(SingleUseCode).where(*unspent).values(spent=True)).rowcount == 1:
            return True
        if session.scalar(select(func.count()).select_from(SingleUseCode).where(*unspent)) == 0:
            return False
    return False


def take_back(session: Session, ticket: bytes) -> bytes | None:
    """Deletes a code that was not used, and gives the name of its key; None when it was, or is gone. Tried again for
    the same reason as above."""
    unspent = (SingleUseCode.code_hash == ticket, ~SingleUseCode.spent)
    for _ in range(_ATTEMPTS):
        gone = delete(SingleUseCode).where(*unspent).returning(SingleUseCode.key_id)
        key_id = session.connection().execute(gone).scalar_one_or_none()
        if key_id is not None:
            return key_id
        if session.scalar(select(func.count()).select_from(SingleUseCode).where(*unspent)) == 0:
            return None
    return None


def is_spent(session: Session, ticket: bytes) -> bool:
    """Whether a code was used."""
    return session.scalar(select(SingleUseCode.spent).where(SingleUseCode.code_hash == ticket)) or False


@dataclass(frozen=True)
class Count:
    """Codes of one print run (number 0: made without one), and those of them that were used."""

    run: int
    codes: int
    spent: int


def counts(session: Session, collector_id: int) -> Sequence[Count]:
    """Codes by print run, in the order of the runs."""
    run = func.coalesce(PrintRun.number, 0)
    query = (
        select(run, func.count(), func.count().filter(SingleUseCode.spent))
        .select_from(SingleUseCode)
        .outerjoin(PrintRun, PrintRun.id == SingleUseCode.print_run_id)
        .where(SingleUseCode.collector_id == collector_id)
        .group_by(run)
        .order_by(run)
    )
    return [Count(*row) for row in session.execute(query)]


def unused_of_other_keys(session: Session, key_ids: Sequence[bytes]) -> int:
    """How many unused codes were made with none of these keys."""
    query = select(func.count()).select_from(SingleUseCode)
    return session.scalar(query.where(~SingleUseCode.spent, SingleUseCode.key_id.not_in(key_ids))) or 0
