"""Findings as sentences, by rules that never claim more than the intervals allow. Pure.

The rules: a share is called a majority only if its whole interval lies above one half; a target is called reached only
if the whole interval does; contents are put before others only if their intervals, widened for the number of contents,
do not touch, and never ranked among themselves; groups and waves are said to differ only if their test says so after
correction; under 30 answers everything is for reference only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist

from survey.charts.comparison_dots import grouping_name
from survey.charts.lettering import line
from survey.charts.scale_columns import satisfied_name
from survey.charts.theme import SMALL_BASE
from survey.statistics.results import (
    Breakdown,
    Comparison,
    Difference,
    Figures,
    IndexResult,
    Interval,
    QuestionResult,
    SeriesResult,
    SurveyResult,
)
from survey.texts import Texts

MOST_NAMED = 5
"""Items or differences told by name; the rest are counted."""


@dataclass(frozen=True)
class Item:
    """One content that is compared with others: a share with its interval."""

    label: str
    share: float
    interval: Interval
    base: int


def share_sentence(question: QuestionResult, t: Texts) -> str:
    """``47 of 52 people who answered (90.4%) chose … ; 95% confidence interval …``; why there is none."""
    figures, choices = question.figures, question.choices
    if figures.suppressed:
        return t(figures.suppressed)
    if choices is None or not figures.base or figures.satisfied is None:
        return t("Nobody has answered this question.")
    said = t(
        "{satisfied} of {base} people who answered ({share}) chose {levels}{interval}.",
        satisfied=t.number(figures.satisfied),
        base=t.number(figures.base),
        share=t.percent(figures.satisfied_percent),
        levels="“" + satisfied_name(choices, t, t.language) + "”",
        interval=_interval(figures.interval, "%", 1, t),
    )
    return said


def majority_sentence(figures: Figures, t: Texts) -> str:
    """What the interval says about one half; nothing without an interval, nor of few answers, which are for reference
    only."""
    if figures.suppressed or figures.interval is None or (figures.base or 0) < SMALL_BASE:
        return ""
    low, high = figures.interval
    if low > 50:
        return t("This is more than half, even at the lower end of the interval.")
    if high < 50:
        return t("This is less than half, even at the upper end of the interval.")
    return t("There are not enough grounds to conclude that it is more or fewer than half.")


def base_sentence(base: int | None, t: Texts) -> str:
    """The warning of a small base; empty where there is none."""
    if base is None or not 0 < base < SMALL_BASE:
        return ""
    return t(
        "Only {base} people answered (fewer than {least}): the figures are for reference only.",
        base=t.number(base),
        least=SMALL_BASE,
    )


def index_sentence(index: IndexResult, rule: str, t: Texts) -> str:
    """The index under its rule with its interval and base; why there is none."""
    name = line(index.name.to(t.language))
    if index.value is None:
        return f"{name}: {t(index.suppressed)}" if index.suppressed else t("{name}: no figure.", name=name)
    unit = "%" if index.unit == "percent" else ""
    return t(
        "{name}: {value}{interval}, from {base} people, by the rule “{rule}”.",
        name=name,
        value=t.number(index.value, 2) + unit,
        interval=_interval(index.interval, unit, 2, t),
        base=t.number(index.base),
        rule=rule,
    )


def target_sentence(
    value: float | None, interval: Interval | None, base: int | None, target: float, unit: str, decimals: int, t: Texts
) -> str:
    """Whether a target is reached, as far as the interval tells; nothing of few answers."""
    if value is None or (base or 0) < SMALL_BASE:
        return ""
    named = t.number(target, decimals) + unit
    if interval is None:
        reached = value >= target
        return (
            t("The target of {target} is reached.", target=named)
            if reached
            else t("The target of {target} is not reached.", target=named)
        )
    low, high = interval
    if low >= target:
        return t("The target of {target} is reached, also at the lower end of the interval.", target=named)
    if high < target:
        return t("The target of {target} is not reached, also at the upper end of the interval.", target=named)
    return t("There are not enough grounds to conclude whether the target of {target} is reached.", target=named)


def items_of(questions: Sequence[QuestionResult], t: Texts) -> tuple[Item, ...]:
    """The questions that may be set against each other: those with a share, an interval, and 30 answers or more."""
    return tuple(
        Item(line(one.label.to(t.language)), one.figures.satisfied_percent, one.figures.interval, one.figures.base)
        for one in questions
        if one.figures.satisfied_percent is not None
        and one.figures.interval is not None
        and one.figures.base is not None
        and one.figures.base >= SMALL_BASE
    )


def widened(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with bounds so wide that all pairs may be compared at once: where two do not touch, they differ at the
    5 % level corrected for the number of pairs (Bonferroni); never narrower than the intervals printed."""
    pairs = len(items) * (len(items) - 1) // 2
    if not pairs:
        return tuple(items)
    factor = max(1.0, NormalDist().inv_cdf(1 - 0.025 / pairs) / (sqrt(2) * NormalDist().inv_cdf(0.975)))
    return tuple(
        replace(
            one,
            interval=(
                max(0.0, one.share - factor * (one.share - one.interval[0])),
                min(100.0, one.share + factor * (one.interval[1] - one.share)),
            ),
        )
        for one in items
    )


def extremes(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The items that lie above the lowest one, and those below the highest one, as far as intervals tell, most extreme
    first. Both are empty where the highest and the lowest are not told apart."""
    if len(items) < 2:
        return (), ()
    best = max(items, key=lambda one: (one.share, one.interval[0]))
    worst = min(items, key=lambda one: (one.share, one.interval[1]))
    above = [one for one in items if one.interval[0] > worst.interval[1]]
    below = [one for one in items if one.interval[1] < best.interval[0]]
    return tuple(sorted(above, key=lambda one: -one.share)), tuple(sorted(below, key=lambda one: one.share))


def items_sentences(items: Sequence[Item], t: Texts) -> list[str]:
    """Which contents stand out, without ranking those that intervals do not tell apart."""
    if len(items) < 2:
        return [
            t("There are too few contents with at least {least} answers to set against each other.", least=SMALL_BASE)
        ]
    wide = widened(items)
    above, below = extremes(wide)
    if not above or not below:
        return [t("There are not enough grounds to conclude that the contents differ from each other.")]
    best, worst = above[0], below[0]
    if len(above) == len(below) == 1 and len(items) > 2:
        return [
            t(
                "“{high}” ({share}) has a higher share than “{low}” ({other}); otherwise there are not enough grounds "
                "to conclude that the contents differ.",
                high=best.label,
                share=t.percent(best.share),
                low=worst.label,
                other=t.percent(worst.share),
            )
        ]
    if all(one.interval[1] < best.interval[0] for one in wide if one is not best):
        out = [t("The content with the highest share: {item}.", item=_named(best, t))]
    else:
        out = [
            t(
                "Shares higher than that of “{lowest}” ({share}), not to be ranked among each other: {items}.",
                lowest=worst.label,
                share=t.percent(worst.share),
                items=_listed(above, t),
            )
        ]
    if all(one.interval[0] > worst.interval[1] for one in wide if one is not worst):
        return [*out, t("The content with the lowest share: {item}.", item=_named(worst, t))]
    return [
        *out,
        t(
            "Shares lower than that of “{highest}” ({share}), not to be ranked among each other: {items}.",
            highest=best.label,
            share=t.percent(best.share),
            items=_listed(below, t),
        ),
    ]


def grouped_by(result: SurveyResult, key: str, t: Texts) -> str:
    """What groups are made by; a question in quotes."""
    name = grouping_name(result, key, t, t.language)
    return name if key.startswith("@") else f"“{name}”"


def lead(label: str) -> str:
    """A question in front of a sentence."""
    return f"{label} " if label.endswith("?") else f"{label.rstrip(' :')}: "


def breakdown_sentences(result: SurveyResult, breakdown: Breakdown, t: Texts) -> list[str]:
    """What one question by groups says: why it is left out, which groups are pooled, and which are shown to differ."""
    if breakdown.suppressed:
        return [t(breakdown.suppressed)]
    out = []
    reasons: dict[str, list[str]] = {}
    for group in breakdown.hidden:
        reasons.setdefault(group.figures.suppressed, []).append(line(group.label.to(t.language)))
    for reason, names in reasons.items():
        out.append(f"{', '.join(names)}: {t(reason)}")
    if any(0 < (one.figures.base or 0) < SMALL_BASE for one in breakdown.groups):
        out.append(t("Groups of fewer than {least} people (marked *) are for reference only.", least=SMALL_BASE))
    compared = next((one for one in result.comparisons if (one.key, one.by) == (breakdown.key, breakdown.by)), None)
    if len(breakdown.groups) < 2:
        out.append(t("There are no two groups to compare."))
    elif compared is None:
        out.append(t("These groups are shown side by side only; whether they differ was not tested."))
    else:
        out += difference_sentences(breakdown, compared, t)
    return out


def difference_sentences(breakdown: Breakdown, compared: Comparison, t: Texts) -> list[str]:
    """The pairs of groups that are shown to differ after correction; the sentence that none is."""
    names = {one.codes: line(one.label.to(t.language)) for one in breakdown.groups}
    few = {one.codes for one in breakdown.groups if (one.figures.base or 0) < SMALL_BASE}
    shown = [one for one in compared.differences if one.shown]
    if not shown:
        return [t("There are not enough grounds to conclude that these groups differ.")]
    told = []
    for one in sorted(shown, key=lambda one: one.p_adjusted)[:MOST_NAMED]:
        higher = one if one.points >= 0 else _turned(one)
        told.append(
            t(
                "“{first}” is higher than “{second}” by {points} percentage points (95% CI {low} to {high}).",
                first=names.get(higher.first, ""),
                second=names.get(higher.second, ""),
                points=t.number(higher.points, 1),
                low=t.number(higher.interval[0], 1),
                high=t.number(higher.interval[1], 1),
            )
        )
        if one.first in few or one.second in few:
            told[-1] += " " + t("One of the two has fewer than {least} people: for reference only.", least=SMALL_BASE)
    if len(shown) > MOST_NAMED:
        told.append(t("{count} more pairs of groups differ.", count=t.number(len(shown) - MOST_NAMED)))
    if len(shown) < len(compared.differences):
        told.append(t("For the other pairs of groups there are not enough grounds to conclude that they differ."))
    return told


def wave_sentences(series: SeriesResult, survey: str, t: Texts) -> list[str]:
    """The change of one measure from the wave before this survey's, told only where it is shown and comparable."""
    place = next((number for number, one in enumerate(series.points) if one.survey == survey), None)
    name = line(series.name.to(t.language))
    if not place:
        return []
    point, before = series.points[place], series.points[place - 1]
    if point.breaks:
        return [
            t(
                "{name} is not compared with the wave before: {reason}.",
                name=name,
                reason=line(t(point.breaks)).rstrip(" ."),
            )
        ]
    if point.value is None or before.value is None or point.change is None:
        return [t("{name}: there are no two figures to compare.", name=name)]
    unit = t("percentage points") if series.unit == "percent" else t("points")
    change = point.change
    if not change.shown:
        return [
            t(
                "{name}: there are not enough grounds to conclude that it changed since {wave}.",
                name=name,
                wave=line(before.wave),
            )
        ]
    told = (
        t("{name} rose by {points} {unit} since {wave} (95% CI {low} to {high}).")
        if change.points > 0
        else t("{name} fell by {points} {unit} since {wave} (95% CI {low} to {high}).")
    )
    low, high = change.interval if change.points > 0 else (-change.interval[1], -change.interval[0])
    return [
        told.format(
            name=name,
            points=t.number(abs(change.points), 1),
            unit=unit,
            wave=line(before.wave),
            low=t.number(low, 1),
            high=t.number(high, 1),
        )
    ]


def _turned(one: Difference) -> Difference:
    return Difference(
        one.second, one.first, -one.points, (-one.interval[1], -one.interval[0]), one.p, one.p_adjusted, one.shown
    )


def _listed(items: Sequence[Item], t: Texts) -> str:
    named = "; ".join(_named(item, t) for item in items[:MOST_NAMED])
    if len(items) > MOST_NAMED:
        named += t("; and {count} more", count=t.number(len(items) - MOST_NAMED))
    return named


def _named(item: Item, t: Texts) -> str:
    return f"{item.label} ({t.percent(item.share)})"


def _interval(interval: Interval | None, unit: str, decimals: int, t: Texts) -> str:
    if interval is None:
        return ""
    low, high = (t.number(bound, decimals) + unit for bound in interval)
    return t(" (95% confidence interval {low} to {high})", low=low, high=high)
