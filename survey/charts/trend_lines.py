"""A measure over the waves of a series: points on a line with the band of their intervals, and a target.

Stage: charts. The line is broken wherever a wave cannot be compared with the one before, and where one has no figure;
a change is told only where it is shown. Computes nothing.
"""

from __future__ import annotations

from itertools import pairwise

from survey.charts import frame, plot
from survey.charts.drawing import Drawing
from survey.charts.figures_text import points_text, value_text
from survey.charts.grid import STAR
from survey.charts.lettering import line, width
from survey.charts.plot import Plot
from survey.charts.scale_columns import caution
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE, QUIET, SMALL, SMALL_BASE, TARGET
from survey.statistics.results import SeriesResult, WavePoint
from survey.texts import Texts

HEIGHT = 165.0
_LEAST_GAP = 34.0


def trend(series: SeriesResult, t: Texts, language: str) -> Drawing:
    """The chart of one measure; without any figure a sentence in its place."""
    name = line(series.name.to(language))
    return Drawing(name, describe(series, t, language), lambda sheet: _draw(sheet, series, t), t("In order of time"))


def describe(series: SeriesResult, t: Texts, language: str) -> str:
    """From where to where the measure went, what broke, and whether the last change is shown."""
    known = [point for point in series.points if point.value is not None]
    name = line(series.name.to(language))
    if not known:
        return f"{name}: {_absent(series, t)}"
    waves = ", ".join(f"{wave_name(one, t)} {value_text(one.value, series.unit, t)}" for one in known)
    said = [f"{name}: {waves}.", *change_sentences(series, t)[-1:], *break_sentences(series, t)]
    if series.target is not None:
        said.append(t("Target: {value}.", value=value_text(series.target, series.unit, t)))
    return line(" ".join(said))


def wave_name(point: WavePoint, t: Texts) -> str:
    """What a wave is called; its day where it has no name."""
    return line(point.wave) or t.day(point.on)


def runs(series: SeriesResult) -> tuple[tuple[int, ...], ...]:
    """Places of the points that one line may join: split before a break and around waves without a figure."""
    found: list[list[int]] = [[]]
    for place, point in enumerate(series.points):
        if point.breaks or point.value is None:
            found.append([])
        if point.value is not None:
            found[-1].append(place)
    return tuple(tuple(run) for run in found if run)


def change_sentences(series: SeriesResult, t: Texts) -> tuple[str, ...]:
    """Each wave's change from the one before: told where it is shown, else that it is not shown."""
    said = []
    for before, point in pairwise(series.points):
        if point.change is None or point.breaks:
            continue
        names = {"wave": wave_name(point, t), "before": wave_name(before, t)}
        if not point.change.shown:
            said.append(t("{wave} and {before} are not shown to differ.", **names))
            continue
        size = points_text(abs(point.change.points), series.unit, t)
        if point.change.points > 0:
            said.append(t("{wave} is higher than {before} by {size}.", **names, size=size))
        else:
            said.append(t("{wave} is lower than {before} by {size}.", **names, size=size))
    return tuple(said)


def break_sentences(series: SeriesResult, t: Texts) -> tuple[str, ...]:
    """Why a wave cannot be compared with the one before."""
    return tuple(
        t("Break before {wave}: {reason}", wave=wave_name(point, t), reason=t(point.breaks))
        for point in series.points[1:]
        if point.breaks
    )


def _absent(series: SeriesResult, t: Texts) -> str:
    reasons = dict.fromkeys(t(point.suppressed) for point in series.points if point.suppressed)
    return " ".join(reasons) or t("There is no wave with figures yet.")


def _draw(sheet: Sheet, series: SeriesResult, t: Texts) -> None:
    if all(point.value is None for point in series.points):
        frame.note(sheet, _absent(series, t))
        sheet.top += 5.0
        return
    _key(sheet, series, t)
    unit = "%" if series.unit == "percent" else ""
    values = [
        number
        for point in series.points
        for number in (point.value, *(point.interval or ()))
        if number is not None and point.value is not None
    ]
    if series.target is not None:
        values.append(series.target)
    ends = (0.0, 100.0) if unit else (min(0.0, *values), max(10.0, *values))
    laid = plot.field(sheet, plot.axis(values, ends), HEIGHT, unit, t)
    xs, timely = _places(laid, series)
    gap = min((b - a for a, b in pairwise(xs)), default=laid.right - laid.left)
    _lines(sheet, laid, series, xs)
    _breaks(sheet, laid, series, xs)
    if series.target is not None:
        y = laid.y(series.target)
        sheet.rule(laid.left, y, laid.right, y, TARGET, 1.2, plot.DASH)
    _points(sheet, laid, series, xs, gap, t)
    plot.labels_below(sheet, xs, [(wave_name(one, t), _base(one, t)) for one in series.points], gap)
    for sentence in notes(series, t, timely=timely):
        frame.note(sheet, sentence)
    sheet.top += 5.0


def notes(series: SeriesResult, t: Texts, *, timely: bool = True) -> tuple[str, ...]:
    """What must be known to read the line: small bases, breaks, waves without a figure, the last change."""
    small = any(point.base is not None and 0 < point.base < SMALL_BASE for point in series.points)
    hidden: dict[str, list[str]] = {}
    for point in series.points:
        if point.suppressed:
            hidden.setdefault(point.suppressed, []).append(wave_name(point, t))
    return (
        *((f"{STAR} {caution(t)}",) if small else ()),
        *(() if timely else (t("Waves stand equally far apart, whatever time lies between them."),)),
        *break_sentences(series, t),
        *(f"{', '.join(names)}: {t(reason)}" for reason, names in hidden.items()),
        *change_sentences(series, t)[-1:],
    )


def _key(sheet: Sheet, series: SeriesResult, t: Texts) -> None:
    entries: list[tuple[plot.Sample, str]] = [(plot.line_sample, t("Value, with its 95% confidence interval"))]
    if series.target is not None:
        told = t("Target: {value}", value=value_text(series.target, series.unit, t))
        entries.append((plot.target_sample, told))
    if any(point.breaks for point in series.points[1:]):
        entries.append((_break_sample, t("Break: not comparable across it")))
    plot.legend(sheet, entries)


def _break_sample(sheet: Sheet, x: float, y: float) -> None:
    sheet.rule(x + 10.0, y - 5.0, x + 10.0, y + 5.0, QUIET, 1.0, (1.5, 1.5))


def _places(laid: Plot, series: SeriesResult) -> tuple[tuple[float, ...], bool]:
    """Places by time where the points keep apart, else equally far apart; and which of the two."""
    days = [point.on.toordinal() for point in series.points]
    spread = days[-1] - days[0]
    if spread > 0 and days == sorted(days):
        air = 28.0
        scale = (laid.right - laid.left - 2 * air) / spread
        xs = tuple(laid.left + air + (day - days[0]) * scale for day in days)
        if min(b - a for a, b in pairwise(xs)) >= _LEAST_GAP:
            return xs, True
    gaps = {b - a for a, b in pairwise(days)}
    alike = not gaps or max(gaps) - min(gaps) <= max(3, 0.05 * max(gaps))
    return plot.even(laid, len(days)), alike


def _lines(sheet: Sheet, laid: Plot, series: SeriesResult, xs: tuple[float, ...]) -> None:
    for run in runs(series):
        banded = [(xs[place], interval) for place in run if (interval := series.points[place].interval)]
        if len(banded) == len(run) > 1:
            upper = [(x, laid.y(high)) for x, (_, high) in banded]
            lower = [(x, laid.y(low)) for x, (low, _) in reversed(banded)]
            sheet.area([*upper, *lower], plot.BAND)
    for run in runs(series):
        sheet.polyline([(xs[place], laid.y(series.points[place].value or 0.0)) for place in run], FAVOURABLE[1], 1.4)


def _breaks(sheet: Sheet, laid: Plot, series: SeriesResult, xs: tuple[float, ...]) -> None:
    for place, point in enumerate(series.points):
        if place and point.breaks:
            x = (xs[place - 1] + xs[place]) / 2
            sheet.rule(x, laid.top - 4.0, x, laid.bottom + 4.0, QUIET, 1.0, (1.5, 1.5))


def _points(sheet: Sheet, laid: Plot, series: SeriesResult, xs: tuple[float, ...], gap: float, t: Texts) -> None:
    labels = {place: value_text(point.value, series.unit, t) for place, point in enumerate(series.points)}
    widest = max(width(text, SMALL, 700) for text in labels.values())
    shown = set(plot.labelled(len(xs), gap, widest + 4.0))
    for place, (x, point) in enumerate(zip(xs, series.points, strict=True)):
        if point.value is None:
            continue
        y = top = laid.y(point.value)
        if point.interval is not None:
            low, top = (laid.y(bound) for bound in point.interval)
            plot.upright(sheet, x, top, low)
        if point.base is not None and point.base < SMALL_BASE:
            plot.hollow(sheet, x, y)
        else:
            sheet.dot(x, y, plot.DOT, FAVOURABLE[1])
        if place in shown:
            above = min(top, y - plot.DOT) - 3.5
            fits = above - SMALL > laid.top - 6.0
            below = max(laid.y(point.interval[0]) if point.interval else y, y + plot.DOT) + SMALL + 2.0
            plot.value_label(sheet, x, above if fits else below, labels[place])


def _base(point: WavePoint, t: Texts) -> str:
    if point.base is None:
        return "–"
    star = STAR if 0 < point.base < SMALL_BASE else ""
    return f"n = {t.number(point.base)}{star}"
