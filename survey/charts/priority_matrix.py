"""The priority matrix, after Martilla and James (1977, Journal of Marketing 41): importance against performance.

Stage: charts. The field is parted at the mean of the items in either direction. An item one of whose intervals reaches
across the parting is a ring: its quadrant is not certain. Computes nothing but the two means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from survey.charts import frame, plot
from survey.charts.drawing import Drawing
from survey.charts.lettering import BOLD, line, width, wrap
from survey.charts.sheet import Point, Sheet
from survey.charts.theme import FAVOURABLE, HAIR, INK, LABEL, LEADING, PAPER, QUIET, SMALL
from survey.statistics.results import Interval, Priorities, Priority, SurveyResult
from survey.texts import Texts

HEIGHT, LOWER = 210.0, 165.0
"""Points of the field, and where its list follows as text, so that both go on one page."""

LEAST = 3
"""Fewer items than these have no middle to be compared with."""

_NUMBER = 7.5


class Quadrant(StrEnum):
    """What the place of an item advises."""

    IMPROVE = "improve"
    KEEP = "keep"
    LATER = "later"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Placed:
    """An item with its number in the chart, where it lies, the interval of its performance, and whether both intervals
    are clear of the parting."""

    number: int
    point: Priority
    label: str
    quadrant: Quadrant
    around: Interval | None
    clear: bool


def quadrant_name(quadrant: Quadrant, t: Texts) -> str:
    """The quadrant in words."""
    names = {
        Quadrant.IMPROVE: t("Improve first"),
        Quadrant.KEEP: t("Keep up"),
        Quadrant.LATER: t("Lower priority"),
        Quadrant.ENOUGH: t("Enough already"),
    }
    return names[quadrant]


def priority_matrix(
    result: SurveyResult, priorities: Priorities, t: Texts, language: str, *, listed: bool = True
) -> Drawing:
    """The chart of one index's items; a sentence where it is refused. Not ``listed``: without the list of what the
    numbers stand for and the notes, for documents that set them as text."""
    return Drawing(
        title(result, priorities, t, language),
        describe(result, priorities, t, language),
        lambda sheet: _draw(sheet, result, priorities, t, language, listed=listed),
        t("How much an item goes with overall satisfaction, against how satisfied people are with it"),
    )


def title(result: SurveyResult, priorities: Priorities, t: Texts, language: str) -> str:
    """Names the index whose items stand in it."""
    return t("Priority matrix: {index}", index=about(result, priorities, language))


def about(result: SurveyResult, priorities: Priorities, language: str) -> str:
    """The name of the index whose items stand in it."""
    return line(
        next((one.name.to(language) for one in result.indexes if one.key == priorities.index), priorities.index)
    )


def placed(result: SurveyResult, priorities: Priorities, language: str) -> tuple[Placed, ...]:
    """Items numbered in the order in which they are asked, each in its quadrant."""
    points = priorities.points
    performance = sum(one.performance for one in points) / max(len(points), 1)
    importance = sum(one.importance for one in points) / max(len(points), 1)
    labels = {question.key: line(question.label.to(language)) for question in result.questions}
    figures = {question.key: question.figures for question in result.questions}
    found = []
    for number, point in enumerate(points, 1):
        high = point.performance >= performance
        if point.importance >= importance:
            quadrant = Quadrant.KEEP if high else Quadrant.IMPROVE
        else:
            quadrant = Quadrant.ENOUGH if high else Quadrant.LATER
        around = figures[point.key].interval if point.key in figures else None
        clear = _clear(around, performance) and _clear(point.interval, importance)
        found.append(Placed(number, point, labels.get(point.key) or point.key, quadrant, around, clear))
    return tuple(found)


def _clear(interval: Interval | None, parting: float) -> bool:
    return interval is None or not interval[0] <= parting <= interval[1]


def quadrant_text(one: Placed, t: Texts) -> str:
    """The quadrant an item lies in, as far as that is certain."""
    name = quadrant_name(one.quadrant, t)
    return name if one.clear else t("{quadrant} (not certain)", quadrant=name)


def describe(result: SurveyResult, priorities: Priorities, t: Texts, language: str) -> str:
    """Which items call for improvement first, as far as both their intervals show."""
    name = title(result, priorities, t, language)
    if words := absent(priorities, t):
        return line(f"{name}. {words}")
    items = placed(result, priorities, language)
    first = [one.label for one in items if one.quadrant is Quadrant.IMPROVE and one.clear]
    if first:
        return line(f"{name}. {t('Improve first: {items}.', items='; '.join(first))}")
    return line(f"{name}. {t('No item is shown to be both important and rated below the others.')}")


def absent(priorities: Priorities, t: Texts) -> str:
    """Why there is no chart; empty where there is one."""
    if priorities.suppressed:
        return t(priorities.suppressed)
    if len(priorities.points) < LEAST:
        return t("A priority matrix needs at least {count} items with figures.", count=LEAST)
    return ""


def _draw(sheet: Sheet, result: SurveyResult, priorities: Priorities, t: Texts, language: str, *, listed: bool) -> None:
    if words := absent(priorities, t):
        frame.note(sheet, words)
        sheet.top += 5.0
        return
    items = placed(result, priorities, language)
    down, across = axes(items)
    sheet.top += SMALL * LEADING
    sheet.text(0, sheet.top, t("Importance (correlation) ↑"), SMALL, QUIET)
    sheet.top += SMALL * LEADING + 2.0
    _corner(sheet, Quadrant.IMPROVE, Quadrant.KEEP, t)
    sheet.top -= 2.0
    laid = plot.field(sheet, down, HEIGHT if listed else LOWER, "", t)

    def x(value: float) -> float:
        return laid.left + (value - across.low) / (across.high - across.low) * (laid.right - laid.left)

    for value in across.ticks:
        sheet.rule(x(value), laid.top, x(value), laid.bottom, HAIR, 0.5)
    means = [
        sum(one) / len(items) for one in zip(*((i.point.performance, i.point.importance) for i in items), strict=True)
    ]
    sheet.rule(x(means[0]), laid.top, x(means[0]), laid.bottom, QUIET, 1.0)
    sheet.rule(laid.left, laid.y(means[1]), laid.right, laid.y(means[1]), QUIET, 1.0)
    _marks(sheet, laid, [(one, (x(one.point.performance), laid.y(one.point.importance))) for one in items], x)
    sheet.top += SMALL * LEADING + 1.0
    _corner(sheet, Quadrant.LATER, Quadrant.ENOUGH, t)
    numbers = [f"{t.number(value, across.decimals)}%" for value in across.ticks]
    widest = max(width(one, SMALL) for one in numbers)
    # Those at the ends stand half their width further in.
    apart = (laid.right - laid.left) / max(len(numbers) - 1, 1)
    for number in sorted(plot.labelled(len(numbers), apart, 1.5 * widest + 3.0)):
        half = width(numbers[number], SMALL) / 2
        place = min(max(x(across.ticks[number]), laid.left + half), laid.right - half)
        sheet.text(place, sheet.top + SMALL * LEADING, numbers[number], SMALL, QUIET, anchor="center")
    sheet.top += 2 * SMALL * LEADING + 1.0
    sheet.text(laid.right, sheet.top, t("Share satisfied →"), SMALL, QUIET, anchor="right")
    sheet.top += 6.0
    if listed:
        _list(sheet, items, t)
        for one in notes(priorities, t):
            frame.note(sheet, one)
    if any(one.around or one.point.interval for one in items):
        frame.note(
            sheet,
            t("Bars are 95% intervals. A ring: one of them reaches across the parting; its quadrant is not certain."),
        )
    sheet.top += 5.0


def notes(priorities: Priorities, t: Texts) -> tuple[str, ...]:
    """How the field is parted, and what a correlation is not."""
    return (
        t("Parted at the mean of the items; n = {count} people.", count=t.number(priorities.people or 0)),
        t("A correlation shows what goes together, not what causes what."),
    )


def axes(items: Sequence[Placed]) -> tuple[plot.Axis, plot.Axis]:
    """The axis of importance, and that of performance, with room for the intervals."""
    shares = [share for one in items for share in (one.point.performance, *(one.around or ()))]
    weights = [weight for one in items for weight in (one.point.importance, *(one.point.interval or ()))]
    return plot.axis(weights, (-1.0, 1.0), 7), plot.axis(shares, (0.0, 100.0), 8)


def _corner(sheet: Sheet, left: Quadrant, right: Quadrant, t: Texts) -> None:
    sheet.text(
        plot.NEAR if sheet.format.narrow else plot.LEFT, sheet.top, quadrant_name(left, t), SMALL, FAVOURABLE[1], BOLD
    )
    sheet.text(sheet.width, sheet.top, quadrant_name(right, t), SMALL, FAVOURABLE[1], BOLD, "right")


def _marks(sheet: Sheet, laid: plot.Plot, marks: Sequence[tuple[Placed, Point]], x: Callable[[float], float]) -> None:
    for one, (across, y) in marks:
        if one.around is not None:
            sheet.rule(x(one.around[0]), y, x(one.around[1]), y, FAVOURABLE[0], 1.2)
        if one.point.interval is not None:
            low, high = (laid.y(bound) for bound in one.point.interval)
            sheet.rule(across, low, across, high, FAVOURABLE[0], 1.2)
    for one, (left, y) in marks:
        if one.clear:
            sheet.dot(left, y, plot.DOT, FAVOURABLE[1])
        else:
            plot.hollow(sheet, left, y)
    spots = places([spot for _, spot in marks], [str(one.number) for one, _ in marks], laid)
    for (one, (left, y)), (middle, centre) in zip(marks, spots, strict=True):
        if hypot(middle - left, centre - y) > 12.0:
            sheet.rule(left, y, middle, centre, QUIET, 0.5)
        sheet.dot(middle, centre, 0.5 + max(width(str(one.number), _NUMBER, BOLD) / 2 + 1.0, 4.5), PAPER)
        sheet.text(middle, centre + 0.36 * _NUMBER, str(one.number), _NUMBER, INK, BOLD, "center")


def places(dots: Sequence[Point], texts: Sequence[str], laid: plot.Plot) -> list[Point]:
    """Where the numbers stand: the nearest of a ring of places around each dot that covers neither a dot nor a number
    and lies in the field; nearest to the dot where there is none."""
    taken: list[tuple[float, float, float]] = [(x, y, plot.DOT + 0.5) for x, y in dots]
    found: list[Point] = []
    for (x, y), text in zip(dots, texts, strict=True):
        radius = width(text, _NUMBER, BOLD) / 2 + 2.0
        best: Point = (x, y - plot.DOT - radius)
        for distance in (9.0, 12.5, 17.0, 22.0, 28.0, 36.0, 46.0, 60.0):
            free = [
                (x + distance * right, y + distance * down)
                for right, down in _AROUND
                if _free(x + distance * right, y + distance * down, radius, taken, laid)
            ]
            if free:
                best = free[0]
                break
        taken.append((*best, radius))
        found.append(best)
    return found


_AROUND = ((0.71, -0.71), (-0.71, -0.71), (0.71, 0.71), (-0.71, 0.71), (0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0))
"""Directions, those first in which no interval runs."""


def _free(x: float, y: float, radius: float, taken: Sequence[tuple[float, float, float]], laid: plot.Plot) -> bool:
    inside = laid.left + radius <= x <= laid.right - radius and laid.top + radius <= y <= laid.bottom - radius
    return inside and all(hypot(x - a, y - b) >= radius + other for a, b, other in taken)


def _list(sheet: Sheet, items: Sequence[Placed], t: Texts) -> None:
    """What the numbers stand for, with both figures and the quadrant."""
    if sheet.format.narrow:
        _list_below(sheet, items, t)
        return
    heads = (t("Importance"), t("Satisfied"))
    edges = (sheet.width, sheet.width - max(width(heads[0], SMALL) + 12.0, 40.0))
    names = edges[1] - 136.0
    sheet.top += SMALL * LEADING
    for edge, head in zip(edges, heads, strict=True):
        sheet.text(edge, sheet.top, head, SMALL, QUIET, anchor="right")
    sheet.top += 4.0
    for one in items:
        lines = wrap(one.label, names - 26.0, LABEL)
        told = wrap(quadrant_text(one, t), 92.0, SMALL, most=2)
        high = max(len(lines) * LABEL, len(told) * SMALL) * LEADING + 3.0
        sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
        middle = sheet.top + high / 2
        sheet.text(14.0, middle + 0.36 * LABEL, str(one.number), LABEL, INK, BOLD, "right")
        sheet.lines(20.0, middle, lines, LABEL)
        sheet.lines(names, middle, told, SMALL, FAVOURABLE[1] if one.clear else QUIET)
        sheet.text(edges[1], middle + 0.36 * LABEL, t.percent(one.point.performance), LABEL, INK, anchor="right")
        sheet.text(edges[0], middle + 0.36 * LABEL, t.number(one.point.importance, 2), LABEL, INK, anchor="right")
        sheet.top += high
    sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
    sheet.top += 3.0


def _list_below(sheet: Sheet, items: Sequence[Placed], t: Texts) -> None:
    """The same on a narrow sheet: the figures below each item."""
    sheet.top += 6.0
    for one in items:
        sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
        lines = wrap(one.label, sheet.width - 16.0, LABEL, most=sheet.format.most)
        sheet.text(10.0, sheet.top + LABEL * LEADING, str(one.number), LABEL, INK, BOLD, "right")
        for text in lines:
            sheet.top += LABEL * LEADING
            sheet.text(16.0, sheet.top, text, LABEL)
        share, weight = t.percent(one.point.performance), t.number(one.point.importance, 2)
        told = f"{t('Satisfied')} {share} · {t('Importance')} {weight}"
        for text, colour in ((quadrant_text(one, t), FAVOURABLE[1] if one.clear else QUIET), (told, QUIET)):
            sheet.top += LABEL * LEADING
            sheet.text(16.0, sheet.top, text, SMALL, colour)
        sheet.top += 5.0
    sheet.rule(0, sheet.top, sheet.width, sheet.top, HAIR)
    sheet.top += 3.0
