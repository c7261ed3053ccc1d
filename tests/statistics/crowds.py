"""Made-up people and random sets of them, for the tests of what may be shown beside each other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey.aggregation.columns import Matrix
from survey.aggregation.memberships import People
from survey.aggregation.tallies import tally
from tests.statistics.surveys import matrix_of, question, questionnaire

EVERY = "@version"

ASKED = questionnaire(
    [
        question("a", "single", "ABC"),
        question("b", "single", "AB"),
        question("m", "multiple", "AB"),
        question("q"),
    ]
)
PRESENT = {EVERY: ("1",), "a": "ABC", "b": "AB", "m": "AB", "q": "12345"}


def crowd(
    chance: random.Random, people: int, blank: float = 0.1, lean: Sequence[float] = (1, 1, 1), alike: int | None = None
) -> Matrix:
    """People who came with one, two or three releases and leave some questions blank. Of those who answered ``a`` all
    but ``alike`` (None: whoever) tick both or neither of ``m``."""
    given: list[dict[str, Any]] = [
        {
            "a": "" if chance.random() < blank else chance.choices("ABC", lean)[0],
            "b": "" if chance.random() < blank else chance.choices("AB", lean[:2])[0],
            "m": [code for code in "AB" if chance.random() < 0.4],
            "q": "" if chance.random() < blank else chance.choice("123459"),
        }
        for _ in range(people)
    ]
    said = [one for one in given if one["a"]] if alike is not None else []
    for one in said[alike:]:
        one["m"] = ["A", "B"] if "A" in one["m"] else []
    matrix = matrix_of(ASKED, given)
    parts = sorted(chance.sample(range(5, people - 5, 5), chance.randint(0, 2)))
    sizes = [end - start for start, end in zip([0, *parts], [*parts, people], strict=True)]
    runs = tuple((number, size) for number, size in enumerate(sizes, 1))
    return Matrix((replace(matrix.blocks[0], runs=runs),), matrix.codings)


def numbers(matrix: Matrix) -> dict[str, dict[str, int]]:
    """How many people have each code."""
    found = tally(matrix, ["a", "b", "m", "q"])
    return {key: {**one.counts, "no_answer": one.no_answer, "not_asked": one.not_asked} for key, one in found.items()}


def some_sets(chance: random.Random, matrix: Matrix, most: int = 8) -> list[People]:
    """Sets by up to three conditions, at any release."""
    last = matrix.blocks[0].runs[-1][0]
    found = []
    for _ in range(chance.randint(1, most)):
        where = []
        for key in chance.sample(["a", "b", "m", "q"], chance.choice([1, 1, 2, 2, 3])):
            codes = list(PRESENT[key]) + ([] if key == "m" else ["no_answer"])
            where.append((key, tuple(sorted(chance.sample(codes, chance.randint(1, len(codes) - 1))))))
        found.append(People(tuple(sorted(where)), chance.randint(1, last)))
    return found
