"""A questionnaire as the key-in page asks it: one item after the other, each with the marks that are typed for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import write_rule
from survey.definition.text import Text
from survey.definition.types import LongText, Matrix
from survey.definition.variables import Form
from survey.paper.keying import marks


@dataclass(frozen=True)
class Box:
    """One choice: the ``mark`` printed beside its box is typed for it."""

    mark: str
    code: str
    label: Text
    alone: bool
    apart: bool


@dataclass(frozen=True)
class Item:
    """One answer to key. ``kind`` is ``single``, ``multiple``, ``text`` or ``long``; ``rules`` (JSON) must all hold for
    it to be asked; ``section`` and its ``intro`` stand above the first item of a section."""

    key: str
    kind: str
    text: Text
    lead: Text
    hint: Text
    boxes: tuple[Box, ...]
    rules: str
    most: int
    length: int
    section: Text
    intro: Text


def items(questionnaire: Questionnaire, fixed: Collection[str] = ()) -> Iterator[Item]:
    """All items in the order of asking, without those that the collector's code answers."""
    nothing = Text()
    for section in questionnaire.sections:
        first = True
        for question in section.questions:
            for variable in question.variables((section.show_if,) if section.show_if is not None else ()):
                if variable.key in fixed:
                    continue
                choices = variable.choices.choices if variable.choices is not None else ()
                yield Item(
                    key=variable.key,
                    kind=_kind(variable.form, isinstance(question, LongText)),
                    text=variable.label,
                    lead=question.text if isinstance(question, Matrix) else nothing,
                    hint=question.hint,
                    boxes=tuple(
                        Box(mark, choice.code, choice.label, choice.exclusive, choice.missing)
                        for mark, choice in zip(marks([one.code for one in choices]), choices, strict=True)
                    ),
                    rules=json.dumps([write_rule(rule) for rule in variable.rules], separators=(",", ":")),
                    most=variable.most,
                    length=variable.length,
                    section=section.title if first else nothing,
                    intro=section.intro if first else nothing,
                )
                first = False


def _kind(form: Form, long: bool) -> str:
    if form is Form.TEXT:
        return "long" if long else "text"
    return "multiple" if form is Form.MULTIPLE else "single"
