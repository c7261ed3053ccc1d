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
    """``most`` is the largest number of codes one person may tick; 0 means no limit. ``shuffle``: each person's screen
    draws the order of choices, so that what stands first gains nothing; documents, paper and results keep the fixed
    order."""

    type = "multiple"
    choices: ChoiceList
    most: int = 0
    sensitive: bool = False
    shuffle: bool = False

    @property
    def drawn(self) -> int:
        """How many choices, from the first on, have their order drawn; those after them keep their place."""
        stay = [choice.stays for choice in self.choices.choices]
        return (stay.index(True) if True in stay else len(stay)) if self.shuffle else 0

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
            shuffle=bool(value.get("shuffle", False)),
        )

    def write(self) -> dict[str, Any]:
        out = super().write() | {"choices": self.choices.name}
        if self.most:
            out["most"] = self.most
        if self.sensitive:
            out["sensitive"] = True
        if self.shuffle:
            out["shuffle"] = True
        return out
