"""Opening results: what is released, counted anew each time and shown after disclosure. No result is kept.

Whoever may see results may look at one collector at a time, where the breakdown by collector shows it; other filters
need a permission of their own. Whatever is shown beside the overall result goes through ``services.showing``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode, stacked, texts
from survey.aggregation.columns import Block, Matrix
from survey.aggregation.tallies import tally
from survey.definition import document
from survey.definition.indexes import Rule
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.errors import Conflict, NotAllowed, PhieuError
from survey.services import basis
from survey.services.groupings import of_survey
from survey.services.releasing import release_ready
from survey.services.runtime import Actor, Runtime
from survey.services.showing import show
from survey.services.surveys import in_scope
from survey.statistics import disclosure, reasons
from survey.statistics.assemble import NO_LABELS, assemble
from survey.statistics.basis import Basis
from survey.statistics.deciding import NOTHING, Asked
from survey.statistics.filters import Filters
from survey.statistics.results import SurveyResult
from survey.storage.matrix import MatrixStore
from survey.storage.models import Survey
from survey.storage.queries import audit, quality, releases, results, surveys


def open_result(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    *,
    filters: Filters = (),
    by: str | None = None,
    further: Sequence[str] = (),
    rule: Rule | None = None,
    deeper: bool = False,
) -> SurveyResult:
    """The result of what is released, after making the release that is due. ``by`` and ``further`` name what to break
    it down by; ``deeper`` also computes reliability, priorities and weighted indexes.

    Raises NotAllowed, NotFound, Conflict ``not_published``, and what ``assemble`` and ``showing.show`` raise.
    """
    demand(actor.role, Permission.RESULTS)
    if any(key != COLLECTOR for key, _ in filters):
        demand(actor.role, Permission.SELECT)
    _release(runtime, actor, slug)
    return _shown(runtime, actor, slug, filters, by, rule, disclosure.PUBLISHED, further, deeper)


def _shown(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    filters: Filters,
    by: str | None,
    rule: Rule | None,
    threshold: int,
    further: Sequence[str] = (),
    deeper: bool = False,
) -> SurveyResult:
    with runtime.database.reading() as session:
        standing = _standing(session, actor, slug, runtime.today())
        matrix = MatrixStore(runtime.settings.data_dir).open(session, standing.survey_id)
        groupings = of_survey(session, in_scope(session, actor, slug), matrix, filters)
    every = tuple(dict.fromkeys([*([by] if by else []), *further]))
    matrix = groupings.onto(matrix, [*(key for key, _ in filters), *every])

    def make(
        matrix: Matrix, *, release: int | None = None, withheld: Mapping[str, frozenset[str]] = NOTHING
    ) -> SurveyResult:
        then = standing if release is None else standing.until(release)
        return then.result(matrix, filters, by, rule, threshold, further, groupings.labels, withheld, deeper)

    if not filters and not every:
        return make(matrix)
    asked = Asked(
        standing.survey_id,
        filters,
        every,
        groupings.derived,
        standing.questionnaire.variables,
    )
    return show(runtime, actor, matrix, asked, make)


def open_raw(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    *,
    filters: Filters = (),
    by: str | None = None,
    rule: Rule | None = None,
) -> SurveyResult:
    """Everything stored, unreleased answers included and no threshold applied; for the operator alone, and it leaves an
    audit entry. Raises NotAllowed, NotFound, Conflict ``not_published``, and what ``assemble`` raises."""
    if actor.user_id is not None:
        raise NotAllowed("not_allowed", "Only the operator may see unreleased answers.", "Use the command line.")
    with runtime.database.reading() as session:
        standing = _standing(session, actor, slug, runtime.today())
    detail = {"filters": dict(filters), "by": by}
    runtime.database.write(
        lambda session: audit.record(session, runtime.now(), actor.name, "result.raw", f"survey:{slug}", detail)
    )
    with runtime.database.reading() as session:
        matrix = _everything(session, standing.survey_id)
        groupings = of_survey(session, in_scope(session, actor, slug), matrix, filters)
    matrix = groupings.onto(matrix, [*(key for key, _ in filters), *([by] if by else [])])
    return standing.result(matrix, filters, by, rule, 0, labels=groupings.labels, deeper=True)


def open_without_flagged(runtime: Runtime, actor: Actor, slug: str, *, rule: Rule | None = None) -> SurveyResult | None:
    """The result of what is released without the flagged answers, to stand beside the one with them. None where there
    are no flagged ones, or so few that the two together would tell what they said."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        matrix = MatrixStore(runtime.settings.data_dir).open(session, in_scope(session, actor, slug).id)
    if not matrix.blocks or not tally(matrix, [STATUS])[STATUS].counts.get("flagged"):
        return None
    try:
        return _shown(runtime, actor, slug, ((STATUS, ("complete",)),), None, rule, disclosure.INSIDE)
    except PhieuError as error:
        if error.code not in ("selection_too_small", "selections_exhausted", "asked_at_once"):
            raise
        return None


@dataclass(frozen=True)
class CollectorChoice:
    """Collectors whose results may be looked at: one, or those too small pooled. ``people`` have answered by now."""

    codes: tuple[str, ...]
    label: Text
    people: int


def collector_choices(runtime: Runtime, actor: Actor, slug: str) -> tuple[CollectorChoice, ...]:
    """What results can be filtered by, as ``filters=((COLLECTOR, choice.codes),)``; empty where the breakdown by
    collector is left out, or there is nothing to choose between."""
    demand(actor.role, Permission.RESULTS)
    _release(runtime, actor, slug)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        matrix = MatrixStore(runtime.settings.data_dir).open(session, survey.id)
        names = results.collector_names(session, survey.id)
    people = tally(matrix, [COLLECTOR])[COLLECTOR].counts if matrix.blocks else {}
    came = {code: people[code] for code in names if people.get(code)}
    found = disclosure.partition(came, disclosure.PUBLISHED, sizes=came)
    if found is None or len(found.alone) + bool(found.pooled) < 2:
        return ()
    choices = [CollectorChoice((code,), Text.of(vi=names[code]), people[code]) for code in found.alone]
    if found.pooled:
        rest = sum(people[code] for code in found.pooled)
        choices.append(CollectorChoice(found.pooled, reasons.label(reasons.REMAINING_GROUPS), rest))
    return tuple(choices)


@dataclass(frozen=True)
class _Standing:
    """A survey as it stands, but for its matrix."""

    survey_id: int
    slug: str
    version: int
    questionnaire: Questionnaire
    population: int | None
    responses: dict[str, int]
    revisions: dict[int, int]
    days: dict[int, date]
    today: date
    collecting: tuple[date | None, date | None]
    exclusions: tuple[tuple[str, int], ...]
    basis: Basis

    def until(self, release: int) -> _Standing:
        """As it stood with the releases up to this one, in their present state."""
        return replace(self, revisions={one: state for one, state in self.revisions.items() if one <= release})

    def result(
        self,
        matrix: Matrix,
        filters: Filters,
        by: str | None,
        rule: Rule | None,
        threshold: int,
        further: Sequence[str] = (),
        labels: Mapping[str, Mapping[str, Text]] = NO_LABELS,
        withheld: Mapping[str, frozenset[str]] = NOTHING,
        deeper: bool = False,
    ) -> SurveyResult:
        return assemble(
            matrix,
            self.questionnaire,
            slug=self.slug,
            version=self.version,
            responses=self.responses,
            as_of=max((self.days[one] for one in self.revisions), default=self.today),
            release=max(self.revisions, default=0),
            revisions=self.revisions,
            population=self.population,
            collecting=self.collecting,
            filters=filters,
            by=by,
            further=further,
            rule=rule,
            threshold=threshold,
            labels=labels,
            withheld=withheld,
            exclusions=self.exclusions,
            basis=self.basis,
            deeper=deeper,
        )


def _release(runtime: Runtime, actor: Actor, slug: str) -> None:
    with runtime.database.reading() as session:
        survey_id = in_scope(session, actor, slug).id
    release_ready(runtime, survey_id)


def _standing(session: Session, actor: Actor, slug: str, today: date) -> _Standing:
    survey: Survey = in_scope(session, actor, slug)
    version = surveys.version(session, survey.id, survey.version_number)
    if version is None:
        raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
    return _Standing(
        survey_id=survey.id,
        slug=survey.slug,
        version=version.number,
        questionnaire=document.read(json.loads(version.document)),
        population=survey.population,
        responses=results.count_by_status(session, [survey.id])[survey.id],
        revisions=releases.revisions(session, survey.id),
        days=releases.days(session, survey.id),
        today=today,
        collecting=(survey.opens_on, survey.closes_on),
        exclusions=tuple(quality.reasons(session, survey.id)),
        basis=basis.stored(session, survey.id),
    )


def _everything(session: Session, survey_id: int) -> Matrix:
    """All stored responses as a matrix of one block, straight from the database."""
    versions = [document.read(json.loads(text)) for _, text in releases.versions(session, survey_id)]
    known, asked_as_text = codings(versions), texts(versions)
    blocks: list[Block] = []
    for rows in results.everything(session, survey_id):
        answers, came, languages, numbers, days, statuses = zip(*rows, strict=True)
        particulars = {
            COLLECTOR: came,
            LANGUAGE: languages,
            VERSION: [str(number) for number in numbers],
            MONTH: [day.isoformat()[:7] for day in days],
            STATUS: statuses,
        }
        blocks.append(encode(answers, particulars, known, asked_as_text))
        known = dict(blocks[-1].codings)
    return Matrix((stacked(blocks),) if blocks else (), known)
