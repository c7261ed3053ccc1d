"""What may stand beside what was shown: each variable is judged by its own people."""

from __future__ import annotations

import random

from survey.statistics.filters import EVERY_ROW
from survey.statistics.showing import Judge, Shown, read
from tests.statistics.surveys import matrix_of, question, questionnaire

ASKED = questionnaire([question("a", "single", "ABC"), question("q")])
PRESENT = {"a": "ABC", "q": "12345"}


def judged(unsaid: int) -> list[frozenset[str]]:
    """For which variables the selections by each code of ``a`` are shown, one after the other."""
    people = [{"a": code, "q": "4"} for code in "ABC" * 30 + "." * unsaid]
    matrix = matrix_of(ASKED, [{**one, "a": one["a"].strip(".")} for one in people])
    asked = [Shown((("a", (code,)),), 1, whole=frozenset({EVERY_ROW, "a", "q"})) for code in "ABC"]
    judge = Judge(matrix, [], asked, PRESENT)
    return [judge.allow(one).whole - {EVERY_ROW} for one in asked]


def test_what_adds_up_for_one_variable_is_no_shortcut_for_another() -> None:
    # The three codes add up to all who answered a. Of q, three who left a blank stand between them and everybody.
    assert judged(unsaid=3) == [frozenset("aq"), frozenset("aq"), frozenset()]
    assert judged(unsaid=5) == [frozenset("aq")] * 3
    assert judged(unsaid=0) == [frozenset("aq")] * 3


def test_a_proof_for_everybody_is_none_for_those_who_answered_where_sets_fall_together() -> None:
    """Among those who answered ``a``, all codes of ``a`` are no condition, and the two ticks differ by one person."""
    asked = questionnaire([question("a", "single", "ABC"), question("m", "multiple", "AB"), question("q")])
    chance = random.Random(1)
    people: list[dict[str, str | list[str]]] = []
    for number in range(600):
        code, first, second = chance.choice("ABC") if number % 4 else "", chance.random() < 0.5, chance.random() < 0.5
        ticks = [("A", first), ("B", first if code else second)]
        people.append({"a": code, "m": [tick for tick, given in ticks if given], "q": chance.choice("12345")})
    next(one for one in people if one["a"] and len(one["m"]) == 2)["m"] = ["A"]
    ticked = ("m", ("A",))
    further = [
        Shown((ticked,), 1, whole=frozenset({EVERY_ROW, "a", "q"})),
        Shown((), 1, "a", parts={"q": (("A",), ("B",))}),
        Shown((("a", ("A", "B", "C")), ticked), 1, whole=frozenset({EVERY_ROW, "q"})),
    ]
    other = Shown((("m", ("B",)),), 1, whole=frozenset({EVERY_ROW, "a", "q"}))
    for history in (further, further[:1]):
        judge = Judge(matrix_of(asked, people), history, [other], {"a": "ABC", "m": "AB", "q": "12345"})
        assert judge.allow(other).whole == {EVERY_ROW, "q"}


def test_what_was_shown_is_read_as_it_was_written() -> None:
    one = Shown((("a", ("A",)),), 3, "b", frozenset({"q"}), {"q": (("1", "2"), ("no_answer", "9"))})
    assert read(one.document()) == one
