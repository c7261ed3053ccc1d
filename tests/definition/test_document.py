"""Questionnaires survive writing and reading, and nothing that is no questionnaire is read as one."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.definition import checks, document, library
from survey.definition.indexes import Index
from survey.definition.text import Text
from survey.definition.types import Multiple
from survey.errors import PhieuError
from tests.factories.instruments import instrument, names, raw


@pytest.mark.parametrize("name", names())
def test_what_is_written_reads_the_same(name: str) -> None:
    assert document.read(document.write(instrument(name))) == instrument(name)


def test_a_drawn_order_is_written_only_where_there_is_one_and_the_list_stays_as_it_is() -> None:
    drawn, fixed = document.write(instrument("shuffle"))["sections"][0]["questions"]
    assert drawn["shuffle"] is True and "shuffle" not in fixed
    drawn_question, fixed_question = instrument("shuffle").questions
    assert isinstance(drawn_question, Multiple) and isinstance(fixed_question, Multiple)
    assert (drawn_question.drawn, fixed_question.drawn) == (3, 0)
    assert drawn_question.choices.codes == ("w1", "w2", "w3", "w4", "w5")
    assert [one.get("other") for one in raw("shuffle")["choice_lists"]["WH"]["choices"]] == [None] * 3 + [True, None]


def test_stored_documents_keep_the_original_language_though_their_keys_are_sorted() -> None:
    conference = library.load("conference")
    stored = json.loads(document.canonical(document.write(conference)))
    again = document.read(stored)
    assert again.title.to("fr") == conference.title.to("vi") != conference.title.to("en")
    assert document.digest(document.write(again)) == document.digest(stored)


def test_a_bare_string_is_a_text_in_the_first_language() -> None:
    assert Text.read("Có", "vi") == Text.of(vi="Có")


def test_texts_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "Rất không hài lòng")
    assert Text.read({"vi": apart}).to("vi") == "Rất không hài lòng" != apart


def _changed(*path: str | int, to: object) -> Any:
    value = raw("routing")
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return value


def _nested(depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"question": "Q1", "is": ["1"]}
    for _ in range(depth):
        rule = {"not": rule}
    return rule


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"languages": []},
        _changed("languages", to=None),
        _changed("title", to={"vi": 5}),
        _changed("title", to={"vi": ["x"]}),
        _changed("minutes", to=float("inf")),
        _changed("sections", to="A"),
        _changed("sections", 0, "questions", 0, "type", to="telepathy"),
        _changed("sections", 0, "questions", 0, "choices", to="nowhere"),
        _changed("sections", 1, "show_if", to={"question": "Q1", "is": "12"}),
        _changed("sections", 1, "show_if", to={"maybe": []}),
        _changed("sections", 1, "show_if", to=_nested(8)),
        _changed("sections", 1, "show_if", to=_nested(900)),
        _changed("indexes", to=[{"key": "ix"}]),
    ],
)
def test_what_is_no_questionnaire_is_refused_with_the_place(value: Any) -> None:
    with pytest.raises(PhieuError) as caught:
        document.read(value)
    assert caught.value.code == "document_unreadable"


def test_a_rule_as_deep_as_allowed_is_read() -> None:
    document.read(_changed("sections", 1, "show_if", to=_nested(7)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    value: Any = raw("indexes")
    inner = value
    while True:
        steps = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        step = data.draw(st.sampled_from(steps))
        if not (isinstance(inner[step], dict | list) and inner[step] and data.draw(st.booleans())):
            break
        inner = inner[step]
    inner[step] = data.draw(json_values)
    with contextlib.suppress(PhieuError):
        checks.problems(document.read(value))


def test_an_index_keeps_its_negative_items_and_one_written_before_them_has_none() -> None:
    value = document.write(library.load("conference"))
    assert all("negative" not in one and one_read.negative == () for one, one_read in _indexes(value))
    (ddci,) = [one for one in value["indexes"] if one["key"] == "ddci"]
    ddci["negative"] = ["D4"]
    assert [read.negative for one, read in _indexes(value) if one["key"] == "ddci"] == [("D4",)]
    assert document.write(document.read(value)) == value


def _indexes(value: dict[str, Any]) -> list[tuple[dict[str, Any], Index]]:
    return list(zip(value["indexes"], document.read(value).indexes, strict=True))
