"""What a paper form says, as plain blocks in the order they are set: made from a published questionnaire, in one
language. How they look is the template's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from survey.definition.choices import ChoiceList
from survey.definition.conditions import describe
from survey.definition.questionnaire import Questionnaire, Section
from survey.definition.routing import Rule
from survey.definition.text import Text
from survey.definition.types import LongText, Matrix, Multiple, Question, Scale, ShortText, Single
from survey.paper import keying
from survey.texts import Texts

MOST_LEVELS = 12
"""A list with more levels has no room in columns: its questions are set as lists of choices."""

_SECTION_MARK = re.compile(r"[A-Z]|[IVX]{1,5}|[0-9]{1,2}")
_LONG = 1000
"""Characters an answer may have from which on it gets a field that grows."""

Block = dict[str, Any]


def blocks(asked: Questionnaire, t: Texts, language: str, fixed: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """Sections, questions and tables. Every answer gets a number in the order of asking, the same that key-in shows;
    what the collector answers itself (``fixed``: key → code) is told instead of asked."""
    setting = _Setting(asked, t, language, fixed or {})
    for section in asked.sections:
        setting.section(section)
    return tuple(setting.blocks)


class _Setting:
    """The blocks so far, and the number of the next answer."""

    def __init__(self, asked: Questionnaire, t: Texts, language: str, fixed: Mapping[str, str]) -> None:
        self.asked, self.t, self.language, self.fixed = asked, t, language, fixed
        self.blocks: list[Block] = []
        self._numbers = count(1)

    def section(self, section: Section) -> None:
        mark = f"{section.key}. " if _SECTION_MARK.fullmatch(section.key) else ""
        title, intro = self._say(section.title), self._say(section.intro)
        self.blocks.append(
            {
                "kind": "section",
                "title": mark + title if title else "",
                "intro": intro,
                "whom": self._whom(section.show_if),
            }
        )
        for question in section.questions:
            self._question(question)

    def _question(self, question: Question) -> None:
        match question:
            case Matrix() if len(question.choices.codes) <= MOST_LEVELS:
                self._table(question)
            case Matrix():
                self.blocks.append({"kind": "lead", **self._about(question)})
                for item in question.items:
                    about = {"text": self._say(item.text) + self._demand(item.required), "hint": "", "whom": ""}
                    self._choices(item.key, about, question.choices)
            case Scale() if question.key not in self.fixed and len(question.choices.codes) <= MOST_LEVELS:
                self._scale(question)
            case Single() | Scale():
                self._choices(question.key, self._about(question), question.choices)
            case Multiple():
                self._choices(question.key, self._about(question), question.choices, self._several(question))
            case ShortText() | LongText():
                self.blocks.append(
                    {
                        "kind": "words",
                        "number": next(self._numbers),
                        "key": question.key,
                        "long": isinstance(question, LongText) or question.length >= _LONG,
                        **self._about(question),
                    }
                )

    def _choices(self, key: str, about: Block, choices: ChoiceList, several: str = "") -> None:
        number = next(self._numbers)
        if key in self.fixed and self.fixed[key] in choices.codes:
            answer = self._say(choices.choice(self.fixed[key]).label)
            self.blocks.append({"kind": "told", "number": number, **about, "answer": answer})
            return
        block = {"kind": "choices", "number": number, "key": key, **about, "several": several}
        self.blocks.append(block | {"choices": self._listed(choices)})

    def _several(self, question: Multiple) -> str:
        """How many boxes may be marked; nothing where the question names the number itself."""
        if question.most:
            said = str(question.most) in self._say(question.text) + self._say(question.hint)
            return "" if said else self.t("Choose at most {most}.", most=question.most)
        return self.t("You may choose several.")

    def _table(self, matrix: Matrix) -> None:
        rows = []
        for item in matrix.items:
            row = {"number": next(self._numbers), "key": item.key, "general": False, "answer": ""}
            if item.key in self.fixed and self.fixed[item.key] in matrix.choices.codes:
                row["answer"] = self._say(matrix.choices.choice(self.fixed[item.key]).label)
            rows.append(row | {"text": self._say(item.text) + self._demand(item.required)})
        self._rows(matrix.choices, {**self._about(matrix), "rows": rows})

    def _scale(self, scale: Scale) -> None:
        about = self._about(scale)
        row = {"number": next(self._numbers), "key": scale.key, "general": True, "answer": "", "text": about["text"]}
        self._rows(scale.choices, {**about, "text": "", "rows": [row]})

    def _rows(self, choices: ChoiceList, group: Block) -> None:
        """Into the table before it where that has the same levels, so that its head is printed once."""
        levels = self._listed(choices)
        before = self.blocks[-1]
        if before["kind"] == "table" and before["levels"] == levels:
            before["groups"].append(group)
        else:
            self.blocks.append({"kind": "table", "levels": levels, "groups": [group]})

    def _listed(self, choices: ChoiceList) -> list[Block]:
        return [
            {"code": one.code, "mark": mark, "label": self._say(one.label), "missing": one.missing}
            for one, mark in zip(choices.choices, keying.marks(choices.codes), strict=True)
        ]

    def _about(self, question: Question) -> Block:
        text = self._say(question.text) + self._demand(question.required)
        return {"text": text.strip(), "hint": self._say(question.hint), "whom": self._whom(question.show_if)}

    def _demand(self, required: bool) -> str:
        return f" ({self.t('required')})" if required else ""

    def _say(self, text: Text) -> str:
        return self.asked.filled(text).to(self.language).strip()

    def _whom(self, rule: Rule | None) -> str:
        return describe(rule, self.asked, self.t, self.language) if rule is not None else ""
