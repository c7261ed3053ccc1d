"""Series: the figures of each survey's result, changes with intervals from the literature, breaks with reasons."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from survey.definition.indexes import Factor, Index, Rule
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.types import Scale
from survey.statistics import reasons
from survey.statistics import series as one_series
from survey.statistics.proportions import wilson
from survey.statistics.results import SeriesResult
from survey.statistics.series import Measured, Method, Wave, measured, measures, method
from tests.statistics.surveys import matrix_of, question, questionnaire, result

NAME = Text.of(vi="Hài lòng chung")
INDEX = {
    "key": "ix",
    "name": "Chỉ số",
    "factors": [{"key": "F1", "name": "Một", "items": ["Q1", "Q2"]}, {"key": "F2", "name": "Hai", "items": ["Q3"]}],
}
ASKED = questionnaire([question("Q1"), question("Q2"), question("Q3"), question("G", "single", "AB")], [INDEX])


def share(hits: int, base: int) -> Measured:
    return Measured(100 * hits / base, wilson(hits, base), base)


def wave(slug: str, year: int, one: Measured, *methods: Method | None, stated: str = "") -> Wave:
    return Wave(slug, str(year), date(year, 10, 1), one, frozenset(m for m in methods if m), stated)


def line(*waves: Wave) -> SeriesResult:
    return one_series.series("B7", NAME, "percent", waves)


def test_a_change_has_newcombes_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table II, 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    found = line(wave("b", 2021, share(56, 70)), wave("a", 2020, share(48, 80)))
    change = found.points[1].change
    assert [one.survey for one in found.points] == ["a", "b"], "in order of time"
    assert change is not None and change.points == pytest.approx(20.0)
    assert change.interval == (pytest.approx(5.24, abs=5e-3), pytest.approx(33.39, abs=5e-3))
    assert change.shown and change.p < 0.05 and change.first == ("b", "2021") and change.second == ("a", "2020")
    assert found.points[0].change is None


@pytest.mark.parametrize("seed", range(30))
def test_the_interval_excludes_zero_exactly_where_the_test_finds_a_difference(seed: int) -> None:
    chance = random.Random(seed)
    one, other = (share(chance.randint(0, 40), 40), share(chance.randint(0, 60), 60))
    change = line(wave("a", 2020, one), wave("b", 2021, other)).points[1].change
    assert change is not None
    assert (change.p < 0.05) == (change.interval[0] > 0 or change.interval[1] < 0)
    assert change.interval[0] <= change.points <= change.interval[1]


def test_all_changes_of_a_series_are_corrected_together() -> None:
    alone = line(wave("a", 2020, share(60, 100)), wave("b", 2021, share(74, 100))).points[1].change
    values = [share(60, 100), share(74, 100), share(74, 100), share(74, 100), share(74, 100)]
    among = line(*(wave(str(n), 2020 + n, one) for n, one in enumerate(values))).points[1].change
    assert alone is not None and among is not None
    assert alone.shown and alone.p == among.p and not among.shown and among.p_adjusted == pytest.approx(4 * alone.p)


def test_no_change_is_told_where_a_figure_or_its_interval_is_missing() -> None:
    hidden, unsure = Measured(None, None, None, reasons.TOO_FEW), Measured(80.0, None, 12)
    for other in (hidden, unsure):
        found = line(wave("a", 2020, other), wave("b", 2021, share(30, 40)))
        assert found.points[1].change is None and found.points[1].breaks == ""
    exact = Measured(80.0, None, 12, exact=True)
    change = line(wave("a", 2020, exact), wave("b", 2021, Measured(85.0, None, 40, exact=True))).points[1].change
    assert change is not None and change.interval == (5.0, 5.0) and change.shown


def test_a_wave_that_did_not_measure_it_is_passed_over() -> None:
    found = line(wave("a", 2020, share(48, 80)), wave("b", 2021, one_series.NOTHING), wave("c", 2022, share(56, 70)))
    change = found.points[2].change
    assert found.points[1].suppressed == one_series.NOT_MEASURED
    assert change is not None and change.second == ("a", "2020")


def reworded(asked: Questionnaire, key: str, wording: str) -> Questionnaire:
    (section,) = asked.sections
    questions = tuple(replace(one, text=Text.of(vi=wording)) if one.key == key else one for one in section.questions)
    return replace(asked, sections=(replace(section, questions=questions),))


def scaled(asked: Questionnaire, key: str) -> Questionnaire:
    (section,) = asked.sections
    questions = []
    for one in section.questions:
        if one.key == key:
            listed = one.variables()[0].listed
            assert isinstance(one, Scale)
            one = replace(one, choices=replace(listed, satisfied=("5",)))
        questions.append(one)
    return replace(asked, sections=(replace(section, questions=tuple(questions)),))


def indexed(asked: Questionnaire, index: Index) -> Questionnaire:
    return replace(asked, indexes=(index,))


(IX,) = ASKED.indexes


@pytest.mark.parametrize(
    ("key", "then", "reason"),
    [
        ("Q1", ASKED, ""),
        ("Q1", reworded(ASKED, "Q2", "Khác"), ""),
        ("Q1", reworded(ASKED, "Q1", "  Q1 "), ""),
        ("Q1", reworded(ASKED, "Q1", "Khác"), one_series.OTHER_WORDING),
        ("Q1", scaled(ASKED, "Q1"), one_series.OTHER_SCALE),
        ("ix", reworded(ASKED, "Q2", "Khác"), one_series.OTHER_WORDING),
        ("ix", scaled(ASKED, "Q3"), one_series.OTHER_SCALE),
        ("ix", indexed(ASKED, replace(IX, name=Text.of(vi="Tên khác"))), ""),
        ("ix", indexed(ASKED, replace(IX, rule=Rule.POOLED_ANSWERS)), one_series.OTHER_INDEX),
        ("ix", indexed(ASKED, replace(IX, factors=(Factor("F1", NAME, ("Q1", "Q2", "Q3")),))), one_series.OTHER_INDEX),
    ],
)
def test_what_changes_the_method_breaks_the_series_and_says_why(key: str, then: Questionnaire, reason: str) -> None:
    found = line(wave("a", 2020, share(48, 80), method(ASKED, key)), wave("b", 2021, share(56, 70), method(then, key)))
    assert found.points[1].breaks == reason
    assert (found.points[1].change is None) == bool(reason)


def test_a_break_that_staff_state_or_a_method_changed_midway_breaks_too() -> None:
    one, other = method(ASKED, "Q1"), method(scaled(ASKED, "Q1"), "Q1")
    stated = line(wave("a", 2020, share(48, 80), one), wave("b", 2021, share(56, 70), one, stated="Đổi cách chọn mẫu"))
    assert stated.points[1].breaks == "Đổi cách chọn mẫu" and stated.points[1].change is None
    mixed = line(
        wave("a", 2020, share(48, 80), one),
        wave("b", 2021, share(56, 70), one, other),
        wave("c", 2022, share(56, 70), one),
    )
    assert [point.breaks for point in mixed.points] == ["", one_series.WITHIN, one_series.WITHIN]


def people(number: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    return [{key: chance.choice(["", *"123459"]) for key in ("Q1", "Q2", "Q3")} | {"G": "A"} for _ in range(number)]


@pytest.mark.parametrize("number", [0, 4, 5, 9, 12, 200])
@pytest.mark.parametrize("population", [None, 200, 1000])
def test_a_wave_shows_what_the_result_of_its_survey_shows(number: int, population: int | None) -> None:
    matrix = matrix_of(ASKED, people(number, number))
    whole = result(ASKED, matrix, population=population)
    for key in ("Q1", "Q3"):
        figures, found = whole.question(key).figures, measured(matrix, ASKED, key, population)
        assert (found.value, found.interval) == (figures.satisfied_percent, figures.interval)
        assert bool(found.suppressed) == (figures.satisfied_percent is None)
    index, found = whole.indexes[0], measured(matrix, ASKED, "ix", population)
    assert (found.value, found.interval) == (index.value, index.interval)
    assert measured(matrix, ASKED, "G") == one_series.NOTHING == measured(matrix, ASKED, "nothing")


def test_what_can_be_followed_are_indexes_and_scales_the_headline_first() -> None:
    found = measures(replace(ASKED, headline="Q2"))
    assert list(found) == ["ix", "Q2", "Q1", "Q3"]
    assert {unit for _, unit in found.values()} == {"percent"}
