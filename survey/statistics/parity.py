"""Whether sets of people, added up modulo 2 in any way, single fewer than a few people out. Pure.

A sum of multiples of independent sets that is not zero on a few people alone can be written with whole numbers that
have no common divisor. Modulo 2 it is a sum of some of the sets, on these few people at most, and not nobody if the
sets are independent modulo 2 as well. So where no such sum of sets is that small, no sum of multiples is; the converse
does not hold. Sums modulo 2 are bits of a number, which is why this is quick.

In the language of codes: the least weight of a binary code, by disjoint sets of people who determine each word. A word
on four people is, in one of so many disjoint sets, on four divided by their number at most (Brouwer and Zimmermann).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import comb

import numpy as np

from survey.statistics.elimination import Ints, rank

MOST_SUMS = 100_000
"""Sums that are tried; beyond them the answer is "perhaps"."""

Row = int
"""A set of people, each a bit."""

_Form = list[tuple[Row, Row]]


def none_small(table: Ints, weights: Ints, least: int, most: Callable[[], int]) -> bool:
    """Whether every sum modulo 2 of the rows of ``table`` (0 and 1) is nobody, or ``least`` people and more, and as
    many rows are independent modulo 2 as are at all; columns stand for as many people as ``weights`` says. ``most``
    tells how many independent rows there can be, if that is known. False where it is not so, or too much to try."""
    large = weights >= least
    # So many people in the same sets that a sum which is not zero on them is not small: one bit is enough for them.
    bits = np.concatenate([table[:, large], np.repeat(table[:, ~large], weights[~large], axis=1)], axis=1)
    packed = np.packbits(bits.astype(np.bool_), axis=1, bitorder="little")
    rows = [int.from_bytes(row.tobytes(), "little") for row in packed]
    heavy = (1 << int(large.sum())) - 1
    vanishing = _vanishing(rows, heavy)
    people = ((1 << bits.shape[1]) - 1) & ~heavy
    form = _form(vanishing, people)
    dependent = len(vanishing) - len(form)
    independent = len(table) - dependent
    alike = not dependent or independent == most() or independent == rank(table)
    return alike and _none_small(form, people, least)


def _none_small(form: _Form, people: Row, least: int) -> bool:
    rows, forms = [row for _, row in form], list[list[Row]]()
    while len(form) == len(rows):
        forms.append([row for _, row in form])
        if not rows or len(forms) == least:
            return True
        for pivot, _ in form:
            people &= ~pivot
        form = _form(rows, people)
    meets = (least - 1) // len(forms)
    if len(forms) * sum(comb(len(rows), size) for size in range(1, meets + 1)) > MOST_SUMS:
        return False
    return all(total.bit_count() >= least for one in forms for total in _sums(one, meets))


def _vanishing(rows: Sequence[Row], where: Row) -> list[Row]:
    """Sums of the rows that are zero ``where``, and from which all such sums follow."""
    pivots: dict[int, Row] = {}
    found = []
    for row in rows:
        while there := row & where:
            top = there.bit_length()
            if top not in pivots:
                pivots[top] = row
                break
            row ^= pivots[top]
        else:
            found.append(row)
    return found


def _form(rows: Sequence[Row], people: Row) -> _Form:
    """Pairs of one of ``people`` and a row, none of whom is in another row of a pair: as many as there can be."""
    form: _Form = []
    for row in rows:
        for pivot, other in form:
            if row & pivot:
                row ^= other
        if there := row & people:
            pivot = there & -there
            form = [(one, other ^ row if other & pivot else other) for one, other in form]
            form.append((pivot, row))
    return form


def _sums(rows: Sequence[Row], most: int) -> Iterator[Row]:
    """Every sum of one to ``most`` of the rows."""
    if most:
        for place, row in enumerate(rows):
            yield row
            for rest in _sums(rows[place + 1 :], most - 1):
                yield row ^ rest
