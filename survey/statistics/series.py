"""One measure over the waves of a series: values with intervals, changes in words, and breaks where the method changed.

A wave is a survey, or a period of one. Change to the wave before: the two samples are independent, so the interval of
the difference comes from the two intervals that stand there already. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.tallies import tally
from survey.definition.indexes import Index
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.variables import Form, Variable
from survey.statistics import disclosure, reasons
from survey.statistics.differences import LEVEL, holm, of_estimates
from survey.statistics.disclosure import Limits
from survey.statistics.figures import figures, hidden, missing_codes, with_retired
from survey.statistics.products import index_result
from survey.statistics.proportions import known_population
from survey.statistics.results import Difference, Figures, Interval, SeriesResult, WavePoint


def _(message: str) -> str:
    return message


NOT_MEASURED = _("This survey does not measure it.")
OTHER_INDEX = _("The index is computed from other questions or by another rule.")
OTHER_SCALE = _("The answers to choose from changed.")
OTHER_WORDING = _("The wording of a question changed.")
OTHER_METHOD = _("It was asked or computed differently here.")
WITHIN = _("The method changed while answers were collected.")


@dataclass(frozen=True)
class Measured:
    """What one wave, unit or period says of a measure, after disclosure; ``exact`` where everybody there is answered,
    so that there is no sampling error."""

    value: float | None
    interval: Interval | None
    base: int | None
    suppressed: str = ""
    exact: bool = False

    @property
    def bounds(self) -> Interval | None:
        """Where the true value lies with 95 % confidence; None where nothing is known."""
        if self.value is None:
            return None
        return self.interval or ((self.value, self.value) if self.exact else None)


NOTHING = Measured(None, None, None, NOT_MEASURED)


@dataclass(frozen=True)
class Method:
    """All that has to stay the same for two waves to be compared: how an index is computed (empty for a question), what
    can be answered to each question, and how each is worded."""

    index: tuple[object, ...]
    scales: tuple[object, ...]
    wordings: tuple[object, ...]


@dataclass(frozen=True)
class Wave:
    """One wave. ``methods`` are those of the versions that brought its answers, ``stated`` is a break that staff state
    (why it cannot be compared with the wave before)."""

    survey: str
    wave: str
    on: date
    measured: Measured
    methods: frozenset[Method] = field(default_factory=frozenset)
    stated: str = ""


def measures(asked: Questionnaire) -> dict[str, tuple[Text, str]]:
    """What can be followed: key → name and unit. Indexes first, then the headline, then every scale with a share
    satisfied."""
    found = {one.key: (one.name, "percent" if _percent(one) else "points") for one in asked.indexes}
    scales = [one for one in asked.variables if one.form is Form.SCALE and one.listed.satisfied]
    scales.sort(key=lambda one: one.key != asked.headline)
    return found | {one.key: (asked.filled(one.label), "percent") for one in scales if one.key not in found}


def method(asked: Questionnaire, key: str) -> Method | None:
    """How this questionnaire measures it; None if it does not."""
    index = index_of(asked, key)
    keys = [key] if index is None else [*index.items, *([index.overall] if index.overall else [])]
    variables = [asked.by_key[one] for one in dict.fromkeys(keys) if one in asked.by_key]
    if not variables or (index is None and not _followed(variables[0])):
        return None
    return Method(
        index=(() if index is None else _computed(index)),
        scales=tuple((one.key, *_scale(one)) for one in variables),
        wordings=tuple((one.key, _plain(one.label.to(asked.languages[0]))) for one in variables),
    )


def measured(matrix: Matrix, asked: Questionnaire, key: str, population: int | None = None) -> Measured:
    """The measure over everybody in ``matrix``: the same figure and the same disclosure as in the survey's result."""
    limits = Limits()
    index = index_of(asked, key)
    wanted = index_keys(index) if index else [key]
    variables = {one: counted(asked.by_key[one], matrix) for one in wanted if one in asked.by_key}
    if not variables or (index is None and not _followed(variables[key])):
        return NOTHING
    if matrix.rows < limits.whole:
        return Measured(None, None, None, reasons.SURVEY_TOO_SMALL)
    known = known_population(matrix.rows, population)
    shown = _shown(matrix, variables, known)
    if index is None:
        return of_figures(shown[key], known)
    found = index_result(index, matrix, variables, shown, Selection(), population=known)
    exact = known is not None and found.base == known
    return Measured(
        found.value, found.interval, found.base if found.value is not None else None, found.suppressed, exact
    )


def items_shown(matrix: Matrix, asked: Questionnaire, index: Index) -> dict[str, Variable]:
    """The items of an index that may be shown over everybody in ``matrix``."""
    if matrix.rows < Limits().whole:
        return {}
    variables = {one: counted(asked.by_key[one], matrix) for one in index.items if one in asked.by_key}
    return {one: variables[one] for one, found in _shown(matrix, variables, None).items() if not found.suppressed}


def _shown(matrix: Matrix, variables: Mapping[str, Variable], known: int | None) -> dict[str, Figures]:
    limits = Limits()
    tallies = tally(matrix, list(variables), missing=missing_codes(variables.values()))
    return {
        one: figures(variable, tallies[one], known)
        if disclosure.safe(tallies[one].people, limits.least(part=False, sensitive=variable.sensitive))
        else hidden(reasons.TOO_FEW)
        for one, variable in variables.items()
    }


def of_figures(one: Figures, population: int | None = None) -> Measured:
    """The share satisfied of one question."""
    if one.satisfied_percent is None:
        return Measured(None, None, one.base, one.suppressed or reasons.NOBODY)
    return Measured(
        one.satisfied_percent, one.interval, one.base, exact=population is not None and one.base == population
    )


def series(measure: str, name: Text, unit: str, waves: Sequence[Wave], target: float | None = None) -> SeriesResult:
    """The waves in order of time. Each is compared with the wave before that has the measure, unless the method changed
    between them or a figure is missing; the tests of all changes are corrected together (Holm 1979)."""
    points: list[WavePoint] = []
    before: Wave | None = None
    for one in sorted(waves, key=lambda wave: (wave.on, wave.survey, wave.wave)):
        has = one.measured.suppressed != NOT_MEASURED
        broken = _broken(before, one) if before is not None and has else ""
        change = difference(one, before) if before is not None and has and not broken else None
        figure = one.measured
        points.append(
            WavePoint(
                one.survey,
                one.wave,
                one.on,
                figure.value,
                figure.interval,
                figure.base,
                breaks=broken,
                change=change,
                suppressed=figure.suppressed,
            )
        )
        before = one if has else before
    return SeriesResult(measure, name, unit, tuple(_corrected(points)), target)


def difference(now: Wave, before: Wave) -> Difference | None:
    """``now`` minus ``before``, not corrected yet; None where one of them has no figure or no interval to judge by."""
    one, other = now.measured.bounds, before.measured.bounds
    if one is None or other is None or now.measured.value is None or before.measured.value is None:
        return None
    interval, p = of_estimates(now.measured.value, one, before.measured.value, other)
    points = now.measured.value - before.measured.value
    return Difference((now.survey, now.wave), (before.survey, before.wave), points, interval, p, p, False)


def index_of(asked: Questionnaire, key: str) -> Index | None:
    """The index of this key, if there is one."""
    return next((one for one in asked.indexes if one.key == key), None)


def index_keys(index: Index) -> list[str]:
    """Every question an index needs, the general one included."""
    return list(dict.fromkeys([*index.items, *([index.overall] if index.overall else [])]))


def counted(variable: Variable, matrix: Matrix) -> Variable:
    """The variable with codes that only earlier versions offered."""
    return with_retired(variable, matrix.codings[variable.key].codes)


def _corrected(points: Sequence[WavePoint]) -> list[WavePoint]:
    adjusted = iter(holm([point.change.p for point in points if point.change]))
    out = []
    for point in points:
        if point.change:
            p = next(adjusted)
            change = replace(point.change, p_adjusted=p, shown=p < LEVEL)
            point = replace(point, change=change)
        out.append(point)
    return out


def _broken(before: Wave, now: Wave) -> str:
    """Why the two cannot be compared; empty if they can."""
    if now.stated:
        return now.stated
    if len(before.methods) > 1 or len(now.methods) > 1:
        return WITHIN
    for one in before.methods:
        for other in now.methods:
            for reason, same in (
                (OTHER_INDEX, one.index == other.index),
                (OTHER_SCALE, one.scales == other.scales),
                (OTHER_WORDING, one.wordings == other.wordings),
            ):
                if not same:
                    return reason
    return ""


def _followed(variable: Variable) -> bool:
    return variable.form is Form.SCALE and bool(variable.listed.satisfied)


def _percent(index: Index) -> bool:
    return str(index.scoring) == "satisfied_share"


def _computed(index: Index) -> tuple[object, ...]:
    """What makes an index this index and no other; names and notes may change."""
    factors = tuple((one.key, one.items, one.weight) for one in index.factors)
    anchors = () if _percent(index) else index.anchors
    return (str(index.rule), str(index.scoring), index.overall, anchors, factors, frozenset(index.negative))


def _scale(variable: Variable) -> tuple[object, ...]:
    listed = variable.listed
    levels = tuple((one.code, _plain(one.label.to("vi")), one.missing) for one in listed.choices)
    return (str(variable.form), levels, listed.satisfied)


def _plain(wording: str) -> str:
    return " ".join(wording.split())


def codes_with_answers(matrix: Matrix, key: str) -> Collection[str]:
    """The codes of something every response has, such as ``@version``, that occur."""
    if not matrix.blocks:
        return ()
    counts: Mapping[str, int] = tally(matrix, [key])[key].counts
    return [code for code, people in counts.items() if people]
