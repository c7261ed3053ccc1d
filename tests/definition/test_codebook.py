"""The codebook says what every variable holds, over all versions."""

from __future__ import annotations

import json

import pytest

from survey.definition import document, library
from survey.definition.codebook import codebook, write
from survey.definition.variables import Form
from survey.texts import texts
from tests.factories.instruments import instrument, raw


def test_a_variable_has_its_label_section_codes_and_what_is_missing() -> None:
    book = codebook([library.load("conference")], texts("vi"), "vi")
    assert [one.key for one in book.entries] == [one.key for one in library.load("conference").variables]
    (item,) = [one for one in book.entries if one.key == "B7"]
    assert item.form is Form.SCALE and item.label and item.section and item.versions == (1,)
    assert [one.code for one in item.codes if one.satisfied] == ["4", "5"]
    assert item.missing == ("9",)


def test_routing_stands_in_words() -> None:
    book = codebook([instrument("routing")], texts("en"), "en")
    asked = {one.key: one.asked for one in book.entries}
    assert asked["Q1"] == ""
    assert asked["Q2"].startswith("Answer only if in question")


def test_every_version_adds_what_it_had_and_the_newest_wording_holds() -> None:
    value = raw("single")
    (choices,) = value["choice_lists"].values()
    dropped = choices["choices"].pop(0)
    choices["choices"][0]["label"] = {"vi": "Tên mới"}
    book = codebook([instrument("single"), document.read(value), instrument("texts")], texts("vi"), "vi")
    (asked,) = [one for one in book.entries if one.codes]
    assert asked.versions == (1, 2, 3) and asked.forms == (Form.TEXT, Form.SINGLE)
    assert asked.codes[0].label == "Tên mới"
    assert [one.code for one in asked.codes if one.retired] == [dropped["code"]]


def test_it_is_json_and_names_no_form_by_number() -> None:
    value = write(codebook([instrument("multiple")], texts("vi"), "vi"))
    assert (
        json.loads(json.dumps(value)) == json.loads(json.dumps(value)) and value["variables"][0]["form"] == "multiple"
    )


def test_there_is_none_without_a_version() -> None:
    with pytest.raises(ValueError):
        codebook([], texts("vi"), "vi")
