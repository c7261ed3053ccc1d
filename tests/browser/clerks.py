"""A clerk with a pile of filled-in forms, and the keys they press for each of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import holds
from survey.definition.variables import Form, Variable

COMMENTS = ("Cán bộ rất nhiệt tình.", "Chờ lâu quá, 2 giờ", "Được 9/10", "?! 0 1 2")


@dataclass(frozen=True)
class Sheet:
    """What somebody ticked and wrote, as it is to be stored, and the keys that say so, by question in order."""

    serial: str
    answers: dict[str, str | list[str]]
    typed: dict[str, list[str]]

    @property
    def keys(self) -> list[str]:
        """All keys in order; the last stores the sheet."""
        return [*(one for keys in self.typed.values() for one in keys), "Enter"]

    def slipped(self) -> Sheet:
        """The same sheet with one wrong key: 5 for the first 4 on a scale."""
        slip = next(
            key for key, said in self.answers.items() if said == "4" and self.typed[key] == ["4"] and "." in key
        )
        return Sheet(self.serial, self.answers, {**self.typed, slip: ["5"]})


def pile(asked: Questionnaire, number: int, seed: int) -> list[Sheet]:
    """Forms filled in at random, with blanks, under the questionnaire's own rules."""
    chance = random.Random(seed)
    return [sheet(asked, f"{1000 + place}", chance) for place in range(number)]


def sheet(asked: Questionnaire, serial: str, chance: random.Random) -> Sheet:
    """One form."""
    answers: dict[str, str | list[str]] = {}
    typed = {"": [*serial, "Enter"]}
    for variable in asked.variables:
        if all(holds(rule, answers) for rule in variable.rules):
            answers[variable.key], typed[variable.key] = filled(variable, chance)
    return Sheet(serial, answers, typed)


def blank(asked: Questionnaire, serial: str) -> Sheet:
    """A form on which nothing is ticked."""
    open_ones = [one for one in asked.variables if all(holds(rule, {}) for rule in one.rules)]
    return Sheet(
        serial, {}, {"": [*serial, "Enter"], **{one.key: ["0" if one.closed else "Enter"] for one in open_ones}}
    )


def filled(variable: Variable, chance: random.Random) -> tuple[str | list[str], list[str]]:
    """An answer and its keys; one in eight is blank."""
    blank = chance.random() < 0.125
    if variable.form is Form.TEXT:
        if blank or chance.random() < 0.7:
            return "", ["Enter"]
        words = chance.choice(COMMENTS)
        return words, [*words, "Control+Enter"]
    codes = variable.listed.codes
    if variable.form is Form.MULTIPLE:
        if blank:
            return [], [chance.choice(("0", "Enter", " "))]
        together = [one.code for one in variable.listed.choices if not one.exclusive]
        ticked = sorted(chance.sample(together, chance.randint(1, variable.most or len(together))), key=codes.index)
        return ticked, [*(key for code in ticked for key in code), "Enter"]
    if blank:
        return "", [chance.choice("0 ")]
    code = chance.choice(codes)
    longer = any(other.startswith(code) and other != code for other in codes)
    return code, [*code, *(["Enter"] if longer else [])]


def presses(sheets: list[Sheet]) -> Iterator[str]:
    """All keys of a pile, one after the other."""
    for one in sheets:
        yield from one.keys
