"""Generated surveys for the comparison with the plain program: scales, indexes, people, a frame, a filter."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from tests.statistics import plain

LISTS: dict[str, tuple[list[str], list[str], str]] = {
    "HL5": (["1", "2", "3", "4", "5"], ["4", "5"], ""),
    "HL4": (["1", "2", "3", "4"], ["3", "4"], ""),
    "NPS": ([str(level) for level in range(11)], [], "nps"),
    "CES": ([str(level) for level in range(1, 8)], [], "ces"),
    "CSAT": (["1", "2", "3", "4", "5"], ["4", "5"], "csat"),
    "G": (["A", "B", "C", "D"], [], ""),
    "H": (["A", "B"], [], ""),
}
MISSING = {"HL5": "9", "CES": "x", "G": "x"}


@dataclass(frozen=True)
class Study:
    """A generated survey: its scales (key → list), the people, and what results are asked with."""

    scales: Mapping[str, str]
    indexes: Sequence[Mapping[str, Any]]
    people: Sequence[plain.Person]
    population: int | None
    frame: Mapping[str, Mapping[str, int]]
    where: tuple[str, tuple[str, ...]]

    @property
    def questionnaire(self) -> Questionnaire:
        questions = [{"key": key, "type": "scale", "text": key, "choices": name} for key, name in self.scales.items()]
        questions += [{"key": key.lower(), "type": "single", "text": key, "choices": key} for key in "GH"]
        lists: dict[str, Any] = {}
        for name, (codes, satisfied, measure) in LISTS.items():
            choices: list[dict[str, Any]] = [{"code": code, "label": code} for code in codes]
            if name in MISSING:
                choices.append({"code": MISSING[name], "label": "-", "missing": True})
            lists[name] = {"choices": choices, "satisfied": satisfied, "measure": measure}
        return document.read(
            {
                "title": "T",
                "languages": ["vi"],
                "choice_lists": lists,
                "sections": [{"key": "S", "title": "S", "questions": questions}],
                "indexes": list(self.indexes),
            }
        )


def study(seed: int) -> Study:
    """One survey; sizes run from a handful to a few hundred."""
    chance = random.Random(seed)
    scales = {f"q{place}": chance.choice(["HL5", "HL5", "HL4"]) for place in range(chance.randint(2, 6))}
    items = list(scales)
    scales |= {"o": "HL5", "n": "NPS", "c": "CES", "s": "CSAT"}
    cut = chance.randint(1, len(items))
    factors = [
        {"key": f"F{place}", "name": "F", "items": part, "weight": chance.choice([1, 2, 0.5])}
        for place, part in enumerate([items[:cut], items[cut:]])
        if part
    ]
    rules = ["mean_of_factors", "mean_of_items", "pooled_answers", "overall_question"]
    shared = {"name": "I", "factors": factors, "overall": "o"}
    indexes = [
        {**shared, "key": "share", "rule": chance.choice(rules)},
        {**shared, "key": "points", "rule": chance.choice(rules), "scoring": "rescaled_mean", "anchors": [1, 10]},
    ]
    number = chance.choice([chance.randint(0, 20), chance.randint(25, 60), chance.randint(80, 200), 300])
    groups = chance.choice([[9, 6, 4, 1, 1, 1], [5, 4, 0, 5, 0, 0], [7, 6, 5, 0, 0, 0]])
    people = [_person(scales, chance, groups) for _ in range(number)]
    margins = chance.choice([["g"], ["h"], ["g", "h"]])
    there = {"g": [code for code, size in zip("ABCD", groups, strict=False) if size], "h": ["A", "B"]}
    frame = {key: {code: chance.randint(50, 500) for code in there[key]} for key in margins}
    return Study(
        scales,
        indexes,
        people,
        chance.choice([None, number, number + chance.randint(1, 400), max(1, number - 1)]) or None,
        frame,
        chance.choice([("h", ("A",)), ("h", ("B",)), ("g", ("A",)), ("o", ("4", "5"))]),
    )


def _person(scales: Mapping[str, str], chance: random.Random, groups: Sequence[int]) -> plain.Person:
    mood = chance.random()
    found = {"g": chance.choices(["A", "B", "C", "D", "x", ""], groups)[0]}
    found["h"] = chance.choices(["A", "B", ""], [6, 5, groups[-1] / 3])[0]
    for key, name in scales.items():
        if chance.random() < 0.06 and key != "o":
            continue
        codes = LISTS[name][0]
        place = round((len(codes) - 1) * min(1.0, max(0.0, mood * 0.6 + 0.3 + chance.gauss(0, 0.2))))
        found[key] = chance.choices([codes[place], "", MISSING.get(name, "")], [9, 0.7, 0.7])[0]
    return found
