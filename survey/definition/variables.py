"""The flat view of a questionnaire: one variable per answer that is stored, counted and exported.

A single choice is one variable, a matrix one per item. Everything after the definition stage (validator, response
matrix, tallies, exports) works on variables and never asks which question type they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey.definition.choices import ChoiceList
from survey.definition.routing import Rule
from survey.definition.text import Text


class Form(StrEnum):
    """What an answer looks like."""

    SCALE = "scale"
    """One code of an ordered list; scored."""
    SINGLE = "single"
    """One code."""
    MULTIPLE = "multiple"
    """Any number of codes, up to ``most``."""
    TEXT = "text"
    """Free text of at most ``length`` characters."""


@dataclass(frozen=True)
class Variable:
    """``rules`` must all hold for it to be asked (its section's, its question's). ``sensitive`` answers are never
    shown for fewer than ten people."""

    key: str
    form: Form
    label: Text
    choices: ChoiceList | None = None
    required: bool = False
    rules: tuple[Rule, ...] = ()
    most: int = 0
    length: int = 0
    sensitive: bool = False

    @property
    def closed(self) -> bool:
        """Whether its answers are codes and therefore counted."""
        return self.form is not Form.TEXT

    @property
    def listed(self) -> ChoiceList:
        """Its choice list; raises ValueError for text."""
        if self.choices is None:
            raise ValueError(f"{self.key} has no choices")
        return self.choices
