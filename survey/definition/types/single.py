"""Single choice: one code of an unordered list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule
from survey.definition.types.base import Lists, Question, read_common
from survey.definition.variables import Form, Variable


@dataclass(frozen=True, kw_only=True)
class Single(Question):
    """One of several; nothing is preselected and a choice can be cleared."""

    type = "single"
    choices: ChoiceList
    sensitive: bool = False

    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        return (
            Variable(
                key=self.key,
                form=Form.SINGLE,
                label=self.text,
                choices=self.choices,
                required=self.required,
                rules=self.asked_when(rules),
                sensitive=self.sensitive,
            ),
        )

    @classmethod
    def read(cls, value: Mapping[str, Any], lists: Lists, original: str) -> Self:
        return cls(
            **read_common(value, original),
            choices=lists[str(value["choices"])],
            sensitive=bool(value.get("sensitive", False)),
        )

    def write(self) -> dict[str, Any]:
        out = super().write() | {"choices": self.choices.name}
        if self.sensitive:
            out["sensitive"] = True
        return out
