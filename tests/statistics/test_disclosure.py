"""What may be shown: thresholds, pooling, and an attack by linear algebra on everything a survey shows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.definition.text import Text
from survey.errors import PhieuError
from survey.statistics import reasons, showing
from survey.statistics.breakdowns import Group, Grouping
from survey.statistics.breakdowns import shown as groups_shown
from survey.statistics.disclosure import DETAILED, INSIDE, PUBLISHED, Partition, overlapping, partition
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Breakdown, SurveyResult
from tests.statistics.surveys import Person, matrix_of, nothing_shown, question, questionnaire, result_of

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


def test_the_smallest_of_the_others_joins_a_pool_that_is_too_small() -> None:
    people = crowd({"A": 40, "B": 30, "C": 9})
    found = breakdown(result_of(ASKED, people, by="g"))
    assert shown(found) == {("A",): 40, ("B", "C", "D", "E", "F"): 39}
    assert all(nothing_shown(group.figures) for group in found.hidden)
    assert {group.codes: group.figures.suppressed for group in found.hidden}[("B",)] == reasons.POOLED


def test_the_same_group_joins_for_every_question() -> None:
    people = crowd({"A": 40, "B": 30, "C": 9}) + crowd({"B": 20}, q="")
    result = result_of(ASKED, people, by="g")
    assert shown(breakdown(result)) == {("B",): 30, ("A", "C", "D", "E", "F"): 49}
    assert shown(breakdown(result, "c")) == {("B",): 50, ("A", "C", "D", "E", "F"): 49}


def test_where_no_group_would_be_left_the_breakdown_is_left_out_whole() -> None:
    for sizes in ({"A": 40, "C": 9}, {"A": 40, "": 3}, {"A": 9, "B": 9}):
        found = breakdown(result_of(ASKED, crowd(sizes), by="g"))
        assert (found.groups, found.suppressed) == ((), reasons.LEFT_OUT)
        assert all(nothing_shown(group.figures) for group in found.hidden)


def test_a_month_joins_no_other() -> None:
    assert partition({"2026-09": 40, "2026-10": 30, "2026-11": 3}, PUBLISHED) is None
    came = Grouping("@month", tuple(Group((code,), Text.of(vi=code)) for code in ("9", "10", "11")))
    bases = dict(zip(came.levels, (40, 30, 3), strict=True))
    assert groups_shown(came, bases, 73, PUBLISHED, sizes=bases) is None
    assert groups_shown(replace(came, key="g"), bases, 73, PUBLISHED, sizes=bases) is not None


def test_those_who_gave_no_group_are_a_group() -> None:
    found = breakdown(result_of(ASKED, crowd({"A": 40, "B": 30, "": 3}), by="g"))
    assert shown(found) == {("A",): 40, ("B", "C", "D", "E", "F", NO_ANSWER): 33}
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


def test_overlapping_groups_are_judged_each_by_itself() -> None:
    ticks: list[list[str]] = [["A"]] * 20 + [["A", "B"]] * 20 + [["C"]] * 20
    people = [{"m": one, "q": "4"} for one in ticks]
    assert shown(breakdown(result_of(ASKED, people, by="m"))) == {("A",): 40, ("B",): 20, ("C",): 20}
    few_left_out = breakdown(result_of(ASKED, people + [{"m": [], "q": "4"}] * 9, by="m"))
    assert shown(few_left_out) == {("A",): 40, ("B",): 20, ("C",): 20}
    assert few_left_out.hidden[-1].figures.suppressed == reasons.TOO_FEW_TICKS
    all_but_nine = breakdown(result_of(ASKED, [{"m": ["A"], "q": "4"}] * 51 + [{"m": ["B"], "q": "4"}] * 9, by="m"))
    assert (all_but_nine.groups, all_but_nine.suppressed) == ((), reasons.LEFT_OUT)


def test_a_filter_shows_those_inside() -> None:
    people = crowd({"A": 40, "B": 12, "C": 7, "D": 5})
    assert result_of(ASKED, people, filters=(("g", ("A",)),)).question("q").figures.base == 40
    small = result_of(ASKED, people, filters=(("g", ("B",)),))
    assert small.question("q").figures.counts is None
    assert small.question("q").figures.satisfied_percent == 100
    assert result_of(ASKED, people, filters=(("g", ("C", "D")),)).released == 12
    assert result_of(ASKED, people, filters=(("g", ("A", "C")),)).released == 47


def test_a_filter_by_collector_shows_what_the_breakdown_would() -> None:
    """Rankings and charts by week are read beside it, and are not compared with selections."""
    people = [{"q": "4", "c": "A", "s": "4"}] * 64
    came = ["X"] * 40 + ["Y"] * 12 + ["Z"] * 7 + ["W"] * 5
    for chosen, number in ((("X",), 40), (("Z", "W"), 12), (("X", "Z"), None), (("W",), None)):
        asked = partial(result_of, ASKED, people, collectors=came, filters=(("@collector", chosen),))
        if number:
            assert asked().released == number
        else:
            with pytest.raises(PhieuError):
                asked()


@pytest.mark.parametrize(
    "filters",
    [
        (("g", ("C",)),),
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


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 60)),
    st.integers(1, 20),
    st.none() | st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 60)),
)
def test_a_partition_shows_only_sets_that_reach_the_threshold(
    bases: dict[str, int], least: int, sizes: dict[str, int] | None
) -> None:
    found = partition(bases, least, sizes=sizes)
    if found is not None:
        assert all(bases[group] >= least for group in found.alone)
        assert not found.pooled or sum(bases[group] for group in found.pooled) >= least
        assert sum(bases.values()) == sum(bases[group] for group in (*found.alone, *found.pooled))


def test_the_overlapping_rule_counts_those_who_did_not_tick() -> None:
    assert overlapping({"A": 20, "B": 0, "C": 40, "D": 9, "E": 51}, 60, 10, {}, 0) == Partition(("A", "B", "C"))
    assert overlapping({"A": 20, "B": 40}, 60, 10, {"A": 9, "B": 30}, 40) == Partition(("B",))
    assert overlapping({"A": 20, "B": 40}, 60, 10, {"A": 12, "B": 31}, 40) == Partition(("A",))
    assert overlapping({"A": 55, "B": 0}, 60, 10, {}, 0) is None


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


Told = tuple[list[frozenset[Status]], dict[Status, int]]
"""Sets of statuses whose figures are known, and how many people have each."""


def grouped_by(people: Sequence[Person], key: str) -> Told:
    """What one result tells of ``q``: overall and by ``key``."""
    answered = Counter(status(one, key) for one in people if one["q"])
    result = result_of(ASKED, people, by=key)
    sets = [] if result.question("q").figures.suppressed else [frozenset(answered)]
    return sets + [holding(answered, group.codes) for group in breakdown(result).groups], answered


def holding(answered: Iterable[Status], codes: Sequence[str]) -> frozenset[Status]:
    return frozenset(one for one in answered if set(one) & set(codes))


def let_through(people: Sequence[Person], key: str, *, judging: bool = True) -> Told:
    """Everything the survey tells of ``q``: overall, by ``key``, and filtered by each of its codes; ``judging`` whether
    each may stand beside those before."""
    answered = Counter(status(one, key) for one in people if one["q"])
    result = result_of(ASKED, people, by=key)
    sets = [] if result.question("q").figures.suppressed else [frozenset(answered)]
    asked = [showing.breakdown(result, key, {})]
    for code in "ABCDEF" if key == "g" else "ABC":
        with suppress(PhieuError):
            asked.append(showing.selection(result_of(ASKED, people, filters=((key, (code,)),)), {}))
    present = {one.key: [level.code for level in one.listed.levels] for one in ASKED.variables}
    judge = showing.Judge(matrix_of(ASKED, people), [], asked, present)
    for one in asked:
        told = judge.allow(one) if judging else one
        codes = [some.where[0][1] for some in told.sets("q")]
        sets += [holding(answered, some) for some in codes]
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
    sets, sizes = grouped_by(population(drawn, "g"), "g")
    assert recovered(sets, sizes, PUBLISHED if len(sets) > 1 else INSIDE) == []
    assert recovered(*let_through(population(drawn, "g"), "g"), INSIDE) == []


@given(ticked)
@settings(max_examples=100, deadline=None)
def test_nor_does_it_from_overlapping_groups(drawn: list[tuple[list[str] | None, int, bool]]) -> None:
    assert recovered(*let_through(population(drawn, "m"), "m"), INSIDE) == []


def test_groups_and_filters_judged_each_by_itself_do_not_stand_the_attack() -> None:
    ticks: list[tuple[str | list[str] | None, int, bool]] = [(["A"], 40, True), (["B"], 30, True), ([], 3, True)]
    groups: list[tuple[str | list[str] | None, int, bool]] = [("A", 40, True), ("B", 30, True), ("C", 3, True)]
    for drawn, key, few in ((ticks, "m", (NO_ANSWER,)), (groups, "g", ("C",))):
        people = population(drawn, key)
        assert frozenset([few]) in recovered(*let_through(people, key, judging=False), INSIDE)
        assert recovered(*let_through(people, key), INSIDE) == []


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
