"""The questionnaire: sections of questions, the notice above them, and the indexes computed from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from survey.definition.choices import ChoiceList
from survey.definition.indexes import Index
from survey.definition.routing import Rule
from survey.definition.text import Text
from survey.definition.types import Question
from survey.definition.variables import Variable


@dataclass(frozen=True)
class Office:
    """Who asks, as the respondent reads it. Filled in when a survey is made from a template."""

    name: Text = field(default_factory=Text)
    superior: Text = field(default_factory=Text)
    phone: str = ""
    email: str = ""
    website: str = ""
    """Where the office offers its services online; shown on the thank-you page when given."""

    @property
    def contact(self) -> str:
        """Phone and e-mail in one line, what there is of them."""
        return ", ".join(part for part in (self.phone, self.email) if part)


@dataclass(frozen=True)
class Section:
    """Questions under one heading; ``show_if`` hides the whole section."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text = field(default_factory=Text)
    show_if: Rule | None = None


@dataclass(frozen=True)
class Questionnaire:
    """Everything a respondent reads, and what is needed to count the answers. Immutable once published.

    ``languages`` lists codes, the original first. ``notice`` may hold ``{unit}``, ``{contact}`` and ``{minutes}``;
    ``headline`` is the key of the one general question (its share satisfied is shown first).
    """

    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    choice_lists: tuple[ChoiceList, ...] = ()
    notice: Text = field(default_factory=Text)
    closing: Text = field(default_factory=Text)
    indexes: tuple[Index, ...] = ()
    headline: str | None = None
    minutes: int = 3
    office: Office = field(default_factory=Office)
    template: str = ""
    """Name of the built-in template it was made from, else empty."""

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The flat view, in order of asking."""
        return tuple(
            variable
            for section in self.sections
            for question in section.questions
            for variable in question.variables((section.show_if,) if section.show_if is not None else ())
        )

    @cached_property
    def by_key(self) -> dict[str, Variable]:
        """Variables by key."""
        return {variable.key: variable for variable in self.variables}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Questions of all sections."""
        return tuple(question for section in self.sections for question in section.questions)

    def filled(self, text: Text) -> Text:
        """``text`` with the office, its contact and the minutes put in."""
        return Text(
            tuple(
                (
                    language,
                    wording.replace("{unit}", self.office.name.to(language))
                    .replace("{contact}", self.office.contact)
                    .replace("{minutes}", str(self.minutes)),
                )
                for language, wording in text.wordings
            )
        )
