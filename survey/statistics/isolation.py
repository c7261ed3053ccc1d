"""Whether what was shown, added and subtracted in any way, describes fewer than a few people. Pure linear algebra.

Everything shown of one question is a table over some set of people. Whoever holds several tables can form every sum
of multiples of them, and nothing else that holds for all answers. Such a sum describes the people on whom its
multiples do not cancel. So: with one row per set and one column per person (1 inside, 0 outside), is there a
combination of the rows, not zero, that is zero on all but fewer than ``least`` people? In the language of codes: is the
minimum weight of the code that the rows span below ``least``?

Answers err on the side of "yes" only. Arithmetic is exact, modulo a prime. What this costs grows with the people and
the square of the sets; ``statistics.proving`` is quicker, for crowds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.statistics.elimination import PRIME, eliminated, rank
from survey.statistics.parity import none_small

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_ATOMS = 1200
MOST_ROWS = 160
MOST_PAIRED = 40
"""Bounds of the exact search; beyond them the answer is "perhaps"."""


class Evidence:
    """People in the order of columns: ``eras`` numbers the release that brought each (everybody of an era together is
    known, too), ``members`` has one row for each set."""

    def __init__(self, eras: Ints, members: Bools) -> None:
        self.eras, self.members = eras, members
        chance = np.random.default_rng(20_261_016)
        self._weights = chance.integers(1, 1 << 63, len(members), np.uint64) | np.uint64(1)
        self._known: dict[tuple[object, ...], bool] = {}
        self._ranks: dict[tuple[int, ...], int] = {}

    def exact(self, rows: Sequence[int], answered: Bools, least: int) -> bool:
        """Whether nobody is isolated, looked at from every side; False where that is too much to look at."""
        if not rows:
            return True
        known = ("exact", tuple(rows), least, answered.tobytes())
        if known not in self._known:
            self._known[known] = self._exact(rows, answered, least)
        return self._known[known]

    def _exact(self, rows: Sequence[int], answered: Bools, least: int) -> bool:
        keys = self._keys(rows)[answered]
        return all(self._beside(eras, keys, rows, answered, least) for eras in joined(self.eras[answered], least))

    def _beside(self, eras: Ints, keys: NDArray[np.uint64], rows: Sequence[int], answered: Bools, least: int) -> bool:
        _, first, weights = np.unique(keys ^ _mixed(eras), return_index=True, return_counts=True)
        known = np.unique(eras[eras >= 0])
        inside = self._columns(rows, np.flatnonzero(answered)[first])
        table = np.concatenate([(eras[first] == known[:, None]).astype(np.int64), inside])
        if none_small(table, weights, least, lambda: self._most(tuple(rows))):
            return True
        return len(first) <= MOST_ATOMS and len(table) <= MOST_ROWS and heavy(table, weights, least)

    def _columns(self, rows: Sequence[int], people: NDArray[np.intp]) -> Ints:
        found: Ints = self.members[np.ix_(np.asarray(rows), people)].astype(np.int64)
        return found

    def _most(self, rows: tuple[int, ...]) -> int:
        """How many of these sets and the eras are independent among everybody: no fewer than among some of them."""
        if rows not in self._ranks:
            keys = self._keys(rows) ^ _mixed(self.eras)
            first = np.unique(keys, return_index=True)[1]
            eras = (self.eras[first] == np.unique(self.eras)[:, None]).astype(np.int64)
            self._ranks[rows] = rank(np.concatenate([eras, self._columns(rows, first)]))
        return self._ranks[rows]

    def _keys(self, rows: Sequence[int]) -> NDArray[np.uint64]:
        """One number per person that is the same for those in the same of these sets."""
        keys = np.zeros(self.members.shape[1], np.uint64)
        for row in rows:
            keys += self.members[row] * self._weights[row]
        return keys


def _mixed(eras: Ints) -> NDArray[np.uint64]:
    return eras.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def joined(eras: Ints, least: int) -> list[Ints]:
    """Eras put together so that none has fewer people: what a release of fewer brought is not held against anything.
    The states before and after such a release are known even so, each by itself; so they are put together in more than
    one way, until every state of enough people has been the end of an era. Whoever came after the last end is in none:
    -1."""
    numbers, place, sizes = np.unique(eras, return_inverse=True, return_counts=True)
    before = np.cumsum(sizes).tolist()
    states = [one for one in reversed(range(len(numbers))) if before[one] >= least or one == len(numbers) - 1]
    left, found = states, list[Ints]()
    while left or not found:
        ends: list[int] = []
        for one in (*left, *states):
            if all(abs(before[one] - before[other]) >= least for other in ends):
                ends.append(one)
        left = [one for one in left if one not in ends]
        names = np.searchsorted(np.sort(ends), np.arange(len(numbers)))
        found.append(np.where(names < len(ends), names, -1)[place].astype(np.int64))
    return found


def heavy(table: Ints, weights: Ints, least: int) -> bool:
    """Whether no combination of the rows of ``table`` is zero on all but columns that weigh less than ``least``
    together; False where that is too much to look at."""
    large = weights >= least
    # Columns that alone are heavy enough have to vanish: what is left after eliminating them is what could isolate.
    order = np.concatenate([np.flatnonzero(large), np.flatnonzero(~large)])
    reduced, pivots = eliminated(table[:, order])
    heavy_pivots = sum(pivot < int(large.sum()) for pivot in pivots)
    rest = reduced[heavy_pivots : len(pivots), int(large.sum()) :]
    weights = weights[~large]
    size = len(rest)
    if not size:
        return True
    left = weights.copy()
    forms: list[Ints] = []
    while len(forms) < least:
        free = np.flatnonzero(left > 0)
        free = free[np.argsort(-left[free], kind="stable")]
        others = np.flatnonzero(left == 0)
        order = np.concatenate([free, others])
        form, pivots = eliminated(rest[:, order])
        if len(pivots) < size or pivots[-1] >= len(free):
            break
        back = np.empty_like(form)
        back[:, order] = form
        forms.append(back)
        left[order[pivots]] -= 1
    if len(forms) >= least:
        return True
    # What is zero on all but four people meets one of so many disjoint groups at most so often:
    meets = (least - 1) // len(forms) if forms else least
    if meets > 2 or (meets == 2 and size > MOST_PAIRED):
        return False
    if any(int(weights[row != 0].sum()) < least for form in forms for row in form):
        return False
    return meets < 2 or all(
        _pair(one, other, weights) >= least for form in forms for one, other in combinations(form, 2)
    )


def _pair(one: Ints, other: Ints, weights: Ints) -> int:
    """The least weight of one row plus a multiple, not zero, of the other."""
    either, both = (one != 0) | (other != 0), (one != 0) & (other != 0)
    if not both.any():
        return int(weights[either].sum())
    ratio = one[both] * _inverse(other[both]) % PRIME
    _, place = np.unique(ratio, return_inverse=True)
    return int(weights[either].sum() - np.bincount(place, weights[both]).max())


def _inverse(values: Ints) -> Ints:
    result, power, exponent = np.ones_like(values), values % PRIME, PRIME - 2
    while exponent:
        if exponent & 1:
            result = result * power % PRIME
        power = power * power % PRIME
        exponent >>= 1
    return result
