"""Multiple choice: any number of codes, up to a maximum; an exclusive code stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule
from survey.definition.types.base import Lists, Question, read_common
from survey.definition.variables import Form, Variable


@dataclass(frozen=True, kw_only=True)
class Multiple(Question):
    """``most`` is the largest number of codes one person may tick; 0 means no limit."""

    type = "multiple"
    choices: ChoiceList
    most: int = 0
    sensitive: bool = False

    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        return (
            Variable(
                key=self.key,
                form=Form.MULTIPLE,
                label=self.text,
                choices=self.choices,
                required=self.required,
                rules=self.asked_when(rules),
                most=self.most,
                sensitive=self.sensitive,
            ),
        )

    @classmethod
    def read(cls, value: Mapping[str, Any], lists: Lists, original: str) -> Self:
        return cls(
            **read_common(value, original),
            choices=lists[str(value["choices"])],
            most=int(value.get("most", 0)),
            sensitive=bool(value.get("sensitive", False)),
        )

    def write(self) -> dict[str, Any]:
        out = super().write() | {"choices": self.choices.name}
        if self.most:
            out["most"] = self.most
        if self.sensitive:
            out["sensitive"] = True
        return out
