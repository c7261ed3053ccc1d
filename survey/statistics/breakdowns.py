"""One variable by the groups of another, as disclosure allows. Pure.

Whoever gave no group is a group too: without it, the overall figure minus the groups would show those people. Those who
were not asked stand apart from those who did not answer, because routing makes them a group of another breakdown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from survey.aggregation.coding import MONTH
from survey.aggregation.tallies import Tally
from survey.definition.text import Text
from survey.definition.variables import Form, Variable
from survey.statistics import disclosure, reasons
from survey.statistics.disclosure import Limits, Partition
from survey.statistics.figures import figures, hidden, joined, reduced, rows
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Breakdown, Figures, GroupFigures


@dataclass(frozen=True, order=True)
class Group:
    """Codes of the grouping variable that stand together under one label; in order by their codes."""

    codes: tuple[str, ...]
    label: Text


@dataclass(frozen=True)
class Grouping:
    """How people are grouped: one group per level of the variable ``key``; ``without`` are those who gave no level.
    In an ``overlapping`` grouping (a multiple choice) a person may be in several of ``levels``."""

    key: str
    levels: tuple[Group, ...]
    without: tuple[Group, ...] = ()
    overlapping: bool = False
    sensitive: bool = False


def grouping(variable: Variable) -> Grouping:
    """The groups of a closed variable."""
    listed = variable.listed
    return Grouping(
        key=variable.key,
        levels=tuple(Group((level.code,), level.label) for level in listed.levels),
        without=(
            Group((NO_ANSWER, *(choice.code for choice in listed.missing)), reasons.label(reasons.NO_GROUP_GIVEN)),
            Group((NOT_ASKED,), reasons.label(reasons.NOT_ASKED_GROUP)),
        ),
        overlapping=variable.form is Form.MULTIPLE,
        sensitive=variable.sensitive,
    )


def technical(key: str, codes: Collection[str], labels: Mapping[str, Text]) -> Grouping:
    """The groups of something every response has, such as ``@collector``: those with a label in its order, then the
    others in theirs, each its own label."""
    others = sorted(set(codes).difference(labels), key=lambda code: (len(code), code))
    known = [Group((code,), label) for code, label in labels.items() if code in codes]
    return Grouping(key, (*known, *(Group((code,), Text.of(vi=code)) for code in others)))


@dataclass(frozen=True)
class Crossed:
    """One variable over everybody in a selection (``whole``) and by each code of the grouping variable."""

    whole: Tally
    groups: Mapping[str, Tally]


@dataclass(frozen=True)
class Tables:
    """Variables by the groups of one: among those ``inside`` a selection and, where there is one, ``everybody``."""

    inside: Mapping[str, Crossed]
    everybody: Mapping[str, Crossed]


NOBODY_AROUND: Mapping[Group, int] = MappingProxyType({})


def break_down(
    variable: Variable, by: Grouping, inside: Crossed, limits: Limits, everybody: Crossed | None = None
) -> Breakdown:
    """``variable`` by the groups of ``by`` among those ``inside`` the selection. Under a filter ``everybody`` is the
    same without it: what is left outside has to be safe as well."""
    tallies = by_group(by, inside.groups)
    around = by_group(by, everybody.groups) if everybody else {}
    parts = shown(
        by,
        {group: tally.people for group, tally in tallies.items()},
        inside.whole.people,
        limits.least(part=True, sensitive=variable.sensitive or by.sensitive),
        {group: tally.people for group, tally in around.items()},
        everybody.whole.people if everybody else None,
        sizes={group: rows(variable, tally) for group, tally in (around or tallies).items()},
    )
    if parts is None:
        return left_out(variable, by, tallies)
    groups = [GroupFigures(group.codes, group.label, part(variable, tallies[group], limits)) for group in parts.alone]
    if parts.pooled:
        codes = tuple(code for group in parts.pooled for code in group.codes)
        rest = part(variable, joined(tallies[group] for group in parts.pooled), limits)
        groups.append(GroupFigures(codes, reasons.label(reasons.REMAINING_GROUPS), rest))
    reason = hidden(reasons.POOLED if parts.pooled else reasons.TOO_FEW_TICKS if by.overlapping else reasons.NOBODY)
    away = tuple(GroupFigures(group.codes, group.label, reason) for group in tallies if group not in parts.alone)
    return Breakdown(variable.key, by.key, tuple(groups), "" if groups else reasons.NOBODY, away)


def left_out(variable: Variable, by: Grouping, groups: Iterable[Group]) -> Breakdown:
    """No figure of any of the groups, and why."""
    away = tuple(GroupFigures(group.codes, group.label, hidden(reasons.LEFT_OUT)) for group in groups)
    return Breakdown(variable.key, by.key, (), reasons.LEFT_OUT, away)


def shown(
    by: Grouping,
    bases: Mapping[Group, int],
    whole: int,
    least: int,
    around: Mapping[Group, int] = NOBODY_AROUND,
    everybody: int | None = None,
    sizes: Mapping[Group, int] | None = None,
) -> Partition[Group] | None:
    """Which groups are shown alone and which as one, given their ``bases`` and that of the ``whole``; None when the
    breakdown has to be left out. ``around`` and ``everybody`` are the same without the filter, ``sizes`` how many
    people are in each group. A month joins no other: what is known of weeks is judged by whole months."""
    outside = {group: base - bases.get(group, 0) for group, base in around.items()}
    if not by.overlapping:
        return disclosure.partition(bases, least, outside, None if by.key == MONTH else sizes)
    return disclosure.overlapping(bases, whole, least, outside, 0 if everybody is None else everybody - whole)


def part(variable: Variable, tally: Tally, limits: Limits) -> Figures:
    """The figures of a part that may be shown, in the detail its base allows."""
    full = figures(variable, tally)
    return full if full.base is not None and full.base >= limits.detailed else reduced(full)


def by_group(by: Grouping, tallies: Mapping[str, Tally]) -> dict[Group, Tally]:
    """The tally of each group: levels always, those without a level only where there are any."""
    found: dict[Group, Tally] = {}
    for group in (*by.levels, *by.without):
        tally = joined(tallies[code] for code in group.codes if code in tallies)
        if group in by.levels or any((tally.people, tally.no_answer, tally.not_asked, *tally.counts.values())):
            found[group] = tally
    return found
