"""The questionnaire as a JSON document: reading, writing, canonical bytes and digest.

Reading is strict about shape and forgiving about nothing: a document that cannot be read raises ``PhieuError`` with
the place. Whether what was read makes sense to ask is the author checks' business (``checks``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from survey.definition.choices import ChoiceList
from survey.definition.indexes import Index
from survey.definition.questionnaire import Office, Questionnaire, Section
from survey.definition.routing import read_rule, write_rule
from survey.definition.text import Text
from survey.definition.types import TYPES, Question
from survey.definition.types.base import Lists
from survey.errors import PhieuError

FORMAT = 1
"""Version of the document format, written into each document."""


def read(value: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire from its JSON form. Raises PhieuError ``document_unreadable`` naming the section and question."""
    place = "document"
    try:
        languages = tuple(str(one) for one in value["languages"])
        original = languages[0]
        lists = {
            str(name): ChoiceList.read(str(name), one, original)
            for name, one in dict(value.get("choice_lists") or {}).items()
        }
        sections = []
        for number, one in enumerate(value["sections"], 1):
            place = f"section {one.get('key', number)}"
            questions = []
            for position, question in enumerate(one["questions"], 1):
                place = f"section {one.get('key', number)}, question {question.get('key', position)}"
                questions.append(_read_question(question, lists, original))
            sections.append(
                Section(
                    key=str(one["key"]),
                    title=Text.read(one["title"], original),
                    questions=tuple(questions),
                    intro=Text.read(one.get("intro"), original),
                    show_if=read_rule(one.get("show_if")),
                )
            )
        place = "indexes"
        indexes = tuple(Index.read(one, original) for one in value.get("indexes") or ())
        place = "document"
        office = value.get("office") or {}
        return Questionnaire(
            title=Text.read(value["title"], original),
            languages=languages,
            sections=tuple(sections),
            choice_lists=tuple(lists.values()),
            notice=Text.read(value.get("notice"), original),
            closing=Text.read(value.get("closing"), original),
            indexes=indexes,
            headline=None if value.get("headline") is None else str(value["headline"]),
            minutes=int(value.get("minutes", 3)),
            office=Office(
                name=Text.read(office.get("name"), original),
                superior=Text.read(office.get("superior"), original),
                phone=str(office.get("phone", "")),
                email=str(office.get("email", "")),
                website=str(office.get("website", "")),
            ),
            template=str(value.get("template", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise PhieuError(
            "document_unreadable",
            f"The questionnaire document cannot be read at {place}: {type(error).__name__} {error}.",
            "Correct that place, or export a template to see the form expected.",
        ) from error


def _read_question(value: Mapping[str, Any], lists: Lists, original: str) -> Question:
    kind = TYPES.get(str(value["type"]))
    if kind is None:
        raise ValueError(f"unknown question type {value['type']!r}")
    return kind.read(value, lists, original)


def write(questionnaire: Questionnaire) -> dict[str, Any]:
    """The JSON form; ``read(write(q)) == q``."""
    office = questionnaire.office
    out: dict[str, Any] = {
        "format": FORMAT,
        "title": questionnaire.title.write(),
        "languages": list(questionnaire.languages),
        "minutes": questionnaire.minutes,
        "notice": questionnaire.notice.write(),
        "closing": questionnaire.closing.write(),
        "office": {
            "name": office.name.write(),
            "superior": office.superior.write(),
            "phone": office.phone,
            "email": office.email,
            "website": office.website,
        },
        "choice_lists": {one.name: one.write() for one in questionnaire.choice_lists},
        "sections": [],
        "indexes": [one.write() for one in questionnaire.indexes],
    }
    for section in questionnaire.sections:
        one: dict[str, Any] = {"key": section.key, "title": section.title.write()}
        if section.intro:
            one["intro"] = section.intro.write()
        if section.show_if is not None:
            one["show_if"] = write_rule(section.show_if)
        one["questions"] = [question.write() for question in section.questions]
        out["sections"].append(one)
    if questionnaire.headline:
        out["headline"] = questionnaire.headline
    if questionnaire.template:
        out["template"] = questionnaire.template
    return out


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one byte form of a JSON document: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
