"""Forty people answer the one-stop form, and the same people its short form: the results are what pencil and paper say,
and what both ask reads the same in both."""

from __future__ import annotations

import random
from statistics import fmean

import pytest

from survey.collection.answers import check
from survey.definition import library
from survey.definition.indexes import Rule
from survey.definition.variables import Form
from survey.services import authoring, collectors
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.statistics.results import SurveyResult
from tests.factories.answers import answer, release

PEOPLE = 40


def said(chance: random.Random) -> dict[str, list[str]]:
    """What one person says on every closed question, asked or not; some leave an item blank."""
    return {
        one.key: [chance.choice(one.listed.codes)]
        for one in library.load("one-stop").variables
        if one.closed and (one.form is not Form.SCALE or chance.random() < 0.9)
    }


@pytest.fixture
def people() -> list[dict[str, list[str]]]:
    chance = random.Random(7)
    return [said(chance) for _ in range(PEOPLE)]


def result_of(runtime: Runtime, template: str, people: list[dict[str, list[str]]]) -> SurveyResult:
    """The result of a survey made from a template and answered by these people."""
    authoring.create_survey(runtime, OPERATOR, slug=template, template=template, office_name="Sở Văn hóa")
    authoring.publish(runtime, OPERATOR, template)
    code = collectors.add(runtime, OPERATOR, template, "counter", "Quầy")
    answer(runtime, code, [check(library.load(template), one).answers for one in people])
    release(runtime, template)
    return open_result(runtime, OPERATOR, template)


def tally(people: list[dict[str, list[str]]], key: str) -> tuple[int, int]:
    """Satisfied and answered of an item, counted one by one; the result is not asked of those who wait for it."""
    asked = [one for one in people if not (key.startswith("4.") and one["G3"][0] in "23")]
    scored = [one[key][0] for one in asked if one.get(key, ["9"]) != ["9"]]
    return sum(code in "45" for code in scored), len(scored)


def test_the_index_is_what_pencil_and_paper_say_under_each_rule(
    runtime: Runtime, people: list[dict[str, list[str]]]
) -> None:
    result = result_of(runtime, "one-stop", people)
    service = result.indexes[0]
    tallies = [[tally(people, item) for item in factor.items] for factor in service.factors]
    shares = [[100 * satisfied / base for satisfied, base in factor] for factor in tallies]
    flat = [item for factor in tallies for item in factor]
    waiting = sum(one["G3"][0] in "23" for one in people)
    assert 0 < waiting < PEOPLE
    assert result.question("4.1").figures.missing["not_asked"] == waiting
    assert service.rule is Rule.MEAN_OF_FACTORS
    assert service.values == pytest.approx(
        {
            Rule.MEAN_OF_FACTORS: fmean(fmean(factor) for factor in shares),
            Rule.MEAN_OF_ITEMS: fmean(share for factor in shares for share in factor),
            Rule.POOLED_ANSWERS: 100 * sum(one for one, _ in flat) / sum(base for _, base in flat),
            Rule.OVERALL_QUESTION: 100 * tally(people, "Q0")[0] / tally(people, "Q0")[1],
        }
    )
    assert len({round(value or 0, 3) for value in service.values.values()}) == 4


def test_the_short_form_says_the_same_of_the_same_people(runtime: Runtime, people: list[dict[str, list[str]]]) -> None:
    full, short = result_of(runtime, "one-stop", people), result_of(runtime, "one-stop-short", people)
    assert short.indexes == full.indexes[1:]
    for one in short.questions:
        assert one.figures == full.question(one.key).figures
