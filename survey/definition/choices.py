"""Choice lists: codes, labels, and what a code means for counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.definition.text import Text

MEASURES = {"nps": 11, "csat": 5, "ces": 7}
"""Figures with a name of their own that a scale may carry, and how many levels each needs: net promoter score (0 to
10), customer satisfaction, customer effort."""


@dataclass(frozen=True)
class Choice:
    """One code of a list. ``missing`` codes (not applicable, don't know) are counted apart and leave the base;
    an ``exclusive`` code of a multiple choice cannot stand beside others; ``other`` stands for what the list does not
    name. All three keep their place where the order of choices is drawn."""

    code: str
    label: Text
    missing: bool = False
    exclusive: bool = False
    other: bool = False

    @property
    def stays(self) -> bool:
        """Whether it keeps its place where the order of choices is drawn."""
        return self.missing or self.exclusive or self.other


@dataclass(frozen=True)
class ChoiceList:
    """Choices in the order they are shown. On a scale the levels run from worst to best and score 1, 2, 3 …;
    ``satisfied`` names the levels that count as satisfied (five levels: the two top ones unless said otherwise);
    ``measure`` is a key of ``MEASURES`` or empty."""

    name: str
    choices: tuple[Choice, ...]
    satisfied: tuple[str, ...] = ()
    measure: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, missing ones included, in order."""
        return tuple(choice.code for choice in self.choices)

    @property
    def levels(self) -> tuple[Choice, ...]:
        """The choices that are in the base."""
        return tuple(choice for choice in self.choices if not choice.missing)

    @property
    def missing(self) -> tuple[Choice, ...]:
        """The choices outside the base."""
        return tuple(choice for choice in self.choices if choice.missing)

    def choice(self, code: str) -> Choice:
        """The choice with this code; KeyError if there is none."""
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(code)

    @classmethod
    def read(cls, name: str, value: Mapping[str, Any], original: str) -> ChoiceList:
        """From its JSON form ``{"choices": [{"code", "label", "missing"?, "exclusive"?, "other"?}], "satisfied"?:
        [code], "measure"?: "nps" | "csat" | "ces"}``."""
        choices = tuple(
            Choice(
                code=str(one["code"]),
                label=Text.read(one["label"], original),
                missing=bool(one.get("missing", False)),
                exclusive=bool(one.get("exclusive", False)),
                other=bool(one.get("other", False)),
            )
            for one in value["choices"]
        )
        satisfied: Sequence[str] = value.get("satisfied") or ()
        if not satisfied:
            levels = [choice.code for choice in choices if not choice.missing]
            satisfied = levels[-2:] if len(levels) == 5 else ()
        measure = str(value.get("measure") or "")
        return cls(name=name, choices=choices, satisfied=tuple(str(code) for code in satisfied), measure=measure)

    def write(self) -> dict[str, Any]:
        """Its JSON form."""
        choices = []
        for choice in self.choices:
            one: dict[str, Any] = {"code": choice.code, "label": choice.label.write()}
            if choice.missing:
                one["missing"] = True
            if choice.exclusive:
                one["exclusive"] = True
            if choice.other:
                one["other"] = True
            choices.append(one)
        out: dict[str, Any] = {"choices": choices}
        if self.satisfied:
            out["satisfied"] = list(self.satisfied)
        if self.measure:
            out["measure"] = self.measure
        return out
