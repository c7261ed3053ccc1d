"""Charts of a survey as files: the chart book in PDF, or charts as one SVG or PNG picture.

Reads the same released result as the pages do; changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from survey.accounts.permissions import Permission, demand
from survey.charts import Order, plan
from survey.charts.theme import NARROW, WIDE
from survey.definition.indexes import Rule
from survey.errors import NotFound, PhieuError
from survey.reports.chart_book import chart_book
from survey.services.jobs import Kind, Work
from survey.services.results import open_result
from survey.services.runtime import Actor, Runtime
from survey.statistics.filters import Filters
from survey.statistics.results import SurveyResult
from survey.texts import LANGUAGES, texts

FORMATS = (".pdf", ".svg", ".png")


def chart_file(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    suffix: str,
    language: str | None = None,
    *,
    names: Sequence[str] = (),
    kinds: Sequence[str] = (),
    questions: Sequence[str] = (),
    order: Order = Order.ASKED,
    filters: Filters = (),
    by: str | None = None,
    rule: Rule | None = None,
    brief: bool = False,
    narrow: bool = False,
) -> bytes:
    """The charts of a survey in the format of ``suffix``: all, or those called ``names``, of these ``kinds``, that show
    one of these ``questions``.

    ``language`` None is the survey's own first one; ``brief`` keeps a picture's foot to one line, ``narrow`` draws it
    for a phone. Raises what ``open_result`` raises, PhieuError ``format_unknown`` and ``chart_missing``, NotFound
    ``chart_unknown``, NotAllowed, and what setting the document raises.
    """
    if suffix.lower() not in FORMATS:
        raise PhieuError(
            "format_unknown", "Charts cannot be written in this format.", "Name a file that ends in .pdf, .svg or .png."
        )
    if suffix.lower() == ".pdf":
        demand(actor.role, Permission.DOWNLOAD)
    # Priorities look at every answer, which no other chart should wait for.
    named = [*names, *(f"{kind}-" for kind in kinds)]
    deeper = not named or any(one.startswith("priority-") for one in named)
    result = open_result(runtime, actor, slug, filters=filters, by=by, rule=rule, deeper=deeper)
    chosen_language = language or next((one for one in result.languages if one in LANGUAGES), LANGUAGES[0])
    t = texts(chosen_language)
    some = bool(names or kinds or questions)
    if suffix.lower() == ".pdf":
        only = {chart.name for chart in _chosen(result, names, kinds, questions)} if some else None
        return chart_book(result, t, chosen_language, order=order, only=only)
    charts = _chosen(result, names, kinds, questions)
    form: Literal["svg", "png"] = "png" if suffix.lower() == ".png" else "svg"
    return plan.draw(
        result, charts, t, chosen_language, form=form, order=order, brief=brief, format=NARROW if narrow else WIDE
    )


def _make_chart_book(work: Work) -> None:
    work.told(0, 1)
    work.target.write_bytes(chart_file(work.runtime, work.actor, work.slug, ".pdf", work.options["language"]))


CHART_BOOK = Kind("chart_book", Permission.DOWNLOAD, _make_chart_book)


def _chosen(
    result: SurveyResult, names: Sequence[str], kinds: Sequence[str], questions: Sequence[str]
) -> list[plan.Chart]:
    charts = {chart.name: chart for chart in plan.charts(result)}
    if not charts:
        raise PhieuError("chart_missing", "The survey has no closed question to draw.", "Export its answers instead.")
    chosen = [
        chart
        for name, chart in charts.items()
        if (not names or name in names)
        and (not kinds or chart.kind in kinds)
        and (not questions or not chart.questions.isdisjoint(questions))
    ]
    if not chosen or not charts.keys() >= set(names):
        raise NotFound("chart_unknown", "There is no chart of this name.", "Choose among these:", tuple(charts))
    return chosen
