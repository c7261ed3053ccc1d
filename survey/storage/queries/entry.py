"""Batches of sheets to key in, and the sheets keyed in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, case, delete, func, select
from sqlalchemy.orm import Session

from survey.storage.models import Collector, EntryBatch, KeyedSheet, Survey

Batch = Row[EntryBatch, Collector, Survey]
"""A batch, its collector and survey."""


def find(
    session: Session,
    batch_id: int,
    units: Collection[int] | None,
    *,
    keying: bool = False,
    changing: bool = False,
) -> Batch | None:
    """The batch with this id, if its survey belongs to one of ``units`` (None: any). ``keying`` holds it as it is until
    the transaction ends, so that nobody closes it meanwhile; ``changing`` keeps all others waiting who key or change.
    """
    query = _batches(units).where(EntryBatch.id == batch_id)
    if keying or changing:
        query = query.with_for_update(read=keying, of=EntryBatch)
    return session.execute(query).one_or_none()


def visible(session: Session, units: Collection[int] | None, collector_id: int | None = None) -> Sequence[Batch]:
    """Batches of these units (None: any), newest first; or only those of one collector."""
    query = _batches(units).order_by(EntryBatch.id.desc())
    if collector_id is not None:
        query = query.where(EntryBatch.collector_id == collector_id)
    return session.execute(query).all()


def _batches(units: Collection[int] | None) -> Select[EntryBatch, Collector, Survey]:
    query = (
        select(EntryBatch, Collector, Survey)
        .join(Collector, Collector.id == EntryBatch.collector_id)
        .join(Survey, Survey.id == Collector.survey_id)
    )
    return query if units is None else query.where(Survey.unit_id.in_(units))


def sheets(session: Session, batch_id: int) -> Sequence[KeyedSheet]:
    """The sheets keyed in a batch, in that order."""
    return session.scalars(select(KeyedSheet).where(KeyedSheet.batch_id == batch_id).order_by(KeyedSheet.id)).all()


def sheet(session: Session, batch_id: int, sheet_id: int) -> KeyedSheet | None:
    """One sheet of a batch."""
    return session.scalar(select(KeyedSheet).where(KeyedSheet.batch_id == batch_id, KeyedSheet.id == sheet_id))


@dataclass(frozen=True)
class Progress:
    """How many sheets of a batch are keyed, how many of them a second time, and how many of these are not settled."""

    keyed: int = 0
    again: int = 0
    unsettled: int = 0


def progress(session: Session, batch_ids: Collection[int]) -> dict[int, Progress]:
    """Batch id → how far it is; batches without a sheet are absent."""
    query = (
        select(
            KeyedSheet.batch_id,
            func.count(),
            func.count(KeyedSheet.second_by),
            func.count(case((KeyedSheet.second_by.is_not(None) & ~KeyedSheet.settled, 1))),
        )
        .where(KeyedSheet.batch_id.in_(batch_ids))
        .group_by(KeyedSheet.batch_id)
    )
    return {row[0]: Progress(row[1], row[2], row[3]) for row in session.execute(query)}


def with_serial(session: Session, collector_id: int, serials: Collection[str]) -> Sequence[Row[KeyedSheet, EntryBatch]]:
    """The sheets of a collector that bear one of these serials, in whatever batch, in the order of keying."""
    return session.execute(
        select(KeyedSheet, EntryBatch)
        .join(EntryBatch, EntryBatch.id == KeyedSheet.batch_id)
        .where(EntryBatch.collector_id == collector_id, KeyedSheet.serial.in_(serials))
        .order_by(KeyedSheet.id)
    ).all()


def add_batch(session: Session, batch: EntryBatch) -> EntryBatch:
    """Stores a new batch and gives it its id."""
    session.add(batch)
    session.flush()
    return batch


def add_sheet(session: Session, sheet: KeyedSheet) -> None:
    """Stores a sheet that was keyed in."""
    session.add(sheet)
    session.flush()


def remove_sheet(session: Session, sheet_id: int) -> None:
    """Takes a sheet out of its batch; what was stored of it is another matter."""
    session.execute(delete(KeyedSheet).where(KeyedSheet.id == sheet_id))
