"""Whether sums and differences of sets single few people out: against trying every few people, one after the other."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from survey.statistics.isolation import Evidence, joined

LEAST = 5


def isolated(eras: np.ndarray, members: np.ndarray) -> bool:
    """Whether without some four people or fewer the rows are less independent: then a sum stands on them alone."""
    return any(isolated_beside(known, members) for known in joined(eras, LEAST))


def isolated_beside(known: np.ndarray, members: np.ndarray) -> bool:
    table = np.concatenate([known == np.unique(known[known >= 0])[:, None], members]).astype(float)
    rank = np.linalg.matrix_rank(table)
    for size in range(1, LEAST):
        for some in combinations(range(len(known)), size):
            if np.linalg.matrix_rank(np.delete(table, some, axis=1)) < rank:
                return True
    return False


@pytest.mark.parametrize("seed", range(40))
def test_the_exact_answer_is_that_of_trying_every_four_people(seed: int) -> None:
    chance = np.random.default_rng(seed)
    people, sets = int(chance.integers(10, 16)), int(chance.integers(1, 4))
    eras = np.sort(chance.integers(0, 1 + people // 8, people))
    members = chance.random((sets, people)) < chance.choice([0.3, 0.5, 0.7])
    evidence, everybody = Evidence(eras, members), np.ones(people, np.bool_)
    assert evidence.exact(range(sets), everybody, LEAST) == (not isolated(eras, members))


def test_two_sets_of_a_crowd_that_differ_by_four_people_are_found() -> None:
    chance = np.random.default_rng(1)
    members = chance.random((1, 2000)) < 0.5
    eras, everybody = np.zeros(2000, np.int64), np.ones(2000, np.bool_)
    twin = members[0].copy()
    twin[:4] ^= True
    assert not Evidence(eras, np.stack([members[0], twin])).exact([0, 1], everybody, LEAST)
    twin[4] ^= True
    assert Evidence(eras, np.stack([members[0], twin])).exact([0, 1], everybody, LEAST)


def test_a_release_less_a_selection_is_found() -> None:
    eras = np.repeat([1, 2], [10, 30])
    seven = np.zeros((1, 40), np.bool_)
    seven[0, :7] = True
    everybody = np.ones(40, np.bool_)
    assert not Evidence(eras, seven).exact([0], everybody, LEAST), "three came with the first release and are not in it"
    seven[0, 10:15] = True
    assert Evidence(eras, seven).exact([0], everybody, LEAST)


def test_only_those_who_answered_count() -> None:
    members = np.zeros((2, 100), np.bool_)
    members[0, :40], members[1, :50] = True, True
    eras, answered = np.zeros(100, np.int64), np.ones(100, np.bool_)
    assert Evidence(eras, members).exact([0, 1], answered, LEAST)
    answered[43:50] = False
    assert not Evidence(eras, members).exact([0, 1], answered, LEAST)


def test_small_eras_are_joined_until_they_are_no_small_ones() -> None:
    found = [one.tolist() for one in joined(np.repeat([3, 5, 6, 9], [3, 3, 7, 2]), 5)]
    assert found == [[0] * 6 + [1] * 9, [0] * 6 + [1] * 7 + [-1] * 2]
    assert [one.tolist() for one in joined(np.repeat([1, 2], [2, 2]), 5)] == [[0] * 4]
    assert [one.tolist() for one in joined(np.repeat([1, 2], [5, 5]), 5)] == [[0] * 5 + [1] * 5]


@pytest.mark.parametrize("seed", range(40))
def test_every_state_of_enough_people_is_looked_at_once(seed: int) -> None:
    chance = np.random.default_rng(seed)
    sizes = chance.integers(1, 9, int(chance.integers(1, 12)))
    eras = np.repeat(np.arange(len(sizes)), sizes)
    found = joined(eras, LEAST)
    ends = {int(np.count_nonzero((one >= 0) & (one <= name))) for one in found for name in np.unique(one[one >= 0])}
    assert ends == {int(end) for end in np.cumsum(sizes) if end >= LEAST or end == len(eras)}
    assert all(np.bincount(one[one >= 0]).min() >= min(LEAST, len(eras)) for one in found)
    assert len(found) <= LEAST


def test_the_state_before_a_last_release_of_four_people_is_looked_at_too() -> None:
    eras, everybody = np.repeat([1, 2], [20, 4]), np.ones(24, np.bool_)
    members = np.zeros((1, 24), np.bool_)
    members[0, :17] = True
    assert not Evidence(eras, members).exact([0], everybody, LEAST)
    members[0, 15:] = False
    assert Evidence(eras, members).exact([0], everybody, LEAST)


def test_a_state_next_to_one_that_brought_four_people_is_looked_at_too() -> None:
    """The first two releases less both selections are two of the first twenty."""
    eras = np.repeat([1, 2, 3], [20, 4, 8])
    members = np.zeros((2, 32), np.bool_)
    members[0, :10] = members[1, 10:18] = members[1, 20:24] = True
    everybody = np.ones(32, np.bool_)
    assert not Evidence(eras, members).exact([0, 1], everybody, LEAST)
    members[1, 20:24] = False
    members[1, 15:18] = False
    assert Evidence(eras, members).exact([0, 1], everybody, LEAST)
