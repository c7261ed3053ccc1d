"""What the JSON document has beside questions and indexes: every name others rely on, null and a reason otherwise."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from survey.statistics.basis import Basis
from survey.statistics.document import to_json
from survey.statistics.weighting import Frame
from tests.statistics.surveys import Person, question, questionnaire, result_of

INDEX = {
    "key": "ix",
    "name": "ix",
    "overall": "o",
    "factors": [{"key": "F", "name": "F", "items": ["q", "r"], "weight": 2}],
}
ASKED = questionnaire([question(key) for key in "qro"] + [question("g", "single", "AB")], [INDEX])
BASIS = Basis(
    frame=Frame({"g": {"A": 30, "B": 70}}, "Sổ"),
    counts={"dossiers": 580, "dossiers_bad": 23},
    targets={"ix": 80.0, "gone": 5.0},
)


def _people(number: int) -> list[Person]:
    chance = random.Random(1)
    return [{**{key: chance.choice("2345") for key in "qro"}, "g": chance.choice("AB")} for _ in range(number)]


def _document(number: int) -> dict[str, Any]:
    found = result_of(ASKED, _people(number), by="g", basis=BASIS, deeper=True)
    document: dict[str, Any] = json.loads(json.dumps(to_json(found, "en"), allow_nan=False))
    return document


def test_everything_computed_stands_under_its_name() -> None:
    found = _document(200)
    assert found["targets"] == {"ix": 80.0}, "a target of what is gone is not told"
    (ratio,) = found["ratios"]
    assert ratio["value"] == pytest.approx(100 * 557 / 580) and "silence counts as satisfied" in ratio["note"]
    assert [one["factor"] for one in found["reliability"]] == ["F"]
    (priorities,) = found["priorities"]
    assert [point["key"] for point in priorities["points"]] == ["q", "r"] and priorities["suppressed"] is None
    (weighted,) = found["weighted"]
    assert weighted["margins"] == ["g"] and weighted["effective"] < 200 and weighted["source"] == "Sổ"
    assert {one["key"] for one in found["comparisons"]} == {"q", "r", "o"}
    (difference,) = found["comparisons"][0]["differences"]
    assert difference.keys() == {"first", "second", "points", "interval", "p", "p_adjusted", "shown"}
    assert found["questions"][0]["left_blank_percent"] == 0.0
    assert found["indexes"][0]["factors"][0]["weight"] == 2.0 and found["indexes"][0]["overall"] == "o"


def test_of_few_people_there_is_a_reason_and_no_number() -> None:
    found = _document(12)
    for part in ("reliability", "priorities", "weighted"):
        for one in found[part]:
            numbers = {name: one.get(name) for name in ("alpha", "people", "value", "interval", "effective")}
            assert one["suppressed"] and not any(numbers.values()), (part, one)
    assert found["priorities"][0]["points"] == []
    assert found["comparisons"] == [] and found["ratios"][0]["value"]
