"""From answers to the whole result: published tables, bases and missing codes, versions, filters, the hash of a cut."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.statistics import reasons
from survey.statistics.figures import with_retired
from survey.statistics.proportions import wilson
from survey.statistics.results import NO_ANSWER, NOT_ASKED
from tests.factories.instruments import instrument
from tests.statistics.surveys import Person, matrix_of, question, questionnaire, result, result_of

HOUSING = {
    "Tower": {"Low": 99, "Medium": 101, "High": 200},
    "Apartment": {"Low": 271, "Medium": 192, "High": 302},
    "Atrium": {"Low": 64, "Medium": 79, "High": 96},
    "Terrace": {"Low": 133, "Medium": 74, "High": 70},
}
"""Satisfaction by dwelling of 1,681 tenants in Copenhagen (Madsen 1976)."""

ASKED = questionnaire(
    [
        question("q"),
        question("m", "multiple", "ABC"),
        question("g", "single", "AB"),
        {"key": "words", "type": "long_text"},
    ]
)


def tenants() -> list[Person]:
    return [
        {"satisfaction": level, "dwelling": dwelling, "influence": "Low", "contact": "Low"}
        for dwelling, levels in HOUSING.items()
        for level, count in levels.items()
        for _ in range(count)
    ]


def test_a_published_table_comes_out_as_published() -> None:
    housing = result_of(instrument("housing"), tenants(), by="dwelling")
    figures = housing.question("satisfaction").figures
    assert (figures.base, dict(figures.counts or {})) == (1681, {"Low": 567, "Medium": 446, "High": 668})
    assert figures.satisfied_percent == pytest.approx(39.738, abs=5e-4)
    found = next(one for one in housing.breakdowns if one.key == "satisfaction")
    assert {group.codes[0]: dict(group.figures.counts or {}) for group in found.groups} == HOUSING
    towers, terraces = found.groups[0].figures, found.groups[-1].figures
    assert (towers.satisfied, towers.base, terraces.satisfied, terraces.base) == (200, 400, 70, 277)
    towers_alone = result_of(instrument("housing"), tenants(), filters=(("dwelling", ("Tower",)),))
    assert towers_alone.question("satisfaction").figures == towers
    assert towers_alone.released == 400
    assert [label.to("en") for label in towers_alone.selected["dwelling"]] == [found.groups[0].label.to("en")]
    assert housing.selected == {}


def test_missing_codes_blanks_and_the_not_asked_are_told_apart_and_leave_the_base() -> None:
    answers: list[Person] = [{"q": "5"}] * 6 + [{"q": "2"}] * 4 + [{"q": "9"}] * 3 + [{"q": ""}] * 2 + [{}]
    figures = result_of(ASKED, answers).question("q").figures
    assert figures.base == 10
    assert figures.counts == {"1": 0, "2": 4, "3": 0, "4": 0, "5": 6}
    assert figures.missing == {NOT_ASKED: 1, NO_ANSWER: 2, "9": 3}
    assert (figures.satisfied, figures.satisfied_percent, figures.mean) == (6, 60, 3.8)
    assert figures.interval == wilson(6, 10)
    assert figures.percent("2") == 40


def test_the_base_of_a_multiple_choice_is_people_not_ticks() -> None:
    answers: list[Person] = [{"m": ["A", "B"]}] * 8 + [{"m": ["C"]}] * 4 + [{"m": []}] * 3
    figures = result_of(ASKED, answers).question("m").figures
    assert (figures.base, figures.counts) == (12, {"A": 8, "B": 8, "C": 4})
    assert (figures.satisfied_percent, figures.mean, figures.interval) == (None, None, None)


def test_free_text_is_not_counted_and_says_so() -> None:
    words = result_of(ASKED, [{"words": "xin chào"}] * 12).question("words")
    assert (words.form, words.figures.base, words.figures.suppressed) == (Form.TEXT, None, reasons.COMMENTS)


def test_a_known_population_narrows_intervals_and_a_smaller_one_is_not_believed() -> None:
    answers: list[Person] = [{"q": "5"}] * 47 + [{"q": "1"}] * 5
    known = result_of(ASKED, answers, population=80)
    assert known.question("q").figures.interval == wilson(47, 52, 80)
    assert known.population == 80
    assert known.remarks == (reasons.VOLUNTEERS,)
    wrong = result_of(ASKED, answers, population=51)
    assert wrong.question("q").figures.interval == wilson(47, 52)
    assert wrong.population is None
    assert reasons.POPULATION_TOO_SMALL in wrong.remarks
    assert result_of(ASKED, answers, population=52).question("q").figures.interval is None


def test_under_a_filter_the_population_is_unknown() -> None:
    answers: list[Person] = [{"q": "5", "g": "A"}] * 40 + [{"q": "5", "g": "B"}] * 40
    found = result_of(ASKED, answers, population=100, filters=(("g", ("A",)),))
    assert found.population is None
    assert found.question("q").figures.interval == wilson(40, 40)


def test_codes_that_only_an_earlier_version_offered_are_still_counted() -> None:
    earlier = questionnaire([question("g", "single", "ABC"), question("q")])
    now = questionnaire([question("g", "single", "AB"), question("q")])
    matrix = matrix_of(earlier, [{"g": "A", "q": "5"}] * 12 + [{"g": "C", "q": "3"}] * 11)
    found = result(now, matrix, by="g")
    assert found.question("g").figures.counts == {"A": 12, "B": 0, "C": 11}
    assert [group.codes for group in found.breakdowns[0].groups] == [("A",), ("C",)]


def test_a_retired_level_of_a_scale_is_missing_because_it_has_no_place_in_the_order() -> None:
    variable = with_retired(questionnaire([question("q")]).by_key["q"], ["1", "2", "3", "4", "5", "9", "6"])
    assert [choice.code for choice in variable.listed.missing] == ["9", "6"]
    assert len(variable.listed.levels) == 5


def test_groups_can_be_what_every_response_has() -> None:
    answers: list[Person] = [{"q": "5"}] * 30
    found = result_of(ASKED, answers, collectors=["X"] * 18 + ["Y"] * 12, by="@collector")
    assert [(group.codes, group.figures.base) for group in found.breakdowns[0].groups] == [(("X",), 18), (("Y",), 12)]


def test_a_breakdown_inside_a_filter_is_left_out_when_those_outside_would_be_given_away() -> None:
    answers: list[Person] = [{"q": "5", "g": "A", "m": ["A"]}] * 40 + [{"q": "5", "g": "B", "m": ["A"]}] * 3
    answers += [{"q": "5", "g": "A", "m": ["B"]}] * 40 + [{"q": "5", "g": "B", "m": ["B"]}] * 40
    found = result_of(ASKED, answers, by="m", filters=(("g", ("A",)),))
    assert next(one for one in found.breakdowns if one.key == "q").suppressed == reasons.LEFT_OUT
    more = answers + [{"q": "5", "g": "B", "m": ["A"]}] * 10
    found = result_of(ASKED, more, by="m", filters=(("g", ("A",)),))
    assert next(one for one in found.breakdowns if one.key == "q").suppressed == ""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"by": "nowhere"}, "question_unknown"),
        ({"by": "words"}, "question_unknown"),
        ({"filters": (("g", ("Z",)),)}, "code_unknown"),
        ({"filters": (("q", ("9",)),)}, "code_unknown"),
        ({"filters": (("m", ("A", "B")),)}, "filters_too_many"),
        ({"filters": tuple((key, ("A",)) for key in ("g", "m", "g", "m"))}, "filters_too_many"),
    ],
)
def test_what_cannot_be_selected_is_refused_with_a_reason(more: dict[str, object], code: str) -> None:
    with pytest.raises(PhieuError) as refused:
        result_of(ASKED, [{"q": "5", "g": "A", "m": ["A"]}] * 30, **more)
    assert refused.value.code == code


def test_the_hash_of_a_cut_covers_what_decides_its_figures_and_not_the_day() -> None:
    matrix = matrix_of(ASKED, [{"q": "5", "g": "A"}] * 20 + [{"q": "5", "g": "B"}] * 20)
    first = result(ASKED, matrix)
    assert result(ASKED, matrix, as_of=date(2030, 1, 1)).cut == replace(first.cut, as_of=date(2030, 1, 1))
    others = [
        {"slug": "other"},
        {"version": 2},
        {"release": 2, "revisions": {1: 1, 2: 1}},
        {"revisions": {1: 2}},
        {"filters": (("g", ("A",)),)},
        {"threshold": 0},
    ]
    hashes = {result(ASKED, matrix, **more).cut.hash for more in others} | {first.cut.hash}
    assert len(hashes) == len(others) + 1


def test_the_order_of_rows_changes_nothing() -> None:
    people = tenants()
    shuffled = random.Random(1).sample(people, len(people))
    asked = instrument("housing")
    assert result_of(asked, people, by="dwelling") == result_of(asked, shuffled, by="dwelling")


def test_a_survey_without_closed_questions_or_answers_has_an_empty_result() -> None:
    words = questionnaire([{"key": "words", "type": "short_text"}])
    assert result_of(words, []).questions[0].figures.suppressed == reasons.COMMENTS
    assert result_of(words, [{"words": "a"}] * 7).released == 7
