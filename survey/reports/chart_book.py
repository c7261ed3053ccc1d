"""The chart book: every chart of a result with the table behind it, as an A4 PDF whose text can be searched and copied.

Stage: reports. Says first what the figures describe and how they were rounded, last nothing new. The same result gives
the same bytes. All wording is decided here; ``templates/documents/chart_book.typ`` only sets it.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from survey.charts import frame, plan
from survey.charts.comparison_dots import subtitle
from survey.charts.diverging_bars import Order, parts
from survey.charts.index_dots import rule_name
from survey.charts.scale_columns import absent, interval, satisfied_name
from survey.reports.chart_tables import table
from survey.reports.facts import facts, reading
from survey.statistics.results import Breakdown, IndexResult, Priorities, QuestionResult, SeriesResult, SurveyResult
from survey.texts import Texts
from survey.typesetting import pdf

TALLEST = 560.0
"""Points of page height a picture may take, so that its heading stays with it."""


def chart_book(
    result: SurveyResult,
    t: Texts,
    language: str,
    *,
    order: Order = Order.ASKED,
    only: Container[str] | None = None,
) -> bytes:
    """The book as tagged PDF (PDF/UA-1): every chart, or those whose names are in ``only``. Raises what
    ``survey.typesetting.pdf`` raises."""
    images: dict[str, bytes] = {}
    chapters: list[dict[str, Any]] = []
    data = {
        "language": language,
        "superior": result.superior.to(language),
        "office": result.office.to(language),
        "kind": t("Chart book of survey results"),
        "title": result.title.to(language),
        "as_of": t("Figures as of {day}", day=t.long_day(result.cut.as_of)),
        "facts": facts(result, t, language),
        "remarks": list(frame.remarks(result, t)),
        "reading_title": t("How to read the figures"),
        "reading": reading(result, t),
        "foot": t("Data cut {hash}", hash=result.cut.hash[:12]),
        "last": t("Data cut in full: {hash}", hash=result.cut.hash),
        "headline": _headline(result, t, language, images),
        "chapters": chapters,
    }
    titles = {section.key: section.title.to(language) for section in result.sections}
    for chart in plan.charts(result):
        if only is not None and chart.name not in only:
            continue
        title = titles.get(chart.section) or t("Indexes")
        if not chapters or chapters[-1]["key"] != chart.section:
            chapters.append({"key": chart.section, "title": title, "charts": []})
        chapters[-1]["charts"].append(_entry(result, chart, t, language, order, images))
    return pdf("chart_book", data, images, standards=("ua-1",), created=result.cut.as_of)


def _entry(
    result: SurveyResult, chart: plan.Chart, t: Texts, language: str, order: Order, images: dict[str, bytes]
) -> dict[str, Any]:
    pictures = []
    for picture in plan.parts(result, chart, t, language, height=TALLEST, order=order):
        name = f"chart-{len(images) + 1}.svg"
        images[name] = picture.svg
        pictures.append({"name": name, "told": picture.told})
    return {
        "title": "" if isinstance(chart.subject, tuple) else chart.title(result, language),
        "about": _about(result, chart, t, language),
        "pictures": pictures,
        "caption": t("Table: {title}", title=chart.title(result, language)),
        # The bars of choices carry their own counts, and below them base and missing; small multiples repeat the
        # figures of the heat table before them.
        "table": None if chart.kind in ("choice", "groups") else table(result, chart, t, language),
    }


def _about(result: SurveyResult, chart: plan.Chart, t: Texts, language: str) -> list[str]:
    subject = chart.subject
    if isinstance(subject, Priorities | SeriesResult | plan.SideBySide):
        return [plan.ready(result, chart, t, language).subtitle]
    if isinstance(subject, Breakdown):
        return [subtitle(result, subject, t, language)]
    if isinstance(subject, QuestionResult):
        return []
    if isinstance(subject, IndexResult):
        base = t("People with at least one scored item: {count}.", count=t.number(subject.base))
        source = t("Source: {source}", source=subject.source) if subject.source else ""
        rule = t("Rule: {rule}", rule=rule_name(subject.rule, t))
        missed = (
            t("Left out for want of answers: {items}.", items=", ".join(subject.left_out)) if subject.left_out else ""
        )
        return [one for one in (f"{rule}. {base}", missed, subject.note.to(language), source) if one]
    return [t("Share of answers at each level, in percent")]


def _headline(result: SurveyResult, t: Texts, language: str, images: dict[str, bytes]) -> dict[str, Any] | None:
    """The one general question, in large type; None when the survey names none with a share satisfied."""
    if result.headline is None:
        return None
    question = result.question(result.headline)
    choices, figures = question.choices, question.figures
    if choices is None or not choices.satisfied or absent(figures, t):
        return None
    picture = next(parts(result, [question], t, language, height=TALLEST))
    images["headline.svg"] = picture.svg
    range_ = interval(figures, t)
    return {
        "question": question.label.to(language),
        "share": t.percent(figures.satisfied_percent),
        "name": satisfied_name(choices, t, language),
        "detail": "; ".join(
            part
            for part in (
                t("95% confidence interval {range}%", range=range_) if range_ else "",
                t(
                    "{satisfied} of {base} people",
                    satisfied=t.number(figures.satisfied or 0),
                    base=t.number(figures.base or 0),
                ),
            )
            if part
        ),
        "told": picture.told,
    }
