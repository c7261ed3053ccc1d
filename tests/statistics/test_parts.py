"""Parts that consist of several groups, judged together with the breakdown by the groups themselves."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import chain, product

import pytest

from survey.definition.text import Text
from survey.statistics import disclosure, reasons
from survey.statistics.parts import by_part, divided
from survey.statistics.proportions import wilson
from tests.statistics.surveys import matrix_of, question, questionnaire, result

ASKED = questionnaire(
    [question("Q1"), question("Q2")],
    [{"key": "ix", "name": "I", "factors": [{"key": "F", "name": "F", "items": ["Q1", "Q2"]}]}],
)
LEAST = {"Q": 10}


def crowd(sizes: Mapping[str, tuple[int, int]]) -> tuple[list[dict[str, str]], list[str]]:
    """Collector → satisfied and other people."""
    people = [
        ({"Q1": level, "Q2": level}, collector)
        for collector, (happy, other) in sizes.items()
        for level in ["5"] * happy + ["1"] * other
    ]
    return [one for one, _ in people], [collector for _, collector in people]


def test_units_are_shown_over_all_their_collectors() -> None:
    given, came = crowd({"c1": (15, 5), "c2": (8, 12), "c3": (30, 10)})
    found = by_part(matrix_of(ASKED, given, came), ASKED, "Q1", "@collector", {"X": ["c1", "c2"], "Y": ["c3"]})
    assert (found["X"].value, found["X"].base, found["X"].interval) == (57.5, 40, wilson(23, 40))
    assert found["Y"].value == 75.0
    index = by_part(matrix_of(ASKED, given, came), ASKED, "ix", "@collector", {"X": ["c1", "c2"], "Y": ["c3"]})
    assert (index["X"].value, index["X"].base) == (57.5, 40) and index["X"].interval is not None


def test_a_small_collector_enters_only_where_no_subtraction_tells_it() -> None:
    """c2 and c4 are pooled in the breakdown by collector: X − c1 would be the three people of c2."""
    given, came = crowd({"c1": (15, 5), "c2": (1, 2), "c3": (30, 10), "c4": (4, 4)})
    found = by_part(matrix_of(ASKED, given, came), ASKED, "Q1", "@collector", {"X": ["c1", "c2"], "Y": ["c3", "c4"]})
    assert (found["X"].base, found["Y"].base) == (20, 40)
    given, came = crowd({"c1": (15, 5), "c2": (1, 2)})
    matrix = matrix_of(ASKED, given, came)
    for name in ("X", "Y"):
        assert by_part(matrix, ASKED, "Q1", "@collector", {"X": ["c1"], "Y": ["c2"]})[name].suppressed
    whole = by_part(matrix, ASKED, "Q1", "@collector", {"X": ["c1", "c2"]}, final=True)
    assert whole["X"].base == 23, "the breakdown by collector shows nothing, and the survey is closed"
    assert by_part(matrix, ASKED, "Q1", "@collector", {"X": ["c1", "c2"]})["X"].suppressed == reasons.LEFT_OUT


def cells(
    bases: Mapping[str, int], choice: Mapping[str, Sequence[str]], sizes: Mapping[str, int] | None = None
) -> list[int]:
    """Every set of people that sums and differences of both tables can separate."""
    found = disclosure.partition(bases, 10, sizes=sizes)
    pooled = set(bases) - set(found.alone) if found else set(bases)
    rest = [code for code in bases if code not in set(chain.from_iterable(choice.values()))]
    return [sum(bases[code] for code in codes if code in pooled) for codes in (*choice.values(), rest)]


@pytest.mark.parametrize("seed", range(300))
def test_nothing_that_can_be_separated_is_smaller_than_ten(seed: int) -> None:
    chance = random.Random(seed)
    bases = {f"c{n}": chance.choice([0, 2, 7, 12, 30]) for n in range(chance.randint(2, 8))}
    parts: dict[str, list[str]] = {}
    for code in bases:
        parts.setdefault(chance.choice("XYZ"), []).append(code)
    for final, sizes in product((True, False), (None, bases)):
        found = divided({"Q": bases}, parts, LEAST, sizes, final=final)
        if found is None:
            continue
        assert all(set(codes) <= set(parts[name]) for name, codes in found.items())
        assert all(size == 0 or size >= 10 for size in cells(bases, found, sizes))
        assert all(sum(bases[code] for code in codes) >= 10 for codes in found.values() if codes) or final


def test_the_check_can_fail() -> None:
    assert 3 in cells({"c1": 20, "c2": 3, "c3": 8}, {"X": ["c1", "c2"], "Y": ["c3"]})


def test_of_collectors_of_one_size_rankings_and_breakdowns_pool_the_same_one() -> None:
    """c2 comes first in the breakdown, c1 in the answers: were another one pooled here, Y less c1 would be three."""
    given, came = crowd({"c1": (8, 4), "c2": (8, 4), "c3": (30, 10), "c4": (1, 2)})
    matrix = matrix_of(ASKED, given, came)
    labels = {"@collector": {code: Text.of(vi=code) for code in ("c2", "c1", "c3", "c4")}}
    broken_down = result(ASKED, matrix, by="@collector", labels=labels).breakdowns[0]
    alone = {group.codes[0] for group in broken_down.groups if len(group.codes) == 1}
    ranked = by_part(matrix, ASKED, "Q1", "@collector", {"X": ["c2", "c3"], "Y": ["c1", "c4"]})
    for name, codes in (("X", ("c2", "c3")), ("Y", ("c1", "c4"))):
        told = sum({"c1": 12, "c2": 12, "c3": 40, "c4": 3}[code] for code in codes if code in alone)
        rest = (ranked[name].base or told) - told
        assert rest == 0 or rest >= 10, (alone, ranked)
