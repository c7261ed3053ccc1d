"""docs/methodology.md says what the product does: each example is recomputed, and no formula stands without one."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.aggregation.complete import complete, joint
from survey.definition.indexes import Rule
from survey.definition.questionnaire import Questionnaire
from survey.services import releasing
from survey.statistics.basis import Basis
from survey.statistics.ddci import Answers, Component, Indicator, ddci_ranking, score
from survey.statistics.differences import holm, newcombe, score_test, square_and_add
from survey.statistics.disclosure import PUBLISHED, partition
from survey.statistics.importance import correlation, correlation_interval
from survey.statistics.indexes import Item, value
from survey.statistics.means import mean, mean_interval, students_t
from survey.statistics.participation import left_blank, response_rate
from survey.statistics.proportions import sample_size, wilson
from survey.statistics.ratios import DEFINITIONS, ratios
from survey.statistics.reliability import alpha
from survey.statistics.results import Weighted
from survey.statistics.scores import nps, top
from survey.statistics.weighting import Frame, design_effect, effective, rake
from survey.texts import texts
from tests.statistics.surveys import Person, matrix_of, question, questionnaire, result_of

PAGE = (Path(__file__).parents[2] / "docs" / "methodology.md").read_text(encoding="utf-8")

Result = float | tuple[float, float] | str | None


def _rounded(number: float, decimals: int) -> str:
    return texts("en").number(number, decimals)


def _share(count: int, base: int) -> Result:
    answers: list[Person] = [{"g": "A"}] * count + [{"g": "B"}] * (base - count)
    return result_of(questionnaire([question("g", "single", "AB")]), answers).question("g").figures.percent("A")


def _satisfied_share(levels: str) -> Result:
    *counts, missing = levels.split()
    code, people = missing.split("*")
    codes = [str(level) for level, count in enumerate(counts, 1) for _ in range(int(count))] + [code] * int(people)
    answers: list[Person] = [{"q": one} for one in codes]
    return result_of(questionnaire([question("q")]), answers).question("q").figures.satisfied_percent


def _index(rule: str, **factors: str) -> Result:
    groups = [
        (1.0, [Item(f"{key}{place}", *map(int, pair.split("/"))) for place, pair in enumerate(pairs.split())])
        for key, pairs in factors.items()
    ]
    return value(groups, Rule(rule))


def _rescaled(mean: float, levels: int, low: float, high: float, negative: bool = False) -> Result:
    # A thousand people with this mean, who choose the highest level or the one below it.
    top = round(1000 * (mean - (levels - 1)))
    answers: list[Person] = [{"q": str(levels)}] * top + [{"q": str(levels - 1)}] * (1000 - top)
    index = {
        "key": "ix",
        "name": "ix",
        "scoring": "rescaled_mean",
        "anchors": [low, high],
        "factors": [{"key": "F", "name": "F", "items": ["q"]}],
        "negative": ["q"] if negative else [],
    }
    return result_of(questionnaire([question("q")], [index]), answers).indexes[0].value


def _index_interval(rule: str, people: str) -> Result:
    keys = [f"i{place}" for place in range(len(people.split()[0]))]
    code = {"1": "5", "0": "2", "-": ""}
    answers: list[Person] = [dict(zip(keys, (code[one] for one in person), strict=True)) for person in people.split()]
    index = {"key": "ix", "name": "ix", "rule": rule, "factors": [{"key": "F", "name": "F", "items": keys}]}
    return result_of(questionnaire([question(key) for key in keys], [index]), answers).indexes[0].interval


def _groups(**sizes: int) -> str:
    found = partition(sizes, PUBLISHED, sizes=sizes)
    if found is None:
        return "left out"
    rest = [f"rest {sum(sizes[one] for one in found.pooled)}"] if found.pooled else []
    return ", ".join([f"{one} {sizes[one]}" for one in found.alone] + rest)


def _released(**waiting: int) -> int:
    people = {place: range(number) for place, number in enumerate(waiting.values())}
    return len(releasing.draw(people, random.Random(1).randbytes))


def _numbers(levels: str) -> list[int]:
    return [int(one) for one in levels.split()]


def _rows(people: str) -> tuple[Questionnaire, list[Person], list[str]]:
    keys = [f"i{place}" for place in range(len(people.split()[0]))]
    return (
        questionnaire([question(key) for key in keys]),
        [dict(zip(keys, one, strict=True)) for one in people.split()],
        keys,
    )


LEVELS = {f"i{place}": {str(level): level for level in range(1, 6)} for place in range(9)}


def _alpha(people: str) -> Result:
    asked, rows, keys = _rows(people)
    return alpha(complete(matrix_of(asked, rows), keys, LEVELS))


def _correlation(people: str) -> Result:
    asked, rows, (first, second) = _rows(people)
    return correlation(joint(matrix_of(asked, rows), [first], second, LEVELS)[first])


def _framed(groups: dict[str, str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    pairs = [tuple(map(int, one.split(" of "))) for one in groups.values()]
    rows = np.array([*(rows for rows, _ in pairs), 0])
    weights = rake(rows, (len(rows),), [[people for _, people in pairs]])
    assert weights is not None
    return rows, weights


def _weights(**groups: str) -> str:
    return ", ".join(f"{key} {one:.3f}" for key, one in zip(groups, _framed(groups)[1], strict=False))


def _raked(rows: str, first: str, second: str) -> str:
    counts = np.array([[*_numbers(line), 0] for line in rows.split(" / ")] + [[0, 0, 0]])
    weights = rake(counts.ravel(), (3, 3), [_numbers(first), _numbers(second)])
    assert weights is not None
    return " / ".join(" ".join(f"{one:.3f}" for one in line[:2]) for line in weights.reshape(3, 3)[:2])


def _weighted(groups: dict[str, str]) -> Weighted:
    people: list[Person] = []
    frame = {}
    for key, written in groups.items():
        counts, frame[key] = written.split(" of ")
        satisfied, base = map(int, counts.split("/"))
        people += [{"q": "5", "g": key}] * satisfied + [{"q": "2", "g": key}] * (base - satisfied)
    index = {"key": "ix", "name": "ix", "factors": [{"key": "F", "name": "F", "items": ["q"]}]}
    asked = questionnaire([question("q"), question("g", "single", "AB")], [index])
    basis = Basis(frame=Frame({"g": {key: int(number) for key, number in frame.items()}}))
    return result_of(asked, people, basis=basis, deeper=True).weighted[0]


def _ratio(key: str, whole: int, part: int) -> Result:
    (one,) = [one for one in DEFINITIONS if one.key == key]
    return ratios({one.whole: whole, one.part: part})[0].value


def _ddci(low: float | None = None, high: float = 0, **means: float) -> str:
    units = [Answers(name, 100, {"i": (round(mean * 100), 100)}) for name, mean in means.items()]
    anchors = None if low is None else {"i": (low, high)}
    found = {
        one.unit: one.value for one in ddci_ranking((Component("C", (Indicator("i"),)),), units, anchors=anchors).units
    }
    return ", ".join(f"{name} {'none' if (one := found[name]) is None else _rounded(one, 1)}" for name in means)


def _left_blank(answered: int, not_applicable: int, blank: int, not_asked: int) -> Result:
    people: list[Person] = [{"q": "5"}] * answered + [{"q": "9"}] * not_applicable + [{"q": ""}] * blank
    found = result_of(questionnaire([question("q")]), [*people, *[{}] * not_asked])
    return left_blank(found.question("q").figures, found.released)


EXAMPLES: dict[str, Callable[..., Result]] = {
    "rounded": _rounded,
    "share": _share,
    "satisfied_share": _satisfied_share,
    "share_interval": wilson,
    "mean": lambda levels: mean([int(one) for one in levels.split()]),
    "mean_interval": lambda levels, population=None: mean_interval([int(one) for one in levels.split()], population),
    "t_point": lambda people: students_t(people - 1),
    "sample_size": sample_size,
    "index": _index,
    "rescaled": _rescaled,
    "index_interval": _index_interval,
    "nps": lambda levels: nps(_numbers(levels))[0],
    "nps_interval": lambda levels: nps(_numbers(levels))[1],
    "csat": lambda levels: top(_numbers(levels), 2)[0],
    "ces": lambda levels: top(_numbers(levels), 3)[0],
    "ces_interval": lambda levels: top(_numbers(levels), 3)[1],
    "difference_interval": lambda a, n, b, m: newcombe((a, n), (b, m)),
    "difference_test": lambda a, n, b, m: score_test((a, n), (b, m)),
    "estimates_difference": lambda a, low, high, b, least, most: square_and_add(a, (low, high), b, (least, most)),
    "holm": lambda *found: " ".join(f"{one:.2f}" for one in holm(found)),
    "alpha": _alpha,
    "correlation": _correlation,
    "correlation_interval": correlation_interval,
    "weights": _weights,
    "design_effect": lambda **groups: design_effect(*_framed(groups)),
    "effective": lambda **groups: effective(*_framed(groups)),
    "raked": _raked,
    "weighted_index": lambda **groups: _weighted(groups).value,
    "weighted_interval": lambda **groups: _weighted(groups).interval,
    "ratio": _ratio,
    "ddci": _ddci,
    "ddci_score": lambda mean, low, high, negative: score(mean, (low, high), negative),
    "response_rate": response_rate,
    "left_blank": _left_blank,
    "released": _released,
    "groups": _groups,
}


def examples(page: str) -> Iterator[str]:
    for block in re.findall(r"^```example\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


def holds(example: str) -> bool:
    """Whether computing what stands left of `` = `` gives what stands right, to the decimals printed there."""
    asked, said = example.rsplit(" = ", 1)
    call = ast.parse(asked, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    positional = [ast.literal_eval(one) for one in call.args]
    named = {one.arg or "": ast.literal_eval(one.value) for one in call.keywords}
    return _printed(EXAMPLES[call.func.id](*positional, **named), said) == said


def _printed(found: Result, like: str) -> str:
    if isinstance(found, str):
        return f'"{found}"' if like.startswith('"') else found
    if found is None:
        return "none"
    numbers = found if isinstance(found, tuple) else (found,)
    places = [Decimal(1).scaleb(-len(one.partition(".")[2])) for one in like.split(" to ")]
    if len(places) != len(numbers):
        return repr(found)
    return " to ".join(
        str(Decimal(repr(number)).quantize(place, ROUND_HALF_UP)) for number, place in zip(numbers, places, strict=True)
    )


def without_example(page: str) -> list[str]:
    """Sections that state a formula and compute none."""
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    return [one.splitlines()[0] for one in sections if "Formula" in one and not list(examples(one))]


@pytest.mark.parametrize("example", list(examples(PAGE)))
def test_each_example_is_what_the_product_computes(example: str) -> None:
    assert holds(example)


def test_no_formula_stands_without_a_computed_example() -> None:
    assert without_example(PAGE) == []
    assert PAGE.count("Formula") >= 19


def test_every_kind_of_example_is_used() -> None:
    assert {example.partition("(")[0] for example in examples(PAGE)} == set(EXAMPLES)


def test_a_wrong_figure_and_a_formula_without_example_would_be_seen() -> None:
    assert not holds("share_interval(47, 52) = 79.4 to 95.9")
    assert not holds("share_interval(47, 52) = none")
    assert not holds("groups(A=40, B=30, C=9) = A 40, B 30, rest 9")
    bare = re.sub(r"^```example\n.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert "Interval of a share" in without_example(bare)


def test_the_sentence_on_volunteers_and_what_is_unverified_are_there() -> None:
    assert "not a random sample" in PAGE
    assert "**to be verified**" in PAGE
