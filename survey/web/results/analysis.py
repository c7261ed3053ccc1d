"""What takes a second look: groups compared, priorities, reliability, questions left blank."""

from __future__ import annotations

from flask import render_template, request, url_for

from survey.accounts.permissions import Permission
from survey.aggregation.coding import COLLECTOR
from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.services import basis, surveys
from survey.services.results import open_result
from survey.statistics.disclosure import INSIDE
from survey.statistics.participation import left_blank
from survey.statistics.results import SurveyResult
from survey.texts import Texts
from survey.web.results import figures, opened
from survey.web.results.blueprint import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import words


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/results/analysis")
def analysis(slug: str) -> str:
    """Comparisons by the groups of ``?by=``, then priorities, reliability and what was left blank."""
    t = words()
    survey = surveys.show(runtime(), actor(), slug)
    try:
        asked = basis.stated(runtime(), actor(), slug).questionnaire
        choices = [(one.key, one.label.to(t.language)) for one in asked.variables if one.form is Form.SINGLE]
        choices.append((COLLECTOR, t("Collector")))
        by = request.args.get("by", "")
        by = by if by in dict(choices) else ""
        result, note = _opened(slug, by, t)
    except PhieuError as error:
        if error.status >= 500:
            raise
        return render_template("results/analysis.html", survey=survey, refusal=t(error.message))
    refusal = figures.too_few(survey, result.released, t) if result.released < INSIDE else ""
    return render_template(
        "results/analysis.html",
        survey=survey,
        refusal=refusal,
        result=result,
        named={"by": by} if by else {},
        beside=figures.some(result, ("heat", "groups"), t, _address(slug, by)),
        matrices=figures.some(result, ("priority",), t, _address(slug)),
        choices=choices,
        by=by,
        note=note,
        compared=opened.compared(result, t),
        pairs=sum(len(one.differences) for one in result.comparisons),
        labels={one.key: one.label.to(t.language) for one in result.questions},
        names={one.key: one.name.to(t.language) for one in result.indexes},
        factors={(one.key, factor.key): factor.name.to(t.language) for one in result.indexes for factor in one.factors},
        blank=_blank(result, t),
    )


def _address(slug: str, by: str = "") -> figures.Address:
    return lambda name, width: url_for("results.chart", slug=slug, name=name, by=by or None, width=width)


def _opened(slug: str, by: str, t: Texts) -> tuple[SurveyResult, str]:
    """The result broken down by ``by``; where that may not be shown, the result without it, and why."""
    if by:
        try:
            return open_result(runtime(), actor(), slug, by=by, deeper=True), ""
        except PhieuError as error:
            if error.status >= 500 or error.code == "not_published":
                raise
            return open_result(runtime(), actor(), slug, deeper=True), t(error.message)
    return open_result(runtime(), actor(), slug, deeper=True), ""


def _blank(result: SurveyResult, t: Texts) -> list[tuple[str, str, str]]:
    """Questions that somebody left blank: label, share, and people; the largest share first."""
    rows = []
    for question in result.questions:
        share = left_blank(question.figures, result.released)
        if share and question.figures.missing is not None:
            rows.append((share, question.label.to(t.language), question.figures.missing["no_answer"]))
    return [(label, t.percent(share), t.number(people)) for share, label, people in sorted(rows, reverse=True)]
