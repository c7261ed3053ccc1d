"""The ranking by the frame of the DDCI: anchors by hand-worked figures, who is hidden, who is ranked, ties as ties."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.definition.indexes import Index
from survey.statistics.ddci import Answers, Component, Indicator, answers_of, components_of, ddci_ranking, score
from survey.statistics.indexes import Products
from tests.statistics.surveys import Person, matrix_of, question, questionnaire

ONE = (Component("T", (Indicator("t"),)),)


def unit(name: str, mean: float, people: int = 100, spread: float = 0.5) -> Answers:
    """A unit of so many people with this mean of one indicator; half of them ``spread`` above, half below."""
    scored = round(mean * people)
    squared = people * (scored / people) ** 2 + people * spread**2
    matrices = [np.array([[number]], np.float64) for number in (people, scored, squared)]
    return Answers(name, people, {"t": (scored, people)}, Products(("t",), people, *matrices))


def test_lowest_and_highest_of_three_units_become_one_and_ten() -> None:
    """domain.md: means 3.9, 4.1 and 4.4 become 1.0, 4.6 and 10.0."""
    found = ddci_ranking(ONE, [unit("A", 3.9), unit("B", 4.1), unit("C", 4.4)])
    assert [(one.unit, one.value) for one in found.units] == [
        ("C", pytest.approx(100.0)),
        ("B", pytest.approx(46.0)),
        ("A", pytest.approx(10.0)),
    ]


def test_fixed_anchors_keep_tiny_gaps_tiny_and_negative_items_run_the_other_way() -> None:
    fixed = {"t": (1.0, 5.0)}
    found = ddci_ranking(ONE, [unit("A", 3.9), unit("B", 4.1), unit("C", 4.4)], anchors=fixed)
    assert [one.value for one in found.units] == pytest.approx([86.5, 79.75, 75.25])
    assert score(4.4, (1.0, 5.0)) == pytest.approx(8.65)
    assert score(4.4, (1.0, 5.0), negative=True) == pytest.approx(11 - 8.65)
    turned = ddci_ranking((Component("T", (Indicator("t", negative=True),)),), [unit("A", 3.9)], anchors=fixed)
    assert turned.units[0].value == pytest.approx(10 * (10 - 9 * 2.9 / 4))


def test_beyond_a_fixed_anchor_a_score_stays_at_the_end() -> None:
    found = ddci_ranking(ONE, [unit("A", 2.0), unit("B", 4.9)], anchors={"t": (3.0, 4.0)})
    assert [one.value for one in found.units] == [pytest.approx(100.0), pytest.approx(10.0)]


def test_where_all_units_stand_alike_there_is_no_score() -> None:
    found = ddci_ranking(ONE, [unit("A", 4.0), unit("B", 4.0)])
    assert [(one.value, one.best) for one in found.units] == [(None, None)] * 2
    both = (*ONE, Component("U", (Indicator("u"),)))
    people = [
        Answers(one.unit, one.people, {**one.items, "u": (400 + 10 * place, 100)})
        for place, one in enumerate([unit("A", 4.0), unit("B", 4.0)])
    ]
    assert [one.value for one in ddci_ranking(both, people).units] == [pytest.approx(100.0), pytest.approx(10.0)]


def test_a_total_is_ten_times_the_weighted_mean_of_components() -> None:
    components = (
        Component("T", (Indicator("t"), Indicator("u")), 3.0),
        Component("V", (Indicator("v", negative=True),), 1.0),
    )
    answers = Answers("A", 50, {"t": (200, 50), "u": (150, 50), "v": (100, 50)})
    anchors = dict.fromkeys("tuv", (1.0, 5.0))
    (row,) = ddci_ranking(components, [answers], anchors=anchors).units
    t, u, v = 1 + 9 * 3 / 4, 1 + 9 * 2 / 4, 10 - 9 * 1 / 4
    assert row.value == pytest.approx(10 * (0.75 * (t + u) / 2 + 0.25 * v), abs=1e-9)


def test_few_answers_hide_a_unit_and_some_put_it_in_for_reference_only() -> None:
    found = ddci_ranking(ONE, [unit("A", 3.0), unit("B", 4.0), unit("C", 5.0, 29), unit("D", 1.0, 9)])
    by_name = {one.unit: one for one in found.units}
    assert [one.unit for one in found.units] == ["B", "C", "A", "D"]
    assert by_name["D"].value is None and by_name["D"].base is None and by_name["D"].suppressed
    assert by_name["C"].reference and by_name["C"].best is None and by_name["C"].value == pytest.approx(100.0)
    assert (by_name["B"].best, by_name["A"].worst) == (1, 2), "neither moved the anchors"


def test_units_within_each_others_interval_share_their_places() -> None:
    found = ddci_ranking(ONE, [unit("A", 4.30), unit("B", 4.32), unit("C", 2.0)], anchors={"t": (1.0, 5.0)})
    assert [(one.unit, one.best, one.worst) for one in found.units] == [("B", 1, 2), ("A", 1, 2), ("C", 3, 3)]


def test_the_interval_is_that_of_the_mean_on_the_scale_of_the_total() -> None:
    (row,) = ddci_ranking(ONE, [unit("A", 3.0, 50, 1.0)], anchors={"t": (1.0, 5.0)}).units
    reach = stats.t.ppf(0.975, 49) * (50 / 49) ** 0.5 / 50**0.5 * 9 / 4 * 10
    assert row.value is not None
    assert row.interval == pytest.approx((row.value - reach, row.value + reach), abs=1e-9)


def test_what_a_unit_said_comes_from_its_matrix() -> None:
    asked = questionnaire([question("t"), question("u"), question("g", "single", "AB")])
    people: list[Person] = [{"t": "4", "u": "2"}] * 20 + [{"t": "5", "u": "9"}] * 10 + [{"t": "", "g": "A"}] * 7
    components = (
        Component("T", (Indicator("t"), Indicator("g"), Indicator("missing"))),
        Component("U", (Indicator("u"),)),
    )
    found = answers_of("A", components, matrix_of(asked, people), asked.by_key)
    assert (found.people, found.items) == (30, {"t": (130, 30), "u": (40, 20)})
    (row,) = ddci_ranking(components, [found], anchors={"t": (1.0, 5.0), "u": (1.0, 5.0)}).units
    assert row.value == pytest.approx(10 * ((1 + 9 * (130 / 30 - 1) / 4) + (1 + 9 / 4)) / 2, abs=1e-9)
    assert row.interval is not None and row.base == 30


def test_an_indicator_that_few_answered_does_not_enter() -> None:
    few = Answers("A", 100, {"t": (400, 100), "u": (5, 5)})
    both = (*ONE, Component("U", (Indicator("u"),)))
    (row,) = ddci_ranking(both, [few], anchors={"t": (1.0, 5.0), "u": (1.0, 5.0)}).units
    assert row.value == pytest.approx(77.5)


def test_the_items_an_index_marks_as_negative_run_the_other_way() -> None:
    index = Index.read(
        {
            "key": "ddci",
            "name": "DDCI",
            "scoring": "rescaled_mean",
            "factors": [{"key": "V", "name": "V", "items": ["v", "w"], "weight": 2}],
            "negative": ["v"],
        },
        "vi",
    )
    assert components_of(index) == (Component("V", (Indicator("v", negative=True), Indicator("w")), 2.0),)
