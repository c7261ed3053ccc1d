"""What every question type has, and how its JSON form is read and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule, read_rule, write_rule
from survey.definition.text import Text
from survey.definition.variables import Variable

Lists = Mapping[str, ChoiceList]
"""Choice lists of the questionnaire by name."""


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question of a section. ``key`` is its name for ever: a later version keeps it when it asks the same."""

    type: ClassVar[str]

    key: str
    text: Text
    hint: Text = field(default_factory=Text)
    required: bool = False
    show_if: Rule | None = None

    @abstractmethod
    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        """The answers it stores, each asked when all ``rules`` and its own ``show_if`` hold."""

    @classmethod
    @abstractmethod
    def read(cls, value: Mapping[str, Any], lists: Lists, original: str) -> Self:
        """From its JSON form; KeyError names what is missing."""

    def write(self) -> dict[str, Any]:
        """Its JSON form; a type adds what it has beyond the common part."""
        out: dict[str, Any] = {"key": self.key, "type": self.type, "text": self.text.write()}
        if self.hint:
            out["hint"] = self.hint.write()
        if self.required:
            out["required"] = True
        if self.show_if is not None:
            out["show_if"] = write_rule(self.show_if)
        return out

    def asked_when(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """``rules`` with its own added."""
        return (*rules, self.show_if) if self.show_if is not None else rules


def read_common(value: Mapping[str, Any], original: str) -> dict[str, Any]:
    """The keyword arguments every type shares."""
    return {
        "key": str(value["key"]),
        "text": Text.read(value["text"], original),
        "hint": Text.read(value.get("hint"), original),
        "required": bool(value.get("required", False)),
        "show_if": read_rule(value.get("show_if")),
    }
