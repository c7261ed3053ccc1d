"""docs/methodology.md says what the product does: each example is recomputed, and no formula stands without one."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from survey.definition.indexes import Rule
from survey.services import releasing
from survey.statistics.disclosure import PUBLISHED, partition
from survey.statistics.indexes import Item, value
from survey.statistics.means import mean, mean_interval, students_t
from survey.statistics.proportions import sample_size, wilson
from survey.texts import texts
from tests.statistics.surveys import Person, question, questionnaire, result_of

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


def _rescaled(mean: float, levels: int, low: float, high: float) -> Result:
    # An item of a thousand people with this mean.
    step = (high - low) / (levels - 1)
    return Item("i", round(1000 * mean), 1000, low - step, step).value


def _index_interval(rule: str, people: str) -> Result:
    keys = [f"i{place}" for place in range(len(people.split()[0]))]
    code = {"1": "5", "0": "2", "-": ""}
    answers: list[Person] = [dict(zip(keys, (code[one] for one in person), strict=True)) for person in people.split()]
    index = {"key": "ix", "name": "ix", "rule": rule, "factors": [{"key": "F", "name": "F", "items": keys}]}
    return result_of(questionnaire([question(key) for key in keys], [index]), answers).indexes[0].interval


def _groups(**sizes: int) -> str:
    found = partition(sizes, PUBLISHED)
    if found is None:
        return "left out"
    rest = [f"rest {sum(sizes[one] for one in found.pooled)}"] if found.pooled else []
    return ", ".join([f"{one} {sizes[one]}" for one in found.alone] + rest)


def _released(**waiting: int) -> int:
    people = {place: range(number) for place, number in enumerate(waiting.values())}
    return len(releasing.draw(people, random.Random(1).randbytes))


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
        return found
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
    assert PAGE.count("Formula") >= 6


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
