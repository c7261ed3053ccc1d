"""What a collector carries: its settings, its single-use codes, and the survey its printed code opens."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.collection import links
from survey.collection.codes import display
from survey.definition.text import Text
from survey.definition.variables import Form as AnswerForm
from survey.errors import PhieuError
from survey.printing.sheets import SHEETS
from survey.services import collectors, offices, printing, single_use, surveys
from survey.services.collectors import CollectorSummary, Traits
from survey.texts import LANGUAGES
from survey.web.collectors.blueprint import blueprint
from survey.web.collectors.forms import Codes, CollectorTraits, Lead
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download, go, say, words

FIXED = "fixed-"
"""Before the key of a question, the name of the field that fixes its answer."""


@dataclass(frozen=True)
class Fixable:
    """A question whose answer a code can carry."""

    key: str
    label: Text
    choices: tuple[tuple[str, Text], ...]


@requires(Permission.COLLECT)
@blueprint.route("/collectors/<code>/settings", methods=["GET", "POST"])
def settings(code: str) -> AnyResponse | str | tuple[str, int]:
    """Name, place, days, hours, expectations and fixed answers."""
    one, slug = collectors.show(runtime(), actor(), code)
    fixable, has = _fixable(slug), one.traits
    form = CollectorTraits(
        name=one.name,
        place=has.place,
        unit=has.unit or "",
        slip=has.slip or "",
        language=has.language or "",
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        hours_from=has.hours[0] if has.hours else None,
        hours_to=has.hours[1] if has.hours else None,
        expected_per_day=has.expected_per_day,
        most_answers=has.most_answers,
    )
    status, fixed = 200, dict(has.fixed)
    if form.is_submitted():
        status, fixed = 400, _asked(fixable)
        if form.validate():
            try:
                collectors.edit(
                    runtime(),
                    actor(),
                    code,
                    name=form.name.data,
                    opens_on=form.opens_on.data,
                    closes_on=form.closes_on.data,
                    traits=_traits(form, one, fixed),
                )
            except PhieuError as error:
                form.blame(
                    error,
                    closes_on=("dates_reversed",),
                    hours_to=("hours_reversed", "hours_half"),
                    unit=("unit_unknown",),
                )
                status = error.status
            else:
                say(words()("The changes are kept."))
                return go("collectors.collector", code=code)
    survey = surveys.show(runtime(), actor(), slug)
    units = [office.name for office in offices.list_offices(runtime(), actor())]
    body = render_template(
        "collectors/settings.html",
        one=one,
        survey=survey,
        form=form,
        fixable=fixable,
        fixed=fixed,
        prefix=FIXED,
        units=units,
    )
    return body, status


@requires(Permission.PRINT)
@blueprint.route("/collectors/<code>/codes", methods=["GET", "POST"])
def codes(code: str) -> AnyResponse | str | tuple[str, int]:
    """Makes single-use codes and hands them out as a file, this once."""
    one, slug = collectors.show(runtime(), actor(), code)
    form, status = Codes(), 200
    if form.validate_on_submit() and form.number.data:
        try:
            return _made(one, form)
        except PhieuError as error:
            form.blame(error, number=("number_unusable", "too_many_labels"))
            status = error.status
    elif form.is_submitted():
        status = 400
    body = render_template(
        "collectors/codes.html",
        one=one,
        survey=surveys.show(runtime(), actor(), slug),
        q=surveys.questionnaire(runtime(), actor(), slug),
        form=form,
        runs=single_use.counts(runtime(), actor(), code),
        sheets=SHEETS.values(),
    )
    return body, status


@requires(Permission.COLLECT)
@blueprint.route("/collectors/<code>/lead", methods=["GET", "POST"])
def lead(code: str) -> AnyResponse | str | tuple[str, int]:
    """Leads a printed code to another survey, or back."""
    one, slug = collectors.show(runtime(), actor(), code)
    form, status = Lead(), 200
    if form.validate_on_submit():
        try:
            collectors.lead(runtime(), actor(), code, form.slug.data)
        except PhieuError as error:
            form.blame(error, slug=("leads_nowhere_new", "survey_unknown"))
            status = error.status
        else:
            say(words()("The printed code now opens the survey you chose."))
            return go("collectors.collector", code=code)
    elif form.is_submitted():
        status = 400
    others = [found for found in surveys.list_surveys(runtime(), actor()) if found.status != "closed"]
    body = render_template(
        "collectors/lead.html", one=one, survey=surveys.show(runtime(), actor(), slug), form=form, others=others
    )
    return body, status


def _made(one: CollectorSummary, form: Codes) -> Response:
    language = form.language.data if form.language.data in LANGUAGES else LANGUAGES[0]
    number, note = form.number.data, form.note.data or ""
    if form.form.data == "labels":
        made = printing.single_use_labels(
            runtime(), actor(), one.code, language, number, sheet_name=form.sheet.data, note=note
        )
        return download(made, "application/pdf", f"codes-{one.code}.pdf")
    base = runtime().settings.base_url
    run, made_codes = single_use.issue(runtime(), actor(), one.code, number, note)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["run", "number", "code", "url"])
    rows.writerows(
        [run, place, display(each), links.survey_url(base, each)] for place, each in enumerate(made_codes, 1)
    )
    return download(f"\ufeff{out.getvalue()}".encode(), "text/csv", f"codes-{one.code}-{run}.csv")


def _fixable(slug: str) -> tuple[Fixable, ...]:
    asked = surveys.questionnaire(runtime(), actor(), slug)
    return tuple(
        Fixable(one.key, asked.filled(one.label), tuple((choice.code, choice.label) for choice in one.listed.choices))
        for one in asked.variables
        if one.form is AnswerForm.SINGLE
    )


def _asked(fixable: tuple[Fixable, ...]) -> dict[str, str]:
    """The answers that were chosen to be carried."""
    chosen = {one.key: request.form.get(FIXED + one.key, "") for one in fixable}
    return {key: code for key, code in chosen.items() if code}


def _traits(form: CollectorTraits, one: CollectorSummary, fixed: dict[str, str]) -> Traits:
    hours = (form.hours_from.data, form.hours_to.data)
    if (hours[0] is None) != (hours[1] is None):
        raise PhieuError("hours_half", "One of the two times is missing.", "Give both, or neither.")
    return Traits(
        slip=form.slip.data or None,
        place=form.place.data or "",
        unit=form.unit.data or None,
        fixed=fixed,
        language=form.language.data or None,
        hours=hours if hours[0] else None,
        expected_per_day=form.expected_per_day.data,
        most_answers=form.most_answers.data,
        single_use=one.traits.single_use,
        follow_up=one.traits.follow_up,
    )
