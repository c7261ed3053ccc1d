"""Which questionnaires can be asked with one tap, and what follows each level."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey.definition import document, library
from survey.definition.one_tap import OneTap, one_tap
from survey.definition.questionnaire import Questionnaire


def changed(change: Callable[[dict[str, Any]], object]) -> Questionnaire:
    """The template with a change to its document."""
    value = document.write(library.load("one-tap"))
    change(value)
    return document.read(value)


def questions(value: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = value["sections"][0]["questions"]
    return found


def follows(asked: OneTap) -> dict[str, tuple[str, ...]]:
    return {one.question.key: one.after for one in asked.reasons}


def test_the_template_is_one_tap_with_its_three_lists_of_reasons() -> None:
    asked = one_tap(library.load("one-tap"))
    assert asked is not None and asked.scale.key == "T0"
    assert follows(asked) == {"W_bad": ("1", "2"), "W_mid": ("3",), "W_good": ("4", "5")}


def test_reasons_may_be_asked_whatever_the_level_or_not_at_all() -> None:
    def always(value: dict[str, Any]) -> None:
        del questions(value)[2:]
        del questions(value)[1]["show_if"]

    asked, alone = one_tap(changed(always)), one_tap(changed(lambda value: questions(value).__delitem__(slice(1, 5))))
    assert asked is not None and follows(asked) == {"W_good": ("1", "2", "3", "4", "5")}
    assert alone is not None and alone.reasons == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.pop("headline"),
        lambda value: value.update(headline="W_good"),
        lambda value: questions(value)[1].update(required=True),
        lambda value: questions(value)[4].update(required=True),
        lambda value: questions(value)[1].pop("show_if"),
        lambda value: questions(value)[2].update(show_if={"question": "W_good", "is": ["w1"]}),
        lambda value: questions(value).append(
            {"key": "Z", "type": "single", "text": {"vi": "Gì nữa?"}, "choices": "W"}
        ),
    ],
    ids=["no headline", "no scale", "a must", "a text that must", "two lists after 3", "a chain", "another question"],
)
def test_whatever_asks_more_is_not_one_tap(change: Callable[[dict[str, Any]], object]) -> None:
    assert one_tap(changed(change)) is None


@pytest.mark.parametrize("name", ["conference", "one-stop", "one-stop-short", "online"])
def test_the_long_templates_are_not_one_tap(name: str) -> None:
    assert one_tap(library.load(name)) is None


def test_what_the_code_carries_is_not_asked_and_the_general_question_must_be() -> None:
    with_place = changed(
        lambda value: questions(value).append({"key": "Z", "type": "single", "text": {"vi": "Ở đâu?"}, "choices": "W"})
    )
    assert one_tap(with_place) is None
    assert one_tap(with_place, {"Z"}) is not None
    assert one_tap(library.load("one-tap"), {"T0"}) is None
