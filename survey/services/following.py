"""One measure over the waves of a series, over the months of a survey, week by week, and over units.

All of it is what is released, after disclosure, counted anew each time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.aggregation.coding import COLLECTOR, MONTH, VERSION
from survey.aggregation.columns import Matrix
from survey.definition import document
from survey.definition.indexes import Index
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.variables import Variable
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import indexes
from survey.services.releasing import release_ready
from survey.services.runtime import Actor, Runtime
from survey.services.series import SeriesSummary, Turn, series_in_scope, show
from survey.services.surveys import in_scope
from survey.statistics import monitoring as p_chart
from survey.statistics import reasons
from survey.statistics import series as one_measure
from survey.statistics.ddci import Answers, Ends, answers_of, components_of, ddci_ranking, framed, scale_ends
from survey.statistics.monitoring import Day
from survey.statistics.parts import by_part, judged
from survey.statistics.ranking import Candidate, rank
from survey.statistics.results import Monitoring, Ranking, SeriesResult
from survey.statistics.series import Measured, Wave, measured, measures, method
from survey.storage.matrix import MatrixStore
from survey.storage.models import Survey
from survey.storage.queries import basis, collectors, series


@dataclass(frozen=True)
class Choice:
    """A measure that can be followed; ``framed``: units can be ranked by it on the frame of the DDCI."""

    key: str
    name: Text
    unit: str
    framed: bool = False


@dataclass(frozen=True)
class Line:
    """The series of one unit's surveys."""

    unit: str
    result: SeriesResult


@dataclass(frozen=True)
class Followed:
    """A series by one measure: a line for each unit. ``choices`` are all measures that a wave has; ``languages`` those
    of the newest wave. ``measure`` is empty, and there are no lines, where there is nothing to follow."""

    series: SeriesSummary
    turns: tuple[Turn, ...]
    choices: tuple[Choice, ...]
    measure: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Standing:
    """A survey as it stands: its newest questionnaire, and every version by its number."""

    survey: Survey
    matrix: Matrix
    asked: Questionnaire
    versions: Mapping[str, Questionnaire]
    version_ids: Mapping[str, int]
    targets: Mapping[str, float]

    @property
    def final(self) -> bool:
        return self.survey.status == "closed"

    def measured(self, key: str) -> Measured:
        return measured(self.matrix, self.asked, key, self.survey.population)

    def wave(self, key: str, on: date) -> Wave:
        told = set(one_measure.codes_with_answers(self.matrix, VERSION)) | {str(self.survey.version_number)}
        methods = (method(asked, key) for number, asked in self.versions.items() if number in told)
        return Wave(
            self.survey.slug,
            self.survey.wave,
            on,
            self.measured(key),
            frozenset(one for one in methods if one is not None),
            self.survey.breaks,
        )


def follow(runtime: Runtime, actor: Actor, slug: str, measure: str = "") -> Followed:
    """A series by ``measure``, or by the first that can be followed. Surveys that are not published yet are listed and
    not drawn. Raises NotFound ``series_unknown`` or ``measure_unknown``."""
    found, turns = show(runtime, actor, slug)
    for one in turns:
        _release(runtime, actor, one.survey)
    with runtime.database.reading() as session:
        rows = series.waves(session, series_in_scope(session, actor, slug).id, actor.units)
        standings = [(unit, one.wave_on, _standing(runtime, session, one)) for one, unit in rows if one.version_number]
    choices = _choices([one.asked for _, _, one in reversed(standings)])
    if not choices:
        return Followed(found, turns, (), "", ())
    chosen = _chosen(choices, measure)
    lines: dict[str, list[Wave]] = {}
    targets: dict[str, float] = {}
    for unit, on, standing in standings:
        lines.setdefault(unit, []).append(standing.wave(chosen.key, on or standing.survey.created_at.date()))
        if chosen.key in standing.targets:
            targets[unit] = standing.targets[chosen.key]
    drawn = tuple(
        Line(unit, one_measure.series(chosen.key, chosen.name, chosen.unit, waves, targets.get(unit)))
        for unit, waves in lines.items()
    )
    return Followed(found, turns, tuple(choices), chosen.key, drawn)


def periods(runtime: Runtime, actor: Actor, slug: str, measure: str = "", *, quarters: bool = False) -> SeriesResult:
    """A survey month by month, or quarter by quarter; months that may not be shown on their own are absent. A month is
    named ``2026-10``, a quarter ``2026-Q4``. Raises NotFound ``measure_unknown``, Conflict ``not_published``."""
    standing = _opened(runtime, actor, slug)
    chosen = _chosen(_choices([standing.asked]), measure)
    parts: dict[str, list[str]] = {}
    for month in sorted(one_measure.codes_with_answers(standing.matrix, MONTH)):
        parts.setdefault(_quarter(month) if quarters else month, []).append(month)
    found = by_part(standing.matrix, standing.asked, chosen.key, MONTH, parts, final=standing.final)
    waves = [Wave(slug, name, date.fromisoformat(f"{parts[name][0]}-01"), one) for name, one in found.items()]
    return one_measure.series(chosen.key, chosen.name, chosen.unit, waves, standing.targets.get(chosen.key))


def monitor(runtime: Runtime, actor: Actor, slug: str, question: str = "") -> Monitoring:
    """The p-chart of a question, default the general one. While the survey collects, weeks enter when all their answers
    are released. Raises NotFound ``measure_unknown``, Conflict ``not_published``."""
    standing = _opened(runtime, actor, slug)
    keys = [one for one in _choices([standing.asked]) if one_measure.index_of(standing.asked, one.key) is None]
    chosen = _chosen(keys, question)
    listed = standing.asked.by_key[chosen.key].listed
    levels = [level.code for level in listed.levels]
    versions = [
        standing.version_ids[number]
        for number, asked in standing.versions.items()
        if chosen.key in asked.by_key and asked.by_key[chosen.key].closed
    ]
    with runtime.database.reading() as session:
        rows = series.daily(session, standing.survey.id, chosen.key, levels, versions)
        waiting = None if standing.final else series.first_waiting_day(session, standing.survey.id)
    days: dict[date, list[int]] = {}
    for on, code, people in rows:
        counts = days.setdefault(on, [0, 0])
        counts[0] += people
        counts[1] += people if code in listed.satisfied else 0
    found = [Day(on, *counts) for on, counts in days.items()]
    return p_chart.monitoring(chosen.key, chosen.name, found, until=waiting or date.max)


def rank_units(runtime: Runtime, actor: Actor, slug: str, measure: str = "", anchors: Ends | None = None) -> Ranking:
    """The offices whose collectors brought the answers of one survey, compared; a collector that names no office counts
    for the survey's own. ``anchors``: by the total on the frame of the DDCI, over the same people and with the same
    offices hidden. Raises NotFound ``measure_unknown``, PhieuError ``measure_unframed``, Conflict ``not_published``."""
    standing = _opened(runtime, actor, slug)
    chosen = _framed(_choices([standing.asked]), measure, anchors)
    with runtime.database.reading() as session:
        units = collectors.offices_of(session, standing.survey.id)
    told = one_measure.codes_with_answers(standing.matrix, COLLECTOR)
    parts: dict[str, list[str]] = {}
    for code, unit in units.items():
        if code in told:
            parts.setdefault(unit, []).append(code)
    index = one_measure.index_of(standing.asked, chosen.key)
    if anchors is not None and index is not None:
        judgement = judged(standing.matrix, standing.asked, chosen.key, COLLECTOR, parts, final=standing.final)
        return _on_frame(
            index, chosen, anchors, [(unit, one.measured, one.matrix, one.variables) for unit, one in judgement.items()]
        )
    found = by_part(standing.matrix, standing.asked, chosen.key, COLLECTOR, parts, final=standing.final)
    candidates = [Candidate(unit, one.value, one.interval, one.base, one.suppressed) for unit, one in found.items()]
    return rank(chosen.key, chosen.name, chosen.unit, candidates, standing.targets.get(chosen.key))


def rank_wave(
    runtime: Runtime, actor: Actor, slug: str, wave: str, measure: str = "", anchors: Ends | None = None
) -> Ranking:
    """The units whose surveys form one wave of a series, compared; they stand there as far as their method is that of
    the first. ``anchors`` as in ``rank_units``; there a known population does not make the intervals shorter. Raises
    NotFound ``wave_unknown``, PhieuError ``measure_unframed`` and as ``follow``."""
    followed = follow(runtime, actor, slug, measure)
    names = {one.survey: one.unit for one in followed.turns if one.wave == wave}
    if not names or not followed.measure:
        raise NotFound("wave_unknown", "There is no such wave in this series.", "Choose one of those listed.")
    with runtime.database.reading() as session:
        rows = series.waves(session, series_in_scope(session, actor, slug).id, actor.units)
        standings = [_standing(runtime, session, one) for one, _ in rows if one.slug in names and one.version_number]
    chosen = _framed(followed.choices, measure if anchors is not None else followed.measure, anchors)
    waves = [one.wave(chosen.key, one.survey.wave_on or date.min) for one in standings]
    first = next((one.methods for one in waves if one.methods), frozenset())
    pairs = list(zip(standings, waves, strict=True))
    if anchors is not None:
        alike = (one_measure.index_of(one.asked, chosen.key) for one, found in pairs if found.methods == first)
        index = next((one for one in alike if one is not None), None)
        if index is not None:
            return _on_frame(index, chosen, anchors, [_row(one, found, index, first, names) for one, found in pairs])
    candidates = []
    for one in waves:
        figure = one.measured
        same = one.methods == first
        reason = figure.suppressed or ("" if same else one_measure.OTHER_METHOD)
        value = figure.value if same else None
        candidates.append(Candidate(names[one.survey], value, figure.interval, figure.base, reason, figure.exact))
    targets = {one.targets[chosen.key] for one in standings if chosen.key in one.targets}
    return rank(chosen.key, chosen.name, chosen.unit, candidates, targets.pop() if len(targets) == 1 else None)


def survey_choices(runtime: Runtime, actor: Actor, slug: str) -> tuple[Choice, ...]:
    """What can be followed within one survey. Raises NotFound, Conflict ``not_published``."""
    return tuple(_choices([_opened(runtime, actor, slug).asked]))


def _opened(runtime: Runtime, actor: Actor, slug: str) -> _Standing:
    demand(actor.role, Permission.RESULTS)
    _release(runtime, actor, slug)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        if not survey.version_number:
            raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
        return _standing(runtime, session, survey)


def _release(runtime: Runtime, actor: Actor, slug: str) -> None:
    with runtime.database.reading() as session:
        survey_id = in_scope(session, actor, slug).id
    release_ready(runtime, survey_id)


def _standing(runtime: Runtime, session: Session, survey: Survey) -> _Standing:
    rows = series.documents(session, survey.id)
    own = indexes.stored(session, survey.id)
    versions = {str(number): _with(document.read(json.loads(text)), own) for _, number, text in rows}
    session.expunge(survey)
    return _Standing(
        survey,
        MatrixStore(runtime.settings.data_dir).open(session, survey.id),
        versions[str(survey.version_number)],
        versions,
        {str(number): version_id for version_id, number, _ in rows},
        {one.measure: one.value for one in basis.targets(session, survey.id)},
    )


def _with(asked: Questionnaire, own: Collection[Index]) -> Questionnaire:
    """The questionnaire with the indexes that the office put together for this survey."""
    known = {one.key for one in asked.indexes}
    return replace(asked, indexes=(*asked.indexes, *(one for one in own if one.key not in known)))


def _choices(questionnaires: Collection[Questionnaire]) -> list[Choice]:
    found: dict[str, Choice] = {}
    for asked in questionnaires:
        for key, (name, unit) in measures(asked).items():
            index = one_measure.index_of(asked, key)
            found.setdefault(key, Choice(key, name, unit, index is not None and framed(index)))
    return list(found.values())


def _chosen(choices: Collection[Choice], key: str) -> Choice:
    for one in choices:
        if key in ("", one.key):
            return one
    raise NotFound("measure_unknown", "There is no such index or question to follow.", "Choose one of those listed.")


def _framed(choices: Collection[Choice], key: str, anchors: Ends | None) -> Choice:
    if anchors is None:
        return _chosen(choices, key)
    fitting = [one for one in choices if one.framed]
    if not fitting or (key and key not in {one.key for one in fitting}):
        if key:
            _chosen(choices, key)
        raise PhieuError(
            "measure_unframed",
            "Only an index of rescaled means can be ranked between anchors.",
            "Choose such an index, or rank without anchors.",
        )
    return _chosen(fitting, key)


_Unit = tuple[str, Measured, Matrix | None, Mapping[str, Variable]]
"""Unit, the ordinary figure after disclosure, and the people and questions it is shown over."""


def _row(
    standing: _Standing, wave: Wave, index: Index, first: frozenset[one_measure.Method], names: Mapping[str, str]
) -> _Unit:
    figure = wave.measured
    if wave.methods != first and figure.value is not None:
        figure = Measured(None, None, None, one_measure.OTHER_METHOD)
    items = {} if figure.value is None else one_measure.items_shown(standing.matrix, standing.asked, index)
    return names[wave.survey], figure, standing.matrix, items


def _on_frame(index: Index, chosen: Choice, anchors: Ends, units: Collection[_Unit]) -> Ranking:
    """The ranking between anchors. A unit whose ordinary figure is hidden is hidden, for the same reason."""
    components = components_of(index)
    answers: list[Answers] = []
    ends: dict[str, tuple[float, float]] = {}
    for unit, figure, matrix, variables in units:
        if figure.value is None or matrix is None:
            answers.append(Answers(unit, 0, {}, suppressed=figure.suppressed or reasons.TOO_FEW))
            continue
        answers.append(answers_of(unit, components, matrix, variables))
        ends |= scale_ends(variables)
    fixed = ends if anchors is Ends.FIXED else None
    return ddci_ranking(components, answers, anchors=fixed, measure=chosen.key, name=anchors.named(chosen.name))


def _quarter(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
