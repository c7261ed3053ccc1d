"""Choosing whose answers are looked at: what there is to choose from, selections kept under a name, what was shown, and
which responses a selection means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode, texts
from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.selections import require, selected
from survey.aggregation.tallies import tally
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.variables import Variable
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.groupings import NAMES, OFFERED, PERIOD, Groupings, of_survey, period_label
from survey.services.particulars import line
from survey.services.results import open_result
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.statistics import reasons
from survey.statistics.filters import Filters
from survey.statistics.showing import physical
from survey.storage.matrix import MatrixStore
from survey.storage.queries import audit, matching, releases, selections, surveys

MOST_CODES = 500
"""Codes that an address may name."""

MOST_KEPT = 200


@dataclass(frozen=True)
class Choice:
    """Something to filter or break down by. ``question`` tells questions from what comes with every answer."""

    key: str
    name: Text
    codes: tuple[tuple[str, Text], ...]
    question: bool


@dataclass(frozen=True)
class Offer:
    """What a survey can be filtered and broken down by, and the months that brought answers."""

    choices: tuple[Choice, ...]
    months: tuple[str, ...]
    groupings: Groupings

    def words(self, filters: Filters) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
        """The conditions in words: what is asked, and the answers any of which it takes."""
        return tuple((self.name(key), tuple(self._label(key, code) for code in codes)) for key, codes in filters)

    def name(self, key: str) -> Text:
        """What people call a question or a particular; its key where nobody knows it any more."""
        known = next((one.name for one in self.choices if one.key == key), None)
        return known or (reasons.label(NAMES[key]) if key in NAMES else Text.of(vi=key))

    def _label(self, key: str, code: str) -> Text:
        if key == PERIOD:  # no particular of the survey: each names its own months
            return period_label(code)
        found = next((dict(one.codes) for one in self.choices if one.key == key), {})
        return found.get(code) or self.groupings.labels.get(key, {}).get(code) or Text.of(vi=code)


def offer(runtime: Runtime, actor: Actor, slug: str, filters: Filters = ()) -> Offer:
    """What there is to choose from, of what is released. ``filters`` are there for their labels."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        matrix = MatrixStore(runtime.settings.data_dir).open(session, survey.id)
        groupings = of_survey(session, survey, matrix, filters)
        version = surveys.version(session, survey.id, survey.version_number)
    asked = document.read(json.loads(version.document)) if version else None
    found = [_particular(key, matrix, groupings) for key in OFFERED]
    questions = [_question(asked, one) for one in asked.variables if one.closed] if asked else []
    return Offer(
        tuple(one for one in (*found, *questions) if len(one.codes) > 1),
        tuple(sorted(matrix.codings[MONTH].codes)),
        groupings,
    )


def _particular(key: str, matrix: Matrix, groupings: Groupings) -> Choice:
    """A particular with those of its codes that brought answers."""
    onto = groupings.onto(matrix, [key])
    people = tally(onto, [key])[key].counts
    labels = groupings.labels.get(key, {})
    codes = [code for code in (*labels, *(code for code in people if code not in labels)) if people.get(code)]
    return Choice(
        key, reasons.label(NAMES[key]), tuple((code, labels.get(code) or Text.of(vi=code)) for code in codes), False
    )


def _question(asked: Questionnaire, variable: Variable) -> Choice:
    codes = tuple((level.code, level.label) for level in variable.listed.levels)
    return Choice(variable.key, asked.filled(variable.label), codes, True)


def read(where: Iterable[str]) -> Filters:
    """Filters as written in addresses and on command lines, ``B7=5``: codes of one question are alternatives, several
    questions all have to hold. Raises PhieuError ``filter_unreadable``."""
    chosen: dict[str, tuple[str, ...]] = {}
    for number, one in enumerate(where):
        key, sign, code = one.partition("=")
        if not (key and sign and code) or number >= MOST_CODES:
            raise PhieuError("filter_unreadable", "A filter is not of the form QUESTION=CODE.", "Write it as B7=5.")
        if code not in chosen.get(key, ()):
            chosen[key] = (*chosen.get(key, ()), code)
    return tuple(chosen.items())


def write(filters: Filters) -> list[str]:
    """What ``read`` reads."""
    return [f"{key}={code}" for key, codes in filters for code in codes]


@dataclass(frozen=True)
class Kept:
    """A selection under a name."""

    number: int
    name: str
    filters: Filters
    by: str
    saved_by: str
    saved_on: date


def kept(runtime: Runtime, actor: Actor, slug: str) -> tuple[Kept, ...]:
    """The selections kept for a survey, by name."""
    demand(actor.role, Permission.SELECT)
    with runtime.database.reading() as session:
        rows = selections.saved(session, in_scope(session, actor, slug).id)
        return tuple(Kept(row.id, row.name, _filters(row.filters), row.by, row.saved_by, row.saved_on) for row in rows)


def keep(runtime: Runtime, actor: Actor, slug: str, name: str, filters: Filters, by: str = "") -> None:
    """Keeps a selection under a name. Raises Conflict ``selection_name_taken`` and ``selections_many``, PhieuError
    ``selection_name_missing``, ``selection_empty``, ``question_unknown`` for what the survey does not have, and for a
    name that does not fit."""
    demand(actor.role, Permission.SELECT)
    called = _name(name)
    if not filters and not by:
        raise PhieuError("selection_empty", "Nothing is selected.", "Choose whose answers to look at first.")
    known = offer(runtime, actor, slug, filters)
    keys = {one.key for one in known.choices} | {PERIOD}
    if any(key not in keys for key, _ in filters) or (by and by not in keys - {PERIOD}):
        raise PhieuError("question_unknown", "This survey has no such question.", "Choose again from the list.")

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        _free(session, survey.id, called)
        if len(selections.saved(session, survey.id)) >= MOST_KEPT:
            raise Conflict("selections_many", "No more selections can be kept for this survey.", "Delete one first.")
        selections.keep(
            session,
            survey.id,
            name=called,
            filters=json.dumps([[key, list(codes)] for key, codes in filters], ensure_ascii=False),
            by=by,
            saved_by=actor.name,
            saved_on=runtime.today(),
        )
        audit.record(session, runtime.now(), actor.name, "selection.keep", f"survey:{slug}", {"name": called})

    runtime.database.write(work)


def rename(runtime: Runtime, actor: Actor, slug: str, number: int, name: str) -> None:
    """Gives a kept selection another name. Raises NotFound ``selection_unknown``, Conflict ``selection_name_taken``."""
    demand(actor.role, Permission.SELECT)
    called = _name(name)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        found = selections.get(session, survey.id, number)
        if found is None:
            raise NotFound("selection_unknown", "There is no such selection.", "Look it up in the list.")
        if found.name != called:
            _free(session, survey.id, called)
        detail = {"name": found.name, "now": called}
        selections.rename(session, number, called)
        audit.record(session, runtime.now(), actor.name, "selection.rename", f"survey:{slug}", detail)

    runtime.database.write(work)


def drop(runtime: Runtime, actor: Actor, slug: str, number: int) -> None:
    """Forgets a kept selection; what was shown of it stays written down. Raises NotFound ``selection_unknown``."""
    demand(actor.role, Permission.SELECT)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug)
        found = selections.get(session, survey.id, number)
        if found is None:
            raise NotFound("selection_unknown", "There is no such selection.", "Look it up in the list.")
        detail = {"name": found.name}
        selections.drop(session, number)
        audit.record(session, runtime.now(), actor.name, "selection.drop", f"survey:{slug}", detail)

    runtime.database.write(work)


@dataclass(frozen=True)
class ShownTo:
    """One selection or breakdown, at one release, and who saw it first and who else."""

    filters: Filters
    by: str
    release: int
    people: int
    first_on: date
    seen_by: tuple[str, ...]


def shown(runtime: Runtime, actor: Actor, slug: str) -> tuple[ShownTo, ...]:
    """Everything that was shown of a survey beside its overall result, newest first."""
    demand(actor.role, Permission.SELECT)
    with runtime.database.reading() as session:
        rows = selections.shown(session, in_scope(session, actor, slug).id)
        found: dict[tuple[str, str], ShownTo] = {}
        for row in rows:
            place = (row.digest, row.cut_hash)
            before = found.get(place)
            found[place] = ShownTo(
                _filters(row.filters),
                row.by,
                row.release_number,
                row.people,
                before.first_on if before else row.shown_on,
                (*(before.seen_by if before else ()), row.shown_to),
            )
    return tuple(reversed(found.values()))


def people(runtime: Runtime, actor: Actor, slug: str, filters: Filters) -> frozenset[int]:
    """The ids of the released responses that a selection means, as of the state its figures are shown of. Only of one
    whose figures may be shown, which is then written down: raises what ``open_result`` raises."""
    state = open_result(runtime, actor, slug, filters=filters).cut.release
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        matrix = MatrixStore(runtime.settings.data_dir).open(session, survey.id)
        groupings = of_survey(session, survey, matrix, filters)
        return frozenset(one for ids in matching_ids(session, survey.id, filters, groupings, state) for one in ids)


def matching_ids(
    session: Session, survey_id: int, filters: Filters, groupings: Groupings, upto: int
) -> Iterator[list[int]]:
    """The ids of responses of the releases up to this number that a selection means, in batches in no telling order:
    exactly those whose figures it gives. Raises KeyError for a filter on what the survey does not have."""
    versions = [document.read(json.loads(text)) for _, text in releases.versions(session, survey_id)]
    known, asked_as_text = codings(versions), texts(versions)
    where = Selection(physical(filters, groupings.derived))
    require(Matrix((), known), where)
    for rows in matching.released(session, survey_id, upto):
        ids, answers, came, languages, numbers, days, statuses = zip(*rows, strict=True)
        particulars = {
            COLLECTOR: came,
            LANGUAGE: languages,
            VERSION: [str(number) for number in numbers],
            MONTH: [day.isoformat()[:7] for day in days],
            STATUS: statuses,
        }
        block = encode(answers, particulars, known, asked_as_text)
        inside = selected(block, where, slice(0, block.rows))
        yield list(ids) if inside is None else [ids[place] for place in np.flatnonzero(inside).tolist()]


def _name(name: str) -> str:
    called = line("name", name, 200)
    if not called:
        raise PhieuError("selection_name_missing", "The selection has no name.", "Give it a name.")
    return called


def _free(session: Session, survey_id: int, name: str) -> None:
    if selections.named(session, survey_id, name) is not None:
        raise Conflict(
            "selection_name_taken", "Another selection of this survey has this name.", "Choose another name."
        )


def _filters(written: str) -> Filters:
    pairs: Sequence[tuple[str, list[str]]] = json.loads(written)
    return tuple((key, tuple(codes)) for key, codes in pairs)
