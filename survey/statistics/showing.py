"""What was shown beside the overall result, and whether more may be shown next to it. Pure.

One group may be large enough, and one filter too, and yet their difference is two people. So every selection and every
breakdown that was ever shown of a survey is remembered as the sets of people it described, at each release. The next
one is shown only if no adding and subtracting of all of them, together with the overall results of every release,
describes fewer than ``INSIDE`` people, of sensitive items ``SENSITIVE`` (see ``statistics.isolation``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from survey.aggregation.bases import bases
from survey.aggregation.columns import Matrix, Selection
from survey.aggregation.derived import Derived
from survey.aggregation.memberships import Memberships, People, Where, memberships
from survey.statistics.disclosure import INSIDE, SENSITIVE
from survey.statistics.filters import EVERY_ROW, Filters
from survey.statistics.isolation import Evidence, eliminated
from survey.statistics.results import Breakdown, SurveyResult

SAMPLE = 1 << 15
"""How many people are looked at first; they nearly always suffice to prove that nobody is isolated."""

FEW = 1000
"""Up to so many people the exact answer is sooner found than a quick proof."""

Parts = Mapping[str, tuple[tuple[str, ...], ...]]
"""Variable → the groups it was shown for, each as its codes."""


@dataclass(frozen=True)
class Shown:
    """The sets of people that one selection (``by`` empty) or one breakdown described, at ``release``. ``where`` names
    columns of the matrix, never derived ones; a selection was shown for the variables ``whole``, a breakdown for the
    groups of each variable in ``parts``. ``apart``: its groups share out everybody in ``where`` who answered; for the
    variables ``covering`` they share out also those who did not."""

    where: Where
    release: int
    by: str = ""
    whole: frozenset[str] = frozenset()
    parts: Parts = field(default_factory=dict)
    apart: bool = True
    covering: frozenset[str] = frozenset()

    def told(self) -> frozenset[str]:
        """The variables it was shown for."""
        return self.whole | frozenset(self.parts)

    def only(self, keys: Collection[str]) -> Shown:
        """The same for these variables alone."""
        parts = {key: groups for key, groups in self.parts.items() if key in keys}
        return replace(self, whole=self.whole & frozenset(keys), parts=parts, covering=self.covering & frozenset(keys))

    def sets(self, key: str) -> Iterator[People]:
        """The sets it described of a variable; nothing for the overall result, which is known anyway."""
        if key in self.whole and self.where:
            yield People(self.where, self.release)
        for codes in self.parts.get(key, ()):
            yield People(_joined(self.where, self.by, codes), self.release)

    def relation(self, key: str, *, everybody: bool) -> dict[People, int]:
        """Sets of this variable that add up to nobody, or to the releases, among ``everybody`` or only among those who
        answered; empty where nothing is known."""
        groups = self.parts.get(key, ())
        if not groups or not self.apart or (everybody and key not in self.covering):
            return {}
        found = {People(_joined(self.where, self.by, codes), self.release): 1 for codes in groups}
        return found | ({People(self.where, self.release): -1} if self.where else {})

    def document(self) -> dict[str, Any]:
        """As JSON for ``read``."""
        return {
            "where": [[key, list(codes)] for key, codes in self.where],
            "release": self.release,
            "by": self.by,
            "whole": sorted(self.whole),
            "parts": {key: [list(codes) for codes in groups] for key, groups in self.parts.items()},
            "apart": self.apart,
            "covering": sorted(self.covering),
        }


def read(document: Mapping[str, Any]) -> Shown:
    """What ``document`` wrote."""
    return Shown(
        where=tuple((key, tuple(codes)) for key, codes in document["where"]),
        release=document["release"],
        by=document["by"],
        whole=frozenset(document["whole"]),
        parts={key: tuple(tuple(codes) for codes in groups) for key, groups in document["parts"].items()},
        apart=document["apart"],
        covering=frozenset(document["covering"]),
    )


def selection(result: SurveyResult, derived: Mapping[str, Derived]) -> Shown:
    """What a filtered result describes, but for its breakdowns. Its own filters' questions are of no matter: their
    figures follow from the filter."""
    whole = {one.key for one in result.questions if one.choices is not None and not one.figures.suppressed}
    where = physical(tuple(result.cut.filters.items()), derived)
    return Shown(where, result.cut.release, whole=frozenset(whole | {EVERY_ROW}))


def breakdown(
    result: SurveyResult, by: str, derived: Mapping[str, Derived], matrix: Matrix, *, overlapping: bool
) -> Shown:
    """What the breakdowns by one variable describe, of a result over this matrix."""
    found = {one.key: one for one in all_breakdowns(result) if one.by == by and one.groups}
    filters = tuple(result.cut.filters.items())
    people = bases(matrix, [EVERY_ROW], by, Selection(filters))[EVERY_ROW] if found and not overlapping else {}
    covered = {key: {code for group in one.groups for code in group.codes} for key, one in found.items()}
    return Shown(
        physical(filters, derived),
        result.cut.release,
        derived[by].of if by in derived else by,
        parts={key: tuple(_codes(group.codes, derived.get(by)) for group in one.groups) for key, one in found.items()},
        apart=not overlapping,
        covering=frozenset(
            key
            for key, codes in covered.items()
            if not overlapping and not any(number for code, number in people.items() if code not in codes)
        ),
    )


def all_breakdowns(result: SurveyResult) -> tuple[Breakdown, ...]:
    """Those by the variable asked for first, and all further ones."""
    return result.breakdowns + result.further


def physical(filters: Filters, derived: Mapping[str, Derived]) -> Where:
    """The filters as conditions on stored columns, in one order whatever order they were asked in."""
    found: Where = ()
    for key, codes in filters:
        column = derived[key].of if key in derived else key
        found = _joined(found, column, _codes(codes, derived.get(key)))
    return found


def _codes(codes: Sequence[str], derived: Derived | None) -> tuple[str, ...]:
    return tuple(codes) if derived is None else tuple(one for code in codes for one in derived.groups.get(code, ()))


@lru_cache(4096)
def _joined(where: Where, key: str, codes: tuple[str, ...]) -> Where:
    return tuple(sorted({*where, (key, tuple(sorted(set(codes))))}))


class Judge:
    """Decides what may be shown beside ``history``, everything shown so far. ``present`` names, for each variable, the
    codes that count as an answer; those of ``sensitive`` ones are more strictly kept."""

    def __init__(
        self,
        matrix: Matrix,
        history: Sequence[Shown],
        asked: Sequence[Shown],
        present: Mapping[str, Collection[str]],
        sensitive: Collection[str] = (),
    ) -> None:
        self._matrix, self._known, self._asked, self._sensitive = matrix, list(history), asked, frozenset(sensitive)
        self._shapes: dict[tuple[object, ...], tuple[list[int], int, int]] = {}
        self._present = {EVERY_ROW: matrix.codings[EVERY_ROW].codes, **present}

    def allow(self, asked: Shown) -> Shown:
        """What of it may be shown: the same for fewer variables, perhaps none. It then counts as shown. For a selection
        without ``EVERY_ROW`` nothing of it may be."""
        found = asked.only([key for key in sorted(asked.told()) if self._safe(asked, key)])
        if asked.whole and EVERY_ROW not in found.whole:
            return found.only(())
        self._known.append(found)
        return found

    def _safe(self, asked: Shown, key: str) -> bool:
        rows, everybody, answered = self._shape([*self._known, asked], key)
        if not rows:
            return True
        least = SENSITIVE if key in self._sensitive else INSIDE
        # Among everybody, since releases are known as a whole; and among those who answered, who are the base.
        return self._apart(rows, EVERY_ROW, least, everybody) and (
            key == EVERY_ROW or self._apart(rows, key, least, answered)
        )

    def _shape(self, shown: Sequence[Shown], key: str) -> tuple[list[int], int, int]:
        """The rows of a variable, and how many of them follow from others: among everybody, and among those who
        answered. It is the same for most variables."""
        found = tuple(
            (place, key in one.whole, one.parts.get(key), key in one.covering)
            for place, one in enumerate(shown)
            if key in one.whole or key in one.parts
        )
        # What is known of a variable that itself divides people holds for no other.
        dividing = any(key == name for one in shown for name in (one.by, *dict(one.where)))
        shape = (key if dividing else "", found)
        if shape not in self._shapes:
            rows = sorted({self._places[one] for each in shown for one in each.sets(key)})
            self._shapes[shape] = (
                rows,
                self._relations(shown, key, rows, everybody=True),
                self._relations(shown, key, rows, everybody=False),
            )
        return self._shapes[shape]

    def _apart(self, rows: Sequence[int], key: str, least: int, relations: int) -> bool:
        evidence, people = self._sample
        if self._matrix.rows <= FEW and evidence.exact(rows, people.answered[key], least):
            return True
        if evidence.plain(rows, people.answered[key], least, relations):
            return True
        evidence, people = self._everybody
        answered = people.answered[key]
        free = len(rows) - evidence.rank(rows, answered)
        return evidence.plain(rows, answered, least, free) or evidence.exact(rows, answered, least)

    @cached_property
    def _places(self) -> dict[People, int]:
        """Each set that any variable was or may be shown for → its row."""
        every = [*self._known, *self._asked]
        sets = dict.fromkeys(one for shown in every for key in sorted(shown.told()) for one in shown.sets(key))
        return {one: row for row, one in enumerate(sets)}

    def _relations(self, shown: Sequence[Shown], key: str, rows: Sequence[int], *, everybody: bool) -> int:
        """How many of the rows follow from others, as far as their making tells."""
        at = {row: place for place, row in enumerate(rows)}
        found: list[dict[int, int]] = []
        for each in shown:
            told = each.relation(key, everybody=everybody)
            relation = {self._places.get(one, -1): sign for one, sign in told.items()}
            if relation and relation.keys() <= at.keys():
                found.append({at[row]: sign for row, sign in relation.items()})
        names = list(self._places)
        found += self._unions([names[row] for row in rows], "" if everybody else key)
        if len(found) < 2:
            return len(found)
        table = np.zeros((len(found), len(rows)), np.int64)
        for line, relation in zip(table, found, strict=True):
            for place, sign in relation.items():
                line[place] = sign
        return len(eliminated(table)[1])

    def _unions(self, sets: Sequence[People], answered: str) -> list[dict[int, int]]:
        """How sets that differ in the codes of one question alone follow from each other: those of two codes are those
        of the one and those of the other. Of the variable ``answered`` nobody has any other code."""
        at = {one: place for place, one in enumerate(sets)}
        families: dict[tuple[Where, int, str], list[int]] = {}
        for place, one in enumerate(sets):
            for number, (key, _) in enumerate(one.where):
                if not self._matrix.codings[key].multiple:
                    rest = one.where[:number] + one.where[number + 1 :]
                    families.setdefault((rest, one.upto, key), []).append(place)
        found: list[dict[int, int]] = []
        for (rest, upto, key), places in families.items():
            every = (*self._matrix.codings[key].codes, "no_answer", "not_asked")
            codes = tuple(self._present[key]) if key == answered else every
            chosen = [next(some for name, some in sets[place].where if name == key) for place in places]
            lines = [[int(code in some) for code in codes] for some in chosen]
            parent = at.get(People(rest, upto))
            if parent is not None or not rest:
                lines.append([1] * len(codes))
            table = np.concatenate([np.array(lines), np.eye(len(lines), dtype=np.int64)], axis=1)
            form, pivots = eliminated(table)
            for line in form[sum(pivot < len(codes) for pivot in pivots) : len(pivots), len(codes) :]:
                signs = dict(zip([*places, -1 if parent is None else parent], line.tolist(), strict=False))
                relation = {place: sign for place, sign in signs.items() if sign and place >= 0}
                if relation:
                    found.append(relation)
        return found

    @cached_property
    def _sample(self) -> tuple[Evidence, Memberships]:
        return self._evidence(SAMPLE)

    @cached_property
    def _everybody(self) -> tuple[Evidence, Memberships]:
        return self._sample if self._matrix.rows <= SAMPLE else self._evidence(None)

    def _evidence(self, most: int | None) -> tuple[Evidence, Memberships]:
        people = memberships(self._matrix, list(self._places), self._present, most)
        return Evidence(people.eras, people.members), people
