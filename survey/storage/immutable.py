"""Rows that are only ever inserted: published versions, audit entries, frozen results. The ORM refuses to change or
delete them."""

from __future__ import annotations

from functools import cache
from typing import NoReturn

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from survey.errors import Conflict
from survey.storage.models import AuditEntry, Base, DataCut, QuestionnaireVersion

IMMUTABLE: tuple[type[Base], ...] = (QuestionnaireVersion, AuditEntry, DataCut)


@cache
def guard() -> None:
    """Listen for changes of such rows, once per process."""
    for model in IMMUTABLE:
        event.listen(model, "before_update", _refuse_row)
        event.listen(model, "before_delete", _refuse_row)
    event.listen(Session, "do_orm_execute", _refuse_statement)


def _refuse_row(mapper: Mapper[Base], connection: Connection, target: Base) -> None:
    _refuse(type(target))


def _refuse_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (state.is_update or state.is_delete) and mapper is not None and issubclass(mapper.class_, IMMUTABLE):
        _refuse(mapper.class_)


def _refuse(model: type[Base]) -> NoReturn:
    raise Conflict(
        "row_immutable",
        f"Rows of {model.__tablename__} are never changed or deleted.",
        "Publish a new version, or add a new entry.",
    )
