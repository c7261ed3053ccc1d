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
from itertools import product

from survey.aggregation.columns import Coding
from survey.aggregation.memberships import People

MOST_PRODUCTS = 1500
"""More are not looked at."""

RARE = 0.05
"""A class with a smaller share of the people is not the one left out."""

UNSAID = ("no_answer", "not_asked")

Classes = tuple[str, ...]
"""Codes that no set tells apart, in alphabetical order."""


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


def spanning(
    sets: Sequence[People],
    codings: Mapping[str, Coding],
    people: Mapping[str, Mapping[str, int]],
    eras: Sequence[int],
    among: tuple[str, Collection[str]] = ("", ()),
) -> frozenset[People] | None:
    """Products whose sums of multiples, and of the releases ``eras`` (ascending), are at least those of ``sets``; None
    where these are too many. ``people`` is how many have each code of each variable, roughly; but 0 is nobody. With
    ``among``, only people count who gave one of these codes of this variable."""
    conditions = [(_conditions(one, codings), one.upto) for one in sets]
    factors: dict[str, _Factor] = {}
    for key in dict.fromkeys(key for found, _ in conditions for key, _ in found if not codings[key].multiple):
        used = {codes for found, _ in conditions for name, codes in found if name == key}
        every = tuple(among[1]) if key == among[0] else (*codings[key].codes, *UNSAID)
        factors[key] = _factor(every, used, people[key])
    found: set[People] = set()
    for terms, upto in {
        (_terms(named, codings, factors), eras[bisect_right(eras, upto) - 1])
        for named, upto in conditions
        if upto >= eras[0]
    }:
        for some in product(*terms):
            where = tuple(sorted(one for one in some if one[1]))
            if where:
                found.add(People(where, upto))
            if len(found) > MOST_PRODUCTS:
                return None
    return frozenset(found)


def _conditions(one: People, codings: Mapping[str, Coding]) -> tuple[tuple[str, frozenset[str]], ...]:
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
    named: Sequence[tuple[str, frozenset[str]]], codings: Mapping[str, Coding], factors: Mapping[str, _Factor]
) -> tuple[tuple[tuple[str, Classes], ...], ...]:
    """For each condition the alternatives that add up to it."""
    return tuple(
        ((key, tuple(sorted(codes))),)
        if codings[key].multiple
        else tuple((key, one) for one in factors[key].terms(codes))
        for key, codes in named
    )
