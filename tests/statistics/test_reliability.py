"""Alpha and derived importance: against independent programs, over complete cases, refused where people are few."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation.complete import complete, joint
from survey.statistics.importance import correlation, correlation_interval
from survey.statistics.reliability import alpha
from tests.statistics.surveys import Person, matrix_of, question, questionnaire, result_of

ITEMS = ("a", "b", "c")
LEVELS = {item: {str(level): level for level in range(1, 6)} for item in (*ITEMS, "o")}
ASKED = questionnaire([question(item) for item in (*ITEMS, "o")])
INDEX = {
    "key": "ix",
    "name": "ix",
    "overall": "o",
    "factors": [{"key": "F", "name": "F", "items": ["a", "b"]}, {"key": "G", "name": "G", "items": ["c"]}],
}
WITH_INDEX = questionnaire([question(item) for item in (*ITEMS, "o")], [INDEX])

people_of = st.lists(
    st.fixed_dictionaries({item: st.sampled_from(["", "1", "2", "3", "4", "5", "9"]) for item in (*ITEMS, "o")}),
    max_size=60,
)


@given(people_of)
def test_alpha_agrees_with_the_covariance_matrix_of_complete_answers(people: list[dict[str, str]]) -> None:
    found = complete(matrix_of(ASKED, people), ITEMS, LEVELS)
    kept = [[int(one[item]) for item in ITEMS] for one in people if all(one[item] in LEVELS[item] for item in ITEMS)]
    assert found.people == len(kept)
    if len(kept) < 2 or len({sum(one) for one in kept}) < 2:
        assert alpha(found) is None
        return
    covariances = np.cov(np.array(kept), rowvar=False)
    expected = 3 / 2 * (1 - np.trace(covariances) / covariances.sum())
    assert alpha(found) == pytest.approx(expected, abs=1e-9)


@given(people_of)
def test_correlation_agrees_with_an_independent_program(people: list[dict[str, str]]) -> None:
    tables = joint(matrix_of(ASKED, people), ITEMS, "o", LEVELS)
    for item in ITEMS:
        both = [
            (int(one[item]), int(one["o"])) for one in people if one[item] in LEVELS[item] and one["o"] in LEVELS["o"]
        ]
        assert tables[item].sum() == len(both)
        x, y = ([pair[axis] for pair in both] for axis in (0, 1))
        if len(set(x)) < 2 or len(set(y)) < 2:
            assert correlation(tables[item]) is None
            continue
        found = stats.pearsonr(x, y)
        assert correlation(tables[item]) == pytest.approx(found.statistic, abs=1e-9)
        if len(both) > 3 and abs(found.statistic) < 1 - 1e-9:
            low, high = found.confidence_interval(0.95)
            assert correlation_interval(found.statistic, len(both)) == pytest.approx((low, high), abs=1e-9)


def test_alpha_of_a_published_kind_by_hand() -> None:
    """Two items that agree but for one step: s² = 2/3 each, covariance 1/2: alpha = 2 · 2·0.5 / (2·2/3 + 2·0.5)."""
    people: list[Person] = [{"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "2", "b": "3"}, {"a": "3", "b": "2"}]
    found = alpha(complete(matrix_of(ASKED, people), ("a", "b"), LEVELS))
    assert found == pytest.approx(2 * 2 * (1 / 3) / (2 * 2 / 3 + 2 / 3), abs=1e-12)


def _crowd(number: int, seed: int = 3) -> list[Person]:
    chance = random.Random(seed)
    found: list[Person] = []
    for _ in range(number):
        mood = chance.gauss(3.5, 1)
        found.append({item: str(min(5, max(1, round(mood + chance.gauss(0, 0.8))))) for item in (*ITEMS, "o")})
    return found


def test_alpha_and_importance_are_there_only_where_asked_and_with_enough_people() -> None:
    plain = result_of(WITH_INDEX, _crowd(40))
    assert plain.reliability == () and plain.priorities == ()
    found = result_of(WITH_INDEX, _crowd(40), deeper=True)
    assert [(one.factor, one.items, one.people) for one in found.reliability] == [
        ("F", ("a", "b"), 40),
        ("", ("a", "b", "c"), 40),
    ]
    assert all(one.alpha is not None and one.alpha == round(one.alpha, 2) for one in found.reliability)
    (priorities,) = found.priorities
    assert priorities.overall == "o" and priorities.people == 40
    assert [one.key for one in priorities.points] == list(ITEMS)
    assert all(one.performance == found.question(one.key).figures.satisfied_percent for one in priorities.points)
    assert all(one.importance == round(one.importance, 2) for one in priorities.points)


def test_a_priority_matrix_is_refused_under_thirty_people() -> None:
    found = result_of(WITH_INDEX, _crowd(29), deeper=True)
    (priorities,) = found.priorities
    assert priorities.points == () and priorities.people is None and priorities.suppressed
    assert all(one.alpha is None and one.people is None and one.suppressed for one in found.reliability)


def test_an_item_that_few_answered_with_the_general_question_is_left_out() -> None:
    people = [{**one, "a": ""} if place > 20 else one for place, one in enumerate(_crowd(60))]
    (priorities,) = result_of(WITH_INDEX, people, deeper=True).priorities
    assert [one.key for one in priorities.points] == ["b", "c"]


def test_under_a_filter_nothing_of_this_is_computed() -> None:
    people = [{**one, "o": "5" if place % 2 else "4"} for place, one in enumerate(_crowd(200))]
    found = result_of(WITH_INDEX, people, deeper=True, filters=(("o", ("5",)),))
    assert found.released == 100 and found.reliability == () and found.priorities == ()


def test_alpha_turns_a_negative_item_and_the_priorities_leave_it_out() -> None:
    chance = random.Random(3)
    found: list[Person] = []
    for _ in range(120):
        mood = chance.randint(2, 4)
        found.append({item: str(mood + chance.choice((-1, 0, 1))) for item in (*ITEMS, "o")})
    turned: list[Person] = [{**one, "b": str(6 - int(str(one["b"])))} for one in found]
    means = INDEX | {"scoring": "rescaled_mean"}
    marked = questionnaire([question(item) for item in (*ITEMS, "o")], [means | {"negative": ["b"]}])
    unmarked = questionnaire([question(item) for item in (*ITEMS, "o")], [means])
    plain, told, wrong = (
        result_of(asked, people, deeper=True)
        for asked, people in ((unmarked, found), (marked, turned), (unmarked, turned))
    )
    assert [one.alpha for one in told.reliability] == [one.alpha for one in plain.reliability]
    assert [one.alpha for one in wrong.reliability] != [one.alpha for one in plain.reliability]
    assert {one.key for one in told.priorities[0].points} == {"a", "c"}
