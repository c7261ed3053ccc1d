"""Author checks: each finding is made by one change to a sound questionnaire, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from survey.definition import checks, document
from survey.definition.findings import SAYS, WARNINGS
from survey.texts import texts
from tests.factories.instruments import instrument, names, raw

Change = Callable[[Any], object]


def _question(value: Any, section: int = 0, number: int = 0) -> Any:
    return value["sections"][section]["questions"][number]


def _choice(value: Any, name: str, number: int) -> Any:
    return value["choice_lists"][name]["choices"][number]


def _many(number: int) -> list[dict[str, Any]]:
    return [{"code": str(n), "label": {"vi": f"Mức {n}", "en": f"Level {n}"}} for n in range(number)]


CASES: list[tuple[str, str, str, Change]] = [
    ("language_unusable", "scale", "vi", lambda v: v["languages"].append("vi")),
    ("language_unusable", "scale", "tiếng Việt", lambda v: v["languages"].append("tiếng Việt")),
    ("language_unusable", "scale", "ca-valencia", lambda v: v["languages"].append("ca-valencia")),
    ("no_questions", "texts", "document", lambda v: v["sections"].clear()),
    ("minutes_unusable", "scale", "minutes", lambda v: v.update(minutes=0)),
    ("document_too_large", "scale", "document", lambda v: v["title"].update(vi="Phiếu " * 70_000)),
    ("headline_not_scale", "scale", "Q9", lambda v: v.update(headline="Q9")),
    ("headline_not_scale", "single", "Q1", lambda v: v.update(headline="Q1")),
    ("text_missing", "scale", "title", lambda v: v.update(title={"vi": " ", "en": "Title"})),
    ("text_missing", "matrix", "R1", lambda v: _question(v)["items"][0].update(text="")),
    ("text_unprintable", "scale", "Q1 [vi]", lambda v: _question(v)["text"].update(vi="a\x01b")),
    ("text_unprintable", "scale", "Q1 [vi]", lambda v: _question(v)["text"].update(vi="a\ud800b")),
    ("translation_missing", "scale", "Q1 [en]", lambda v: _question(v)["text"].pop("en")),
    ("key_reserved", "single", "Language", lambda v: _question(v).update(key="Language")),
    ("key_unusable", "single", "@collector", lambda v: _question(v).update(key="@collector")),
    ("key_unusable", "single", "câu1", lambda v: _question(v).update(key="câu1")),
    ("key_unusable", "single", "k" * 33, lambda v: _question(v).update(key="k" * 33)),
    ("key_unusable", "single", "Q1\n", lambda v: _question(v).update(key="Q1\n")),
    ("key_repeated", "matrix", "R1", lambda v: _question(v).update(key="r1")),
    ("key_repeated", "routing", "A", lambda v: v["sections"][1].update(key="A")),
    ("list_unused", "scale", "X", lambda v: v["choice_lists"].update(X={"choices": _many(3)})),
    ("list_too_short", "single", "YN", lambda v: _choice(v, "YN", 0).update(missing=True)),
    ("list_too_long", "multiple", "CH", lambda v: v["choice_lists"].update(CH={"choices": _many(63)})),
    ("list_too_long", "single", "YN", lambda v: v["choice_lists"].update(YN={"choices": _many(251)})),
    ("code_unusable", "single", "YN, -1", lambda v: _choice(v, "YN", 0).update(code="-1")),
    ("code_unusable", "single", "YN, =1", lambda v: _choice(v, "YN", 0).update(code="=1")),
    ("code_unusable", "single", "YN, ", lambda v: _choice(v, "YN", 0).update(code="")),
    ("code_repeated", "single", "YN, 2", lambda v: _choice(v, "YN", 0).update(code="2")),
    ("label_repeated", "single", "YN [en]", lambda v: _choice(v, "YN", 0)["label"].update(en="no ")),
    ("satisfied_unknown", "scale", "HL5, 6", lambda v: v["choice_lists"]["HL5"].update(satisfied=["5", "6"])),
    ("satisfied_unknown", "scale", "HL5, 9", lambda v: v["choice_lists"]["HL5"].update(satisfied=["5", "9"])),
    ("measure_unknown", "scale", "HL5, top", lambda v: v["choice_lists"]["HL5"].update(measure="top")),
    ("measure_levels", "scale", "HL5, nps", lambda v: v["choice_lists"]["HL5"].update(measure="nps")),
    ("measure_levels", "single", "YN, csat", lambda v: v["choice_lists"]["YN"].update(measure="csat")),
    ("satisfied_unset", "housing", "satisfaction", lambda v: v["choice_lists"]["satisfaction"].pop("satisfied")),
    ("section_empty", "routing", "B", lambda v: v["sections"][1]["questions"].clear()),
    ("matrix_empty", "matrix", "Q1", lambda v: _question(v)["items"].clear()),
    ("most_unusable", "multiple", "Q2", lambda v: _question(v, 0, 1).update(most=5)),
    ("shuffle_unusable", "shuffle", "Q1", lambda v: _choice(v, "WH", 1).update(other=True)),
    ("shuffle_unusable", "shuffle", "Q1", lambda v: v["choice_lists"]["WH"]["choices"].reverse()),
    ("shuffle_unusable", "shuffle", "Q1", lambda v: [_choice(v, "WH", n).update(other=True) for n in (1, 2)]),
    ("length_unusable", "texts", "Q1", lambda v: _question(v).update(length=10_001)),
    ("length_unusable", "texts", "Q2", lambda v: _question(v, 0, 1).update(length=0)),
    ("rule_empty", "routing", "Q2", lambda v: _question(v, 0, 1).update(show_if={"question": "Q1", "is": []})),
    ("rule_empty", "routing", "B", lambda v: v["sections"][1].update(show_if={"not": {"any": []}})),
    ("rule_looks_ahead", "routing", "Q2: Q2", lambda v: _question(v, 0, 1)["show_if"].update(question="Q2")),
    ("rule_looks_ahead", "routing", "Q2: Q4", lambda v: _question(v, 0, 1)["show_if"].update(question="Q4")),
    ("rule_unknown_question", "routing", "Q2: Q9", lambda v: _question(v, 0, 1)["show_if"].update(question="Q9")),
    ("rule_on_text", "routing", "B: Q3", lambda v: v["sections"][1].update(show_if={"question": "Q3", "is": ["1"]})),
    ("rule_unknown_code", "routing", "Q2: Q1 = 7", lambda v: _question(v, 0, 1)["show_if"].update({"is": ["7"]})),
    ("index_item_not_scale", "indexes", "ix: Q9", lambda v: v["indexes"][0]["factors"][0].update(items=["Q9"])),
    ("index_item_unscored", "indexes", "ix: R1", lambda v: v["choice_lists"].update(HL5={"choices": _many(3)})),
    ("index_item_repeated", "indexes", "ix: R2", lambda v: v["indexes"][0]["factors"][0].update(items=["R2"])),
    ("index_negative_unknown", "indexes", "ix: Q9", lambda v: v["indexes"][0].update(negative=["Q9"])),
    ("index_negative_share", "indexes", "ix: R2", lambda v: v["indexes"][0].update(negative=["R2"])),
    ("index_empty", "indexes", "ix", lambda v: v["indexes"][0]["factors"][0].update(items=[])),
    ("index_overall_not_scale", "indexes", "ix", lambda v: v["indexes"][0].update(overall="Q1")),
    ("index_overall_not_scale", "indexes", "ix", lambda v: _no_overall(v)),
    ("anchors_unusable", "indexes", "ix", lambda v: v["indexes"][0].update(anchors=[10, 1])),
    ("weight_unusable", "indexes", "ix", lambda v: v["indexes"][0]["factors"][0].update(weight=0)),
    ("weight_unusable", "indexes", "ix", lambda v: v["indexes"][0]["factors"][0].update(weight=float("nan"))),
]


def _no_overall(value: Any) -> None:
    value["indexes"][0].pop("overall")
    value["indexes"][0]["rule"] = "overall_question"


@pytest.mark.parametrize("name", names())
def test_a_sound_questionnaire_has_no_problems(name: str) -> None:
    assert checks.problems(instrument(name)) == ()


@pytest.mark.parametrize(("code", "name", "place", "change"), CASES)
def test_one_wrong_thing_is_found_where_it_is(code: str, name: str, place: str, change: Change) -> None:
    value = raw(name)
    change(value)
    found = checks.problems(document.read(value))
    assert (place, code) in {(one.place, one.code) for one in found}


def test_every_finding_is_proven_here() -> None:
    assert {code for code, *_ in CASES} == set(SAYS)


def test_warnings_come_last_and_are_few() -> None:
    value = raw("scale")
    value["choice_lists"]["X"] = {"choices": _many(3)}
    value["minutes"] = 0
    found = checks.problems(document.read(value))
    assert [(one.code, one.level) for one in found] == [("minutes_unusable", "error"), ("list_unused", "warning")]
    assert set(SAYS) > WARNINGS


def test_a_list_as_long_as_allowed_is_no_problem() -> None:
    for name, choices, number in (("multiple", "CH", 62), ("single", "YN", 250)):
        value = raw(name)
        value["choice_lists"][choices] = {"choices": _many(number)}
        assert checks.problems(document.read(value)) == ()


def test_every_finding_speaks_vietnamese() -> None:
    t = texts("vi")
    assert [said for pair in SAYS.values() for said in pair if t(said) == said] == []
