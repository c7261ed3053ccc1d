"""Long text: free words on several lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from survey.definition.routing import Rule
from survey.definition.types.base import Lists, Question, read_common
from survey.definition.variables import Form, Variable

LENGTH = 2000
"""Characters an answer may have unless the question says otherwise."""


@dataclass(frozen=True, kw_only=True)
class LongText(Question):
    """``length`` counts characters after normalisation to NFC."""

    type = "long_text"
    length: int = LENGTH

    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        return (
            Variable(
                key=self.key,
                form=Form.TEXT,
                label=self.text,
                required=self.required,
                rules=self.asked_when(rules),
                length=self.length,
            ),
        )

    @classmethod
    def read(cls, value: Mapping[str, Any], lists: Lists, original: str) -> Self:
        return cls(**read_common(value, original), length=int(value.get("length", LENGTH)))

    def write(self) -> dict[str, Any]:
        out = super().write()
        if self.length != LENGTH:
            out["length"] = self.length
        return out
