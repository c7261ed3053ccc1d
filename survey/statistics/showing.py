"""What was shown beside the overall result, and whether more may be shown next to it. Pure.

One group may be large enough, and one filter too, and yet their difference is two people. So every selection and every
breakdown that was ever shown of a survey is remembered as the sets of people it described, at each release. The next
one is shown only if no adding and subtracting of all of them, together with the overall results of every release,
describes fewer than ``INSIDE`` people, of sensitive items ``SENSITIVE``: of many people a quick proof says so (see
``statistics.proving``), of few the exact answer (``statistics.isolation``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from survey.aggregation.columns import Matrix
from survey.aggregation.derived import Derived
from survey.aggregation.memberships import Memberships, People, Where, memberships
from survey.aggregation.tallies import tally
from survey.statistics.disclosure import INSIDE, SENSITIVE
from survey.statistics.filters import EVERY_ROW, Filters
from survey.statistics.isolation import Evidence
from survey.statistics.proving import CROWD, Proof, Prover
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Breakdown, SurveyResult
from survey.statistics.spanning import Spanning

EXACT = 1 << 12
"""Up to so many people the exact answer is quicker than a proof."""

Parts = Mapping[str, tuple[tuple[str, ...], ...]]
"""Variable → the groups it was shown for, each as its codes."""


@dataclass(frozen=True)
class Shown:
    """The sets of people that one selection (``by`` empty) or one breakdown described, at ``release``. ``where`` names
    columns of the matrix, never derived ones; a selection was shown for the variables ``whole``, a breakdown for the
    groups of each variable in ``parts``."""

    where: Where
    release: int
    by: str = ""
    whole: frozenset[str] = frozenset()
    parts: Parts = field(default_factory=dict)

    def told(self) -> frozenset[str]:
        """The variables it was shown for."""
        return self.whole | frozenset(self.parts)

    def only(self, keys: Collection[str]) -> Shown:
        """The same for these variables alone."""
        parts = {key: groups for key, groups in self.parts.items() if key in keys}
        return replace(self, whole=self.whole & frozenset(keys), parts=parts)

    def sets(self, key: str) -> Iterator[People]:
        """The sets it described of a variable; nothing for the overall result, which is known anyway."""
        if key in self.whole and self.where:
            yield People(self.where, self.release)
        for codes in self.parts.get(key, ()):
            yield People(_joined(self.where, self.by, codes), self.release)

    def document(self) -> dict[str, Any]:
        """As JSON for ``read``."""
        return {
            "where": [[key, list(codes)] for key, codes in self.where],
            "release": self.release,
            "by": self.by,
            "whole": sorted(self.whole),
            "parts": {key: [list(codes) for codes in groups] for key, groups in self.parts.items()},
        }


def read(document: Mapping[str, Any]) -> Shown:
    """What ``document`` wrote."""
    return Shown(
        where=tuple((key, tuple(codes)) for key, codes in document["where"]),
        release=document["release"],
        by=document["by"],
        whole=frozenset(document["whole"]),
        parts={key: tuple(tuple(codes) for codes in groups) for key, groups in document["parts"].items()},
    )


def selection(result: SurveyResult, derived: Mapping[str, Derived]) -> Shown:
    """What a filtered result describes, but for its breakdowns. Its own filters' questions are of no matter: their
    figures follow from the filter."""
    whole = {one.key for one in result.questions if one.choices is not None and not one.figures.suppressed}
    where = physical(tuple(result.cut.filters.items()), derived)
    return Shown(where, result.cut.release, whole=frozenset(whole | {EVERY_ROW}))


def breakdown(result: SurveyResult, by: str, derived: Mapping[str, Derived]) -> Shown:
    """What the breakdowns by one variable describe."""
    found = {one.key: one for one in all_breakdowns(result) if one.by == by and one.groups}
    return Shown(
        physical(tuple(result.cut.filters.items()), derived),
        result.cut.release,
        derived[by].of if by in derived else by,
        parts={key: tuple(_codes(group.codes, derived.get(by)) for group in one.groups) for key, one in found.items()},
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
        self._matrix, self._known, self._sensitive = matrix, list(history), frozenset(sensitive)
        self._present = {EVERY_ROW: matrix.codings[EVERY_ROW].codes, **present}
        told = [(each, key) for each in (*history, *asked) for key in sorted(each.told())]
        self._every = tuple(dict.fromkeys(one for each, key in told for one in each.sets(key)))
        self._dividing = frozenset(key for one in self._every for key, _ in one.where)
        self._prover = Prover(matrix, self._present)
        self._proofs: list[Proof] = []
        self._together: dict[tuple[str, int], bool] = {}
        self._unproven: set[tuple[frozenset[People], str, int]] = set()
        self._spanned: dict[Sequence[People], Spanning] = {}
        self._products_of: dict[tuple[Sequence[People], str], frozenset[People] | None] = {}

    def allow(self, asked: Shown) -> Shown:
        """What of it may be shown: the same for fewer variables, perhaps none. It then counts as shown. For a selection
        without ``EVERY_ROW`` nothing of it may be."""
        found = asked.only([key for key in sorted(asked.told()) if self._safe(asked, key)])
        if asked.whole and EVERY_ROW not in found.whole:
            return found.only(())
        self._known.append(found)
        return found

    def _safe(self, asked: Shown, key: str) -> bool:
        least = SENSITIVE if key in self._sensitive else INSIDE
        # Among everybody, since releases are known as a whole; and among those who answered, who are the base.
        populations = tuple(dict.fromkeys((EVERY_ROW, key)))
        few = self._matrix.rows <= EXACT
        if not few and all(self._all_proven(one, least) for one in populations):
            return True
        sets = tuple(dict.fromkeys(one for each in [*self._known, asked] for one in each.sets(key)))
        return not sets or all(
            (not few and self._proven(sets, one, least)) or self._exact(sets, one, least) for one in populations
        )

    def _all_proven(self, key: str, least: int) -> bool:
        """Whether everything shown and asked may stand together, whichever variables it was shown for."""
        if (key, least) not in self._together:
            self._together[key, least] = self._proven(self._every, key, least)
        return self._together[key, least]

    def _proven(self, sets: Sequence[People], key: str, least: int) -> bool:
        products, left = self._products(sets, EVERY_ROW), self._products(sets, key)
        there = None if products is None else self._products(tuple(products), key)
        if products is None or left is None or there is None:
            return False
        if any(proof.proves(products, key, there, left, least) for proof in self._proofs):
            return True
        if (left, key, least) in self._unproven:
            return False
        first = [one for one in self._present if one not in self._dividing]
        proof = self._prover.proof(left, key, least, first)
        if proof is None:
            self._unproven.add((left, key, least))
            return False
        self._proofs.append(proof)
        return True

    def _products(self, sets: Sequence[People], key: str) -> frozenset[People] | None:
        # What is known of a variable that itself divides people holds for no other.
        among = key if key in self._dividing and key != EVERY_ROW else ""
        if (sets, among) not in self._products_of:
            if sets not in self._spanned:
                self._spanned[sets] = Spanning(sets, self._matrix.codings, self._numbers, self._eras)
            found = self._spanned[sets].products(among, self._present[among] if among else ())
            self._products_of[sets, among] = found
        return self._products_of[sets, among]

    def _exact(self, sets: Sequence[People], key: str, least: int) -> bool:
        if self._matrix.rows > CROWD:
            return False
        evidence, people = self._evidence
        return evidence.exact([self._places[one] for one in sets], people.answered[key], least)

    @cached_property
    def _numbers(self) -> dict[str, dict[str, int]]:
        """How many people have each code of the variables that divide them: of the crowd, or of everybody where that
        tells that nobody has one."""
        found = _numbers(self._prover.crowd, self._dividing)
        absent = [key for key, people in found.items() if 0 in people.values()]
        return found | _numbers(self._matrix, absent)

    @cached_property
    def _eras(self) -> list[int]:
        return sorted({era for block in self._matrix.blocks for era, _ in block.runs or ((0, 0),)})

    @cached_property
    def _places(self) -> dict[People, int]:
        return {one: row for row, one in enumerate(self._every)}

    @cached_property
    def _evidence(self) -> tuple[Evidence, Memberships]:
        people = memberships(self._matrix, self._every, self._present)
        return Evidence(people.eras, people.members), people


def _numbers(matrix: Matrix, keys: Iterable[str]) -> dict[str, dict[str, int]]:
    return {
        key: {**one.counts, NO_ANSWER: one.no_answer, NOT_ASKED: one.not_asked}
        for key, one in tally(matrix, sorted(keys)).items()
    }
