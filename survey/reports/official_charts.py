"""The charts of the official report: pictures from the charts stage, and the same data for office programs."""

from __future__ import annotations

from survey.charts import comparison_dots, diverging_bars, funnel_bars, index_dots, theme, trend_lines
from survey.charts.drawing import part
from survey.charts.grid import STAR
from survey.charts.lettering import line
from survey.charts.scale_columns import small
from survey.definition.choices import ChoiceList
from survey.reports.document import Chart, Native, Picture, Serie
from survey.reports.official_parts import Writing
from survey.statistics.results import Breakdown, Figures, IndexResult, QuestionResult, SeriesResult

TALLEST = 520.0
"""Points of page height a picture may take, so that its caption stays with it."""

LONGEST_LABEL = 120
"""Characters of a category of a native chart."""

MOST_DRAWN = 20
"""Groups in one chart; more are for looking up in the table."""

BAR = theme.FAVOURABLE[1]


def levels_chart(writing: Writing, caption: str, questions: tuple[QuestionResult, ...]) -> Chart | None:
    """Diverging bars of scale questions that share their levels; None where no counts may be shown."""
    choices = questions[0].choices
    counted = tuple(one for one in questions if one.figures.counts and one.figures.base)
    if choices is None or not counted:
        return None
    pictures = tuple(
        Picture(one.svg, one.told)
        for one in diverging_bars.parts(
            writing.result, counted, writing.t, writing.language, height=TALLEST, order=diverging_bars.Order.ASKED
        )
    )
    return writing.chart(caption, pictures, _stacked(writing, choices, counted))


def index_chart(writing: Writing, index: IndexResult) -> Chart | None:
    """Factors of an index as dots and the index below them, natively as bars."""
    if index.value is None:
        return None
    shown = [(one.name, one.value) for one in index.factors if one.value is not None]
    shown.append((index.name, index.value))
    picture = index_dots.part(index, writing.t, writing.language)
    name = line(index.name.to(writing.language))
    native = Native(
        "bars",
        tuple(_short(one.to(writing.language)) for one, _ in shown),
        (Serie(name, tuple(value for _, value in shown), BAR),),
        decimals=2,
        least=index.anchors[0] if index.anchors else 0.0,
        most=100.0 if index.unit == "percent" else index.anchors[1] if index.anchors else None,
        unit="%" if index.unit == "percent" else "",
    )
    return writing.chart(name, (Picture(picture.svg, picture.told),), native)


def groups_chart(writing: Writing, caption: str, breakdown: Breakdown) -> Chart | None:
    """The groups of a breakdown as dots with their intervals, natively as bars; None where it is left out."""
    if not 2 <= len(breakdown.groups) <= MOST_DRAWN:
        return None
    picture = comparison_dots.part(writing.result, breakdown, writing.t, writing.language)
    shown = [one for one in breakdown.groups if one.figures.satisfied_percent is not None]
    native = Native(
        "bars",
        tuple(_starred(one.label.to(writing.language), one.figures) for one in shown),
        (
            Serie(
                writing.t("Share satisfied (%)"),
                tuple(one.figures.satisfied_percent for one in shown),
                BAR,
            ),
        ),
        most=100.0,
        unit="%",
    )
    return writing.chart(caption, (Picture(picture.svg, picture.told),), native if shown else None)


def trend_chart(writing: Writing, series: SeriesResult) -> Chart:
    """A measure over its waves; natively each stretch without a break is a line of its own."""
    drawing = trend_lines.trend(series, writing.t, writing.language)
    picture = part(drawing)
    stretches = [
        Serie(
            f"{drawing.title} {number}".strip() if number > 1 else drawing.title,
            tuple(one.value if place in run else None for place, one in enumerate(series.points)),
            BAR,
        )
        for number, run in enumerate(trend_lines.runs(series), 1)
    ]
    native = Native(
        "lines",
        tuple(_short(trend_lines.wave_name(one, writing.t)) for one in series.points),
        tuple(stretches),
        decimals=2,
        most=100.0 if series.unit == "percent" else None,
        unit="%" if series.unit == "percent" else "",
    )
    return writing.chart(drawing.title, (Picture(picture.svg, picture.told),), native if stretches else None)


def funnel_chart(writing: Writing) -> Chart | None:
    """How far all channels together reached, as bars; None where fewer than two steps were counted."""
    t = writing.t
    steps = funnel_bars.steps_of(writing.result.channels, t)
    counted = [one for one in steps if one.count]
    if len(counted) < 2:
        return None
    drawing = funnel_bars.funnel(t("Participation, all channels together"), steps, t)
    picture = part(drawing)
    names = tuple(one.label if one.count is not None else t("{step} (not known)", step=one.label) for one in steps)
    native = Native("bars", names, (Serie(t("Count"), tuple(one.count for one in steps), BAR),), decimals=0, most=None)
    return writing.chart(drawing.title, (Picture(picture.svg, picture.told),), native)


def _stacked(writing: Writing, choices: ChoiceList, questions: tuple[QuestionResult, ...]) -> Native:
    shades = theme.shades(len(choices.levels))
    return Native(
        "stacked",
        tuple(_starred(writing.label(one), one.figures) for one in questions),
        tuple(
            Serie(
                line(level.label.to(writing.language)),
                tuple(one.figures.percent(level.code) for one in questions),
                shade.fill,
            )
            for level, shade in zip(choices.levels, shades, strict=True)
        ),
        decimals=1,
        most=100.0,
    )


def _starred(label: str, figures: Figures) -> str:
    """A category that says when its base is small, as the pictures do beside n."""
    return _short(label) + (STAR if small(figures) else "")


def _short(label: str) -> str:
    told = line(label)
    return told if len(told) <= LONGEST_LABEL else told[: LONGEST_LABEL - 1].rstrip() + "…"
