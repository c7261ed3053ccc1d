"""The JSON form has the names others rely on, in full precision, with null and a reason for what is not shown."""

from __future__ import annotations

import json

from survey.statistics.document import to_json
from tests.statistics.surveys import Person, question, questionnaire, result_of

ASKED = questionnaire(
    [question("q", text={"vi": "Chung", "en": "Overall"}), question("g", "single", "ABC")],
    [{"key": "ix", "name": "ix", "factors": [{"key": "F", "name": "F", "items": ["q"]}]}],
)
PEOPLE: list[Person] = [{"q": "5", "g": "A"}] * 34 + [{"q": "3", "g": "B"}] * 15 + [{"q": "4", "g": "C"}] * 4


def test_it_has_the_names_others_rely_on() -> None:
    found = json.loads(json.dumps(to_json(result_of(ASKED, PEOPLE), "en")))
    assert {"survey", "version", "cut", "responses", "questions", "indexes"} <= found.keys()
    assert {"as_of", "filters", "hash"} <= found["cut"].keys()
    assert found["cut"]["as_of"] == "2026-10-16"
    assert found["responses"] == {"complete": 53}
    scale = found["questions"][0]
    assert scale["key"] == "q"
    assert scale["type"] == "scale"
    assert scale["label"] == "Overall"
    assert scale["base"] == 53
    assert scale["counts"] == {"1": 0, "2": 0, "3": 15, "4": 4, "5": 34}
    assert scale["missing"] == {"not_asked": 0, "no_answer": 0, "9": 0}
    assert scale["satisfied_percent"] == 100 * 38 / 53
    assert scale["interval"][0] < scale["satisfied_percent"] < scale["interval"][1]
    assert scale["mean"] == (15 * 3 + 4 * 4 + 34 * 5) / 53
    assert scale["suppressed"] is None
    index = found["indexes"][0]
    assert (index["rule"], index["value"]) == ("mean_of_factors", scale["satisfied_percent"])
    assert index["interval"] == scale["interval"]
    assert index["factors"] == [
        {"key": "F", "name": "F", "value": index["value"], "weight": 1.0, "items": {"q": index["value"]}}
    ]
    assert "groups" not in scale


def test_groups_that_are_not_shown_are_null_with_the_reason() -> None:
    two = [one for one in PEOPLE if one["g"] != "B"]
    scale = to_json(result_of(ASKED, two, by="g"), "vi")["questions"][0]
    assert scale["label"] == "Chung"
    assert [group["codes"] for group in scale["groups"]] == [["A"], ["B"], ["C"]]
    assert all(group["base"] is None and group["counts"] is None for group in scale["groups"])
    assert all(group["suppressed"].startswith("Không trình bày theo nhóm") for group in scale["groups"])
    assert scale["groups_suppressed"].startswith("Không trình bày theo nhóm")
    more = to_json(result_of(ASKED, [*PEOPLE, *[{"q": "4", "g": ""}] * 6], by="g"), "vi")["questions"][0]
    assert [(group["codes"], group["base"]) for group in more["groups"]] == [
        (["A"], 34),
        (["B"], 15),
        (["C", "no_answer"], 10),
        (["C"], None),
        (["no_answer"], None),
    ]
    assert more["groups_suppressed"] is None
    assert more["groups"][1]["counts"] is None


def test_a_survey_under_the_threshold_has_only_null_figures() -> None:
    found = to_json(result_of(ASKED, PEOPLE[:4], by="g"), "en")
    for one in found["questions"]:
        assert one["suppressed"]
        assert all(one[name] is None for name in ("base", "counts", "missing", "satisfied_percent", "interval", "mean"))
    assert found["indexes"][0]["value"] is None
    assert found["released"] == 4
