"""What of an asked selection or breakdown may be shown, given everything that was shown before. Pure.

What was shown once is shown again as it was. A selection that would now give people away is shown as of the last
release at which it did not, or refused; of a breakdown likewise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from survey.aggregation.columns import Matrix
from survey.aggregation.derived import Derived
from survey.aggregation.memberships import upto
from survey.definition.document import canonical
from survey.definition.variables import Variable
from survey.errors import PhieuError
from survey.statistics import reasons, showing
from survey.statistics.figures import with_retired
from survey.statistics.filters import EVERY_ROW, Filters
from survey.statistics.results import SurveyResult
from survey.statistics.showing import Judge, Shown

MOST_SETS = 1000
"""How many sets of people the next selection is compared with. Beyond it, of a selection that was shown at many
releases only the last are compared."""

LATEST = 3

NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})


class Make(Protocol):
    """Counts the result over ``matrix``, as of ``release`` (None: now), without the variables ``withheld`` of the
    selection ("") and of each breakdown."""

    def __call__(
        self, matrix: Matrix, *, release: int | None = None, withheld: Mapping[str, frozenset[str]] = NOTHING
    ) -> SurveyResult: ...


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of a survey: ``by`` may name several variables."""

    survey_id: int
    filters: Filters
    by: tuple[str, ...]
    derived: Mapping[str, Derived]
    variables: Sequence[Variable]


@dataclass(frozen=True)
class Record:
    """A selection ("") or one breakdown of it, as it is written down: ``digest`` names it whatever it is called,
    ``cut_hash`` the state of the results, ``people`` how many it describes."""

    by: str
    digest: str
    cut_hash: str
    people: int
    shown: Shown


def decide(
    matrix: Matrix,
    asked: Asked,
    make: Make,
    rows: Sequence[Record],
    release: int | None = None,
) -> tuple[SurveyResult, list[Record]]:
    """The result as of a release (None: now), and what of it counts as shown. ``rows`` is everything shown before, in
    its order. Raises PhieuError ``selection_too_small`` where nothing may be shown, and ``selections_exhausted``."""
    part = matrix if release is None else upto(matrix, release)
    result = make(part, release=release)
    wanted = _entries(result, asked)
    stands: dict[tuple[str, str], Shown] = {}
    for row in rows:
        # What was first shown of it is the most: a later reader may have seen less, under a higher threshold.
        stands.setdefault((row.digest, row.cut_hash), row.shown)
    fresh = [one for one in wanted if (one.digest, one.cut_hash) not in stands]
    judge = _judge(matrix, asked, stands, fresh) if fresh else None
    if fresh and judge is None and asked.filters:
        raise PhieuError(
            "selections_exhausted",
            "So many selections of this survey were shown that nobody can tell any more what a further one would give "
            "away.",
            "Look at those that were shown before.",
        )
    entries: list[Record] = []
    withheld: dict[str, frozenset[str]] = {}
    older: dict[str, SurveyResult] = {}
    for one in wanted:
        before = stands.get((one.digest, one.cut_hash))
        allowed = (
            judge.allow(one.shown) if judge and before is None else one.shown.only(before.told() if before else ())
        )
        lost = one.shown.told() - allowed.told()
        last = _last(matrix, asked, make, one, rows) if lost and before is None else None
        if last is not None and not one.by:
            found, written = decide(matrix, asked, make, rows, last)
            return replace(found, remarks=(*found.remarks, reasons.OLDER_STATE)), written
        if last is not None and not asked.filters:
            older[one.by] = _as_of(matrix, asked, make, one, rows, last)
            continue
        if not one.by and EVERY_ROW in lost:
            raise PhieuError(
                "selection_too_small",
                "Together with what was shown before, this selection would tell what fewer than five people answered.",
                "Choose a larger or another group, or wait for more answers.",
            )
        if lost:
            withheld[one.by] = lost
        if allowed.told():
            entries.append(replace(one, shown=allowed))
    if withheld:
        result = make(part, release=release, withheld=withheld)
    for by, state in older.items():
        result = _with_older(result, by, state)
    return result, entries


def _last(matrix: Matrix, asked: Asked, make: Make, wanted: Record, rows: Sequence[Record]) -> int | None:
    """The last release at which this was shown, if the answers it held then are still the same."""
    for row in reversed(rows):
        if row.digest == wanted.digest and row.shown.release < wanted.shown.release:
            then = make(upto(matrix, row.shown.release), release=row.shown.release)
            return row.shown.release if then.cut.hash == row.cut_hash else None
    return None


def _as_of(
    matrix: Matrix, asked: Asked, make: Make, wanted: Record, rows: Sequence[Record], release: int
) -> SurveyResult:
    """The result of an earlier release, with the breakdown as it was shown then."""
    then = next(row for row in reversed(rows) if row.digest == wanted.digest and row.shown.release == release)
    keys = then.shown.told()
    part = upto(matrix, release)
    result = make(part, release=release)
    lost = {one.by: one.shown.told() - keys for one in _entries(result, asked) if one.by == wanted.by}
    return make(part, release=release, withheld=lost) if any(lost.values()) else result


def _entries(result: SurveyResult, asked: Asked) -> list[Record]:
    found = []
    if asked.filters:
        found.append(_entry("", showing.selection(result, asked.derived), result, asked))
    for by in dict.fromkeys(asked.by):
        shown = showing.breakdown(result, by, asked.derived)
        if shown.parts:
            found.append(_entry(by, shown, result, asked))
    return found


def _entry(by: str, shown: Shown, result: SurveyResult, asked: Asked) -> Record:
    grouped = sorted(map(sorted, asked.derived[by].groups.values())) if by in asked.derived else []
    named = {"where": [[key, list(codes)] for key, codes in shown.where], "by": shown.by, "groups": grouped}
    digest = hashlib.sha256(canonical(named)).hexdigest()
    return Record(by, digest, result.cut.hash, result.released, shown)


def _judge(
    matrix: Matrix, asked: Asked, stands: Mapping[tuple[str, str], Shown], wanted: Sequence[Record]
) -> Judge | None:
    """Compares with everything that stands, but of too much only with the latest states of each selection; None where
    that is too much, too."""
    history = list(stands.values())
    if _sets(history) > MOST_SETS:
        latest: dict[str, list[Shown]] = {}
        for (digest, _), shown in stands.items():
            latest.setdefault(digest, []).append(shown)
        history = [shown for states in latest.values() for shown in states[-LATEST:]]
    if _sets(history) > MOST_SETS:
        return None
    counted = [with_retired(one, matrix.codings[one.key].codes) for one in asked.variables if one.closed]
    present = {one.key: tuple(level.code for level in one.listed.levels) for one in counted}
    sensitive = [one.key for one in counted if one.sensitive]
    return Judge(matrix, history, [one.shown for one in wanted], present, sensitive)


def _sets(history: Sequence[Shown]) -> int:
    return len({one for shown in history for key in shown.told() for one in shown.sets(key)})


def _with_older(result: SurveyResult, by: str, state: SurveyResult) -> SurveyResult:
    """The result with the breakdown by one variable of an earlier release."""
    then = tuple(one for one in showing.all_breakdowns(state) if one.by == by)
    first = tuple(one for one in result.breakdowns if one.by != by)
    further = tuple(one for one in result.further if one.by != by)
    compared = tuple(one for one in result.comparisons if one.by != by)
    return replace(
        result,
        breakdowns=then if result.by == by else first,
        further=further if result.by == by else further + then,
        comparisons=compared + tuple(one for one in state.comparisons if one.by == by),
        remarks=tuple(dict.fromkeys((*result.remarks, reasons.OLDER_STATE))),
    )
