"""Indexes that an office puts together for one survey, beside those of its questionnaire. They are data, like those."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.definition.checks import index_problems
from survey.definition.indexes import Index
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Survey
from survey.storage.queries import audit, basis, surveys

MOST_INDEXES = 20
MOST_FACTORS = 12


def list_indexes(runtime: Runtime, actor: Actor, slug: str) -> tuple[Index, ...]:
    """The custom indexes of a survey, oldest first."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        return stored(session, in_scope(session, actor, slug).id)


def stored(session: Session, survey_id: int) -> tuple[Index, ...]:
    """The custom indexes as they are kept."""
    return tuple(_read(one.document) for one in basis.indexes(session, survey_id))


def save(runtime: Runtime, actor: Actor, slug: str, index: Index) -> str:
    """Keeps an index: a new one if its key is empty, else in the place of the one with its key. Gives the key.

    Raises NotFound ``index_unknown``, Conflict ``not_published`` and ``indexes_too_many``, PhieuError
    ``index_unnamed``, ``index_unusable`` (its details say what is wrong), ``text_too_long``.
    """
    demand(actor.role, Permission.BASIS)

    def work(session: Session) -> str:
        survey = in_scope(session, actor, slug, lock=True)
        asked = published(session, survey)
        kept = _checked(index, asked)
        found = basis.index(session, survey.id, index.key) if index.key else None
        if index.key and found is None:
            raise NotFound("index_unknown", "There is no such index.", "Look it up in the list of indexes.")
        own = basis.indexes(session, survey.id)
        if found is None and len(own) >= MOST_INDEXES:
            raise Conflict("indexes_too_many", "A survey has at most 20 indexes of its own.", "Delete one first.")
        key = index.key or _new_key({one.key for one in own} | {one.key for one in asked.indexes})
        text = json.dumps(replace(kept, key=key).write(), ensure_ascii=False, sort_keys=True)
        if found is None:
            basis.add_index(session, survey.id, key, text)
        else:
            found.document = text
        audit.record(session, runtime.now(), actor.name, "index.save", f"survey:{slug}", {"key": key})
        return key

    return runtime.database.write(work)


def delete(runtime: Runtime, actor: Actor, slug: str, key: str) -> None:
    """Takes an index away. Raises NotFound ``index_unknown``."""
    demand(actor.role, Permission.BASIS)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        found = basis.index(session, survey.id, key)
        if found is None:
            raise NotFound("index_unknown", "There is no such index.", "Look it up in the list of indexes.")
        basis.remove_index(session, found)
        audit.record(session, runtime.now(), actor.name, "index.delete", f"survey:{slug}", {"key": key})

    runtime.database.write(work)


def published(session: Session, survey: Survey) -> Questionnaire:
    """The questionnaire that results are computed by. Raises Conflict ``not_published``."""
    version = surveys.version(session, survey.id, survey.version_number)
    if version is None:
        raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
    return document.read(json.loads(version.document))


def _read(text: str) -> Index:
    return Index.read(json.loads(text), "vi")


def _new_key(taken: set[str]) -> str:
    number = 1
    while f"own{number}" in taken:
        number += 1
    return f"own{number}"


def _checked(index: Index, asked: Questionnaire) -> Index:
    """The index as it is kept: texts as all stored text, nothing that could not be computed."""
    language = asked.languages[0]

    def clean(text: Text, most: int) -> Text:
        return Text(tuple((spoken, line("name", one, most)) for spoken, one in text.wordings))

    factors = tuple(replace(one, name=clean(one.name, 200)) for one in index.factors)
    kept = replace(
        index,
        name=clean(index.name, 200),
        factors=factors,
        note=clean(index.note, 500),
        source=line("source", index.source, 300),
    )
    if not kept.name.to(language) or not all(one.name.to(language) for one in factors):
        raise PhieuError("index_unnamed", "The index or one of its factors has no name.", "Name each of them.")
    if len(factors) > MOST_FACTORS:
        raise PhieuError("index_unusable", "An index has at most 12 factors.", "Put some together.")
    for problem in index_problems(kept, asked):
        raise PhieuError("index_unusable", problem.message, problem.remedy, (problem.place,))
    return kept
