"""Codings only grow, and encoded answers say what the people said."""

from __future__ import annotations

from collections import Counter

import numpy as np
import orjson
import pytest
from hypothesis import given

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode, joined, stacked
from survey.aggregation.columns import NO_ANSWER, NOT_ASKED, Block, Coding
from survey.definition.types import LongText, Single
from survey.errors import PhieuError
from tests.aggregation.populations import (
    LABEL,
    Population,
    block_of,
    choices,
    decoded,
    multiple,
    populations,
    questionnaire,
    scale,
)

PARTICULARS = {COLLECTOR: ["A"], LANGUAGE: ["vi"], VERSION: ["1"], MONTH: ["2026-11"]}


def test_a_code_inserted_in_the_middle_of_a_new_version_goes_to_the_end() -> None:
    first, second = questionnaire(scale("Q1", "1", "2", "3")), questionnaire(scale("Q1", "1", "15", "2", "3"))
    assert codings([first])["Q1"].codes == ("1", "2", "3")
    assert codings([first, second])["Q1"].codes == ("1", "2", "3", "15")


def test_variables_stand_in_the_order_of_the_newest_version_and_removed_ones_after_them() -> None:
    versions = [questionnaire(scale("Q1", "1"), scale("Q2", "1")), questionnaire(scale("Q3", "1"), scale("Q2", "1"))]
    assert list(codings(versions)) == ["Q3", "Q2", "Q1", COLLECTOR, LANGUAGE, VERSION, MONTH, STATUS]


def test_text_is_not_coded() -> None:
    assert "Q1" not in codings([questionnaire(LongText(key="Q1", text=LABEL))])


@given(populations())
def test_publishing_only_adds_at_the_end(population: Population) -> None:
    for number in range(1, len(population.versions)):
        before, after = codings(population.versions[:number]), codings(population.versions)
        for key, coding in before.items():
            assert after[key].codes[: len(coding.codes)] == coding.codes


def test_values_are_those_the_page_of_columns_gives() -> None:
    single, several = Coding("Q", ("a", "b")), Coding("Q", ("a", "b"), multiple=True)
    assert [single.value("a"), single.value("b")] == [2, 3]
    assert [several.value("a"), several.value("b")] == [2, 4]


@pytest.mark.parametrize(
    ("codes", "several", "size"),
    [
        (0, False, 1),
        (254, False, 1),
        (255, False, 2),
        (0, True, 1),
        (7, True, 1),
        (8, True, 2),
        (15, True, 2),
        (63, True, 8),
    ],
)
def test_a_column_is_as_narrow_as_its_coding_allows(codes: int, several: bool, size: int) -> None:
    coding = Coding("Q", tuple(map(str, range(codes))), several)
    assert coding.dtype.itemsize == size
    top = sum(coding.value(code) for code in coding.codes) if several else codes + 1
    assert coding.dtype.type(top) == top


def test_a_multiple_choice_of_more_than_63_codes_over_all_versions_is_refused() -> None:
    versions = [
        questionnaire(multiple("Q1", *map(str, range(40)))),
        questionnaire(multiple("Q1", *map(str, range(30, 64)))),
    ]
    with pytest.raises(PhieuError) as caught:
        codings(versions)
    assert caught.value.code == "choices_too_many"
    assert len(codings([questionnaire(multiple("Q1", *map(str, range(63))))])["Q1"].codes) == 63


@given(populations())
def test_what_is_encoded_can_be_read_back(population: Population) -> None:
    people = population.people
    union = codings(population.versions)
    block = block_of(people, union, population.versions)
    expected = []
    for person in people:
        version = population.versions[int(str(person[VERSION])) - 1]
        kept: dict[str, object] = {}
        for key, value in person.items():
            if not key.startswith("@") and not version.by_key[key].closed:
                continue
            if key in union and union[key].multiple:
                given = value if isinstance(value, list) else [value] if value else []
                kept[key] = sorted(given, key=union[key].codes.index)
            else:
                kept[key] = value
        expected.append(kept)
    assert decoded(block) == expected


def test_languages_collectors_and_months_get_their_place_when_they_first_appear() -> None:
    known = codings([questionnaire(scale("Q1", "1"))], ["B"], ["vi"], ["2026-12"])
    block = encode(
        ["{}"] * 3,
        {
            COLLECTOR: ["A", "B", "A"],
            LANGUAGE: ["en", "vi", "en"],
            VERSION: ["1"] * 3,
            MONTH: ["2026-11", "2026-12", "2027-01"],
        },
        known,
    )
    assert block.codings[COLLECTOR].codes == ("B", "A")
    assert block.codings[LANGUAGE].codes == ("vi", "en")
    assert block.codings[MONTH].codes == ("2026-12", "2026-11", "2027-01")
    assert block.columns[COLLECTOR].tolist() == [3, 2, 3]
    assert known[COLLECTOR].codes == ("B",)


def test_a_code_that_became_one_of_several_keeps_its_answers() -> None:
    versions = [
        questionnaire(Single(key="Q1", text=LABEL, choices=choices("Q1", ["1", "2"]))),
        questionnaire(multiple("Q1", "1", "2", "3")),
    ]
    block = encode(
        ['{"Q1":"2"}', '{"Q1":""}', '{"Q1":["1","3"]}', '{"Q1":[]}'],
        {COLLECTOR: ["A"] * 4, LANGUAGE: ["vi"] * 4, VERSION: ["1", "1", "2", "2"], MONTH: ["2026-11"] * 4},
        codings(versions),
    )
    assert block.columns["Q1"].tolist() == [4, NO_ANSWER, 2 | 8, NO_ANSWER]


@pytest.mark.parametrize(
    "answers",
    [
        b'{"Q1":"9"}',
        b'{"Q1":["1"]}',
        b'{"Q1":1}',
        b'{"Q1":null',
        b"[]",
        b"1",
        b'{"Q2":["9"]}',
        b'{"Q2":["1",""]}',
        b'{"Q2":[["1"]]}',
        b'{"Q2":{"1":true}}',
        b'{"Q2":"12"}',
    ],
)
def test_a_damaged_response_is_told_and_never_counted(answers: bytes) -> None:
    known = codings([questionnaire(scale("Q1", "1"), multiple("Q2", "1", "2"))])
    encode([b'{"Q1":"1","Q2":["1","2"]}'], PARTICULARS, known)
    with pytest.raises(PhieuError) as caught:
        encode([answers], PARTICULARS, known)
    assert caught.value.code == "answers_unreadable"


def test_more_different_ticks_than_are_remembered_are_still_encoded() -> None:
    codes = [str(number) for number in range(18)]
    known = codings([questionnaire(multiple("Q1", *codes))])
    ticked = [[code for place, code in enumerate(codes) if number >> place & 1] for number in range(1, 70_000)]
    n = len(ticked)
    block = encode(
        [orjson.dumps({"Q1": one}) for one in ticked], {key: one * n for key, one in PARTICULARS.items()}, known
    )
    assert np.array_equal(block.columns["Q1"], np.arange(1, 70_000) * 2)


@given(populations())
def test_blocks_after_each_other_hold_the_same_people(population: Population) -> None:
    known = codings(population.versions)
    blocks = []
    for group in population.groups:
        blocks.append(block_of(group, known, population.versions))
        known = joined(known, blocks[-1].codings)
    whole = stacked(blocks)
    assert whole.rows == len(population.people)
    assert decoded(whole) == [person for block in blocks for person in decoded(block)]


def test_a_block_that_does_not_know_a_variable_was_not_asked_it() -> None:
    old = Block(2, {"Q1": np.array([2, 3], np.uint8)}, {"Q1": Coding("Q1", ("1", "2"))})
    new = Block(1, {"Q2": np.array([4], np.uint8)}, {"Q2": Coding("Q2", ("1", "2"), multiple=True)})
    both = stacked([old, new])
    assert both.columns["Q1"].tolist() == [2, 3, NOT_ASKED]
    assert both.columns["Q2"].tolist() == [NOT_ASKED, NOT_ASKED, 4]


def test_codings_that_contradict_each_other_are_not_joined() -> None:
    one = {"Q": Coding("Q", ("a", "b"))}
    assert joined(one, {"Q": Coding("Q", ("a",))}) == one
    for other in (Coding("Q", ("b",)), Coding("Q", ("a", "b"), multiple=True)):
        with pytest.raises(ValueError, match="two codings of Q"):
            joined(one, {"Q": other})


def test_equal_people_are_told_apart_from_none() -> None:
    """Negative control of ``decoded``: it sees a changed value."""
    block = encode([b'{"Q1":"1"}'], PARTICULARS, codings([questionnaire(scale("Q1", "1", "2"))]))
    before = Counter(map(repr, decoded(block)))
    block.columns["Q1"][0] += 1
    assert Counter(map(repr, decoded(block))) != before
