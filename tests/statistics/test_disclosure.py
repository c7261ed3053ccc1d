"""What may be shown: thresholds, pooling, and an attack by linear algebra on everything a survey shows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import PhieuError
from survey.statistics import reasons
from survey.statistics.disclosure import DETAILED, INSIDE, PUBLISHED, overlapping, partition
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Breakdown, SurveyResult
from tests.statistics.surveys import Person, nothing_shown, question, questionnaire, result_of

ASKED = questionnaire(
    [
        question("g", "single", "ABCDEF"),
        question("m", "multiple", "ABC"),
        question("q"),
        question("c", "single", "AB"),
        question("s", sensitive=True),
    ]
)


def crowd(sizes: Mapping[str, int], key: str = "g", **answers: str | list[str]) -> list[Person]:
    """So many people for each code of ``key``; under the empty code they left it blank."""
    everybody = {"q": "5", "c": "A", "s": "4"} | answers
    return [{**everybody, key: code} for code, size in sizes.items() for _ in range(size)]


def breakdown(result: SurveyResult, key: str = "q") -> Breakdown:
    return next(one for one in result.breakdowns if one.key == key)


def shown(found: Breakdown) -> dict[tuple[str, ...], int | None]:
    return {group.codes: group.figures.base for group in found.groups}


def test_a_survey_of_four_shows_nothing_and_one_of_five_does() -> None:
    four = result_of(ASKED, crowd({"A": INSIDE - 1}), by="g")
    assert all(nothing_shown(one.figures) for one in four.questions)
    assert four.question("q").figures.suppressed == reasons.SURVEY_TOO_SMALL
    assert all(one.groups == () and one.suppressed == reasons.SURVEY_TOO_SMALL for one in four.breakdowns)
    assert (four.released, dict(four.responses)) == (4, {"complete": 4})
    five = result_of(ASKED, crowd({"A": INSIDE}))
    assert five.question("q").figures.counts == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 5}


def test_a_question_is_judged_by_its_own_base_and_a_sensitive_one_more_strictly() -> None:
    few = crowd({"A": 4}) + crowd({"A": 20}, q="", c="9", s="")
    figures = result_of(ASKED, [{k: v for k, v in one.items() if v != "9"} for one in few]).question("q").figures
    assert (nothing_shown(figures), figures.suppressed) == (True, reasons.TOO_FEW)
    nine = result_of(ASKED, crowd({"A": 9}) + crowd({"A": 20}, s=""))
    assert nothing_shown(nine.question("s").figures)
    assert result_of(ASKED, crowd({"A": 10}) + crowd({"A": 20}, s="")).question("s").figures.base == 10


def test_a_base_of_nobody_is_no_secret() -> None:
    figures = result_of(ASKED, crowd({"A": 20}, q="9")).question("q").figures
    assert figures.base == 0
    assert figures.missing == {NOT_ASKED: 0, NO_ANSWER: 0, "9": 20}
    assert figures.satisfied_percent is None
    assert figures.interval is None


def test_groups_under_the_threshold_are_pooled() -> None:
    found = breakdown(result_of(ASKED, crowd({"A": 40, "B": 12, "C": 7, "D": 5}), by="g"))
    assert shown(found) == {("A",): 40, ("B",): 12, ("C", "D", "E", "F"): 12}
    assert found.groups[-1].label.to("vi") == "Các nhóm còn lại"
    assert {group.codes for group in found.hidden} == {("C",), ("D",), ("E",), ("F",)}
    assert all(nothing_shown(group.figures) for group in found.hidden)


def test_where_pooling_is_not_enough_the_breakdown_is_left_out_whole() -> None:
    found = breakdown(result_of(ASKED, crowd({"A": 40, "B": 30, "C": 9}), by="g"))
    assert (found.groups, found.suppressed) == ((), reasons.LEFT_OUT)
    assert all(nothing_shown(group.figures) for group in found.hidden)


def test_those_who_gave_no_group_are_a_group() -> None:
    found = breakdown(result_of(ASKED, crowd({"A": 40, "B": 30, "": 3}), by="g"))
    assert found.suppressed == reasons.LEFT_OUT
    enough = breakdown(result_of(ASKED, crowd({"A": 40, "B": 30, "": 11}), by="g"))
    assert shown(enough) == {("A",): 40, ("B",): 30, (NO_ANSWER,): 11}


def test_small_groups_show_their_satisfied_share_and_nothing_else() -> None:
    result = result_of(ASKED, crowd({"A": DETAILED, "B": DETAILED - 1}), by="g")
    large, small = (group.figures for group in breakdown(result).groups)
    assert large.counts is not None
    assert large.mean == 5
    assert (small.counts, small.missing, small.mean, small.mean_interval) == (None, None, None, None)
    assert (small.base, small.satisfied_percent) == (DETAILED - 1, 100)
    assert small.interval is not None
    large, small = (group.figures for group in breakdown(result, "c").groups)
    assert large.counts == {"A": DETAILED, "B": 0}
    assert (small.base, small.counts, small.satisfied_percent) == (DETAILED - 1, None, None)


def test_a_question_nobody_answered_has_no_groups_and_says_so() -> None:
    found = breakdown(result_of(ASKED, crowd({"A": 40, "B": 30}, q="9"), by="g"))
    assert (found.groups, found.suppressed) == ((), reasons.NOBODY)


def test_overlapping_groups_are_shown_all_or_not_at_all() -> None:
    ticks: list[list[str]] = [["A"]] * 20 + [["A", "B"]] * 20 + [["C"]] * 20
    people = [{"m": one, "q": "4"} for one in ticks]
    assert shown(breakdown(result_of(ASKED, people, by="m"))) == {("A",): 40, ("B",): 20, ("C",): 20}
    few_left_out = people + [{"m": [], "q": "4"}] * 9
    assert breakdown(result_of(ASKED, few_left_out, by="m")).suppressed == reasons.LEFT_OUT
    all_but_nine = [{"m": ["A"], "q": "4"}] * 51 + [{"m": ["B"], "q": "4"}] * 9
    assert breakdown(result_of(ASKED, all_but_nine, by="m")).suppressed == reasons.LEFT_OUT


def test_a_filter_shows_what_the_breakdown_would() -> None:
    people = crowd({"A": 40, "B": 12, "C": 7, "D": 5})
    assert result_of(ASKED, people, filters=(("g", ("A",)),)).question("q").figures.base == 40
    small = result_of(ASKED, people, filters=(("g", ("B",)),))
    assert small.question("q").figures.counts is None
    assert small.question("q").figures.satisfied_percent == 100
    assert result_of(ASKED, people, filters=(("g", ("C", "D")),)).released == 12


@pytest.mark.parametrize(
    "filters",
    [
        (("g", ("C",)),),
        (("g", ("A", "C")),),
        (("g", ("A", "B", "C")),),
        (("g", ("E",)),),
        (("g", ("A",)), ("c", ("B",))),
    ],
)
def test_a_filter_that_would_give_people_away_is_refused(filters: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    people = crowd({"A": 40, "B": 12, "C": 7, "D": 5}) + crowd({"A": 3, "B": 20}, c="B")
    with pytest.raises(PhieuError) as refused:
        result_of(ASKED, people, filters=filters)
    assert refused.value.code == "selection_too_small"


def test_a_question_few_outside_the_selection_answered_is_withheld() -> None:
    people = crowd({"A": 40, "B": 5}) + crowd({"B": 30}, q="")
    result = result_of(ASKED, people, filters=(("g", ("A",)),))
    assert nothing_shown(result.question("q").figures)
    assert result.question("c").figures.base == 40


def test_the_raw_view_hides_nothing() -> None:
    people = crowd({"A": 2, "B": 1})
    result = result_of(ASKED, people, by="g", threshold=0)
    assert result.raw
    assert result.question("s").figures.base == 3
    assert shown(breakdown(result))[("B",)] == 1
    assert result_of(ASKED, people, filters=(("g", ("B",)),), threshold=0).released == 1


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 60)), st.integers(1, 20))
def test_a_partition_shows_only_sets_that_reach_the_threshold(bases: dict[str, int], least: int) -> None:
    found = partition(bases, least)
    if found is not None:
        assert all(bases[group] >= least for group in found.alone)
        assert not found.pooled or sum(bases[group] for group in found.pooled) >= least
        assert sum(bases.values()) == sum(bases[group] for group in (*found.alone, *found.pooled))


def test_the_overlapping_rule_counts_complements() -> None:
    assert overlapping([20, 0, 40], [10], 60, 0, 10)
    assert not overlapping([20, 40], [9], 60, 0, 10)
    assert not overlapping([55], [], 60, 0, 10)


def test_the_overlapping_rule_counts_ticks_beyond_the_first() -> None:
    assert not overlapping([20, 49], [], 60, 0, 10)
    assert overlapping([20, 30], [10], 60, 2, 10)
    assert overlapping([45, 50], [], 60, 0, 10)
    assert not overlapping([55, 56], [], 60, 2, 10)


Status = tuple[str, ...]
"""What a person said to the grouping question: codes, or the name of a reason for none."""


def recovered(sets: Iterable[frozenset[Status]], sizes: Mapping[Status, int], least: int) -> list[frozenset[Status]]:
    """Sets of statuses smaller than ``least`` whose figures follow by adding and subtracting those of ``sets``."""
    statuses = sorted(sizes)
    known = np.array([[float(status in one) for status in statuses] for one in sets])
    found: list[frozenset[Status]] = []
    if not known.size:
        return found
    for length in range(1, len(statuses) + 1):
        for some in combinations(statuses, length):
            if 0 < sum(sizes[status] for status in some) < least:
                wanted = np.array([float(status in some) for status in statuses])
                if np.linalg.norm(wanted - np.linalg.lstsq(known.T, wanted, rcond=None)[0] @ known) < 1e-9:
                    found.append(frozenset(some))
    return found


def status(one: Person, key: str) -> Status:
    if key not in one:
        return (NOT_ASKED,)
    given_codes = one[key]
    codes = tuple(given_codes) if isinstance(given_codes, list) else (given_codes,) if given_codes else ()
    return codes or (NO_ANSWER,)


TICKS: tuple[Status, ...] = tuple(some for size in (1, 2, 3) for some in combinations("ABC", size))


def published(
    people: Sequence[Person], key: str, possible: Iterable[Status] = ()
) -> tuple[list[frozenset[Status]], dict[Status, int]]:
    """Everything the survey shows of ``q``: overall, by ``key``, and filtered by each of its codes."""
    answered = dict.fromkeys(possible, 0) | Counter(status(one, key) for one in people if one["q"])
    result = result_of(ASKED, people, by=key)
    sets = [] if result.question("q").figures.suppressed else [frozenset(answered)]
    codes_shown = [group.codes for group in breakdown(result).groups]
    for code in "ABCDEF" if key == "g" else "ABC":
        try:
            figures = result_of(ASKED, people, filters=((key, (code,)),)).question("q").figures
        except PhieuError:
            continue
        if not figures.suppressed:
            codes_shown.append((code,))
    sets += [frozenset(one for one in answered if set(one) & set(codes)) for codes in codes_shown]
    return sets, answered


grouped = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C", "D", "", None]), st.integers(1, 25), st.booleans()),
    min_size=1,
    max_size=8,
)
ticked = st.lists(
    st.tuples(st.sampled_from([["A"], ["B"], ["A", "B"], ["C"], [], None]), st.integers(1, 40), st.booleans()),
    min_size=1,
    max_size=8,
)


def population(drawn: Iterable[tuple[str | list[str] | None, int, bool]], key: str) -> list[Person]:
    return [
        {"q": "4" if answers else "", **({} if code is None else {key: code})}
        for code, size, answers in drawn
        for _ in range(size)
    ]


@given(grouped)
@settings(max_examples=150, deadline=None)
def test_subtraction_recovers_no_group_smaller_than_the_threshold(drawn: list[tuple[str | None, int, bool]]) -> None:
    sets, sizes = published(population(drawn, "g"), "g")
    assert recovered(sets, sizes, PUBLISHED if len(sets) > 1 else INSIDE) == []


@given(ticked)
@settings(max_examples=100, deadline=None)
def test_nor_does_it_from_overlapping_groups(drawn: list[tuple[list[str] | None, int, bool]]) -> None:
    # Nobody outside knows which ticks stand together, so every combination is possible to them.
    sets, sizes = published(population(drawn, "m"), "m", TICKS)
    assert recovered(sets, sizes, PUBLISHED if len(sets) > 1 else INSIDE) == []


def test_hiding_small_groups_alone_does_not_stand_the_attack() -> None:
    sizes: dict[Status, int] = {("A",): 40, ("B",): 30, ("C",): 4}
    alone = [frozenset(sizes), *(frozenset([one]) for one, size in sizes.items() if size >= PUBLISHED)]
    assert recovered(alone, sizes, PUBLISHED) == [frozenset([("C",)])]


@given(grouped)
@settings(max_examples=60, deadline=None)
def test_no_figure_shown_has_a_base_under_the_threshold(drawn: list[tuple[str | None, int, bool]]) -> None:
    result = result_of(ASKED, population(drawn, "g"), by="g")
    assert all(not one.figures.base or one.figures.base >= INSIDE for one in result.questions)
    groups = [group.figures for one in result.breakdowns for group in one.groups]
    assert all(one.base == 0 or (one.base or 0) >= PUBLISHED for one in groups)
    assert all(one.counts is None or (one.base or 0) >= DETAILED for one in groups)
