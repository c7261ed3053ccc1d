"""Filters, judged by themselves: whether enough people are inside and outside. Pure over the response matrix.

With several filters each one is judged among those whom the others select, in every combination. How a filter stands
beside all that was shown before is judged elsewhere (``statistics.showing``). Places and times are also read in
rankings and charts by week, which are not part of that; so a filter by them shows of each variable only what the
breakdown by them would show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from survey.aggregation.bases import bases
from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.tallies import Tally, tally
from survey.definition.variables import Variable
from survey.errors import PhieuError
from survey.statistics import disclosure, reasons
from survey.statistics.breakdowns import Group, Grouping, shown
from survey.statistics.disclosure import Limits
from survey.statistics.figures import missing_codes

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""Variable key → codes, any of which selects; all keys have to hold."""

MOST = 3
"""Filters that may be set together: the combinations to be judged double with each."""

EVERY_ROW = "@version"
"""Something every response has, to count responses by."""


@dataclass(frozen=True)
class Selected:
    """The people a filter leaves. ``withheld`` maps each variable that may not be shown of them to the reason."""

    rows: int
    tallies: Mapping[str, Tally]
    withheld: Mapping[str, str]


def select(
    matrix: Matrix, variables: Sequence[Variable], filters: Filters, groupings: Mapping[str, Grouping], limits: Limits
) -> Selected:
    """``variables`` over the rows that ``filters`` leave. ``groupings`` has the grouping of each filter's key.

    Raises PhieuError ``filters_too_many``, or ``selection_too_small`` when those inside or outside are too few."""
    keys = [variable.key for variable in variables]
    missing = missing_codes(variables)
    found = tally(matrix, [*keys, EVERY_ROW], Selection(filters), missing=missing)
    rows = found.pop(EVERY_ROW).people
    if not filters or limits == disclosure.UNLIMITED:
        return Selected(rows, found, {})
    if len(filters) > MOST or any(groupings[key].overlapping and len(codes) > 1 for key, codes in filters):
        raise PhieuError(
            "filters_too_many",
            "Three questions can be filtered by at a time, and a multiple choice by one code.",
            "Leave a filter out.",
        )
    withheld: dict[str, str] = {}
    every = [*keys, EVERY_ROW]
    for around, (key, codes) in _steps(filters):
        by = groupings[key]
        groups = bases(matrix, every, key, Selection(around), missing=missing)
        wholes = bases(matrix, every, EVERY_ROW, Selection(around), missing=missing) if by.overlapping else {}
        least = limits.least(part=True, sensitive=by.sensitive)
        sizes = groups[EVERY_ROW]
        if not rows or not _enough(by, codes, sizes, wholes.get(EVERY_ROW, sizes), sizes, least):
            raise PhieuError(
                "selection_too_small",
                "This filter leaves too few people inside or outside; their answers could be worked out.",
                "Choose a larger group, or read the breakdown instead.",
            )
        for one in variables:
            least = limits.least(part=True, sensitive=one.sensitive or by.sensitive)
            people = groups[one.key]
            if one.key != key and not _enough(by, codes, people, wholes.get(one.key, people), sizes, least):
                withheld[one.key] = reasons.TOO_FEW_APART
    return Selected(rows, found, withheld)


def _steps(filters: Filters) -> Iterator[tuple[Filters, tuple[str, tuple[str, ...]]]]:
    """Each filter beside every combination of the others."""
    for place, one in enumerate(filters):
        others = filters[:place] + filters[place + 1 :]
        for size in range(len(others) + 1):
            for around in combinations(others, size):
                yield around, one


def _enough(
    by: Grouping,
    codes: Sequence[str],
    people: Mapping[str, int],
    whole: Mapping[str, int],
    sizes: Mapping[str, int],
    least: int,
) -> bool:
    """Whether those with ``codes`` may be shown, and with them those without. ``people`` has the base of each code,
    ``whole`` the same of groups that have nobody in common, ``sizes`` all people with each code."""
    chosen = [group for group in by.levels if group.codes[0] in codes]
    inside = sum(people.get(code, 0) for group in chosen for code in group.codes)
    if not (disclosure.safe(inside, least) and disclosure.safe(sum(whole.values()) - inside, least)):
        return False
    return not by.key.startswith("@") or _shown_by(by, chosen, people, sizes, least)


def _shown_by(
    by: Grouping, chosen: Sequence[Group], people: Mapping[str, int], sizes: Mapping[str, int], least: int
) -> bool:
    """Whether the breakdown shows exactly these: groups of their own, or all that it pools."""
    every = (*by.levels, *by.without)
    counts, rows = (
        {group: sum(some.get(code, 0) for code in group.codes) for group in every} for some in (people, sizes)
    )
    parts = shown(by, counts, sum(counts.values()), least, sizes=rows)
    if parts is None:
        return False
    apart = {group for group in chosen if counts[group]}.difference(parts.alone)
    return apart in (set(), {group for group in parts.pooled if counts[group]})
