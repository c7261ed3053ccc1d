"""Data cuts: a result frozen under a number, so that every file made from it shows the same figures for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.aggregation.coding import COLLECTOR
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.comments import for_report, quoted
from survey.services.following import follow
from survey.services.participation import funnels
from survey.services.particulars import line
from survey.services.results import open_result
from survey.services.runtime import Actor, Runtime
from survey.services.series import turn
from survey.services.surveys import in_scope
from survey.statistics.actions import Action
from survey.statistics.disclosure import INSIDE
from survey.statistics.filters import Filters
from survey.statistics.freezing import freeze, thaw
from survey.statistics.results import Channel, SeriesResult, SurveyResult
from survey.storage.models import DataCut
from survey.storage.queries import audit, comments, cuts, evidence, surveys

MOST_FURTHER = 8
"""Variables a cut is broken down by."""


@dataclass(frozen=True)
class CutSummary:
    """A cut without its figures. ``hash`` is the one printed, of what was counted; ``digest`` covers the figures."""

    id: int
    number: int
    name: str
    hash: str
    digest: str
    as_of: date
    made_by: str
    made_at: datetime


def make_cut(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    name: str = "",
    *,
    filters: Filters = (),
    by: str | None = None,
    further: Sequence[str] | None = None,
) -> CutSummary:
    """Freezes the result of what is released, with its participation, its place in a series, what is counted of the
    comments, the measures and, beside ``by``, broken down by each of ``further``: unless told, by collector and by each
    question of who answers. Of quotes it notes which they are; their words can be erased.

    Raises what ``open_result`` raises, Conflict ``cut_empty`` when there is nothing to show yet, PhieuError
    ``breakdowns_too_many`` and for a name that does not fit.
    """
    demand(actor.role, Permission.RESULTS)
    kept = line("name", name, 200)
    chosen = tuple(dict.fromkeys(traits(runtime, actor, slug) if further is None else further))
    if len(chosen) > MOST_FURTHER:
        raise PhieuError(
            "breakdowns_too_many", "A data cut has at most 8 further breakdowns.", "Leave some out, or make two cuts."
        )
    result = open_result(runtime, actor, slug, filters=filters, by=by, further=chosen, deeper=True)
    if result.released < INSIDE:
        raise Conflict("cut_empty", "There are not enough released answers yet to freeze.", "Wait for more answers.")
    result = replace(with_particulars(runtime, actor, result), series=waves(runtime, actor, result))
    frozen = freeze(result)
    digest = hashlib.sha256(frozen).hexdigest()

    def work(session: Session) -> CutSummary:
        survey = in_scope(session, actor, slug, lock=True)
        made = cuts.add(
            session,
            survey.id,
            name=kept,
            cut_hash=result.cut.hash,
            digest=digest,
            as_of=result.cut.as_of,
            result=frozen.decode(),
            made_by=actor.name,
            made_at=runtime.now(),
        )
        comments.keep_quotes(session, made.id, comments.quotes(session, survey.id))
        detail = {"number": made.number, "hash": result.cut.hash, "digest": digest}
        audit.record(session, runtime.now(), actor.name, "cut.make", f"survey:{slug}", detail)
        return _summary(made)

    return runtime.database.write(work)


def list_cuts(runtime: Runtime, actor: Actor, slug: str) -> tuple[CutSummary, ...]:
    """The cuts of a survey, newest first."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        return tuple(_summary(one) for one in cuts.of_survey(session, in_scope(session, actor, slug).id))


def read_cut(runtime: Runtime, actor: Actor, slug: str, number: int) -> SurveyResult:
    """The result as it was frozen. Raises NotFound ``cut_unknown``, Conflict ``cut_damaged`` when what is stored is not
    what was frozen."""
    return opened_cut(runtime, actor, slug, number)[1]


def opened_cut(runtime: Runtime, actor: Actor, slug: str, number: int) -> tuple[CutSummary, SurveyResult]:
    """A cut and its result. Raises as ``read_cut``."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        found = cuts.get(session, survey.id, number) if 0 < number < 2**31 else None
        if found is None:
            raise NotFound("cut_unknown", "There is no such data cut.", "Look it up in the survey's list of cuts.")
        stored = found.result.encode(errors="surrogatepass")
        summary = _summary(found)
    if hashlib.sha256(stored).hexdigest() == summary.digest:
        try:
            result = thaw(stored)
        except ValueError as error:
            raise Conflict(
                "cut_unreadable",
                "This data cut was frozen by another version of the product.",
                "Open it with that version, or make a new cut.",
            ) from error
        if (result.slug, result.cut.hash) == (survey.slug, summary.hash):
            return summary, result
    raise Conflict(
        "cut_damaged",
        "The stored figures of this data cut are not those that were frozen.",
        "Restore them from a backup, or make a new cut.",
    )


def with_particulars(runtime: Runtime, actor: Actor, result: SurveyResult) -> SurveyResult:
    """The result with participation, counts of comments and measures as they stand now."""
    with runtime.database.reading() as session:
        noted = evidence.measures(session, in_scope(session, actor, result.slug).id)
        measures = tuple(Action(one.heard, one.action, one.lead, one.due_on, one.done_on) for one in noted)
    return replace(
        result,
        channels=channels(runtime, actor, result.slug),
        comments=for_report(runtime, actor, result.slug),
        measures=measures,
    )


def current(runtime: Runtime, actor: Actor, slug: str) -> int | None:
    """The number of the newest cut, if a new one would show the same answers, comments and measures."""
    newest = next(iter(list_cuts(runtime, actor, slug)), None)
    now = open_result(runtime, actor, slug)
    if newest is None or newest.hash != now.cut.hash:
        return None
    held, now = opened_cut(runtime, actor, slug, newest.number)[1], with_particulars(runtime, actor, now)
    same = (held.comments, held.measures) == (now.comments, now.measures)
    same = same and quoted(runtime, actor, slug, newest.id) == quoted(runtime, actor, slug)
    return newest.number if same else None


def traits(runtime: Runtime, actor: Actor, slug: str) -> tuple[str, ...]:
    """What a report breaks down by: the collector, where several brought answers, and who answers, as the
    questionnaire's opening section asks it."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        version = surveys.version(session, survey.id, survey.version_number)
        asked = document.read(json.loads(version.document)) if version else None
    brought = sum(one.completed > 0 for one in funnels(runtime, actor, slug))
    own = about_people(asked) if asked else ()
    return (*((COLLECTOR,) if brought > 1 else ()), *own)[:MOST_FURTHER]


def waves(runtime: Runtime, actor: Actor, result: SurveyResult) -> tuple[SeriesResult, ...]:
    """Each index and scale question over the waves of the survey's series, as far as this survey and its unit go; empty
    without a series, and under a filter."""
    found = turn(runtime, actor, result.slug).series
    if not found or result.cut.filters:
        return ()
    offered = {one.key for one in follow(runtime, actor, found).choices}
    scales = [one.key for one in result.questions if one.figures.satisfied_percent is not None]
    out = []
    for key in dict.fromkeys([*(one.key for one in result.indexes), *scales]):
        for line_of in follow(runtime, actor, found, key).lines if key in offered else ():
            places = [place for place, point in enumerate(line_of.result.points) if point.survey == result.slug]
            if places:
                out.append(replace(line_of.result, points=line_of.result.points[: places[0] + 1]))
    return tuple(out)


def about_people(asked: Questionnaire) -> tuple[str, ...]:
    """The choices of the opening section, if it rates nothing: they say who answers."""
    if not asked.sections:
        return ()
    found = [variable for question in asked.sections[0].questions for variable in question.variables()]
    if any(one.form is Form.SCALE for one in found):
        return ()
    return tuple(one.key for one in found if one.closed and not one.sensitive)


def channels(runtime: Runtime, actor: Actor, slug: str) -> tuple[Channel, ...]:
    """Participation by collector, as a cut freezes it."""
    return tuple(
        Channel(
            code=one.code,
            name=one.name,
            kind=one.kind,
            handed_out=one.handed_out,
            opened=one.opened,
            started=one.started,
            completed=one.completed,
            flagged=one.flagged,
            excluded=one.excluded,
            withdrawn=one.withdrawn,
        )
        for one in funnels(runtime, actor, slug)
    )


def _summary(cut: DataCut) -> CutSummary:
    return CutSummary(
        id=cut.id,
        number=cut.number,
        name=cut.name,
        hash=cut.cut_hash,
        digest=cut.digest,
        as_of=cut.as_of,
        made_by=cut.made_by,
        made_at=cut.made_at,
    )
