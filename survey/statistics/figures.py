"""From a tally to the figures of one variable. Pure: counts in, numbers out; what may be shown is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from survey.aggregation.tallies import Tally
from survey.definition.choices import Choice
from survey.definition.text import Text
from survey.definition.variables import Form, Variable
from survey.statistics.means import mean, mean_interval
from survey.statistics.proportions import wilson
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Figures


def with_retired(variable: Variable, codes: Iterable[str]) -> Variable:
    """The variable with codes that only earlier versions offered put at the end of its list, so that no answer is lost.
    On a scale they have no place in the order and count as missing. A retired code is its own label."""
    known = set(variable.listed.codes)
    retired = tuple(
        Choice(code, Text.of(vi=code), missing=variable.form is Form.SCALE) for code in codes if code not in known
    )
    if not retired:
        return variable
    return replace(variable, choices=replace(variable.listed, choices=variable.listed.choices + retired))


def missing_codes(variables: Iterable[Variable]) -> dict[str, tuple[str, ...]]:
    """Per variable the codes that leave the base, as the tallies want them: then ``Tally.people`` is the base."""
    return {one.key: tuple(choice.code for choice in one.listed.missing) for one in variables}


def figures(variable: Variable, tally: Tally, population: int | None = None) -> Figures:
    """All figures of a closed variable, from a tally whose missing codes were named. ``population`` is N for the
    intervals, None if unknown."""
    base = tally.people
    counts = {level.code: tally.counts.get(level.code, 0) for level in variable.listed.levels}
    missing = {choice.code: tally.counts.get(choice.code, 0) for choice in variable.listed.missing}
    out = Figures(base, counts, {NOT_ASKED: tally.not_asked, NO_ANSWER: tally.no_answer, **missing})
    if variable.form is not Form.SCALE:
        return out
    ordered = list(counts.values())
    out = replace(out, mean=mean(ordered), mean_interval=mean_interval(ordered, population))
    if not variable.listed.satisfied:
        return out
    satisfied = sum(counts[code] for code in variable.listed.satisfied)
    return replace(
        out,
        satisfied=satisfied,
        satisfied_percent=100.0 * satisfied / base if base else None,
        interval=wilson(satisfied, base, population),
    )


def reduced(full: Figures) -> Figures:
    """What a small part shows: its base, and the satisfied share with its interval where there is one."""
    return Figures(
        base=full.base,
        counts=None,
        satisfied=full.satisfied,
        satisfied_percent=full.satisfied_percent,
        interval=full.interval,
    )


def hidden(reason: str) -> Figures:
    """No figure, and why."""
    return Figures(base=None, counts=None, suppressed=reason)


def rows(variable: Variable, found: Tally) -> int:
    """How many people a tally is of, whatever they said; of a multiple choice without those who gave missing codes
    alone."""
    said = found.people if variable.form is Form.MULTIPLE else sum(found.counts.values())
    return said + found.no_answer + found.not_asked


def joined(tallies: Iterable[Tally]) -> Tally:
    """One tally of groups that have nobody in common."""
    counts: dict[str, int] = {}
    not_asked = no_answer = people = 0
    for one in tallies:
        for code, count in one.counts.items():
            counts[code] = counts.get(code, 0) + count
        not_asked, no_answer, people = not_asked + one.not_asked, no_answer + one.no_answer, people + one.people
    return Tally(counts=counts, not_asked=not_asked, no_answer=no_answer, people=people)
