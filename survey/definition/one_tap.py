"""Whether a questionnaire can be asked with one tap: its general question, then the reasons that go with the answer.

Pure. Tells how a questionnaire may be shown at a counter; what may be answered stays with ``collection.answers``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import holds, references
from survey.definition.types import LongText, Multiple, Question, Scale, ShortText

LEVELS = range(2, 6)
"""Levels that faces can tell apart."""


@dataclass(frozen=True)
class Reasons:
    """The question after the tap, and the codes of the general question that it follows."""

    question: Multiple
    after: tuple[str, ...]


@dataclass(frozen=True)
class OneTap:
    """The general question, and at most one question of reasons for each of its codes."""

    scale: Scale
    reasons: tuple[Reasons, ...]


def one_tap(questionnaire: Questionnaire, fixed: Collection[str] = ()) -> OneTap | None:
    """The questionnaire as one tap; None when it asks more than that. ``fixed``: keys of the questions whose answers
    the code carries, which are not asked. Texts that need not be written are left out: a counter has no keyboard."""
    asked = [
        (question, tuple(rule for rule in (section.show_if, question.show_if) if rule is not None))
        for section in questionnaire.sections
        for question in section.questions
        if question.key not in fixed
    ]
    scale = next((one for one, rules in asked if one.key == questionnaire.headline and not rules), None)
    if not isinstance(scale, Scale) or len(scale.choices.levels) not in LEVELS:
        return None
    after: dict[str, Multiple] = {}
    for question, rules in asked:
        if question is scale or _left_out(question):
            continue
        if not isinstance(question, Multiple) or question.required:
            return None
        if any(one.question != scale.key for rule in rules for one in references(rule)):
            return None
        for code in scale.choices.codes:
            if all(holds(rule, {scale.key: code}) for rule in rules):
                if code in after:
                    return None
                after[code] = question
    keys = dict.fromkeys(one.key for one in after.values())
    followed = [tuple(code for code, one in after.items() if one.key == key) for key in keys]
    return OneTap(scale, tuple(Reasons(after[codes[0]], codes) for codes in followed))


def _left_out(question: Question) -> bool:
    return isinstance(question, ShortText | LongText) and not question.required
