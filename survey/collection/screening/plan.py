"""A questionnaire as screening looks at it: what is compared, and an answer as a row of small numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers
from survey.definition.variables import Form, Variable

LARGEST = 2**16 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A row holds the questions with ``one`` answer, their ``scales`` first, then those with ``several``; for each its
    key and the places of its codes. ``levels`` gives for each scale the score by place, missing codes left out;
    ``texts`` are the keys of the comments."""

    one: tuple[tuple[str, Mapping[str, int]], ...]
    several: tuple[tuple[str, Mapping[str, int]], ...]
    scales: int
    levels: tuple[Mapping[int, int], ...]
    texts: tuple[str, ...]

    @property
    def closed(self) -> int:
        """How many closed questions the questionnaire has."""
        return len(self.one) + len(self.several)

    def row(self, answers: Answers) -> list[int]:
        """One number for each closed question: 0 not answered, else the place of the code in its list, from 1; several
        codes as the bits of their places."""
        try:
            row = [places[answers.get(key) or ""] for key, places in self.one]  # type: ignore[index]  # see except
        except (KeyError, TypeError):  # a code that the list does not know, or several
            row = [_place(answers.get(key) or "", places) for key, places in self.one]
        for key, places in self.several:
            row.append(_place(answers.get(key) or "", places))
        return row

    def scores(self, row: list[int]) -> list[int]:
        """The levels ticked on the scales, missing codes and blanks left out."""
        return [score for place, levels in zip(row, self.levels, strict=False) if (score := levels.get(place))]


def _place(answer: str | list[str], places: Mapping[str, int]) -> int:
    if isinstance(answer, str):
        return places.get(answer, LARGEST)
    bits = sum(1 << places.get(code, 0) for code in answer)
    return bits if bits < LARGEST else 1 + bits % (LARGEST - 1)


_PLANS: dict[int, tuple[Questionnaire, Plan]] = {}
_PLANS_KEPT = 64


def plan_of(questionnaire: Questionnaire) -> Plan:
    """The plan, remembered by identity as ``collection.answers`` does it and for the same reason."""
    found = _PLANS.get(id(questionnaire))
    if found is not None:
        return found[1]
    closed = [one for one in questionnaire.variables if one.closed]
    scales = [one for one in closed if one.form is Form.SCALE]
    singles = [one for one in closed if one.form is Form.SINGLE]
    plan = Plan(
        one=tuple(map(_places, scales + singles)),
        several=tuple(_places(one) for one in closed if one.form is Form.MULTIPLE),
        scales=len(scales),
        levels=tuple(map(_levels, scales)),
        texts=tuple(one.key for one in questionnaire.variables if not one.closed),
    )
    if len(_PLANS) >= _PLANS_KEPT:
        _PLANS.clear()
    _PLANS[id(questionnaire)] = (questionnaire, plan)
    return plan


def _places(variable: Variable) -> tuple[str, dict[str, int]]:
    return variable.key, {"": 0} | {code: place for place, code in enumerate(variable.listed.codes, 1)}


def _levels(variable: Variable) -> dict[int, int]:
    scores = {choice.code: score for score, choice in enumerate(variable.listed.levels, 1)}
    return {place: scores[code] for place, code in enumerate(variable.listed.codes, 1) if code in scores}
