"""Weekly monitoring as a p-chart: shares, the centre line, and limits that step with the number of answers.

Stage: charts. A week beyond its limits is a diamond with its share; within them a difference is the play of chance.
Computes nothing.
"""

from __future__ import annotations

from itertools import pairwise

from survey.charts import frame, plot
from survey.charts.drawing import Drawing
from survey.charts.lettering import BOLD, line, width
from survey.charts.plot import Plot
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, INK, QUIET, SMALL, UNFAVOURABLE
from survey.statistics.results import Monitoring, MonitoringPoint
from survey.texts import Texts

HEIGHT = 150.0
_LIMIT = (2.5, 2.0)


def p_chart(monitoring: Monitoring, t: Texts, language: str) -> Drawing:
    """The chart; without any figure a sentence in its place."""
    name = line(monitoring.name.to(language))
    return Drawing(name, describe(monitoring, t, language), lambda sheet: _draw(sheet, monitoring, t), t("By week"))


def describe(monitoring: Monitoring, t: Texts, language: str) -> str:
    """How many weeks, their centre, and which lie beyond their limits."""
    name = line(monitoring.name.to(language))
    if absent := _absent(monitoring, t):
        return f"{name}: {absent}"
    weeks = sum(point.share is not None for point in monitoring.points)
    told = t("{count} weeks, all together {share}.", count=weeks, share=t.percent(monitoring.centre))
    return line(f"{name}: {told} {outside_sentence(monitoring, t)}")


def outside_sentence(monitoring: Monitoring, t: Texts) -> str:
    """Which weeks lie beyond their limits, or that none does."""
    outside = [f"{line(point.label)} ({t.percent(point.share)})" for point in monitoring.points if point.outside]
    if not outside:
        return t("No week lies beyond its limits: the differences between weeks may be chance.")
    return t("Beyond the limits: {weeks}.", weeks=", ".join(outside))


def _absent(monitoring: Monitoring, t: Texts) -> str:
    if monitoring.suppressed:
        return t(monitoring.suppressed)
    if monitoring.centre is None or all(point.share is None for point in monitoring.points):
        return t("No week has enough answers yet.")
    return ""


def _draw(sheet: Sheet, monitoring: Monitoring, t: Texts) -> None:
    absent = _absent(monitoring, t)
    if absent or monitoring.centre is None:
        frame.note(sheet, absent)
        sheet.top += 5.0
        return
    centre = monitoring.centre
    _key(sheet, monitoring, t)
    values = [
        number for point in monitoring.points for number in (point.share, point.low, point.high) if number is not None
    ]
    laid = plot.field(sheet, plot.axis([*values, centre], (0.0, 100.0)), HEIGHT, "%", t)
    xs = plot.even(laid, len(monitoring.points))
    gap = (laid.right - laid.left) / len(xs)
    _limits(sheet, laid, monitoring, xs, gap)
    sheet.rule(laid.left, laid.y(centre), laid.right, laid.y(centre), INK, 1.0)
    _points(sheet, laid, monitoring, xs, gap, t)
    labels = [(line(one.label), "–" if one.base is None else f"n = {t.number(one.base)}") for one in monitoring.points]
    plot.labels_below(sheet, xs, labels, gap)
    frame.note(sheet, outside_sentence(monitoring, t))
    if any(point.share is None for point in monitoring.points):
        frame.note(sheet, t("Weeks with too few answers have no point."))
    sheet.top += 5.0


def _key(sheet: Sheet, monitoring: Monitoring, t: Texts) -> None:
    entries: list[tuple[plot.Sample, str]] = [
        (plot.dot_sample, t("Share of the week")),
        (lambda sheet, x, y: sheet.rule(x, y, x + 20.0, y, INK, 1.0), _centre(monitoring, t)),
        (
            lambda sheet, x, y: sheet.rule(x, y, x + 20.0, y, QUIET, 1.0, _LIMIT),
            t("Limits of chance at the number of answers of the week"),
        ),
    ]
    if any(point.outside for point in monitoring.points):
        entries.append((lambda sheet, x, y: plot.diamond(sheet, x + 10.0, y, UNFAVOURABLE[1]), t("Beyond the limits")))
    plot.legend(sheet, entries)


def _centre(monitoring: Monitoring, t: Texts) -> str:
    return t("All weeks together: {share}", share=t.percent(monitoring.centre))


def _limits(sheet: Sheet, laid: Plot, monitoring: Monitoring, xs: tuple[float, ...], gap: float) -> None:
    """Steps: each week's limits over its own slot, joined where two weeks with limits stand beside each other."""
    for end in ("low", "high"):
        steps: list[list[tuple[float, float]]] = [[]]
        for x, point in zip(xs, monitoring.points, strict=True):
            bound: float | None = getattr(point, end)
            if bound is None:
                steps.append([])
                continue
            y = laid.y(bound)
            steps[-1] += [(x - gap / 2, y), (x + gap / 2, y)]
        for step in steps:
            sheet.polyline(step, QUIET, 1.0, _LIMIT)


def _points(sheet: Sheet, laid: Plot, monitoring: Monitoring, xs: tuple[float, ...], gap: float, t: Texts) -> None:
    placed = list(zip(xs, monitoring.points, strict=True))
    for (x1, one), (x2, other) in pairwise(placed):
        if one.share is not None and other.share is not None:
            sheet.rule(x1, laid.y(one.share), x2, laid.y(other.share), FAVOURABLE[0], 1.2)
    for x, point in placed:
        if point.share is not None:
            _point(sheet, laid, x, point, min(plot.DOT, max(gap / 2 - 0.4, 1.2)), t, named=gap >= 14.0)


def _point(sheet: Sheet, laid: Plot, x: float, point: MonitoringPoint, radius: float, t: Texts, *, named: bool) -> None:
    y = laid.y(point.share or 0.0)
    if not point.outside:
        sheet.dot(x, y, radius, FAVOURABLE[1])
        return
    plot.diamond(sheet, x, y, UNFAVOURABLE[1], radius + 1.5)
    if named:
        text = t.percent(point.share)
        aside = width(text, SMALL, BOLD) / 2 + radius + 4.0
        right = x + 2 * aside < laid.right
        plot.value_label(sheet, x + aside if right else x - aside, y + 0.36 * SMALL, text, UNFAVOURABLE[1])
