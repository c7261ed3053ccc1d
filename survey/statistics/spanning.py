"""Sets of people written as sums of a few products that are nearly always independent. Pure.

Whom a selection means is a product of conditions. Of a question whose codes are told apart in classes, one class is
left unsaid, as it is everybody less the others; so every set is a sum, with whole multiples, of products of classes
that are not left out, and whatever holds of all sums of multiples of these products holds of those of the sets (the
reference coding of a table of several factors).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from survey.aggregation.columns import Coding
from survey.aggregation.memberships import People

MOST_PRODUCTS = 1500
"""More are not looked at."""

RARE = 0.05
"""A class with a smaller share of the people is not the one left out."""

UNSAID = ("no_answer", "not_asked")

Classes = tuple[str, ...]
"""Codes that no set tells apart, in alphabetical order."""

Named = tuple[tuple[str, frozenset[str]], ...]
"""Conditions, all of which hold."""


@dataclass(frozen=True)
class _Factor:
    """How the codes of a variable are told apart; ``reference`` is the class that is left out."""

    classes: tuple[Classes, ...]
    reference: Classes

    def terms(self, codes: Collection[str]) -> list[Classes]:
        """The classes whose sum ``codes`` are, () standing for everybody."""
        inside = [one for one in self.classes if one[0] in codes]
        if self.reference not in inside:
            return inside
        return [(), *(one for one in self.classes if one not in inside)]


class Spanning:
    """Products whose sums of multiples, and of the releases ``eras`` (ascending), are at least those of ``sets``.
    ``people`` is how many have each code of each variable, roughly; but 0 is nobody."""

    def __init__(
        self,
        sets: Sequence[People],
        codings: Mapping[str, Coding],
        people: Mapping[str, Mapping[str, int]],
        eras: Sequence[int],
    ) -> None:
        self._codings, self._people = codings, people
        described = {
            (_conditions(one, codings), eras[bisect_right(eras, one.upto) - 1]) for one in sets if one.upto >= eras[0]
        }
        self._used: dict[str, set[frozenset[str]]] = {}
        for key, codes in chain.from_iterable(named for named, _ in described):
            if not codings[key].multiple:
                self._used.setdefault(key, set()).add(codes)
        factors = {key: self._factor(key, (*codings[key].codes, *UNSAID)) for key in self._used}
        self._each = [(named, upto, self._expanded(named, upto, factors)) for named, upto in described]
        self._factors = factors

    def products(self, among: str = "", codes: Collection[str] = ()) -> frozenset[People] | None:
        """None where these are too many. With ``among``, only people count who gave one of its ``codes``."""
        factors = self._factors
        if among in self._used:
            factors = {**factors, among: self._factor(among, tuple(codes))}
        found: set[People] = set()
        for named, upto, whole in self._each:
            other = among in self._used and any(key == among for key, _ in named)
            some = self._expanded(named, upto, factors) if other else whole
            if some is None or len(found := found.union(some)) > MOST_PRODUCTS:
                return None
        return frozenset(found)

    def _factor(self, key: str, every: Sequence[str]) -> _Factor:
        return _factor(every, self._used[key], self._people[key])

    def _expanded(self, named: Named, upto: int, factors: Mapping[str, _Factor]) -> set[People] | None:
        terms = _terms(named, self._codings, factors)
        if prod(map(len, terms)) > MOST_PRODUCTS:
            return None
        wheres = (tuple(sorted(one for one in some if one[1])) for some in product(*terms))
        return {People(where, upto) for where in wheres if where}


def _conditions(one: People, codings: Mapping[str, Coding]) -> Named:
    """One condition for each variable of which a person has one code, as they are for a multiple choice."""
    single: dict[str, frozenset[str]] = {}
    found: list[tuple[str, frozenset[str]]] = []
    for key, codes in one.where:
        if codings[key].multiple:
            found.append((key, frozenset(codes)))
        else:
            single[key] = single[key] & frozenset(codes) if key in single else frozenset(codes)
    return (*single.items(), *found)


def _factor(every: Sequence[str], used: Collection[frozenset[str]], people: Mapping[str, int]) -> _Factor:
    signs: dict[tuple[bool, ...], list[str]] = {}
    order = list(used)
    for code in every:
        signs.setdefault(tuple(code in codes for codes in order), []).append(code)
    classes = {sign: tuple(sorted(codes)) for sign, codes in signs.items() if any(people[code] for code in codes)}
    sizes = {one: sum(people[code] for code in one) for one in classes.values()}
    rest = classes.get((False,) * len(order))
    if rest is None or sizes[rest] <= RARE * sum(sizes.values()):
        rest = max(classes.values(), key=lambda one: (sizes[one], one), default=())
    return _Factor(tuple(classes.values()), rest)


def _terms(
    named: Named, codings: Mapping[str, Coding], factors: Mapping[str, _Factor]
) -> tuple[tuple[tuple[str, Classes], ...], ...]:
    """For each condition the alternatives that add up to it."""
    return tuple(
        ((key, tuple(sorted(codes))),)
        if codings[key].multiple
        else tuple((key, one) for one in factors[key].terms(codes))
        for key, codes in named
    )
