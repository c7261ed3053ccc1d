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
    """``scales`` come first in a row, then the ``others``; ``texts`` are the keys of the comments. ``levels`` gives for
    each scale the score by place in its list (0: a missing code)."""

    keys: tuple[str, ...]
    places: tuple[Mapping[str, int], ...]
    scales: int
    levels: tuple[tuple[int, ...], ...]
    texts: tuple[str, ...]

    @property
    def closed(self) -> int:
        """How many closed questions the questionnaire has."""
        return len(self.keys)

    def row(self, answers: Answers) -> list[int]:
        """One number for each closed question: 0 not answered, else the place of the code in its list, from 1; several
        codes as the bits of their places."""
        row = []
        for key, places in zip(self.keys, self.places, strict=True):
            answer = answers.get(key)
            if not answer:
                row.append(0)
            elif isinstance(answer, str):
                row.append(places.get(answer, LARGEST))
            else:
                bits = sum(1 << places.get(code, 0) for code in answer)
                row.append(bits if bits < LARGEST else 1 + bits % (LARGEST - 1))
        return row

    def scores(self, row: list[int]) -> list[int]:
        """The levels ticked on the scales, missing codes and blanks left out."""
        return [
            score
            for place, levels in zip(row, self.levels, strict=False)
            if place < len(levels) and (score := levels[place])
        ]


_PLANS: dict[int, tuple[Questionnaire, Plan]] = {}
_PLANS_KEPT = 64


def plan_of(questionnaire: Questionnaire) -> Plan:
    """The plan, remembered by identity as ``collection.answers`` does it and for the same reason."""
    found = _PLANS.get(id(questionnaire))
    if found is not None:
        return found[1]
    closed = [one for one in questionnaire.variables if one.closed]
    closed.sort(key=lambda one: one.form is not Form.SCALE)
    scales = sum(one.form is Form.SCALE for one in closed)
    plan = Plan(
        keys=tuple(one.key for one in closed),
        places=tuple({code: place for place, code in enumerate(one.listed.codes, 1)} for one in closed),
        scales=scales,
        levels=tuple(_levels(one) for one in closed[:scales]),
        texts=tuple(one.key for one in questionnaire.variables if not one.closed),
    )
    if len(_PLANS) >= _PLANS_KEPT:
        _PLANS.clear()
    _PLANS[id(questionnaire)] = (questionnaire, plan)
    return plan


def _levels(variable: Variable) -> tuple[int, ...]:
    scores = {choice.code: score for score, choice in enumerate(variable.listed.levels, 1)}
    return (0, *(scores.get(code, 0) for code in variable.listed.codes))
