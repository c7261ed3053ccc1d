"""The product against an independent plain program, over generated surveys with missing codes, filters and weights.

A hundred surveys by default, a thousand with ``PHIEU_PROVE=1``. Programs with one formula changed have to be found out.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from survey.errors import PhieuError
from survey.statistics.basis import Basis
from survey.statistics.ddci import Answers, Component, Indicator, ddci_ranking
from survey.statistics.participation import left_blank, response_rate
from survey.statistics.proportions import sample_size
from survey.statistics.results import Figures, SurveyResult
from survey.statistics.weighting import Frame
from tests.statistics import plain
from tests.statistics.plain_studies import LISTS, Study, study
from tests.statistics.surveys import result_of

SURVEYS = 1000 if os.environ.get("PHIEU_PROVE") else 100

Told = tuple[str, object, object]
"""Formula, what the product says, what the plain program says."""


def differing(program: SimpleNamespace) -> Iterator[str]:
    """The formulas in which the product and the program tell different things."""
    for seed in range(SURVEYS):
        yield from (formula for formula, one, other in both(study(seed), program) if not same(one, other))


def same(first: object, second: object) -> bool:
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, float) or isinstance(second, float):
        return (
            isinstance(first, int | float)
            and isinstance(second, int | float)
            and isclose(first, second, rel_tol=1e-9, abs_tol=1e-9)
        )
    return first == second


def both(one: Study, program: ModuleType | SimpleNamespace) -> Iterator[Told]:
    """Every figure of the survey, by the product and by the program."""
    asked, basis = one.questionnaire, Basis(frame=Frame(one.frame, "x"))
    more: dict[str, Any] = {"population": one.population, "basis": basis}
    whole = result_of(asked, one.people, by="g", deeper=True, **more)
    yield from _everybody(one, whole, program)
    yield from _indexes(one, whole, program)
    yield from _groups(one, whole, program)
    yield from _deep(one, whole, program)
    try:
        part = result_of(asked, one.people, filters=(one.where,), **more)
    except PhieuError:
        return
    inside = [person for person in one.people if person.get(one.where[0]) in one.where[1]]
    for key, name in one.scales.items():
        figures = part.question(key).figures
        if not figures.suppressed:
            yield from _scale(inside, key, name, figures, None, program, "filter")


def _known(one: Study) -> int | None:
    return one.population if one.population is not None and one.population >= len(one.people) else None


def _everybody(one: Study, result: SurveyResult, program: Any) -> Iterator[Told]:
    for key, name in one.scales.items():
        figures, levels = result.question(key).figures, LISTS[name][0]
        base = sum(person.get(key) in levels for person in one.people)
        yield "shown", not figures.suppressed, len(one.people) >= 5 and (base == 0 or base >= 5)
        if figures.suppressed:
            continue
        yield from _scale(one.people, key, name, figures, _known(one), program, "whole")
        yield "left_blank", left_blank(figures, result.released), program.blank_share(one.people, key)
    if len(one.people) >= 5:
        for score in result.scores:
            yield from _score(one, score, program)
    if one.population:
        yield "sample_size", sample_size(one.population), program.sample_size(one.population)
        answered = min(len(one.people), one.population)
        yield "rr1", response_rate(answered, one.population), program.rr1(answered, one.population)


def _scale(
    people: Sequence[plain.Person],
    key: str,
    name: str,
    figures: Figures,
    population: int | None,
    program: Any,
    where: str,
) -> Iterator[Told]:
    levels, satisfied, _ = LISTS[name]
    scores = [float(levels.index(person[key]) + 1) for person in people if person.get(key) in levels]
    yield f"{where} base", figures.base, len(scores)
    if satisfied:
        hits = sum(person.get(key) in satisfied for person in people)
        yield f"{where} share", figures.satisfied_percent, 100 * hits / len(scores) if scores else None
        yield f"{where} share_interval", figures.interval, program.wilson(hits, len(scores), population)
    if figures.counts is None:
        yield f"{where} few", where == "filter" and len(scores) < 30, True
        return
    yield f"{where} mean", figures.mean, sum(scores) / len(scores) if scores else None
    ends = (1.0, float(len(levels)))
    yield f"{where} mean_interval", figures.mean_interval, program.mean_interval(scores, ends, population)


def _score(one: Study, score: Any, program: Any) -> Iterator[Told]:
    name = one.scales[score.key]
    levels = LISTS[name][0]
    places = [levels.index(person[score.key]) for person in one.people if person.get(score.key) in levels]
    if score.suppressed:
        yield "score shown", 0 < len(places) < 5, True
        return
    if score.measure == "nps":
        people = [100.0 if place > 8 else -100.0 if place < 7 else 0.0 for place in places]
        yield "nps", score.value, sum(people) / len(people) if people else None
        yield "nps_interval", score.interval, program.mean_interval(people, (-100.0, 100.0), _known(one))
    else:
        hits = sum(place >= (4 if score.measure == "ces" else 3) for place in places)
        yield score.measure, score.value, 100 * hits / len(places) if places else None
        yield f"{score.measure}_interval", score.interval, program.wilson(hits, len(places), _known(one))


def _worth(one: Study, result: SurveyResult, index: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Item → code → value of an answer, for the items that are shown and were answered."""
    worth = {}
    for key in keys:
        levels, satisfied, _ = LISTS[one.scales[key]]
        if not result.question(key).figures.base:
            continue
        if index.get("scoring"):
            worth[key] = {code: 1 + 9 * place / (len(levels) - 1) for place, code in enumerate(levels)}
        else:
            worth[key] = {code: 100.0 * (code in satisfied) for code in levels}
    return worth


def _asked_of(index: Mapping[str, Any]) -> tuple[list[tuple[float, list[str]]], str, tuple[float, float]]:
    factors = [(factor["weight"], factor["items"]) for factor in index["factors"]]
    rule = index["rule"]
    ends = (1.0, 10.0) if index.get("scoring") else (0.0, 100.0)
    return ([(1.0, ["o"])], "mean_of_items", ends) if rule == "overall_question" else (factors, rule, ends)


def _indexes(one: Study, result: SurveyResult, program: Any) -> Iterator[Told]:
    for index, found in zip(one.indexes, result.indexes, strict=True):
        factors, rule, ends = _asked_of(index)
        worth = _worth(one, result, index, [item for _, items in factors for item in items])
        value, around, people = program.index(one.people, factors, worth, rule, ends, population=_known(one))
        yield f"index {index['rule']}", found.value, value
        if value is None:
            continue
        yield "index base", found.base, people
        if len(worth) == 1 and not index.get("scoring"):
            # One item is a share, and carries Wilson's interval.
            (key,) = worth
            levels, satisfied, _ = LISTS[one.scales[key]]
            answers = [person[key] for person in one.people if person.get(key) in levels]
            around = program.wilson(sum(answer in satisfied for answer in answers), len(answers), _known(one))
        yield f"index_interval {index['rule']}", found.interval, around


def _groups(one: Study, result: SurveyResult, program: Any) -> Iterator[Told]:
    codes = [*LISTS["G"][0], "without", "not asked"]
    tested: list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[int, int, int, int]]] = []
    for key, name in one.scales.items():
        levels, satisfied, _ = LISTS[name]
        (breakdown,) = [found for found in result.breakdowns if found.key == key]
        members: dict[str, list[str]] = {code: [] for code in codes}
        for person in one.people:
            group = person.get("g", "not asked")
            members[group if group in members else "without"].append(person.get(key, ""))
        sizes = {code: sum(answer in levels for answer in answers) for code, answers in members.items()}
        people = {code: len(answers) for code, answers in members.items()}
        parts = program.partition(sizes, 10, people) if len(one.people) >= 5 else None
        if not any(sizes.values()):
            continue
        yield "groups", bool(breakdown.groups), parts is not None
        if parts is None:
            continue
        groups = [(one,) for one in parts[0]] + ([tuple(parts[1])] if parts[1] else [])
        for group, shown in zip(groups, breakdown.groups, strict=True):
            answers = [answer for code in group for answer in members[code]]
            yield "group base", shown.figures.base, sum(answer in levels for answer in answers)
        if satisfied:
            counted = [
                (
                    group,
                    sum(answer in satisfied for code in group for answer in members[code]),
                    sum(sizes[code] for code in group),
                )
                for group in groups
            ]
            tested += [
                (key, g, h, (a, n, b, m)) for place, (g, a, n) in enumerate(counted) for h, b, m in counted[place + 1 :]
            ]
    found = [(each.key, difference) for each in result.comparisons for difference in each.differences]
    yield "pairs", len(found), len(tested)
    adjusted = program.holm([program.equal_shares(*four) for *_, four in tested])
    for (key, difference), (other, _, _, four), chance in zip(found, tested, adjusted, strict=True):
        a, n, b, m = four
        yield "pair", key, other
        yield "difference", difference.points, 100 * a / n - 100 * b / m
        yield "difference_interval", difference.interval, program.newcombe(*four)
        yield "difference_p", difference.p, program.equal_shares(*four)
        yield "holm", (difference.p_adjusted, difference.shown), (chance, chance < 0.05)


def _deep(one: Study, result: SurveyResult, program: Any) -> Iterator[Told]:
    def scored(keys: Sequence[str]) -> list[list[int]]:
        rows = []
        for person in one.people:
            if all(person.get(key) in LISTS[one.scales[key]][0] for key in keys):
                rows.append([LISTS[one.scales[key]][0].index(person[key]) + 1 for key in keys])
        return rows

    for each in result.reliability:
        rows = scored(each.items) if each.items else []
        alpha = program.alpha(rows) if len(rows) >= 30 else None
        yield "alpha", each.alpha, None if alpha is None else round(alpha, 2)
        if each.alpha is not None:
            yield "alpha people", each.people, len(rows)
    for priorities in result.priorities:
        told = {point.key: point for point in priorities.points}
        for item in [key for key in one.scales if key.startswith("q")]:
            rows = scored([item, "o"])
            enough = len(rows) >= 30 and result.question(item).figures.base is not None
            r = program.correlation([row[0] for row in rows], [row[1] for row in rows]) if enough else None
            yield "importance", round(told[item].importance, 2) if item in told else None, r and round(r, 2)
            if r is not None and item in told:
                around = program.fisher(r, len(rows))
                yield "importance_interval", told[item].interval, around and tuple(round(end, 2) for end in around)
    yield from _weighted(one, result, program)


def _weighted(one: Study, result: SurveyResult, program: Any) -> Iterator[Told]:
    margins: dict[str, dict[str, str]] = {}
    frame: dict[str, dict[str, float]] = {}
    possible = True
    for key, stated in one.frame.items():
        sizes = {code: sum(person.get(key) == code for person in one.people) for code in stated}
        parts = program.partition(sizes, 10)
        if parts is None or (not parts[1] and not all(sizes.values())):
            possible = False
            break
        margins[key] = {code: code if code in parts[0] else "rest" for code in (*parts[0], *parts[1])}
        frame[key] = {}
        for code, group in margins[key].items():
            frame[key][group] = frame[key].get(group, 0.0) + stated[code]
    for index, found in zip(one.indexes, result.weighted, strict=True):
        factors, rule, ends = _asked_of(index)
        worth = _worth(one, result, index, [item for _, items in factors for item in items])
        weights = program.person_weights(one.people, margins, frame) if possible and worth else None
        if weights is None or not _cells_safe(one, margins, worth):
            yield "weighted refused", found.value, None
            continue
        value, around, _ = program.index(one.people, factors, worth, rule, ends, weights=weights)
        inside = [
            weight
            for person, weight in zip(one.people, weights, strict=True)
            if any(person.get(item) in worth[item] for item in worth)
        ]
        kind = "raked" if len(margins) > 1 else "post-stratified"
        yield f"{kind} value", found.value, value
        yield f"{kind} interval", found.interval, around
        yield "design_effect", found.design_effect, program.kish(inside)
        yield "effective", found.effective, len(inside) / program.kish(inside)


def _cells_safe(one: Study, margins: Mapping[str, Mapping[str, str]], worth: Mapping[str, Any]) -> bool:
    def cell(person: plain.Person) -> tuple[str, ...]:
        return tuple(plain.group_of(person, key, groups) for key, groups in margins.items())

    everybody = Counter(cell(person) for person in one.people)
    each = [Counter(cell(person) for person in one.people if person.get(item) in worth[item]) for item in worth]
    return all(size >= 10 for counter in (everybody, *each) for size in counter.values())


@pytest.fixture(scope="module")
def told() -> Counter[str]:
    """How often each formula was compared, over all surveys; any difference fails here."""
    counted: Counter[str] = Counter()
    for seed in range(SURVEYS):
        for formula, product, program in both(study(seed), plain):
            assert same(product, program), (seed, formula, product, program)
            counted[formula] += product is not None
    return counted


def test_the_product_and_the_plain_program_tell_the_same(told: Counter[str]) -> None:
    assert sum(told.values()) > 100 * SURVEYS


@pytest.mark.parametrize(
    ("formula", "times"),
    [
        ("whole share_interval", 300),
        ("filter share_interval", 50),
        ("whole mean_interval", 300),
        ("filter mean_interval", 25),
        ("left_blank", 300),
        ("nps_interval", 50),
        ("csat_interval", 50),
        ("ces_interval", 50),
        ("index_interval mean_of_factors", 20),
        ("index_interval mean_of_items", 20),
        ("index_interval pooled_answers", 20),
        ("index_interval overall_question", 20),
        ("difference_interval", 300),
        ("holm", 300),
        ("alpha", 30),
        ("importance", 60),
        ("importance_interval", 60),
        ("post-stratified value", 15),
        ("post-stratified interval", 15),
        ("raked value", 3),
        ("raked interval", 3),
        ("design_effect", 20),
        ("sample_size", 50),
        ("rr1", 50),
    ],
)
def test_each_formula_was_compared_often(told: Counter[str], formula: str, times: int) -> None:
    assert told[formula] >= times * SURVEYS / 100


def test_ratios_and_rankings_are_the_same_too() -> None:
    chance = random.Random(4)
    keys = ["a", "b", "c"]
    components = ((2.0, (("a", False), ("b", True))), (1.0, (("c", False),)))
    ours = tuple(
        Component(str(place), tuple(Indicator(*one) for one in indicators), weight)
        for place, (weight, indicators) in enumerate(components)
    )
    for _ in range(SURVEYS):
        units = {f"U{place}": {key: chance.randint(100, 500) for key in keys} for place in range(chance.randint(2, 6))}
        said = [Answers(name, 100, {key: (total, 100) for key, total in sums.items()}) for name, sums in units.items()]
        means = {name: {key: total / 100 for key, total in sums.items()} for name, sums in units.items()}
        anchors = chance.choice([None, {key: (1.0 + chance.random(), 4.0 + chance.random()) for key in keys}])
        found = {one.unit: one.value for one in ddci_ranking(ours, said, anchors=anchors).units}
        expected = plain.ddci(means, components, anchors)
        assert {name: same(found[name], value) for name, value in expected.items()} == dict.fromkeys(units, True)


def _changed(**functions: Any) -> SimpleNamespace:
    kept = {name: getattr(plain, name) for name in dir(plain) if not name.startswith("_")}
    return SimpleNamespace(**(kept | functions))


@pytest.mark.parametrize(
    ("formula", "program"),
    [
        ("share_interval", _changed(wilson=lambda hits, n, population=None: plain.wilson(hits, n))),
        ("mean_interval", _changed(mean_interval=lambda scores, ends, population=None: None)),
        ("difference_interval", _changed(newcombe=lambda a, n, b, m: plain.newcombe(a, n, b + 1, m + 1))),
        ("holm", _changed(holm=lambda chances: [min(1.0, len(chances) * one) for one in chances])),
        ("index", _changed(index=lambda people, factors, worth, rule, ends, **more: plain.index(
            people, factors, worth, "mean_of_items", ends, **more
        ))),
        ("post-stratified", _changed(person_weights=lambda people, margins, frame: [1.0] * len(people))),
        ("design_effect", _changed(kish=lambda weights: 1.0)),
        ("alpha", _changed(alpha=lambda rows: (plain.alpha(rows) or 0) * 0.9)),
        ("importance", _changed(correlation=lambda x, y: (plain.correlation(x, y) or 0) ** 2)),
        ("left_blank", _changed(blank_share=lambda people, key: 0.0)),
    ],
)  # fmt: skip
def test_a_program_with_one_formula_changed_is_found_out(formula: str, program: SimpleNamespace) -> None:
    assert any(formula in one for one in differing(program))
