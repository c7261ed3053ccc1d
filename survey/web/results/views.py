"""Results on a page with a table behind every chart, the charts themselves, and the downloads."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for

from survey.accounts.permissions import Permission
from survey.aggregation.coding import COLLECTOR
from survey.errors import NotFound, PhieuError
from survey.services import auditing, charting, collectors, cuts, exporting, jobs, surveys
from survey.services.results import CollectorChoice, collector_choices, open_result, open_without_flagged
from survey.services.surveys import SurveySummary
from survey.statistics.disclosure import INSIDE
from survey.statistics.filters import Filters
from survey.statistics.results import SurveyResult
from survey.texts import LANGUAGES
from survey.web import drawings
from survey.web.fields import Form
from survey.web.results import figures, opened, selecting
from survey.web.results.blueprint import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download, words

DELIMITERS = {"comma": ",", "semicolon": ";"}

PICTURES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}

MIMETYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sav": "application/x-spss-sav",
    "parquet": "application/vnd.apache.parquet",
}


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/results")
def results(slug: str) -> str:
    """The headline, indexes, then every question by section: all answers, or those of one collector."""
    t = words()
    survey = surveys.show(runtime(), actor(), slug)
    choices = collector_choices(runtime(), actor(), slug)
    chosen = _chosen(choices)
    shared = {"survey": survey, "choices": choices, "chosen": chosen, "short": figures.short}
    result, refusal = _opened(survey, chosen)
    if result is None:
        return render_template("results/results.html", **shared, refusal=refusal, named=_named(), told=_told(slug))

    named, told = _named(), _told(slug)

    def address(name: str, width: str | None) -> str:
        return url_for("results.chart", slug=slug, name=name, **named, width=width)

    headline = figures.headline(result)
    return render_template(
        "results/results.html",
        **shared,
        apart=not choices and collectors.with_answers(runtime(), actor(), slug) > 1,
        result=result,
        groups=figures.groups(result, t, address),
        unbroken=figures.unbroken(result, t),
        named=named,
        told=told,
        headline=headline,
        headline_detail=figures.headline_detail(headline, result, t) if headline else "",
        selection=figures.selection(result, chosen, survey.answers, t, told),
        both=None if named else figures.both(result, open_without_flagged(runtime(), actor(), slug), t),
        needed="" if named else figures.needed(survey, t),
        compared=opened.compared(result, t),
        pairs=sum(len(one.differences) for one in result.comparisons),
    )


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/charts/<name>.svg")
def chart(slug: str, name: str) -> Response:
    """One chart as a picture."""
    filters, by = _selected(_chosen(collector_choices(runtime(), actor(), slug)))
    language, narrow = words().language, drawings.narrow()
    picture = charting.chart_file(
        runtime(), actor(), slug, ".svg", language, names=(name,), filters=filters, by=by, brief=True, narrow=narrow
    )
    return Response(picture, mimetype="image/svg+xml")


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/results/chart/<kind>/<key>.<ending>")
def picture(slug: str, kind: str, key: str, ending: str) -> Response:
    """One chart as a file of print size, SVG or PNG, with the line that says where its figures come from."""
    asked = request.args.get("lang", words().language)
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    filters, by = _selected(_chosen(collector_choices(runtime(), actor(), slug)))
    name = f"{kind}-{key}"
    made = charting.chart_file(runtime(), actor(), slug, f".{ending}", language, names=(name,), filters=filters, by=by)
    auditing.note_download(runtime(), actor(), slug, "chart", {"chart": name, "format": ending, "language": language})
    return download(made, PICTURES.get(ending.lower(), ""), f"{slug}-{name}-{language}.{ending}")


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/report")
def report(slug: str) -> str:
    """Data cuts, the files made of them, and what else can be downloaded."""
    return report_page(slug)


def report_page(slug: str, form: Form | None = None) -> str:
    """The page; ``form`` is that of a new cut, sent in vain."""
    survey = surveys.show(runtime(), actor(), slug)
    return render_template(
        "results/report.html",
        survey=survey,
        refusal=_opened(survey)[1],
        cuts=cuts.list_cuts(runtime(), actor(), slug),
        jobs=jobs.list_jobs(runtime(), actor(), slug),
        form=form,
    )


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/chart-book.pdf")
def chart_book(slug: str) -> Response:
    """Every chart with its table, in print."""
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    made = charting.chart_file(runtime(), actor(), slug, ".pdf", language)
    auditing.note_download(runtime(), actor(), slug, "chart_book", {"language": language})
    return download(made, "application/pdf", f"charts-{slug}-{language}.pdf")


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/codebook.<ending>")
def codebook(slug: str, ending: str) -> Response:
    """What the files of answers hold."""
    made = exporting.export_codebook(runtime(), actor(), slug, ending, language=words().language)
    return download(made, MIMETYPES.get(ending, ""), f"codebook-{slug}.{ending}")


@requires(Permission.EXPORT)
@blueprint.get("/surveys/<slug>/answers.<ending>")
def answers(slug: str, ending: str) -> Response:
    """Single answers, streamed; the audit entry is written before the first byte."""
    delimiter = DELIMITERS.get(request.args.get("delimiter", "comma"), ",")
    pieces = exporting.export_pieces(
        runtime(), actor(), slug, ending=ending, delimiter=delimiter, language=words().language
    )
    return download(pieces, MIMETYPES.get(ending, ""), f"answers-{slug}.{ending}")


def _opened(survey: SurveySummary, chosen: CollectorChoice | None = None) -> tuple[SurveyResult | None, str]:
    """The result; or None where it has nothing to show, and why."""
    t = words()
    filters: Filters = ()
    try:
        filters, by = _selected(chosen)
        result = open_result(runtime(), actor(), survey.slug, filters=filters, by=by)
    except PhieuError as error:
        if error.status >= 500:
            raise
        return None, f"{t(error.message)} {t(error.remedy) if error.remedy else ''}".strip()
    if not filters and result.released < INSIDE:
        return None, figures.too_few(survey, result.released, t)
    return result, ""


def _chosen(choices: tuple[CollectorChoice, ...]) -> CollectorChoice | None:
    """The collector, or those pooled, that ``?collector=`` names."""
    asked = request.args.get("collector")
    if not asked:
        return None
    for one in choices:
        if figures.short(one) == asked:
            return one
    raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")


def _selected(chosen: CollectorChoice | None) -> tuple[Filters, str | None]:
    """What the address filters and breaks down by."""
    asked = selecting.asked()
    others = tuple(one for one in asked.filters if chosen is None or one[0] != COLLECTOR)
    return ((((COLLECTOR, chosen.codes),) if chosen else ()) + others, asked.by or None)


def _named() -> dict[str, Any]:
    """The parameters of an address that select the same again."""
    try:
        named = selecting.asked().address
    except PhieuError:
        named = {}
    collector = request.args.get("collector")
    return {**named, "collector": collector} if collector else named


def _told(slug: str) -> str:
    """A free selection in words; empty where there is none."""
    try:
        asked = selecting.asked()
        return selecting.told(slug, asked) if asked else ""
    except PhieuError:
        return ""
