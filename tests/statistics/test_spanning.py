"""Sets of people as sums of products: whatever is added and subtracted of the sets is a sum of the products."""

from __future__ import annotations

import random

import numpy as np
import pytest

from survey.aggregation.memberships import People, memberships
from survey.statistics import spanning
from tests.statistics.crowds import EVERY, PRESENT, crowd, numbers, some_sets


@pytest.mark.parametrize("seed", range(60))
def test_every_set_is_a_sum_of_multiples_of_its_products(seed: int) -> None:
    chance = random.Random(seed)
    matrix = crowd(chance, chance.randint(20, 120))
    sets, eras = some_sets(chance, matrix), [era for era, _ in matrix.blocks[0].runs]
    for key in ("", "a"):
        products = spanning.Spanning(sets, matrix.codings, numbers(matrix), eras).products(key, PRESENT.get(key, ()))
        assert products is not None
        people = memberships(matrix, [*sets, *products], PRESENT)
        inside = people.answered[key or EVERY]
        known = [people.eras == era for era in eras]
        span = np.concatenate([known, people.members[len(sets) :]])[:, inside].astype(float)
        for row in people.members[: len(sets), inside].astype(float):
            rest = row - np.linalg.lstsq(span.T, row, rcond=None)[0] @ span
            assert np.abs(rest).max() < 1e-9


def test_of_codes_that_are_all_told_apart_the_commonest_is_left_out() -> None:
    matrix = crowd(random.Random(1), 200, blank=0.04, lean=(3, 1, 1))
    each = [People((("b", (code,)),), 9) for code in "AB"]
    everybody = spanning.Spanning(each, matrix.codings, numbers(matrix), [9]).products()
    assert everybody == {People((("b", ("B",)),), 9), People((("b", ("no_answer", "not_asked")),), 9)}
    assert spanning.Spanning(each, matrix.codings, numbers(matrix), [9]).products("b", "AB") == {each[1]}


def test_sets_of_one_code_alone_are_their_own_products() -> None:
    matrix = crowd(random.Random(1), 100)
    one = People((("a", ("A",)), ("m", ("A",))), 9)
    assert spanning.Spanning([one], matrix.codings, numbers(matrix), [9]).products() == {one}
    assert spanning.Spanning([one], matrix.codings, numbers(matrix), [1, 4]).products() == {People(one.where, 4)}
    assert spanning.Spanning([one], matrix.codings, numbers(matrix), [10]).products() == frozenset(), (
        "nobody had come by then"
    )


def test_too_many_products_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = crowd(random.Random(1), 100)
    monkeypatch.setattr(spanning, "MOST_PRODUCTS", 2)
    sets = [People((("a", (code,)),), 9) for code in "ABC"]
    assert spanning.Spanning(sets, matrix.codings, numbers(matrix), [9]).products() is None
