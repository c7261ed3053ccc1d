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

from survey.aggregation.bases import answered, bases
from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.tallies import Tally, tally
from survey.definition.variables import Variable
from survey.errors import PhieuError
from survey.statistics import disclosure, reasons
from survey.statistics.breakdowns import Grouping, Tables, shown
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
    matrix: Matrix,
    variables: Sequence[Variable],
    filters: Filters,
    groupings: Mapping[str, Grouping],
    limits: Limits,
    tables: Tables | None = None,
) -> Selected:
    """``variables`` over the rows that ``filters`` leave. ``groupings`` has the grouping of each filter's key;
    ``tables``, what is counted already.

    Raises PhieuError ``filters_too_many``, or ``selection_too_small`` when those inside or outside are too few."""
    counted = {} if tables is None else {key: one.whole for key, one in tables.inside.items()}
    keys = [variable.key for variable in variables if variable.key not in counted]
    missing = missing_codes(variables)
    found = counted | tally(matrix, [*keys, EVERY_ROW], Selection(filters), missing=missing)
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
    every = [*found, EVERY_ROW]
    people: dict[Filters, dict[str, int]] = {}
    for some in _parts(filters):
        known = {} if some or tables is None else {key: one.whole.people for key, one in tables.everybody.items()}
        left = [key for key in every if key not in known]
        people[some] = known | answered(matrix, left, Selection(some), missing=missing)
    people[filters] = {key: one.people for key, one in found.items()} | {EVERY_ROW: rows}
    judged = {one.key: one.sensitive for one in variables} | {EVERY_ROW: False}
    for around, (key, codes) in _steps(filters):
        by, whole = groupings[key], people[around]
        inside = people[tuple(one for one in filters if one in around or one == (key, codes))]
        shared = bases(matrix, every, key, Selection(around), missing=missing) if key.startswith("@") else None
        for one, sensitive in judged.items():
            least = limits.least(part=True, sensitive=sensitive or by.sensitive)
            enough = all(disclosure.safe(side, least) for side in (inside[one], whole[one] - inside[one]))
            if enough and shared is not None:
                enough = _shown_by(by, codes, shared[one], shared[EVERY_ROW], least)
            if one == EVERY_ROW and not (enough and rows):
                raise PhieuError(
                    "selection_too_small",
                    "This filter leaves too few people inside or outside; their answers could be worked out.",
                    "Choose a larger group, or read the breakdown instead.",
                )
            if one != key and not enough:
                withheld[one] = reasons.TOO_FEW_APART
    return Selected(rows, found, withheld)


def _parts(filters: Filters) -> Iterator[Filters]:
    """Some of the filters, in every way, but not all."""
    for size in range(len(filters)):
        yield from combinations(filters, size)


def _steps(filters: Filters) -> Iterator[tuple[Filters, tuple[str, tuple[str, ...]]]]:
    """Each filter beside every combination of the others."""
    for around in _parts(filters):
        for one in filters:
            if one not in around:
                yield around, one


def _shown_by(
    by: Grouping, codes: Sequence[str], people: Mapping[str, int], sizes: Mapping[str, int], least: int
) -> bool:
    """Whether the breakdown shows exactly those with ``codes``: groups of their own, or all that it pools. ``people``
    has the base of each code, ``sizes`` all people with it."""
    chosen = [group for group in by.levels if group.codes[0] in codes]
    every = (*by.levels, *by.without)
    counts, rows = (
        {group: sum(some.get(code, 0) for code in group.codes) for group in every} for some in (people, sizes)
    )
    parts = shown(by, counts, sum(counts.values()), least, sizes=rows)
    if parts is None:
        return False
    apart = {group for group in chosen if counts[group]}.difference(parts.alone)
    return apart in (set(), {group for group in parts.pooled if counts[group]})
