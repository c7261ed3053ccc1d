"""The quick proof that nobody is singled out: against an attack by projections, and at its borders."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from survey.aggregation.columns import Matrix
from survey.aggregation.memberships import People, memberships
from survey.statistics import proving
from survey.statistics.proving import Prover
from survey.statistics.spanning import Spanning
from tests.flows.subtraction import singled_out
from tests.statistics.crowds import EVERY, PRESENT, crowd, numbers, some_sets
from tests.statistics.surveys import matrix_of, question, questionnaire

LEAST = 5


def recovered(matrix: Matrix, sets: list[People], key: str) -> bool:
    """Whether the attack finds fewer than five people among those who answered ``key``, but for those that the overall
    results of the releases tell anyway."""
    people = memberships(matrix, sets, PRESENT)
    inside = people.answered[key]
    eras = [people.eras == era for era in set(people.eras.tolist())]
    known, told = (
        [frozenset(np.flatnonzero(row & inside).tolist()) for row in rows] for rows in (eras, people.members)
    )
    answered = np.flatnonzero(inside).tolist()
    return bool(singled_out([*known, *told], answered) - singled_out(known, answered))


def products_of(matrix: Matrix, sets: list[People], key: str) -> frozenset[People]:
    eras = [era for era, _ in matrix.blocks[0].runs]
    found = Spanning(sets, matrix.codings, numbers(matrix), eras).products(key, PRESENT[key])
    assert found is not None
    return found


def test_whatever_is_proven_withstands_the_attack_for_each_variable() -> None:
    proven = carried = unproven = 0
    for seed in range(300):
        chance = random.Random(seed)
        lean, alike = chance.choice([(1, 1, 1), (9, 3, 1)]), chance.choice([None, None, 0, 2, 9])
        matrix = crowd(chance, chance.randint(60, 220), chance.choice([0.02, 0.1, 0.3]), lean, alike)
        sets = some_sets(chance, matrix, 4)
        prover, everybody = Prover(matrix, PRESENT), products_of(matrix, sets, EVERY)
        first = prover.proof(everybody, EVERY, LEAST, ["q"])
        for key in (EVERY, "a", "q"):
            left, there = products_of(matrix, sets, key), products_of(matrix, list(everybody), key)
            before = first is not None and first.proves(everybody, key, there, left, LEAST)
            if before or prover.proof(left, key, LEAST, []):
                proven, carried = proven + 1, carried + before
                assert not recovered(matrix, sets, key), (seed, key)
            else:
                unproven += 1
    assert proven > 300
    assert carried > 150
    assert unproven > 100


def test_one_group_alone_would_not_withstand_it() -> None:
    lost = 0
    for seed in range(60):
        chance = random.Random(seed)
        matrix = crowd(chance, chance.randint(60, 220), 0.02, (9, 3, 1))
        sets = some_sets(chance, matrix, 4)
        if Prover(matrix, PRESENT).proof(products_of(matrix, sets, EVERY), EVERY, 1, []):
            lost += recovered(matrix, sets, EVERY)
    assert lost > 3


def twins(differing: int, people: int) -> Matrix:
    """As many tick A as B, but for so many people among all."""
    asked = questionnaire([question("m", "multiple", "AB"), question("q")])
    chance = random.Random(people)
    given = [{"m": chance.choice([["A", "B"], []]), "q": "5"} for _ in range(people)]
    for one in chance.sample(given, differing):
        one["m"] = ["A"]
    return matrix_of(asked, given)


@pytest.mark.parametrize("people", [300, 3000])
def test_two_sets_that_differ_by_few_people_are_told_from_those_that_differ_by_five(
    people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "CROWD", 200)  # those who differ are hardly ever among the first who are tried
    pair = frozenset(People((("m", (code,)),), 1) for code in "AB")
    present = {EVERY: ("1",), "q": "12345"}
    for differing, safe in ((1, False), (4, False), (5, True), (9, True)):
        assert (Prover(twins(differing, people), present).proof(pair, EVERY, LEAST, []) is not None) == safe


def test_sets_that_are_the_same_people_count_once() -> None:
    pair = frozenset(People((("m", (code,)),), 1) for code in "AB")
    matrix = twins(0, 300)
    found = Prover(matrix, {EVERY: ("1",)}).proof(pair, EVERY, LEAST, [])
    assert found is not None
    assert found.independent == 1


def test_a_proof_is_carried_over_only_where_those_who_answered_suffice() -> None:
    asked = questionnaire([question("m", "multiple", "AB"), question("q")])
    ticks = [["A"]] * 40 + [["B"]] * 40 + [[]] * 40
    one = frozenset({People((("m", ("A",)),), 1)})
    for answered, holds in ((5, True), (4, False)):
        given = [
            {"m": ticked, "q": "5" if place >= 40 or place < answered else ""} for place, ticked in enumerate(ticks)
        ]
        found = Prover(matrix_of(asked, given), {EVERY: ("1",), "q": "12345"}).proof(one, EVERY, LEAST, [])
        assert found is not None
        assert found.proves(one, "q", one, one, LEAST) == holds


def test_releases_are_known_as_a_whole() -> None:
    asked = questionnaire([question("m", "multiple", "AB"), question("q")])
    one = frozenset({People((("m", ("A",)),), 2)})
    for outside, safe in ((3, False), (5, True)):
        ticks = [["A"]] * (10 - outside) + [[]] * outside + [["A"]] * 30
        matrix = matrix_of(asked, [{"m": ticked, "q": "5"} for ticked in ticks])
        matrix = Matrix((replace(matrix.blocks[0], runs=((1, 10), (2, 30))),), matrix.codings)
        assert (Prover(matrix, {EVERY: ("1",)}).proof(one, EVERY, LEAST, []) is not None) == safe


def test_what_is_the_same_among_those_who_answered_one_question_is_not_so_among_all() -> None:
    asked = questionnaire([question("m", "multiple", "AB"), question("q")])
    given = [{"m": ["A", "B"] if place % 2 else [], "q": "5"} for place in range(60)] + [{"m": ["A"], "q": ""}] * 4
    pair = frozenset(People((("m", (code,)),), 1) for code in "AB")
    found = Prover(matrix_of(asked, given), {EVERY: ("1",), "q": "12345"}).proof(pair, "q", LEAST, [])
    assert found is not None
    assert (found.independent, found.proves(pair, "q", pair, pair, LEAST)) == (1, True)
    assert not found.proves(pair, EVERY, pair, pair, LEAST)


def test_sets_that_hold_everybody_or_nobody_tell_nothing() -> None:
    matrix = twins(0, 60)
    prover = Prover(matrix, {EVERY: ("1",)})
    nothing = prover.proof(frozenset(), EVERY, LEAST, [])
    assert nothing is not None
    assert nothing.proves(frozenset(), EVERY, frozenset(), frozenset(), LEAST)
    assert prover.proof(frozenset({People((("q", ("1",)),), 1)}), EVERY, LEAST, []), "nobody said so"
