"""Weights against a frame: post-stratification and raking by hand and by person, and refused where they would tell."""

from __future__ import annotations

import random
from collections import Counter
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from survey.definition.indexes import Rule
from survey.statistics import reasons
from survey.statistics.basis import Basis
from survey.statistics.results import SurveyResult
from survey.statistics.weighting import Frame, design_effect, effective, rake
from tests.statistics.surveys import Person, question, questionnaire, result_of

INDEX = {
    "key": "ix",
    "name": "ix",
    "rule": "mean_of_items",
    "factors": [{"key": "F", "name": "F", "items": ["q", "r"]}],
}
ASKED = questionnaire(
    [question("q"), question("r"), question("g", "single", "ABC"), question("h", "single", "AB")], [INDEX]
)


def weighted_result(people: list[Person], frame: dict[str, dict[str, int]], **more: object) -> SurveyResult:
    return result_of(ASKED, people, basis=Basis(frame=Frame(frame, "Sổ theo dõi")), deeper=True, **more)


def test_one_margin_is_met_in_one_turn() -> None:
    weights = rake(np.array([60, 40, 0]), (3,), [(500, 500)])
    assert weights is not None
    assert weights.tolist() == pytest.approx([50 / 60, 50 / 40, 0.0])
    assert design_effect(np.array([60, 40, 0]), weights) == pytest.approx((60 * (5 / 6) ** 2 + 40 * 1.25**2) / 100)
    assert effective(np.array([60, 40, 0]), weights) == pytest.approx(96.0)


def test_two_margins_are_met_together() -> None:
    rows = np.array([[30, 20, 0], [10, 40, 0], [0, 0, 0]])
    weights = rake(rows.ravel(), (3, 3), [(600, 400), (1, 1)])
    assert weights is not None
    met = rows * weights.reshape(3, 3)
    assert met.sum() == pytest.approx(100)
    assert met.sum(axis=1)[:2] == pytest.approx([60, 40], abs=1e-9)
    assert met.sum(axis=0)[:2] == pytest.approx([50, 50], abs=1e-9)
    odds = weights.reshape(3, 3)
    assert odds[0, 0] * odds[1, 1] == pytest.approx(odds[0, 1] * odds[1, 0]), "weights are products of two factors"


def test_those_without_a_code_keep_their_part() -> None:
    weights = rake(np.array([60, 20, 20]), (3,), [(1, 1)])
    assert weights is not None
    assert weights.tolist() == pytest.approx([40 / 60, 2.0, 1.0])


def test_a_group_without_answers_and_margins_that_cannot_be_met_give_no_weights() -> None:
    assert rake(np.array([60, 0, 0]), (3,), [(1, 1)]) is None
    crossed = np.array([[50, 0, 0], [0, 50, 0], [0, 0, 0]])
    assert rake(crossed.ravel(), (3, 3), [(60, 40), (40, 60)]) is None


def _crowd(number: int, seed: int = 5) -> list[Person]:
    chance = random.Random(seed)
    found: list[Person] = []
    for _ in range(number):
        group, other = chance.choice("AAABBC"), chance.choice("AAB")
        level = 3.2 + 0.7 * (group == "A") - 0.5 * (other == "B")
        answers = [str(min(5, max(1, round(chance.gauss(level, 1))))) for _ in range(2)]
        found.append({"q": answers[0], "r": chance.choice([answers[1], answers[1], "9", ""]), "g": group, "h": other})
    return found


def test_value_interval_and_effective_n_are_those_of_weighted_people() -> None:
    people = _crowd(600)
    (found,) = weighted_result(people, {"g": {"A": 300, "B": 300, "C": 400}}).weighted
    groups = Counter(one["g"] for one in people)
    share = {"A": 0.3, "B": 0.3, "C": 0.4}
    weights = [share[str(one["g"])] * 600 / groups[one["g"]] for one in people]
    good = {item: [100.0 * (one[item] in ("4", "5")) for one in people] for item in "qr"}
    has = {item: [one[item] in ("1", "2", "3", "4", "5") for one in people] for item in "qr"}
    sums = {item: sum(w for w, there in zip(weights, has[item], strict=True) if there) for item in "qr"}
    means = {
        item: sum(w * x for w, x, there in zip(weights, good[item], has[item], strict=True) if there) / sums[item]
        for item in "qr"
    }
    value = (means["q"] + means["r"]) / 2
    moved = [
        w * sum((good[item][row] - means[item]) / sums[item] / 2 for item in "qr" if has[item][row])
        for row, w in enumerate(weights)
    ]
    people_in = [row for row in range(600) if has["q"][row] or has["r"][row]]
    n = len(people_in)
    reach = stats.t.ppf(0.975, n - 1) * sqrt(n / (n - 1) * sum(one * one for one in moved))
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.interval == pytest.approx((value - reach, value + reach), abs=1e-9)
    inside = [weights[row] for row in people_in]
    kish = n * sum(w * w for w in inside) / sum(inside) ** 2
    assert found.design_effect == pytest.approx(kish, abs=1e-9)
    assert found.effective == pytest.approx(n / kish, abs=1e-9)
    assert found.margins == ("g",) and found.source == "Sổ theo dõi"


def test_a_frame_that_matches_the_answers_changes_nothing() -> None:
    people = _crowd(600)
    groups = Counter(str(one["g"]) for one in people)
    result = weighted_result(people, {"g": dict(groups)})
    (found,) = result.weighted
    assert found.value == pytest.approx(result.indexes[0].value, abs=1e-9)
    assert found.interval == pytest.approx(result.indexes[0].interval, abs=1e-9)
    assert found.design_effect == pytest.approx(1.0)


def test_small_groups_are_put_together_before_weighting() -> None:
    people: list[Person] = [{"q": "5", "r": "5", "g": "A"}] * 50
    people += [{"q": "1", "r": "1", "g": "B"}] * 7 + [{"q": "1", "r": "1", "g": "C"}] * 8
    (found,) = weighted_result(people, {"g": {"A": 50, "B": 25, "C": 25}}).weighted
    assert found.value == pytest.approx(50.0)


def test_what_a_weighted_figure_would_tell_of_few_people_is_refused() -> None:
    base: list[Person] = [{"q": "5", "r": "5", "g": "A", "h": "A"}] * 50
    few: list[Person] = [*base, *[{"q": "1", "r": "1", "g": "B", "h": "A"}] * 3]
    (alone,) = weighted_result(few, {"g": {"A": 50, "B": 50}}).weighted
    assert alone.value is None and alone.suppressed == reasons.FRAME_UNCOVERED
    unsaid: list[Person] = [*base, *[{"q": "1", "r": "1", "g": "B"}] * 20, *[{"q": "1", "r": "1", "g": ""}] * 3]
    (silent,) = weighted_result(unsaid, {"g": {"A": 50, "B": 50}}).weighted
    assert silent.value is None and silent.suppressed == reasons.WEIGHTED_TOO_FEW
    crossed: list[Person] = [
        *base,
        *[{"q": "4", "r": "1", "g": "B", "h": "B"}] * 40,
        *[{"q": "1", "r": "1", "g": "B", "h": "A"}] * 4,
        *[{"q": "1", "r": "1", "g": "A", "h": "B"}] * 40,
    ]
    (cell,) = weighted_result(crossed, {"g": {"A": 50, "B": 50}, "h": {"A": 50, "B": 50}}).weighted
    assert cell.value is None and cell.suppressed == reasons.WEIGHTED_TOO_FEW
    (one,) = weighted_result(crossed, {"g": {"A": 50, "B": 50}}).weighted
    assert one.value is not None
    few_answered = [{**one, "r": "" if place not in (0, 1) else "1"} for place, one in enumerate(crossed)]
    (item,) = weighted_result(few_answered, {"g": {"A": 50, "B": 50}}).weighted
    assert item.value is not None, "an item that is not shown does not enter"
    some_answered = [{**one, "r": "1" if place < 6 or place > 60 else ""} for place, one in enumerate(crossed)]
    (item,) = weighted_result(some_answered, {"g": {"A": 50, "B": 50}}).weighted
    assert Counter(one["g"] for one in some_answered if one["r"]) == {"A": 46, "B": 33}
    assert item.value is not None
    some_answered = [{**one, "r": "1" if place < 90 else ""} for place, one in enumerate(crossed[:50] + crossed[50:94])]
    some_answered = [
        {**one, "r": one["r"] if one["g"] == "A" or place < 58 else ""} for place, one in enumerate(some_answered)
    ]
    (item,) = weighted_result(some_answered, {"g": {"A": 50, "B": 50}}).weighted
    assert Counter(one["g"] for one in some_answered if one["r"]) == {"A": 50, "B": 8}
    assert item.value is None and item.suppressed == reasons.WEIGHTED_TOO_FEW


def test_two_equations_would_give_the_group_that_is_refused() -> None:
    """Negative control: with the plain and the weighted figure anybody could solve for a group of three."""
    satisfied, sizes, frame = (40, 1), (50, 3), (500, 500)
    weights = rake(np.array([*sizes, 0]), (3,), [frame])
    assert weights is not None
    plain = sum(satisfied) / sum(sizes)
    weighted = sum(w * s for w, s in zip(weights, satisfied, strict=False)) / sum(sizes)
    solved = np.linalg.solve([[1, 1], weights[:2]], [plain * 53, weighted * 53])
    assert solved.tolist() == pytest.approx([40, 1])


def test_the_general_question_and_pooled_answers_are_weighted_too() -> None:
    people = _crowd(600)
    frame = {"g": {"A": 300, "B": 300, "C": 400}}
    index = {**INDEX, "overall": "q"}
    asked = questionnaire(
        [question("q"), question("r"), question("g", "single", "ABC"), question("h", "single", "AB")], [index]
    )
    basis = Basis(frame=Frame(frame, "x"))
    (overall,) = result_of(asked, people, basis=basis, deeper=True, rule=Rule.OVERALL_QUESTION).weighted
    groups = {name: [one for one in people if one["g"] == name] for name in "ABC"}
    shares = {name: sum(one["q"] in ("4", "5") for one in some) / len(some) for name, some in groups.items()}
    assert overall.value == pytest.approx(100 * (0.3 * shares["A"] + 0.3 * shares["B"] + 0.4 * shares["C"]), abs=1e-9)
    (pooled,) = result_of(asked, people, basis=basis, deeper=True, rule=Rule.POOLED_ANSWERS).weighted
    hits = answers = 0.0
    for name, some in groups.items():
        weight = {"A": 0.3, "B": 0.3, "C": 0.4}[name] / len(some)
        given = [one[item] for one in some for item in "qr" if one[item] in ("1", "2", "3", "4", "5")]
        hits += weight * sum(level in ("4", "5") for level in given)
        answers += weight * len(given)
    assert pooled.value == pytest.approx(100 * hits / answers, abs=1e-9)


def test_points_are_weighted_on_their_anchors() -> None:
    index = {**INDEX, "scoring": "rescaled_mean", "anchors": [1, 10]}
    asked = questionnaire([question("q"), question("r"), question("g", "single", "AB")], [index])
    people: list[Person] = [{"q": "5", "r": "5", "g": "A"}] * 30 + [{"q": "1", "r": "3", "g": "B"}] * 10
    basis = Basis(frame=Frame({"g": {"A": 1, "B": 1}}, "x"))
    (found,) = result_of(asked, people, basis=basis, deeper=True).weighted
    assert found.value == pytest.approx((10 + (1 + 5.5) / 2) / 2, abs=1e-9)
    turned = questionnaire([question("q"), question("r"), question("g", "single", "AB")], [index | {"negative": ["r"]}])
    (found,) = result_of(turned, people, basis=basis, deeper=True).weighted
    assert found.value == pytest.approx(((10 + 1) / 2 + (1 + 5.5) / 2) / 2, abs=1e-9), "r counts 1 of 5 and 5.5 of 3"


def test_there_is_no_weighting_without_a_frame_or_under_a_filter() -> None:
    people = _crowd(600)
    assert result_of(ASKED, people, deeper=True).weighted == ()
    assert weighted_result(people, {"g": {"A": 1, "B": 1, "C": 1}}, filters=(("h", ("A",)),)).weighted == ()
