"""An index opened to its counts and formula, and groups held against each other in words, laid out for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.charts.index_dots import rule_name
from survey.definition.indexes import Rule
from survey.definition.text import Text
from survey.reports.method import index_method
from survey.statistics.indexes import shares_of
from survey.statistics.results import (
    Comparison,
    Figures,
    IndexResult,
    Interval,
    QuestionResult,
    SurveyResult,
    Weighted,
)
from survey.texts import Texts


@dataclass(frozen=True)
class Row:
    """An item of an index: what was counted, its value, its share in the index and what it brings to it."""

    factor: str
    key: str
    label: str
    counted: str
    value: str
    share: str
    brings: str


@dataclass(frozen=True)
class Opened:
    """An index in words. ``others`` are its values under the other rules; ``sum`` is what the rows add up to."""

    key: str
    name: str
    value: str
    around: str
    base: str
    suppressed: str
    rule: str
    method: tuple[str, ...]
    rows: tuple[Row, ...]
    sum: str
    others: tuple[tuple[str, str], ...]
    target: str
    reached: str
    weighted: str
    weights: str


def opened(result: SurveyResult, index: IndexResult, t: Texts) -> Opened:
    """One index with everything its value comes from."""
    questions = {one.key: one for one in result.questions}
    weighted = next((one for one in result.weighted if one.index == index.key), None)
    told, weights = _weighted(weighted, index, questions, t)
    target = result.targets.get(index.key)
    others = [(rule, value) for rule, value in index.values.items() if rule is not index.rule]
    return Opened(
        key=index.key,
        name=index.name.to(t.language),
        value=figure(index.value, index.unit, t),
        around=around(index.interval, index.unit, t),
        base=t.number(index.base),
        suppressed=t(index.suppressed) if index.suppressed else "",
        rule=rule_name(index.rule, t),
        method=index_method(index, t, t.language),
        rows=_rows(index, questions, t),
        sum=figure(index.value, index.unit, t),
        others=tuple((rule_name(rule, t), figure(value, index.unit, t)) for rule, value in others),
        target="" if target is None else figure(target, index.unit, t),
        reached=_reached(index, target, t),
        weighted=told,
        weights=weights,
    )


def figure(value: float | None, unit: str, t: Texts) -> str:
    """A value of an index."""
    if value is None:
        return "–"
    return t.percent(value, 2) if unit == "percent" else t.number(value, 2)


def around(interval: Interval | None, unit: str, t: Texts) -> str:
    """Its interval, or nothing."""
    return "" if interval is None else f"{figure(interval[0], unit, t)} – {figure(interval[1], unit, t)}"


def _rows(index: IndexResult, questions: Mapping[str, QuestionResult], t: Texts) -> tuple[Row, ...]:
    if index.rule is Rule.OVERALL_QUESTION:
        groups = [("", 1.0, {index.overall or "": index.value})]
    else:
        groups = [(one.name.to(t.language), one.weight, dict(one.items)) for one in index.factors]
    bases = [
        (weight, [(key, float(questions[key].figures.base or 0)) for key, value in items.items() if value is not None])
        for _, weight, items in groups
    ]
    parts = shares_of(bases, index.rule if index.rule is not Rule.OVERALL_QUESTION else Rule.MEAN_OF_ITEMS)
    rows = []
    for name, _, items in groups:
        for key, value in items.items():
            label = questions[key].label.to(t.language) if key in questions else key
            share = parts.get(key)
            brings = None if share is None or value is None else share * value
            rows.append(
                Row(
                    factor=name,
                    key=key,
                    label=label,
                    counted=_counted(questions[key].figures, index, key, t) if key in questions else "–",
                    value=figure(value, index.unit, t),
                    share=t.percent(None if share is None else 100 * share, 2),
                    brings=figure(brings, "points", t),
                )
            )
    return tuple(rows)


def _counted(figures: Figures, index: IndexResult, key: str, t: Texts) -> str:
    if figures.base is None:
        return "–"
    if index.unit == "percent":
        return f"{t.number(figures.satisfied or 0)} / {t.number(figures.base)}"
    mean, base = t.number(figures.mean or 0.0, 2), t.number(figures.base)
    if key in index.negative:
        return t("mean {mean} of {base}, counted in reverse", mean=mean, base=base)
    return t("mean {mean} of {base}", mean=mean, base=base)


def _reached(index: IndexResult, target: float | None, t: Texts) -> str:
    """Whether a target is met, as far as the interval tells."""
    if target is None or index.value is None:
        return ""
    low, high = index.interval or (index.value, index.value)
    if low >= target:
        return t("reached, also by the interval")
    if high < target:
        return t("missed, also by the interval")
    return t("cannot be told: the target lies within the interval")


def _weighted(
    weighted: Weighted | None, index: IndexResult, questions: Mapping[str, QuestionResult], t: Texts
) -> tuple[str, str]:
    if weighted is None:
        return "", ""
    if weighted.value is None:
        return "", t(weighted.suppressed)
    told = figure(weighted.value, index.unit, t)
    ends = around(weighted.interval, index.unit, t)
    return f"{told} ({ends})" if ends else told, t(
        "Weighted to the frame by {margins}, from {source}; design effect {effect}, effective n {number} of {base}.",
        margins=", ".join(f"“{questions[key].label.to(t.language).rstrip(' :')}”" for key in weighted.margins),
        source=weighted.source,
        effect=t.number(weighted.design_effect, 2),
        number=t.number(weighted.effective, 0),
        base=t.number(index.base),
    )


@dataclass(frozen=True)
class Compared:
    """One question by groups: the pairs that are shown to differ in sentences, and all pairs as rows."""

    key: str
    label: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str, bool], ...]


def compared(result: SurveyResult, t: Texts) -> tuple[Compared, ...]:
    """Every comparison of the result's breakdown."""
    labels = {
        (breakdown.key, breakdown.by, group.codes): group.label
        for breakdown in (*result.breakdowns, *result.further)
        for group in breakdown.groups
    }
    return tuple(_compared(one, result.question(one.key), labels, t) for one in result.comparisons)


def _compared(
    comparison: Comparison,
    question: QuestionResult,
    labels: Mapping[tuple[str, str, tuple[str, ...]], Text],
    t: Texts,
) -> Compared:
    sentences, rows = [], []
    for one in comparison.differences:
        first, second = (
            labels[comparison.key, comparison.by, codes].to(t.language) for codes in (one.first, one.second)
        )
        points = t.number(abs(one.points), 1)
        low, high = (t.number(end, 1) for end in one.interval)
        if one.shown:
            higher, lower = (first, second) if one.points > 0 else (second, first)
            reach = one.interval if one.points > 0 else (-one.interval[1], -one.interval[0])
            sentences.append(
                t(
                    "“{higher}” is {points} percentage points above “{lower}” (95% interval: {low} – {high}).",
                    higher=higher,
                    lower=lower,
                    points=points,
                    low=t.number(reach[0], 1),
                    high=t.number(reach[1], 1),
                )
            )
        chance = t.number(one.p_adjusted, 3)
        rows.append((f"{first} − {second}", t.number(one.points, 1), f"{low} – {high}", chance, one.shown))
    return Compared(comparison.key, question.label.to(t.language), tuple(sentences), tuple(rows))
