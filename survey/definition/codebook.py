"""The codebook: every variable a survey ever had, its label and codes, what is missing, who was asked, in words.

Definition stage, pure. Says in one language what the files of answers hold; ``reports`` writes it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from survey.definition.conditions import describe
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import AllOf
from survey.definition.variables import Form, Variable
from survey.texts import Texts


@dataclass(frozen=True)
class Code:
    """One code with its label. ``missing`` leaves the base, ``satisfied`` counts as satisfied; only earlier versions
    offered a ``retired`` one."""

    code: str
    label: str
    missing: bool = False
    satisfied: bool = False
    retired: bool = False


@dataclass(frozen=True)
class Entry:
    """One variable. ``asked`` says for whom it is, empty when for everybody; ``versions`` are those that asked it;
    ``forms`` every form it ever had, the newest first; ``length`` and ``most`` are bounds of a text and of ticks."""

    key: str
    label: str
    section: str
    forms: tuple[Form, ...]
    codes: tuple[Code, ...]
    versions: tuple[int, ...]
    asked: str = ""
    required: bool = False
    sensitive: bool = False
    length: int = 0
    most: int = 0

    @property
    def form(self) -> Form:
        """Its newest form."""
        return self.forms[0]

    @property
    def missing(self) -> tuple[str, ...]:
        """Its codes that are outside the base."""
        return tuple(one.code for one in self.codes if one.missing)


@dataclass(frozen=True)
class Codebook:
    """The entries stand in the order of the newest version, those that only older ones have after them."""

    title: str
    language: str
    versions: int
    entries: tuple[Entry, ...]


def codebook(versions: Sequence[Questionnaire], t: Texts, language: str) -> Codebook:
    """Of all published versions, number 1 first. Raises ValueError where there is none."""
    if not versions:
        raise ValueError("no version")
    newest: dict[str, int] = {}
    for number in range(len(versions), 0, -1):
        for variable in versions[number - 1].variables:
            newest.setdefault(variable.key, number)
    sections = [
        {
            variable.key: section.title.to(language)
            for section in one.sections
            for question in section.questions
            for variable in question.variables()
        }
        for one in versions
    ]
    entries = []
    for key, number in newest.items():
        asked = versions[number - 1]
        variable = asked.by_key[key]
        entries.append(
            Entry(
                key=key,
                label=asked.filled(variable.label).to(language).strip(),
                section=sections[number - 1][key],
                forms=tuple(dict.fromkeys(one.by_key[key].form for one in reversed(versions) if key in one.by_key)),
                codes=_codes(key, versions, language),
                versions=tuple(n for n, one in enumerate(versions, 1) if key in one.by_key),
                asked=_asked(variable, asked, t, language),
                required=variable.required,
                sensitive=variable.sensitive,
                length=variable.length,
                most=variable.most,
            )
        )
    return Codebook(versions[-1].title.to(language), language, len(versions), tuple(entries))


def write(book: Codebook) -> dict[str, Any]:
    """Its JSON form."""
    return {
        "title": book.title,
        "language": book.language,
        "versions": book.versions,
        "variables": [_written(one) for one in book.entries],
    }


def _written(entry: Entry) -> dict[str, Any]:
    plain = asdict(entry)
    forms = plain.pop("forms")
    return {**plain, "form": str(forms[0]), "earlier_forms": [str(one) for one in forms[1:]]}


def _codes(key: str, versions: Sequence[Questionnaire], language: str) -> tuple[Code, ...]:
    """Every code any version offered, the newest version's first; labels are the newest too."""
    lists = [one.by_key[key].choices for one in reversed(versions) if key in one.by_key]
    offered = [one for one in lists if one is not None]
    current = frozenset(offered[0].codes) if offered else frozenset()
    found: dict[str, Code] = {}
    for listed in offered:
        for choice in listed.choices:
            known = Code(
                choice.code,
                choice.label.to(language),
                missing=choice.missing,
                satisfied=choice.code in listed.satisfied,
                retired=choice.code not in current,
            )
            found.setdefault(choice.code, known)
    return tuple(found.values())


def _asked(variable: Variable, asked: Questionnaire, t: Texts, language: str) -> str:
    if not variable.rules:
        return ""
    rule = variable.rules[0] if len(variable.rules) == 1 else AllOf(variable.rules)
    return describe(rule, asked, t, language)
