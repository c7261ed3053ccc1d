"""Tallies and cross-tables against counting people one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.aggregation import selections
from survey.aggregation.bases import answered, bases
from survey.aggregation.coding import COLLECTOR, VERSION, codings
from survey.aggregation.columns import Block, Coding, Matrix, Selection
from survey.aggregation.tallies import Tally, cross, crossed, tally
from tests.aggregation.populations import Person, Population, matrix_of, populations, questionnaire, scale


def given_codes(population: Population, person: Person, key: str) -> list[str] | None:
    """What one person answered: codes, [] for a blank, None where they were not asked or asked for text."""
    if key not in person:
        return None
    if not key.startswith("@"):
        version = population.versions[int(str(person[VERSION])) - 1]
        if not version.by_key[key].closed:
            return None
    value = person[key]
    return value if isinstance(value, list) else [value] if value else []


def meant(population: Population, selection: Selection) -> list[Person]:
    """The people a selection means."""
    return [
        person
        for person in population.people
        if all(set(given_codes(population, person, key) or ()) & set(codes) for key, codes in selection.filters)
    ]


def naive(
    population: Population, people: Iterable[Person], key: str, codes: Sequence[str], missing: Sequence[str]
) -> Tally:
    """One tally, person by person."""
    counts = dict.fromkeys(codes, 0)
    not_asked = no_answer = with_answer = 0
    for person in people:
        answer = given_codes(population, person, key)
        not_asked += answer is None
        no_answer += answer == []
        with_answer += any(code not in missing for code in answer or ())
        for code in answer or ():
            counts[code] += 1
    return Tally(counts, not_asked, no_answer, with_answer)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Population, Matrix, Selection]:
    population = draw(populations())
    matrix = matrix_of(population)
    filters = []
    for _ in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from(sorted(matrix.codings)))
        known = [*matrix.codings[key].codes, "unheard-of"]
        filters.append((key, tuple(draw(st.lists(st.sampled_from(known), max_size=4)))))
    return population, matrix, Selection(tuple(filters))


@given(cases())
def test_a_tally_is_what_counting_one_by_one_gives(case: tuple[Population, Matrix, Selection]) -> None:
    population, matrix, selection = case
    found = tally(matrix, list(matrix.codings), selection, missing={key: ["x9"] for key in matrix.codings})
    people = meant(population, selection)
    for key, coding in matrix.codings.items():
        assert found[key] == naive(population, people, key, coding.codes, ["x9"]), key


@given(cases(), st.data())
def test_a_cross_table_is_a_tally_of_each_group(
    case: tuple[Population, Matrix, Selection], data: st.DataObject
) -> None:
    population, matrix, selection = case
    by = data.draw(st.sampled_from(sorted(matrix.codings)))
    found = cross(matrix, list(matrix.codings), by, selection, missing={key: ["x9"] for key in matrix.codings})
    people = [(person, given_codes(population, person, by)) for person in meant(population, selection)]
    groups = {
        code: [person for person, answer in people if code in (answer or ())] for code in matrix.codings[by].codes
    }
    groups["no_answer"] = [person for person, answer in people if answer == []]
    groups["not_asked"] = [person for person, answer in people if answer is None]
    for key, coding in matrix.codings.items():
        assert list(found[key]) == list(groups)
        for group, members in groups.items():
            assert found[key][group] == naive(population, members, key, coding.codes, ["x9"]), (key, group)


@given(cases(), st.data())
def test_bases_are_the_people_of_tallies(case: tuple[Population, Matrix, Selection], data: st.DataObject) -> None:
    _, matrix, selection = case
    keys, missing = list(matrix.codings), {key: ["x9"] for key in matrix.codings}
    by = data.draw(st.sampled_from(sorted(matrix.codings)))
    told = tally(matrix, keys, selection, missing=missing)
    assert answered(matrix, keys, selection, missing=missing) == {key: one.people for key, one in told.items()}
    table = cross(matrix, keys, by, selection, missing=missing)
    assert bases(matrix, keys, by, selection, missing=missing) == {
        key: {code: one.people for code, one in groups.items()} for key, groups in table.items()
    }


def test_rows_beyond_one_chunk_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(7).integers(0, 7, 1000).astype(np.uint8)
    coding = Coding("Q1", ("1", "2", "3", "4", "5"))
    matrix = Matrix((Block(1000, {"Q1": values}, {"Q1": coding}),), {"Q1": coding})
    whole = tally(matrix, ["Q1"], Selection((("Q1", ("1", "5")),)))
    monkeypatch.setattr(selections, "CHUNK", 64)
    assert tally(matrix, ["Q1"], Selection((("Q1", ("1", "5")),))) == whole
    expected = np.bincount(values, minlength=7)
    assert whole["Q1"].counts == {"1": expected[2], "2": 0, "3": 0, "4": 0, "5": expected[6]}


@pytest.mark.parametrize("codes", [3, 40, 300])
def test_lists_of_any_length_are_counted(codes: int) -> None:
    coding = Coding("Q1", tuple(map(str, range(codes))))
    values = np.arange(codes + 2).repeat(3).astype(coding.dtype)
    found = tally(Matrix((Block(len(values), {"Q1": values}, {"Q1": coding}),), {"Q1": coding}), ["Q1"])["Q1"]
    assert set(found.counts.values()) == {3} and found.not_asked == 3 and found.no_answer == 3


def test_an_empty_matrix_has_every_variable_and_nobody() -> None:
    union = codings([questionnaire(scale("Q1", "1", "2"))])
    assert tally(Matrix((), union), ["Q1"])["Q1"] == Tally({"1": 0, "2": 0}, 0, 0, 0)


def test_a_block_older_than_a_question_was_not_asked_it() -> None:
    old = Block(3, {"Q1": np.array([2, 2, 1], np.uint8)}, {"Q1": Coding("Q1", ("1",))})
    union = {"Q1": Coding("Q1", ("1", "2")), "Q2": Coding("Q2", ("1",))}
    matrix = Matrix((old,), union)
    assert tally(matrix, ["Q1", "Q2"]) == {"Q1": Tally({"1": 2, "2": 0}, 0, 1, 2), "Q2": Tally({"1": 0}, 3, 0, 0)}
    assert tally(matrix, ["Q1"], Selection((("Q2", ("1",)),)))["Q1"] == Tally({"1": 0, "2": 0}, 0, 0, 0)
    assert cross(matrix, ["Q1"], "Q2")["Q1"]["not_asked"] == Tally({"1": 2, "2": 0}, 0, 1, 2)


def test_a_code_of_a_later_version_that_a_block_knows_already_is_left_out() -> None:
    newer = Block(2, {"Q1": np.array([2, 0], np.uint8)}, {"Q1": Coding("Q1", ("1", "2"))})
    matrix = Matrix((newer,), {"Q1": Coding("Q1", ("1",))})
    assert tally(matrix, ["Q1"])["Q1"] == Tally({"1": 1}, 1, 0, 1)
    assert list(cross(matrix, ["Q1"], "Q1")["Q1"]) == ["1", "no_answer", "not_asked"]


def test_a_variable_nobody_knows_is_an_error_and_an_unknown_code_selects_nobody() -> None:
    union = codings([questionnaire(scale("Q1", "1"))], ["A"])
    matrix = Matrix((), union)
    for call in (
        lambda: tally(matrix, ["Q7"]),
        lambda: tally(matrix, ["Q1"], Selection((("Q7", ("1",)),))),
        lambda: cross(matrix, ["Q1"], "Q7"),
    ):
        with pytest.raises(KeyError):
            call()
    assert tally(matrix, ["Q1"], Selection(((COLLECTOR, ("Z",)),)))["Q1"].people == 0


@given(cases(), st.data())
def test_one_look_gives_the_cross_table_of_those_selected_and_of_everybody(
    case: tuple[Population, Matrix, Selection], data: st.DataObject
) -> None:
    _, matrix, selection = case
    by = data.draw(st.sampled_from(sorted(matrix.codings)))
    inside, everybody = crossed(matrix, list(matrix.codings), by, selection)
    assert inside == cross(matrix, list(matrix.codings), by, selection)
    assert everybody == cross(matrix, list(matrix.codings), by)
