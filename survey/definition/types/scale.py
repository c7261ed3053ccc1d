"""Scale: one level of an ordered list, worst first, with its not-applicable code set apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule
from survey.definition.types.base import Lists, Question, read_common
from survey.definition.variables import Form, Variable


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """Its list is shared by name, so all scales of one survey read alike."""

    type = "scale"
    choices: ChoiceList
    sensitive: bool = False

    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        return (
            Variable(
                key=self.key,
                form=Form.SCALE,
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
