"""The one place a ``SurveyResult`` is made: tallies in, figures out, after disclosure. Pure; knows no database.

Everything is counted once for all variables, so that a million responses cost milliseconds; what comes after the
tallies does not depend on how many people answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.tallies import Tally, crossed, tally
from survey.definition.document import canonical
from survey.definition.indexes import Rule
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.variables import Variable
from survey.errors import PhieuError
from survey.statistics import disclosure, reasons
from survey.statistics.basis import NOTHING, Basis, Deep, deep
from survey.statistics.breakdowns import Crossed, Grouping, Tables, break_down, grouping, left_out, part, technical
from survey.statistics.differences import compare
from survey.statistics.disclosure import PUBLISHED, UNLIMITED, Limits
from survey.statistics.figures import figures, hidden, joined, missing_codes, with_retired
from survey.statistics.filters import Filters, Selected, select
from survey.statistics.products import index_result
from survey.statistics.proportions import known_population
from survey.statistics.ratios import ratios
from survey.statistics.results import Breakdown, Cut, Figures, QuestionResult, SectionHeading, SurveyResult
from survey.statistics.scores import scores

NO_LABELS: Mapping[str, Mapping[str, Text]] = MappingProxyType({})
NOTHING_WITHHELD: Mapping[str, Collection[str]] = MappingProxyType({})


def assemble(
    matrix: Matrix,
    questionnaire: Questionnaire,
    *,
    slug: str,
    version: int,
    responses: Mapping[str, int],
    as_of: date,
    release: int,
    revisions: Mapping[int, int],
    population: int | None = None,
    collecting: tuple[date | None, date | None] = (None, None),
    filters: Filters = (),
    by: str | None = None,
    further: Sequence[str] = (),
    rule: Rule | None = None,
    threshold: int = PUBLISHED,
    labels: Mapping[str, Mapping[str, Text]] = NO_LABELS,
    exclusions: tuple[tuple[str, int], ...] = (),
    basis: Basis = NOTHING,
    deeper: bool = False,
    withheld: Mapping[str, Collection[str]] = NOTHING_WITHHELD,
) -> SurveyResult:
    """The result of the newest published ``questionnaire`` over ``matrix``.

    ``revisions`` maps each release's number to its revision, ``responses`` each status to its live count. ``filters``,
    ``by`` and ``further`` (more variables to break down by) name closed variables or ``@collector`` and its like;
    ``labels`` names the codes of the latter.
    ``threshold`` is the smallest base of a group; 0 shows everything (the operator's raw view). ``rule`` overrides
    that of every index. ``basis`` is what the office added for computing. ``deeper`` also computes what takes a second
    look at every answer: reliability, priorities, weighted indexes; of all answers, never under a filter.
    ``withheld`` names variables that are not to be shown: of the filtered figures under the key "", of a breakdown
    under its variable.

    Raises PhieuError ``question_unknown`` and ``code_unknown``, and what ``filters.select`` raises.
    """
    limits = Limits(group=threshold) if threshold else UNLIMITED
    variables = {one.key: _counted(one, matrix) for one in questionnaire.variables if one.closed}
    named = {key for key, _ in filters} | {*further, *([by] if by else [])}
    groupings = {key: _grouping(key, variables, matrix, labels) for key in sorted(named)}
    for key, codes in filters:
        _require(codes, groupings[key])
    enough = matrix.rows >= limits.whole
    known = None if filters else known_population(matrix.rows, population)
    tables = {
        key: _crossed(matrix, [one for one in variables.values() if one.key != key], groupings[key], Selection(filters))
        for key in (dict.fromkeys([*([by] if by else []), *further]) if enough else ())
    }
    if enough:
        # What a table has counted is not counted again.
        first = next(iter(tables.values()), None)
        selected = select(matrix, tuple(variables.values()), filters, groupings, limits, first)
        reason = {**selected.withheld, **dict.fromkeys(withheld.get("", ()), reasons.TOO_FEW_APART)}
        shown = {
            key: _figures(one, selected.tallies[key], limits, bool(filters), reason.get(key, ""), known)
            for key, one in variables.items()
        }
    else:
        selected = Selected(0 if filters else matrix.rows, {}, {})
        shown = dict.fromkeys(variables, hidden(reasons.SURVEY_TOO_SMALL))
    broken_down = {
        key: _breakdowns(variables, groupings[key], tables.get(key), limits, withheld.get(key, ()))
        for key in dict.fromkeys([*([by] if by else []), *further])
    }
    remarks = [reasons.VOLUNTEERS]
    if not filters and population is not None and known is None:
        remarks.append(reasons.POPULATION_TOO_SMALL)
    questions = _questions(questionnaire, variables, shown)
    asked = basis.all_indexes(questionnaire.indexes)
    extra = Deep()
    if deeper and not filters:
        extra = deep(asked, matrix, variables, shown, basis.frame, limits, rule)
    return SurveyResult(
        slug=slug,
        title=questionnaire.title,
        languages=questionnaire.languages,
        version=version,
        cut=_cut(slug, version, as_of, release, revisions, filters, matrix.rows if limits == UNLIMITED else None),
        responses=dict(responses),
        released=selected.rows,
        population=known,
        headline=questionnaire.headline,
        sections=tuple(SectionHeading(section.key, section.title) for section in questionnaire.sections),
        questions=questions,
        indexes=tuple(index_result(one, matrix, variables, shown, Selection(filters), rule, known) for one in asked),
        breakdowns=broken_down[by] if by else (),
        further=tuple(one for key, found in broken_down.items() if key != by for one in found),
        by=by,
        office=questionnaire.office.name,
        superior=questionnaire.office.superior,
        contact=questionnaire.office.contact,
        collecting=collecting,
        selected={key: _labels(groupings[key], codes) for key, codes in filters},
        remarks=tuple(remarks),
        raw=limits == UNLIMITED,
        exclusions=exclusions,
        comparisons=compare(
            [one for key, found in broken_down.items() if not groupings[key].overlapping for one in found], questions
        ),
        scores=scores(questions, known),
        reliability=extra.reliability,
        priorities=extra.priorities,
        weighted=extra.weighted,
        ratios=ratios(basis.counts),
        targets={
            key: value
            for key, value in basis.targets.items()
            if key in variables or any(one.key == key for one in asked)
        },
    )


def _counted(variable: Variable, matrix: Matrix) -> Variable:
    return with_retired(variable, matrix.codings[variable.key].codes)


def _grouping(
    key: str, variables: Mapping[str, Variable], matrix: Matrix, labels: Mapping[str, Mapping[str, Text]]
) -> Grouping:
    if key in variables:
        found = grouping(variables[key])
        return replace(found, overlapping=found.overlapping or matrix.codings[key].multiple)
    if key.startswith("@") and key in matrix.codings:
        return technical(key, matrix.codings[key].codes, labels.get(key, {}))
    raise PhieuError(
        "question_unknown",
        "There is no such question that can be counted.",
        "Name a question of the newest version, but not one answered in free text.",
        (key,),
    )


def _labels(by: Grouping, codes: Sequence[str]) -> tuple[Text, ...]:
    return tuple(group.label for group in by.levels if not set(group.codes).isdisjoint(codes))


def _require(codes: Sequence[str], by: Grouping) -> None:
    known = {code for group in by.levels for code in group.codes}
    for code in codes:
        if code not in known:
            raise PhieuError(
                "code_unknown",
                "A question has no such answer to select by.",
                "Choose one of those listed.",
                (f"{by.key}={code}", *sorted(known)),
            )


def _figures(
    variable: Variable, counted: Tally, limits: Limits, filtered: bool, withheld: str, population: int | None
) -> Figures:
    if withheld:
        return hidden(withheld)
    if not disclosure.safe(counted.people, limits.least(part=filtered, sensitive=variable.sensitive)):
        return hidden(reasons.TOO_FEW)
    return part(variable, counted, limits) if filtered else figures(variable, counted, population)


def _questions(
    questionnaire: Questionnaire, variables: Mapping[str, Variable], shown: Mapping[str, Figures]
) -> tuple[QuestionResult, ...]:
    return tuple(
        QuestionResult(
            key=one.key,
            form=one.form,
            label=one.label,
            section=section.key,
            choices=variables[one.key].choices if one.closed else None,
            figures=shown[one.key] if one.closed else hidden(reasons.COMMENTS),
            sensitive=one.sensitive,
        )
        for section in questionnaire.sections
        for question in section.questions
        for one in question.variables()
    )


def _breakdowns(
    variables: Mapping[str, Variable], by: Grouping, tables: Tables | None, limits: Limits, withheld: Collection[str]
) -> tuple[Breakdown, ...]:
    others = [one for one in variables.values() if one.key != by.key]
    if tables is None:
        return tuple(Breakdown(one.key, by.key, (), reasons.SURVEY_TOO_SMALL) for one in others)
    return tuple(
        left_out(one, by, by.levels)
        if one.key in withheld
        else break_down(one, by, tables.inside[one.key], limits, tables.everybody.get(one.key))
        for one in others
    )


def _crossed(matrix: Matrix, variables: Sequence[Variable], by: Grouping, selection: Selection) -> Tables:
    keys, missing = [one.key for one in variables], missing_codes(variables)
    groups, around = crossed(matrix, keys, by.key, selection, missing=missing)

    def whole(some: Mapping[str, Mapping[str, Tally]], chosen: Selection) -> dict[str, Crossed]:
        found = tally(matrix, keys, chosen, missing=missing) if by.overlapping else {}
        return {key: Crossed(found[key] if key in found else joined(some[key].values()), some[key]) for key in keys}

    return Tables(whole(groups, selection), whole(around, Selection()) if selection.filters else {})


def _cut(
    slug: str,
    version: int,
    as_of: date,
    release: int,
    revisions: Mapping[int, int],
    filters: Filters,
    raw: int | None,
) -> Cut:
    chosen = {key: tuple(sorted(codes)) for key, codes in filters}
    covered = {
        "survey": slug,
        "version": version,
        "release": release,
        "revisions": sorted([number, revision] for number, revision in revisions.items()),
        "filters": {key: list(codes) for key, codes in chosen.items()},
    }
    # The raw view is no cut: it names how many responses there were, so that two of them are told apart.
    digest = hashlib.sha256(canonical(covered if raw is None else covered | {"raw": raw})).hexdigest()
    return Cut(as_of=as_of, filters=chosen, release=release, hash=digest)
