"""Flagged answers in groups, leaving them out of results with a reason, and taking them back in."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired

from survey.accounts.permissions import Permission
from survey.collection.screening import flags
from survey.errors import NotFound, PhieuError
from survey.services import quality, surveys
from survey.web.fields import Form, line, t
from survey.web.results.blueprint import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


class Exclusion(Form):
    """Which answers are left out, and why."""

    collector: StringField = StringField(validators=[InputRequired()])
    day: StringField = StringField(validators=[InputRequired()])
    flag: StringField = StringField(validators=[InputRequired()])
    reason: StringField = line(t("Reason"), 500, required=t("Say why; it stands in the report."))


@requires(Permission.EXCLUDE)
@blueprint.get("/surveys/<slug>/quality")
def checks(slug: str) -> str:
    """All groups of flagged answers, and what was decided about them."""
    return _page(slug, Exclusion())


@requires(Permission.EXCLUDE)
@blueprint.post("/surveys/<slug>/quality")
def exclude(slug: str) -> AnyResponse | tuple[str, int]:
    """Leaves a group out of results."""
    form, status = Exclusion(), 400
    if form.validate_on_submit():
        try:
            number = quality.exclude(
                runtime(), actor(), slug, form.collector.data, _day(form.day.data), form.flag.data, form.reason.data
            )
        except PhieuError as error:
            form.blame(error, reason=("reason_missing", "text_too_long"))
            status = error.status
        else:
            t = words()
            say(t("{count} answers are left out. Figures follow with the next release.", count=t.number(number)))
            return go("results.checks", slug=slug)
    return _page(slug, form), status


@requires(Permission.EXCLUDE)
@blueprint.post("/surveys/<slug>/quality/<number>/lift")
def lift(slug: str, number: str) -> AnyResponse:
    """Takes back in what was left out."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("exclusion_unknown", "There is no such exclusion.", "Look it up in the list.")
    rows = quality.lift(runtime(), actor(), slug, int(number))
    t = words()
    say(t("{count} answers count again. Figures follow with the next release.", count=t.number(rows)))
    return go("results.checks", slug=slug)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise PhieuError("day_unreadable", "This is no day.", "Load the page again.") from error


def _page(slug: str, form: Exclusion) -> str:
    return render_template(
        "results/quality.html",
        survey=surveys.show(runtime(), actor(), slug),
        groups=quality.groups(runtime(), actor(), slug),
        decisions=quality.decisions(runtime(), actor(), slug),
        form=form,
        flag_name=lambda flag: flags.name(flag, words()),
        flag_meaning=lambda flag: flags.meaning(flag, words()),
        asked=(request.form.get("collector"), request.form.get("day"), request.form.get("flag")),
    )
