"""Matrix: items rated on one shared scale. Each item is a variable of its own with its own key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule
from survey.definition.text import Text
from survey.definition.types.base import Lists, Question, read_common
from survey.definition.variables import Form, Variable


@dataclass(frozen=True)
class Item:
    """A row of a matrix."""

    key: str
    text: Text
    required: bool = False
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Matrix(Question):
    """``required`` asks for every item; an item may also be required alone. ``text`` is the lead-in above the rows."""

    type = "matrix"
    choices: ChoiceList
    items: tuple[Item, ...]

    def variables(self, rules: tuple[Rule, ...] = ()) -> tuple[Variable, ...]:
        asked = self.asked_when(rules)
        return tuple(
            Variable(
                key=item.key,
                form=Form.SCALE,
                label=item.text,
                choices=self.choices,
                required=self.required or item.required,
                rules=asked,
                sensitive=item.sensitive,
            )
            for item in self.items
        )

    @classmethod
    def read(cls, value: Mapping[str, Any], lists: Lists, original: str) -> Self:
        return cls(
            **read_common(value, original),
            choices=lists[str(value["choices"])],
            items=tuple(
                Item(
                    str(one["key"]),
                    Text.read(one["text"], original),
                    bool(one.get("required", False)),
                    bool(one.get("sensitive", False)),
                )
                for one in value["items"]
            ),
        )

    def write(self) -> dict[str, Any]:
        items = []
        for item in self.items:
            one: dict[str, Any] = {"key": item.key, "text": item.text.write()}
            if item.required:
                one["required"] = True
            if item.sensitive:
                one["sensitive"] = True
            items.append(one)
        return super().write() | {"choices": self.choices.name, "items": items}
