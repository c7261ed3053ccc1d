"""S16: nobody is recovered from everything that is shown of random surveys: overall results of every release, results
without flagged answers, collectors, breakdowns, free selections, over time. ``PHIEU_PROVE=1`` attacks 2,000 surveys.
"""

from __future__ import annotations

import os

from tests.flows.subtraction import FEW, attack, defended, singled_out, undefended

SURVEYS = 2000 if os.environ.get("PHIEU_PROVE") else 60


def test_nobody_is_recovered_from_all_that_is_shown() -> None:
    shown = refused = 0
    for seed in range(SURVEYS):
        one = defended(seed)
        shown, refused = shown + one.shown, refused + one.refused
        assert attack(one) == (0, 0), f"survey {seed}"
    print(f"S16: {SURVEYS} surveys, {shown} figures shown, {refused} selections refused: 0 people, 0 small groups")
    assert shown > 40 * SURVEYS, "the product still shows something"


def test_a_threshold_alone_leaks() -> None:
    people = groups = shown = leaking = 0
    surveys = SURVEYS // 4
    for seed in range(surveys):
        one = undefended(seed)
        single, few = attack(one)
        people, groups, shown, leaking = people + single, groups + few, shown + one.shown, leaking + bool(few)
    print(
        f"S16 control: {surveys} surveys, {shown} figures: {people} people, {groups} groups under {FEW}, in {leaking}"
    )
    assert people > surveys // 20
    assert leaking > surveys // 3


def test_the_attack_knows_how_to_subtract() -> None:
    everybody = list(range(12))
    rest = frozenset(range(1, 12))
    assert singled_out([frozenset(everybody), rest], everybody) == {frozenset({0})}
    overlapping = [frozenset(range(8)), frozenset(range(4, 12)), frozenset(everybody), frozenset(range(4, 8))]
    assert singled_out(overlapping, everybody) == {frozenset(range(4)), frozenset(range(4, 8)), frozenset(range(8, 12))}
    assert singled_out(overlapping[:2], everybody) == set()
