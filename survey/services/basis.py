"""What results are held against: the frame they are weighted to, numbers from the office's books, targets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.aggregation.cells import MOST_CELLS
from survey.definition.indexes import Scoring
from survey.definition.questionnaire import Questionnaire
from survey.errors import PhieuError
from survey.services import indexes
from survey.services.particulars import MOST_PEOPLE, line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.statistics.basis import Basis
from survey.statistics.ratios import COUNTS, contradictions
from survey.statistics.weighting import Frame, frame_variables
from survey.storage.queries import audit, basis

MOST_MARGINS = 4


@dataclass(frozen=True)
class Stated:
    """What is stated for a survey, with the questionnaire it belongs to."""

    questionnaire: Questionnaire
    basis: Basis
    frame_by: str = ""
    frame_on: date | None = None
    counts_source: str = ""
    targets_note: str = ""

    @property
    def measures(self) -> dict[str, tuple[float, float]]:
        """What may have a target, with the ends of its scale."""
        return measures(self.questionnaire, self.basis)


def stated(runtime: Runtime, actor: Actor, slug: str) -> Stated:
    """Everything stated. Raises Conflict ``not_published``."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        asked, frame = indexes.published(session, survey), basis.frame(session, survey.id)
        counts, targets = basis.counts(session, survey.id), basis.targets(session, survey.id)
        return Stated(
            questionnaire=asked,
            basis=stored(session, survey.id),
            frame_by=frame.stated_by if frame else "",
            frame_on=frame.stated_on if frame else None,
            counts_source=next((one.source for one in counts), ""),
            targets_note=next((one.note for one in targets), ""),
        )


def stored(session: Session, survey_id: int) -> Basis:
    """What results take into account."""
    frame = basis.frame(session, survey_id)
    return Basis(
        indexes=indexes.stored(session, survey_id),
        frame=Frame(json.loads(frame.margins), frame.source) if frame else None,
        counts={one.key: one.value for one in basis.counts(session, survey_id)},
        targets={one.measure: one.value for one in basis.targets(session, survey_id)},
    )


def state_frame(
    runtime: Runtime, actor: Actor, slug: str, margins: Mapping[str, Mapping[str, int]], source: str
) -> None:
    """States the people there are, by variable and code; no margins take the frame away.

    Raises PhieuError ``frame_unusable``, ``source_missing``, ``people_unusable``, Conflict ``not_published``.
    """
    demand(actor.role, Permission.BASIS)
    kept = line("source", source, 500)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        if not margins:
            basis.drop_frame(session, survey.id)
        else:
            _check_frame(margins, indexes.published(session, survey))
            if not kept:
                raise PhieuError("source_missing", "There is no source.", "Say where the numbers come from.")
            text = json.dumps({key: dict(codes) for key, codes in margins.items()}, ensure_ascii=False)
            basis.state_frame(session, survey.id, text, kept, actor.name, runtime.today())
        detail = {"margins": list(margins)}
        audit.record(session, runtime.now(), actor.name, "frame.state", f"survey:{slug}", detail)

    runtime.database.write(work)


def _check_frame(margins: Mapping[str, Mapping[str, int]], asked: Questionnaire) -> None:
    known, size = {one.key: one for one in frame_variables(asked.variables)}, 1
    for key, codes in margins.items():
        size *= len(codes) + 1
        listed = {level.code for level in known[key].listed.levels} if key in known else set()
        if len(margins) > MOST_MARGINS or size > MOST_CELLS or len(codes) < 2 or not listed.issuperset(codes):
            raise PhieuError(
                "frame_unusable",
                "A frame has up to four questions with one answer, each with numbers for at least two of its choices, "
                "and not too many choices together.",
                "Take a question out, or correct its numbers.",
                (key,),
            )
        if any(not 1 <= number <= MOST_PEOPLE for number in codes.values()):
            raise PhieuError(
                "people_unusable", "The number of people must lie between 1 and 100 million.", "Correct it.", (key,)
            )


def state_counts(runtime: Runtime, actor: Actor, slug: str, values: Mapping[str, int], source: str) -> None:
    """States numbers from the office's books (keys of ``ratios.COUNTS``); those left out are taken away.

    Raises PhieuError ``count_unknown``, ``count_unusable``, ``source_missing``.
    """
    demand(actor.role, Permission.BASIS)
    kept = line("source", source, 300)
    for key, value in values.items():
        if key not in COUNTS:
            raise PhieuError("count_unknown", "There is no such number.", "Use the page's own fields.", (key,))
        if not 0 <= value <= MOST_PEOPLE:
            raise PhieuError("count_unusable", "The number must lie between 0 and 100 million.", "Correct it.", (key,))
    if wrong := contradictions(values):
        raise PhieuError(
            "count_unusable", "A part is larger than the whole it belongs to.", "Correct one of the two.", wrong
        )
    if values and not kept:
        raise PhieuError("source_missing", "There is no source.", "Say where the numbers come from.")

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        basis.state_counts(session, survey.id, values, kept)
        audit.record(session, runtime.now(), actor.name, "counts.state", f"survey:{slug}", dict(values))

    runtime.database.write(work)


def state_targets(runtime: Runtime, actor: Actor, slug: str, values: Mapping[str, float], note: str) -> None:
    """States what is aimed at: key of an index or of a question with a satisfied share → value in its unit; those left
    out are taken away. Raises PhieuError ``target_unusable``, Conflict ``not_published``."""
    demand(actor.role, Permission.BASIS)
    kept = line("note", note, 300)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        known = measures(indexes.published(session, survey), stored(session, survey.id))
        for key, value in values.items():
            low, high = known.get(key, (1.0, 0.0))
            if not (isfinite(value) and low <= value <= high):
                raise PhieuError(
                    "target_unusable",
                    "A target lies outside what its figure can be.",
                    "Correct it, or leave it empty.",
                    (key,),
                )
        basis.state_targets(session, survey.id, values, kept)
        audit.record(session, runtime.now(), actor.name, "targets.state", f"survey:{slug}", dict(values))

    runtime.database.write(work)


def measures(asked: Questionnaire, added: Basis) -> dict[str, tuple[float, float]]:
    """What may have a target, with the ends of its scale: indexes, then the questions with a satisfied share."""
    found: dict[str, tuple[float, float]] = {}
    for index in added.all_indexes(asked.indexes):
        ends = (min(index.anchors), max(index.anchors))
        found[index.key] = ends if index.scoring is Scoring.RESCALED_MEAN else (0.0, 100.0)
    for variable in asked.variables:
        if variable.choices is not None and variable.choices.satisfied and variable.form == "scale":
            found.setdefault(variable.key, (0.0, 100.0))
    return found
