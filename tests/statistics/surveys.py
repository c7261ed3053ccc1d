"""Small questionnaires and made-up people for the tests of statistics: answers in, ``SurveyResult`` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from survey.aggregation.coding import codings, encode
from survey.aggregation.columns import Matrix
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.statistics.assemble import assemble
from survey.statistics.results import Figures, SurveyResult

Person = Mapping[str, "str | list[str]"]

HL5 = {"choices": [{"code": code, "label": code} for code in "12345"] + [{"code": "9", "label": "9", "missing": True}]}


def questionnaire(questions: Sequence[Mapping[str, Any]], indexes: Sequence[Mapping[str, Any]] = ()) -> Questionnaire:
    """One section of these questions. Their choice lists: ``HL5``, ``AB`` … ``ABCDEF`` (one code a letter)."""
    letters = {
        "ABCDEF"[:size]: {"choices": [{"code": code, "label": code} for code in "ABCDEF"[:size]]}
        for size in range(2, 7)
    }
    return document.read(
        {
            "title": "T",
            "languages": ["vi"],
            "choice_lists": {"HL5": HL5, **letters},
            "sections": [{"key": "S", "title": "S", "questions": [{"text": one["key"], **one} for one in questions]}],
            "indexes": indexes,
        }
    )


def question(key: str, kind: str = "scale", choices: str = "HL5", **more: Any) -> dict[str, Any]:
    """A closed question."""
    return {"key": key, "type": kind, "choices": choices, **more}


def matrix_of(asked: Questionnaire, people: Sequence[Person], collectors: Sequence[str] = ()) -> Matrix:
    """What the response matrix would hold. ``collectors`` gives each person's collector code."""
    came = list(collectors) or ["C"] * len(people)
    known = codings([asked], tuple(dict.fromkeys(came)), ("vi",), ("2026-10",))
    particulars = {
        "@collector": came,
        "@language": ["vi"] * len(people),
        "@version": ["1"] * len(people),
        "@month": ["2026-10"] * len(people),
    }
    block = encode([orjson.dumps(dict(one)) for one in people], particulars, known)
    return Matrix((block,), known)


def result_of(asked: Questionnaire, people: Sequence[Person], **more: Any) -> SurveyResult:
    """The result of these people."""
    return result(asked, matrix_of(asked, people, more.pop("collectors", ())), **more)


def result(asked: Questionnaire, matrix: Matrix, **more: Any) -> SurveyResult:
    """The result over a matrix."""
    standing: dict[str, Any] = {
        "slug": "s",
        "version": 1,
        "responses": {"complete": matrix.rows},
        "as_of": date(2026, 10, 16),
        "release": 1,
        "revisions": {1: 1},
    }
    return assemble(matrix, asked, **(standing | more))


def nothing_shown(figures: Figures) -> bool:
    """Whether a suppressed figure keeps every number back."""
    return bool(figures.suppressed) and figures == Figures(base=None, counts=None, suppressed=figures.suppressed)
