"""Indexes: the worked example under every rule, and intervals against people looked at one by one and a bootstrap."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.definition.indexes import Rule
from survey.statistics import reasons
from survey.statistics.indexes import Item, shares, value
from survey.statistics.means import students_t
from survey.statistics.results import IndexResult
from tests.statistics.surveys import Person, question, questionnaire, result_of

WORKED = {
    "F1": [(40, 50), (38, 50), (41, 50)],
    "F2": [(44, 50), (43, 50), (45, 50), (30, 48)],
    "F3": [(46, 50)] * 5,
    "F4": [(45, 50), (44, 50)],
    "F5": [(9, 14), (8, 14)],
}
"""The worked example: satisfied and answered of each item."""

JOINING = (Rule.MEAN_OF_FACTORS, Rule.MEAN_OF_ITEMS, Rule.POOLED_ANSWERS)
ITEMS = ("a1", "a2", "b1", "b2", "b3")
FACTORS = [
    {"key": "A", "name": "A", "items": ["a1", "a2"], "weight": 2},
    {"key": "B", "name": "B", "items": ["b1", "b2", "b3"], "weight": 1},
]


def groups(pairs: dict[str, list[tuple[int, int]]] = WORKED) -> list[tuple[float, list[Item]]]:
    return [
        (1.0, [Item(f"{factor}.{place}", satisfied, base) for place, (satisfied, base) in enumerate(items)])
        for factor, items in pairs.items()
    ]


def survey(**more: Any) -> Any:
    index = {"key": "ix", "name": "ix", "factors": FACTORS, "overall": "q"} | more
    return questionnaire([question(key) for key in (*ITEMS, "q")], [index])


def people(number: int, seed: int, blank: float = 0.2) -> list[Person]:
    """Answers that go together within a person, some blank, some not applicable, some not asked."""
    chance = random.Random(seed)
    found: list[Person] = []
    for _ in range(number):
        mood = chance.gauss(0, 1)
        one: dict[str, str | list[str]] = {}
        for key in (*ITEMS, "q"):
            drawn = chance.random()
            if drawn < blank / 2:
                one[key] = chance.choice(["", "9"])
            elif drawn > blank:
                one[key] = str(min(5, max(1, round(3.4 + mood + chance.gauss(0, 0.8)))))
        found.append(one)
    return found


def index_of(found: Sequence[Person], rule: Rule, population: int | None = None, **more: Any) -> IndexResult:
    return result_of(survey(**more), found, rule=rule, population=population).indexes[0]


def scored(one: Person, key: str, scoring: str) -> float | None:
    """What one person's answer is worth on the index's scale."""
    code = one.get(key)
    if code not in ("1", "2", "3", "4", "5"):
        return None
    return 100.0 * (code in ("4", "5")) if scoring == "satisfied_share" else 1 + 9 * (int(code) - 1) / 4


def by_respondent(found: Sequence[Person], rule: Rule, scoring: str, population: int | None) -> tuple[float, float]:
    """Value and half width, computed the long way: each person's influence, squared and added up."""
    columns = {key: [scored(one, key, scoring) for one in found] for key in ITEMS}
    given_answers = {key: [one for one in column if one is not None] for key, column in columns.items()}
    means = {key: sum(column) / len(column) for key, column in given_answers.items()}
    answers = sum(map(len, given_answers.values()))
    if rule is Rule.POOLED_ANSWERS:
        centre = sum(map(sum, given_answers.values())) / answers
        means = dict.fromkeys(ITEMS, centre)
        parts = {key: len(given_answers[key]) / answers for key in ITEMS}
    else:
        weights = {"a": 2 / 3 / 2, "b": 1 / 3 / 3} if rule is Rule.MEAN_OF_FACTORS else {"a": 1 / 5, "b": 1 / 5}
        parts = {key: weights[key[0]] for key in ITEMS}
        centre = sum(parts[key] * means[key] for key in ITEMS)
    squares, number = 0.0, 0
    for place in range(len(found)):
        mine = {key: columns[key][place] for key in ITEMS}
        influence = 0.0
        for key, worth in mine.items():
            if worth is not None:
                influence += parts[key] / len(given_answers[key]) * (worth - means[key])
        squares += influence**2
        number += any(worth is not None for worth in mine.values())
    left = 1.0 if population is None else 1 - number / population
    return centre, students_t(number - 1) * sqrt(number / (number - 1) * squares * left)


@pytest.mark.parametrize(("rule", "worth"), list(zip(JOINING, (80.53, 82.75, 84.99), strict=True)))
def test_the_worked_example_has_its_value_under_each_rule(rule: Rule, worth: float) -> None:
    found = value(groups(), rule)
    assert found is not None
    assert round(found, 2) == worth


@pytest.mark.parametrize("rule", JOINING)
@pytest.mark.parametrize("scoring", ["satisfied_share", "rescaled_mean"])
@pytest.mark.parametrize("population", [None, 900])
def test_the_interval_is_what_looking_at_each_person_gives(rule: Rule, scoring: str, population: int | None) -> None:
    for seed in range(3):
        found = people(300, seed)
        centre, reach = by_respondent(found, rule, scoring, population)
        index = index_of(found, rule, population, scoring=scoring)
        assert index.interval is not None
        assert index.value == pytest.approx(centre, abs=1e-9)
        assert index.interval == pytest.approx((centre - reach, centre + reach), abs=1e-9)
        assert index.base == sum(any(scored(one, key, scoring) is not None for key in ITEMS) for one in found)


def test_the_interval_agrees_with_a_bootstrap_and_pooling_answers_would_not() -> None:
    found = people(400, 7)
    index = index_of(found, Rule.MEAN_OF_ITEMS)
    worth = np.array(
        [
            [np.nan if (one := scored(person, key, "satisfied_share")) is None else one for key in ITEMS]
            for person in found
        ]
    )
    drawn = np.random.default_rng(7).integers(0, len(found), (2000, len(found)))
    spread = float(np.std(np.nanmean(worth[drawn], axis=1).mean(axis=1)))
    assert index.interval is not None
    reach = (index.interval[1] - index.interval[0]) / 2 / students_t(index.base - 1)
    assert reach == pytest.approx(spread, rel=0.08)
    answers = int(np.count_nonzero(~np.isnan(worth)))
    share = float(np.nanmean(worth)) / 100
    assert 100 * sqrt(share * (1 - share) / answers) < 0.75 * spread


@given(st.integers(0, 10**6), st.integers(2, 60), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_people_does_not_matter_and_the_interval_holds_the_value(
    seed: int, number: int, chance: random.Random
) -> None:
    found = people(number, seed)
    shuffled = list(found)
    chance.shuffle(shuffled)
    for rule in JOINING:
        index, again = (result_of(survey(), one, rule=rule, threshold=0).indexes[0] for one in (found, shuffled))
        assert index == again
        if index.interval is not None:
            assert index.value is not None
            assert 0 <= index.interval[0] <= index.value <= index.interval[1] <= 100


def test_shares_of_the_items_add_up_to_one() -> None:
    for rule in JOINING:
        assert sum(shares(groups(), rule).values()) == pytest.approx(1)


def test_the_general_question_carries_its_own_interval() -> None:
    found = people(200, 3)
    result = result_of(survey(), found, rule=Rule.OVERALL_QUESTION)
    index, figures = result.indexes[0], result.question("q").figures
    assert (index.value, index.interval, index.base) == (figures.satisfied_percent, figures.interval, figures.base)


def test_an_index_of_one_item_carries_the_interval_of_that_item() -> None:
    found = [{"a1": one["a1"]} for one in people(100, 4, blank=0)]
    for scoring in ("satisfied_share", "rescaled_mean"):
        result = result_of(survey(scoring=scoring), found)
        index, figures = result.indexes[0], result.question("a1").figures
        assert index.interval is not None
        if scoring == "satisfied_share":
            assert index.interval == figures.interval
        else:
            assert figures.mean_interval is not None
            assert index.interval == pytest.approx([1 + 9 * (bound - 1) / 4 for bound in figures.mean_interval])


def test_fixed_anchors_rescale_the_mean() -> None:
    found: list[Person] = [{"a1": "5", "b1": "3"}] * 12
    index = index_of(found, Rule.MEAN_OF_ITEMS, scoring="rescaled_mean")
    assert index.value == pytest.approx((10 + 5.5) / 2)
    assert (index.unit, index.anchors) == ("points", (1.0, 10.0))


@pytest.mark.parametrize("rule", JOINING)
def test_a_negative_item_is_the_same_as_the_item_with_its_levels_turned(rule: Rule) -> None:
    found = people(90, 5)
    turned: list[Person] = [
        {
            key: str(6 - int(code)) if key in ("a2", "b1") and code in ("1", "2", "3", "4", "5") else code
            for key, code in one.items()
        }
        for one in found
    ]
    plain = index_of(found, rule, scoring="rescaled_mean")
    marked = index_of(turned, rule, scoring="rescaled_mean", negative=["a2", "b1"])
    assert marked.negative == ("a2", "b1")
    assert marked.value == pytest.approx(plain.value)
    assert marked.interval == pytest.approx(plain.interval)
    for one, other in zip(marked.factors, plain.factors, strict=True):
        assert dict(one.items) == pytest.approx(dict(other.items))
    unmarked = index_of(turned, rule, scoring="rescaled_mean")
    assert unmarked.value != pytest.approx(plain.value), "the mark is what does it"


def test_items_without_enough_answers_are_left_out_and_named() -> None:
    found: list[Person] = [{"a1": "5", "b1": "2"}] * 12 + [{"a1": "5", "a2": "1"}] * 4
    index = index_of(found, Rule.MEAN_OF_FACTORS)
    assert index.left_out == ("a2", "b2", "b3")
    assert index.value == pytest.approx(100 * 2 / 3)


def test_an_index_without_items_says_so() -> None:
    index = index_of([{"q": "5"}] * 12, Rule.MEAN_OF_ITEMS)
    assert (index.value, index.interval, index.base, index.suppressed) == (None, None, 0, reasons.NO_ITEMS)
    general = index_of([{"a1": "5"}] * 12, Rule.OVERALL_QUESTION)
    assert (general.value, general.suppressed) == (None, reasons.NO_GENERAL_QUESTION)


def test_people_who_all_agree_give_no_interval() -> None:
    found: list[Person] = [dict.fromkeys(ITEMS, "5")] * 30
    for rule in JOINING:
        assert index_of(found, rule).interval is None
        assert index_of(found, rule).value == pytest.approx(100)


def test_every_rule_that_applies_stands_beside_the_chosen_one() -> None:
    index = index_of(people(100, 5), Rule.POOLED_ANSWERS)
    assert set(index.values) == set(Rule)
    assert index.value == index.values[Rule.POOLED_ANSWERS]
    assert Rule.OVERALL_QUESTION not in index_of(people(100, 5), Rule.POOLED_ANSWERS, overall=None).values
