"""A frozen result comes back as it was, field by field, and the same result is frozen to the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.definition import library
from survey.definition.text import Text
from survey.definition.variables import Form
from survey.statistics import results
from survey.statistics.freezing import codec, freeze, thaw
from survey.statistics.results import SurveyResult
from tests.factories.results import result_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

st.register_type_strategy(str, TEXT)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(Mapping, lambda kind: st.dictionaries(*map(st.from_type, kind.__args__), max_size=3))


def kinds() -> list[type]:
    return [one for one in vars(results).values() if isinstance(one, type) and is_dataclass(one)]


@pytest.mark.parametrize("kind", [one for one in kinds() if one is not SurveyResult], ids=lambda one: one.__name__)
def test_every_shape_a_result_is_made_of_comes_back_as_it_was(kind: type) -> None:
    write, read = codec(kind)

    @settings(max_examples=25)
    @given(st.from_type(kind))
    def comes_back(value: Any) -> None:
        stored = json.dumps(write(value), ensure_ascii=False)
        again = read(json.loads(stored))
        assert again == value
        assert json.dumps(write(again), ensure_ascii=False) == stored

    comes_back()


@pytest.mark.parametrize("template", ["conference", "one-stop", "one-tap"])
def test_a_whole_result_comes_back_as_it_was(template: str) -> None:
    result = replace(
        result_of(library.load(template)),
        cut=results.Cut(date(2026, 2, 6), {"A1": ("1", "2"), "@collector": ("ABC",)}, 3, "ab" * 32),
        selected={"A1": (Text.of(vi="Nữ", en="Women"),)},
        collecting=(None, date(2026, 3, 1)),
        exclusions=(("Thử máy", 3),),
        targets={"B7": 85.0},
        channels=(results.Channel("C", "Hội trường", "event", None, 9, 8, 7, 0, 1, 0),),
    )
    frozen = freeze(result)
    assert thaw(frozen) == result
    assert freeze(thaw(frozen)) == frozen
    assert isinstance(thaw(frozen).questions[0].form, Form)


def test_the_order_of_counts_is_kept() -> None:
    result = result_of(library.load("conference"))
    turned = replace(result, responses={"excluded": 1, "complete": 9})
    assert list(thaw(freeze(turned)).responses) == ["excluded", "complete"]
    assert freeze(turned) != freeze(replace(result, responses={"complete": 9, "excluded": 1}))


def test_a_changed_figure_changes_the_bytes() -> None:
    result = result_of(library.load("conference"))
    assert freeze(replace(result, released=result.released + 1)) != freeze(result)


def test_a_number_that_is_none_is_refused() -> None:
    result = result_of(library.load("conference"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        freeze(replace(result, targets={"B7": math.nan}))


def test_a_field_that_came_later_takes_its_default() -> None:
    result = result_of(library.load("conference"))
    document = json.loads(freeze(result))
    del document["result"]["targets"]
    assert thaw(json.dumps(document)) == result


@pytest.mark.parametrize("document", ["", "[]", "null", "{}", '{"format":9,"result":{}}', '{"format":1,"result":[]}'])
def test_what_is_no_frozen_result_is_refused(document: str) -> None:
    with pytest.raises(ValueError):
        thaw(document)


def test_an_unknown_field_and_a_missing_one_are_named() -> None:
    document = json.loads(freeze(result_of(library.load("conference"))))
    document["result"]["mood"] = document["result"].pop("title")
    with pytest.raises(ValueError, match="mood, title"):
        thaw(json.dumps(document))


def test_every_field_of_a_result_has_a_form() -> None:
    for kind in kinds():
        hints = get_type_hints(kind)
        for field in fields(kind):
            codec(hints[field.name])


def test_a_type_without_a_form_is_a_programming_error() -> None:
    @dataclass(frozen=True)
    class Odd:
        what: int | str

    with pytest.raises(TypeError):
        codec(Odd.__annotations__ and int | str)
    with pytest.raises(TypeError):
        codec(Mapping[int, str])
    with pytest.raises(TypeError):
        codec(bytes)
