"""Net promoter score, customer satisfaction and effort: known values, an independent program, nothing said of few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.statistics.participation import left_blank, response_rate
from survey.statistics.scores import nps, top
from tests.statistics.surveys import Person, question, questionnaire, result_of


def test_the_net_promoter_score_by_hand() -> None:
    counts = [1, 0, 0, 2, 0, 3, 4, 20, 20, 30, 20]
    value, interval = nps(counts)
    assert value == pytest.approx(50 - 10)
    people = [-100] * 10 + [0] * 40 + [100] * 50
    expected = stats.t.interval(0.95, 99, loc=40, scale=stats.sem(people))
    assert interval == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.integers(0, 500), min_size=11, max_size=11))
def test_the_net_promoter_score_agrees_with_an_independent_program(counts: list[int]) -> None:
    people = [-100] * sum(counts[:7]) + [0] * sum(counts[7:9]) + [100] * sum(counts[9:])
    value, interval = nps(counts)
    if not people:
        assert (value, interval) == (None, None)
        return
    assert value == pytest.approx(stats.tmean(people), abs=1e-9)
    if len(set(people)) > 1:
        low, high = stats.t.interval(0.95, len(people) - 1, loc=stats.tmean(people), scale=stats.sem(people))
        assert interval == pytest.approx((max(low, -100), min(high, 100)), abs=1e-9)
    else:
        assert interval is None


@given(st.lists(st.integers(0, 500), min_size=7, max_size=7))
def test_customer_effort_is_the_share_of_five_and_more(counts: list[int]) -> None:
    value, interval = top(counts, 3)
    base = sum(counts)
    if base:
        found = stats.binomtest(sum(counts[4:]), base).proportion_ci(0.95, method="wilson")
        assert value == pytest.approx(100 * sum(counts[4:]) / base, abs=1e-9)
        assert interval == pytest.approx((100 * found.low, 100 * found.high), abs=1e-9)
    else:
        assert (value, interval) == (None, None)


def _asked() -> Questionnaire:
    lists = {
        "N": {"choices": [{"code": str(code), "label": str(code)} for code in range(11)], "measure": "nps"},
        "C": {
            "choices": [{"code": str(code), "label": str(code)} for code in range(1, 8)]
            + [{"code": "x", "label": "x", "missing": True}],
            "measure": "ces",
        },
        "S": {"choices": [{"code": str(code), "label": str(code)} for code in range(1, 6)], "measure": "csat"},
    }
    questions = [{"key": name.lower(), "type": "scale", "text": name, "choices": name} for name in lists]
    value = {"title": "T", "languages": ["vi"], "choice_lists": lists}
    return document.read({**value, "sections": [{"key": "A", "title": "A", "questions": questions}]})


def test_each_scale_that_carries_a_measure_shows_it_under_its_name() -> None:
    people: list[Person] = [{"n": "10", "c": "6", "s": "5"}] * 30 + [{"n": "0", "c": "x", "s": "2"}] * 20
    found = {one.measure: one for one in result_of(_asked(), people).scores}
    assert found["nps"].value == pytest.approx(20.0) and found["nps"].base == 50
    assert found["ces"].value == pytest.approx(100.0) and found["ces"].base == 30
    assert found["csat"].value == pytest.approx(60.0)
    assert document.read(document.write(_asked())) == _asked()


def test_a_score_shows_nothing_that_its_question_does_not() -> None:
    few = result_of(_asked(), [{"n": "10"}] * 4 + [{"n": "", "c": "1"}] * 10)
    by_measure = {one.measure: one for one in few.scores}
    assert by_measure["nps"].value is None and by_measure["nps"].interval is None and by_measure["nps"].suppressed
    assert by_measure["ces"].value == pytest.approx(0.0)


def test_a_complete_count_has_no_interval() -> None:
    people: list[Person] = [{"n": "10"}] * 30 + [{"n": "0"}] * 20
    (score, *_) = result_of(_asked(), people, population=50).scores
    assert score.value == pytest.approx(20.0) and score.interval is None
    (score, *_) = result_of(_asked(), people, population=51).scores
    assert score.interval is not None


def test_left_blank_counts_those_who_were_asked() -> None:
    asked = questionnaire([question("q")])
    people: list[Person] = [{"q": "5"}] * 20 + [{"q": "9"}] * 10 + [{"q": ""}] * 10 + [{}] * 60
    found = result_of(asked, people)
    assert left_blank(found.question("q").figures, found.released) == pytest.approx(25.0)
    assert left_blank(result_of(asked, people[:3]).question("q").figures, 3) is None


def test_a_response_rate_needs_a_frame_that_can_hold_the_answers() -> None:
    assert response_rate(112, 237) == pytest.approx(47.257383966, abs=1e-9)
    assert response_rate(0, 10) == 0.0
    assert response_rate(1, 0) is None
    assert response_rate(11, 10) is None
