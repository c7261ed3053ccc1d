"""A quick proof that many sets of people, added and subtracted in any way, single nobody out. Pure.

A sum of multiples that is zero on all but four people is zero on one of any five disjoint groups of people. So five
disjoint groups on each of which no sum of multiples is zero, but the one that takes none of anything, prove that there
is no such sum. A few thousand people nearly always hold such groups, however many answered.

Whether a group is one is seen modulo 2: what is independent there is independent. Releases are known as a whole, so
people are compared with one of their own release. Where no group is found, the sums that are zero on those who were
tried are looked for in everybody: one that is zero on everybody is no loss, and one that is not tells whom to try next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.columns import Matrix
from survey.aggregation.memberships import Memberships, People, Places, exceptions, memberships, picked
from survey.aggregation.selections import Mask
from survey.statistics.filters import EVERY_ROW

FIRST = 1 << 13
CROWD = 1 << 15
"""How many people are tried first, and how many then."""

ROUNDS = 6
"""How often further people are looked for."""

MOST_SUMS = 32
MOST_WANTED = 64
"""How many sums are looked for in everybody each time, and how many people of each block that are not zero."""

FEW = 5
"""How many people in the same sets are tried before others."""

OFTEN = 0.5
"""A variable that fewer answered is left out when people who answered everything are tried first."""

Indices = NDArray[np.intp]


class Crowd:
    """The people who are tried, with the sets of ``rows`` that each is in as the bits of a number."""

    def __init__(self, people: Memberships) -> None:
        self.people, self.rows = people, len(people.members)
        packed = np.packbits(people.members, axis=0)
        self._width, self._bits = len(packed), packed.T.tobytes()
        self._vectors: dict[int, tuple[int, int]] = {}

    def group(self, people: Iterable[int], most: int) -> tuple[int, ...]:
        """People each of whom tells something that those before do not, next to the first one of the same release;
        with these first ones. As many as tell ``most`` things, one or more; empty where there are not so many."""
        basis = [0] * (8 * self._width + 1)
        heads: dict[int, int] = {}
        chosen = list[int]()
        for person in people:
            value, era = self._vector(person)
            if era not in heads:
                heads[era] = value
                chosen.append(person)
                continue
            value ^= heads[era]
            while value:
                top = value.bit_length()
                if not basis[top]:
                    basis[top] = value
                    chosen.append(person)
                    if len(chosen) - len(heads) == most:
                        return tuple(chosen)
                    break
                value ^= basis[top]
        return ()

    def _vector(self, person: int) -> tuple[int, int]:
        if person not in self._vectors:
            bits = self._bits[person * self._width : (person + 1) * self._width]
            self._vectors[person] = int.from_bytes(bits, "big"), int(self.people.eras[person])
        return self._vectors[person]


@dataclass(frozen=True)
class Proof:
    """Disjoint groups of those who answered ``among``; on each no sum of multiples of the ``products`` is zero, of
    which ``independent`` many tell what all do, there. ``others`` are further people."""

    products: frozenset[People]
    among: str
    crowd: Crowd
    independent: int
    groups: tuple[tuple[int, ...], ...]
    others: tuple[int, ...]

    def proves(
        self, products: frozenset[People], key: str, there: frozenset[People], left: frozenset[People], least: int
    ) -> bool:
        """Whether ``least`` groups prove it also of other products, among those who answered ``key``. ``there`` are
        products that span these among them, ``left`` some that suffice for what is asked. Whoever did not answer makes
        way for others."""
        if self.independent < len(self.products) and self.among not in (EVERY_ROW, key):
            return False
        if products == self.products:
            # There are at most as many independent ones there; a group that tells as many tells all.
            dimensions = min(len(there), self.independent)
        elif left <= self.products:
            dimensions = self.independent
        else:
            return False
        answered = self.crowd.people.answered[key]
        good = 0
        for number, group in enumerate(self.groups):
            kept = [one for one in group if answered[one]]
            further = (one for one in self.others[number :: len(self.groups)] if answered[one])
            whole = len(kept) == len(group) or not dimensions
            good += whole or bool(self.crowd.group(chain(kept, further), dimensions))
            if good + len(self.groups) - number - 1 < least:
                return False
        return True


@dataclass(frozen=True)
class _Sum:
    """A sum of multiples of rows that is the same for all who were tried of a release, as ``said``. The row ``last``
    follows from the others."""

    last: int
    multiples: Mapping[int, int]
    said: Mapping[int, int]


class Prover:
    """Of the people of a matrix. ``present`` names for each variable the codes that count as an answer."""

    def __init__(self, matrix: Matrix, present: Mapping[str, Collection[str]]) -> None:
        self._matrix, self._present = matrix, present
        self._places = _some(matrix, CROWD)
        self.crowd = picked(matrix, self._places)
        self._first = picked(self.crowd, self._various())

    def proof(self, products: frozenset[People], key: str, least: int, first: Sequence[str]) -> Proof | None:
        """``least`` groups among those who answered ``key``; None where they were not found. People who answered all
        variables ``first`` are tried before others, so that the proof holds for these as well."""
        rows = sorted(products, key=lambda one: (len(one.where), one.where, one.upto))
        wanted: Places = tuple(np.zeros(0, np.intp) for _ in self._places)
        for turn in range(-1, ROUNDS):
            crowd = Crowd(memberships(self._first if turn < 0 else self.crowd, rows, self._present))
            people = _order(crowd.people, key, first, self._among(wanted), 2 * least * len(rows)).tolist()
            groups: list[tuple[int, ...]] = []
            while rows and len(groups) < least and (group := crowd.group(people[len(groups) :: least], len(rows))):
                groups.append(group)
            groups += [()] * (0 if rows else least)
            if len(groups) == least:
                chosen = {one for group in groups for one in group}
                others = tuple(one for one in people if one not in chosen)
                return Proof(products, key, crowd, len(rows), tuple(groups), others)
            if turn < 0:
                continue
            known, dropped = sum(map(len, wanted)), set[int]()
            for one in _sums(crowd.people, np.array(people[len(groups) :: least], np.intp)):
                multiples = {rows[row]: times for row, times in one.multiples.items()}
                found = exceptions(self._matrix, multiples, one.said, (key, self._present[key]), MOST_WANTED)
                number = sum(map(len, found))
                if number == 0:
                    dropped.add(one.last)
                elif number < least:
                    return None
                wanted = tuple(np.union1d(some, more) for some, more in zip(wanted, found, strict=True))
            if not dropped and sum(map(len, wanted)) == known:
                return None
            rows = [one for row, one in enumerate(rows) if row not in dropped]
            self._try(wanted)
        return None

    def _various(self) -> Places:
        """Where in the crowd those are who are tried at the very first: people of all kinds, and further ones who
        answered everything, for what is proven of these is proven for every question."""
        answered = memberships(self.crowd, (), self._present).answered
        complete = np.logical_and.reduce(list(_often(answered, self.crowd.rows).values()))
        places, start = list[Indices](), 0
        for some, block in zip(_some(self.crowd, FIRST // 2), self.crowd.blocks, strict=True):
            others = np.flatnonzero(complete[start : start + block.rows])
            start += block.rows
            places.append(np.union1d(some, others[: FIRST // 2 * block.rows // self.crowd.rows + 1]))
        return tuple(places)

    def _try(self, wanted: Places) -> None:
        places = tuple(np.union1d(some, more) for some, more in zip(self._places, wanted, strict=True))
        if sum(map(len, places)) > sum(map(len, self._places)):
            self._places, self.crowd = places, picked(self._matrix, places)

    def _among(self, wanted: Places) -> Indices:
        """Where those people are in the crowd."""
        starts = np.cumsum([0, *map(len, self._places)])
        found = [
            start + np.searchsorted(places, some)
            for start, places, some in zip(starts.tolist(), self._places, wanted, strict=False)
        ]
        return np.concatenate(found) if found else np.zeros(0, np.intp)


def _some(matrix: Matrix, most: int) -> Places:
    """About so many of its people."""
    step = max(-(-matrix.rows // most), 1)
    return tuple(np.arange(0, block.rows, step) for block in matrix.blocks)


def _order(crowd: Memberships, key: str, first: Sequence[str], wanted: Indices, most: int) -> Indices:
    """Those who answered ``key``, in the order in which they are tried: those wanted; those who answered everything, at
    most so many; those who answered everything that comes ``first``; all others. Who is in rare sets goes ahead, but of
    those who answered everything only few who are in the same sets."""
    candidates = crowd.answered[key]
    often = _often({name: some & candidates for name, some in crowd.answered.items()}, int(candidates.sum()))
    complete = np.logical_and.reduce([candidates, *often.values()])
    enough = np.logical_and.reduce([candidates, *(some for name, some in often.items() if name in first)])
    turn = np.where(complete, 1, np.where(enough, 2, 3))
    turn[wanted] = 0
    sizes = np.count_nonzero(crowd.members, axis=1)
    rarity = crowd.members.T.astype(np.float32) @ (1 / np.maximum(sizes, 1)).astype(np.float32)
    people = np.lexsort((-rarity, turn))
    people = people[candidates[people]]
    start, end = np.searchsorted(turn[people], [1, 2])
    various = _various(crowd, people[start:end])
    return np.concatenate([people[:start], various[:most], people[end:], various[most:]])


def _often(answered: Mapping[str, Mask], people: int) -> dict[str, Mask]:
    """Who answered each variable that not few did."""
    return {name: some for name, some in answered.items() if np.count_nonzero(some) >= OFTEN * people}


def _various(crowd: Memberships, people: Indices) -> Indices:
    """The same people: first a few of each who are in the same sets, then a few more of each, and so on."""
    weights = np.random.default_rng(20_261_127).integers(1, 1 << 40, len(crowd.members)).astype(np.float64)
    alike = crowd.members[:, people].T.astype(np.float64) @ weights
    order = np.argsort(alike, kind="stable")
    fresh = np.flatnonzero(np.diff(alike[order], prepend=-1.0))
    place = np.arange(len(people))
    turn = np.empty(len(people), np.intp)
    turn[order] = (place - fresh[np.searchsorted(fresh, place, "right") - 1]) // FEW
    return people[np.lexsort((alike, turn))]


def _sums(crowd: Memberships, people: Indices) -> list[_Sum]:
    """Sums of multiples that are the same for all of these people of each release, some of them."""
    inside = crowd.members[:, people].astype(np.int64)
    eras, first, which = np.unique(crowd.eras[people], return_index=True, return_inverse=True)
    apart = (inside - inside[:, first][:, which]).astype(np.float64)
    pivots, others = _independent(apart @ apart.T)
    found: list[_Sum] = []
    for row in others[:MOST_SUMS]:
        multiples = {row: 1}
        if pivots:
            solved = np.linalg.lstsq(apart[pivots].T, apart[row], rcond=None)[0]
            multiples |= {pivots[place]: -int(times) for place, times in enumerate(np.rint(solved)) if times}
        total = sum(times * inside[one] for one, times in multiples.items())
        if (total == total[first][which]).all():
            found.append(_Sum(row, multiples, dict(zip(eras.tolist(), total[first].tolist(), strict=True))))
    return found


def _independent(products: NDArray[np.float64]) -> tuple[list[int], list[int]]:
    """The rows that are independent of those before them, and the others, from the inner products of rows of whole
    numbers."""
    left = products.copy()
    pivots, others = list[int](), list[int]()
    for row in range(len(left)):
        if left[row, row] <= 1e-7 * max(products[row, row], 1.0):
            others.append(row)
            continue
        pivots.append(row)
        left[row + 1 :, row + 1 :] -= np.outer(left[row + 1 :, row], left[row, row + 1 :]) / left[row, row]
    return pivots, others
