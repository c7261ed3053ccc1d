"""Questions that carry a score with a name of its own: ready ones to add, and scales that are marked to count as one.

Definition stage, pure. A mark belongs to a choice list, so a question that is marked gets a list of its own beside the
one it shared; what its choices say and which codes they store stays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from survey.definition.choices import MEASURES, ChoiceList
from survey.definition.indexes import Index
from survey.definition.questionnaire import Questionnaire, Section
from survey.definition.routing import references
from survey.definition.text import Text
from survey.definition.types import Matrix, Multiple, Question, Scale, Single

BY_LEVELS = {levels: measure for measure, levels in MEASURES.items()}
"""The measure that a scale of so many levels can carry."""


@dataclass(frozen=True)
class Markable:
    """A question of a ``section`` whose scale has the levels of a measure; ``marked`` says whether it carries it,
    ``removable`` whether it could be taken out: nothing else rests on it, and it is not the last of its section."""

    key: str
    label: Text
    section: Text
    measure: str
    marked: bool
    removable: bool


def markable(asked: Questionnaire) -> tuple[Markable, ...]:
    """Every question that carries a measure or could, in the order of asking; a matrix stands for all its rows."""
    found = []
    titles = {question.key: section.title for section in asked.sections for question in section.questions}
    for question, measure in _fitting(asked):
        carried = question.choices.measure == measure
        removable = carried and _removable(asked, question)
        found.append(Markable(question.key, question.text, titles[question.key], measure, carried, removable))
    return tuple(found)


def marked(asked: Questionnaire, keys: Collection[str]) -> Questionnaire:
    """The questionnaire in which these of the ``markable`` questions carry their measure, and no others do."""
    lists = list(asked.choice_lists)
    chosen: dict[str, ChoiceList] = {}
    for question, measure in _fitting(asked):
        wanted = measure if question.key in keys else ""
        if question.choices.measure != wanted:
            chosen[question.key] = _like(lists, question.choices, wanted)
    return _tidied(replace(asked, sections=_each(asked, chosen), choice_lists=tuple(lists)), asked)


def ready_text(measure: str, language: str) -> str:
    """What the ready question of a measure asks; in English where it is not known in ``language``. KeyError for an
    unknown measure."""
    told: dict[str, str] = _ready()[measure]["text"]
    return told.get(language, told["en"])


def added(asked: Questionnaire, measure: str, section: str, wordings: dict[str, str]) -> Questionnaire:
    """With the ready question of a measure at the end of a section; ``wordings`` by language stand instead of its own.
    KeyError for an unknown measure or section."""
    known, original = _ready()[measure], asked.languages[0]

    def told(texts: dict[str, str], own: dict[str, str]) -> Text:
        spoken = {code: own.get(code) or texts[code] for code in asked.languages if own.get(code) or code in texts}
        return Text.read(spoken if original in spoken else {original: texts["en"], **spoken}, original)

    choices = [{**one, "label": told(one["label"], {}).write()} for one in known["choices"]]
    name = _free(measure.upper(), {one.name for one in asked.choice_lists})
    made = ChoiceList.read(
        name, {"choices": choices, "satisfied": known.get("satisfied"), "measure": measure}, original
    )
    lists = list(asked.choice_lists)
    same = next((one for one in lists if replace(one, name=name) == made), None)
    if same is None:
        lists.append(made)
    taken = {variable.key.casefold() for variable in asked.variables} | {one.key.casefold() for one in asked.questions}
    key = _free(measure.upper(), taken)
    question = Scale(key=key, text=told(known["text"], wordings), choices=same or made)
    if section not in {one.key for one in asked.sections}:
        raise KeyError(section)
    sections = tuple(
        replace(one, questions=(*one.questions, question)) if one.key == section else one for one in asked.sections
    )
    return replace(asked, sections=sections, choice_lists=tuple(lists))


def removed(asked: Questionnaire, key: str) -> Questionnaire:
    """Without a marked question that nothing rests on; KeyError for any other."""
    if key not in {one.key for one in markable(asked) if one.removable}:
        raise KeyError(key)
    sections = tuple(
        replace(one, questions=tuple(question for question in one.questions if question.key != key))
        for one in asked.sections
    )
    return _tidied(replace(asked, sections=sections), asked)


@cache
def _ready() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("ready.json").read_text(encoding="utf-8"))
    return found


def _fitting(asked: Questionnaire) -> Iterator[tuple[Scale | Matrix, str]]:
    """Questions whose scale has the levels of a measure, each with that measure."""
    for question in asked.questions:
        if isinstance(question, Scale | Matrix) and len(question.choices.levels) in BY_LEVELS:
            yield question, BY_LEVELS[len(question.choices.levels)]


def _removable(asked: Questionnaire, question: Question) -> bool:
    if isinstance(question, Matrix) or question.key == asked.headline:
        return False
    rules = [one.show_if for one in asked.sections] + [one.show_if for one in asked.questions]
    used = {comparison.question for rule in rules for comparison in references(rule)}
    used |= {key for index in asked.indexes for key in _of(index)}
    alone = any(one.questions == (question,) for one in asked.sections)
    return question.key not in used and not alone


def _of(index: Index) -> set[str]:
    return {*index.items, *([index.overall] if index.overall else [])}


def _like(lists: list[ChoiceList], choices: ChoiceList, measure: str) -> ChoiceList:
    """The list with the same choices and this measure; made where there is none."""
    for one in lists:
        if replace(one, name=choices.name) == replace(choices, measure=measure):
            return one
    taken = {one.name.casefold() for one in lists}
    base = choices.name.removesuffix(f"_{choices.measure}") if choices.measure else choices.name
    made = replace(choices, name=_free(f"{base}_{measure}" if measure else base, taken), measure=measure)
    lists.append(made)
    return made


def _each(asked: Questionnaire, chosen: dict[str, ChoiceList]) -> tuple[Section, ...]:
    def own(question: Question) -> Question:
        if question.key in chosen and isinstance(question, Scale | Matrix):
            return replace(question, choices=chosen[question.key])
        return question

    return tuple(replace(one, questions=tuple(own(question) for question in one.questions)) for one in asked.sections)


def _tidied(asked: Questionnaire, before: Questionnaire) -> Questionnaire:
    """Without the lists that were in use ``before`` and are no longer."""
    unused = _used(before) - _used(asked)
    return replace(asked, choice_lists=tuple(one for one in asked.choice_lists if one.name not in unused))


def _used(asked: Questionnaire) -> set[str]:
    listed = (one for one in asked.questions if isinstance(one, Scale | Matrix | Single | Multiple))
    return {one.choices.name for one in listed}


def _free(name: str, taken: set[str]) -> str:
    """``name``, with a number where it is taken; capitals tell nothing apart."""
    folded, number, found = {one.casefold() for one in taken}, 1, name
    while found.casefold() in folded:
        number += 1
        found = f"{name}{number}"
    return found
