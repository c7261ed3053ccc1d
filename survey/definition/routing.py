"""Show-if rules as plain data, and the evaluator. A rule looks only at answers to earlier questions.

JSON forms: ``{"question": "A4", "is": ["1", "2"]}``, ``{"not": rule}``, ``{"all": [rule, …]}``, ``{"any": [rule, …]}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, "str | list[str]"]
"""Variable key → code, list of codes, or text. ``""`` or ``[]``: asked, left blank. Absent: not asked."""


@dataclass(frozen=True)
class Is:
    """True when the answer to ``question`` is, or contains, one of ``codes``; false when left blank or not asked."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    """True when ``rule`` is false."""

    rule: Rule


@dataclass(frozen=True)
class AllOf:
    """True when every rule is."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """True when at least one rule is."""

    rules: tuple[Rule, ...]


Rule = Is | Not | AllOf | AnyOf


DEPTH = 8
"""Rules within rules. Deeper ones no author can explain, and no evaluator should run out of stack on."""


def read_rule(value: Mapping[str, Any] | None) -> Rule | None:
    """From the JSON form; None stays None. Raises KeyError, TypeError or ValueError on a form that is not one of the
    four, or is nested deeper than ``DEPTH``."""
    return None if value is None else _read(value, DEPTH)


def _read(value: Mapping[str, Any], depth: int) -> Rule:
    if depth == 0:
        raise ValueError(f"rules nested more than {DEPTH} deep")
    if "question" in value:
        return Is(str(value["question"]), tuple(str(code) for code in _listed(value["is"])))
    if "not" in value:
        return Not(_read(value["not"], depth - 1))
    if "all" in value:
        return AllOf(tuple(_read(one, depth - 1) for one in _listed(value["all"])))
    return AnyOf(tuple(_read(one, depth - 1) for one in _listed(value["any"])))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list is needed in a rule")
    return value


def write_rule(rule: Rule | None) -> dict[str, Any] | None:
    """The JSON form."""
    match rule:
        case None:
            return None
        case Is(question, codes):
            return {"question": question, "is": list(codes)}
        case Not(inner):
            return {"not": write_rule(inner)}
        case AllOf(rules):
            return {"all": [write_rule(one) for one in rules]}
        case AnyOf(rules):
            return {"any": [write_rule(one) for one in rules]}


def holds(rule: Rule | None, answers: Answers) -> bool:
    """Whether what carries this rule is asked, given the answers so far."""
    match rule:
        case None:
            return True
        case Is(question, codes):
            given = answers.get(question, "")
            return given in codes if isinstance(given, str) else any(code in codes for code in given)
        case Not(inner):
            return not holds(inner, answers)
        case AllOf(rules):
            return all(holds(one, answers) for one in rules)
        case AnyOf(rules):
            return any(holds(one, answers) for one in rules)


def references(rule: Rule | None) -> Iterator[Is]:
    """Every comparison inside a rule."""
    match rule:
        case None:
            return
        case Is():
            yield rule
        case Not(inner):
            yield from references(inner)
        case AllOf(rules) | AnyOf(rules):
            for one in rules:
                yield from references(one)
