"""Index charts: the rule by name, factors and index with two decimals, the interval around the index."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.charts import index_chart
from survey.charts.index_dots import rule_name
from survey.definition.indexes import Rule
from survey.definition.library import load
from survey.statistics import reasons
from survey.statistics.results import FactorResult, SurveyResult
from survey.texts import texts
from tests.charts.drawings import words
from tests.factories.results import result_of

VI, EN = texts("vi"), texts("en")


@pytest.fixture(scope="module")
def conference() -> SurveyResult:
    return result_of(load("conference"))


def test_values_are_written_as_offices_write_them(conference: SurveyResult) -> None:
    factors = tuple(
        replace(factor, value=value)
        for factor, value in zip(conference.indexes[1].factors, (79.333, 81.0, 92.0, 89.0, None), strict=True)
    )
    index = replace(conference.indexes[1], value=80.525, interval=(78.1, 82.951), factors=factors)
    told = words(index_chart(conference, index, VI, "vi"))
    assert "Cách tính: trung bình cộng các yếu tố" in told
    assert "Tiếp cận dịch vụ 79,33%" in told
    assert "80,53% 78,10–82,95" in told
    assert "kiến nghị –" in told
    english = words(index_chart(conference, index, EN, "en"))
    assert "Rule: mean of the factors" in english
    assert "80.53% 78.10–82.95" in english


def test_points_run_over_their_own_scale(conference: SurveyResult) -> None:
    index = conference.indexes[2]
    told = words(index_chart(conference, index, VI, "vi"))
    assert index.anchors == (1.0, 10.0)
    assert "%" not in told.replace("(KTC 95%)", "")
    assert " 1 2 3 4 5 6 7 8 9 10 " in f" {told} "


def test_an_index_that_cannot_be_shown_says_why(conference: SurveyResult) -> None:
    hidden = replace(conference.indexes[1], value=None, interval=None, suppressed=reasons.NO_ITEMS)
    assert VI(reasons.NO_ITEMS) in words(index_chart(conference, hidden, VI, "vi"))


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule_name(rule, VI) for rule in Rule} | {rule_name(rule, EN) for rule in Rule}) == 2 * len(Rule)


def test_a_single_factor_without_value_is_drawn(conference: SurveyResult) -> None:
    lone = (FactorResult("F", conference.indexes[1].name, None),)
    index = replace(conference.indexes[1], value=None, interval=None, factors=lone)
    assert "–" in words(index_chart(conference, index, VI, "vi"))
