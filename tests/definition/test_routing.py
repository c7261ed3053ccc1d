"""Show-if rules: what they hold for, and that they are written as they are read."""

from __future__ import annotations

import pytest

from survey.definition.routing import AllOf, Answers, AnyOf, Is, Not, holds, read_rule, references, write_rule

CAME = Is("Q1", ("1", "2"))
BOTH = AllOf((CAME, Is("Q2", ("1",))))
EITHER = AnyOf((CAME, Not(Is("Q2", ("1",)))))


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        (None, {}, True),
        (CAME, {"Q1": "1"}, True),
        (CAME, {"Q1": "3"}, False),
        (CAME, {"Q1": ["3", "2"]}, True),
        (CAME, {"Q1": []}, False),
        (CAME, {"Q1": ""}, False),
        (CAME, {}, False),
        (Not(CAME), {}, True),
        (Not(CAME), {"Q1": ["1"]}, False),
        (BOTH, {"Q1": "2", "Q2": "1"}, True),
        (BOTH, {"Q1": "2", "Q2": "2"}, False),
        (EITHER, {"Q1": "3", "Q2": "1"}, False),
        (EITHER, {"Q1": "3", "Q2": ""}, True),
    ],
)
def test_a_rule_holds_when_the_answers_say_so(rule: object, answers: Answers, expected: bool) -> None:
    assert holds(rule, answers) is expected  # type: ignore[arg-type]  # parametrised as object


@pytest.mark.parametrize("rule", [None, CAME, Not(CAME), BOTH, EITHER])
def test_rules_are_written_as_they_are_read(rule: object) -> None:
    assert read_rule(write_rule(rule)) == rule  # type: ignore[arg-type]  # parametrised as object


def test_every_question_a_rule_looks_at_is_found() -> None:
    assert [one.question for one in references(AllOf((EITHER, Not(BOTH))))] == ["Q1", "Q2", "Q1", "Q2"]
