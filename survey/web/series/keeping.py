"""Making series, putting surveys into them and taking them out."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import series as keeping
from survey.web.fields import Form, day, line, t
from survey.web.security import actor, requires, runtime
from survey.web.series.blueprint import blueprint
from survey.web.series.views import page
from survey.web.workbench import go, say, words


class NewSeries(Form):
    """A series."""

    title: StringField = line(t("Title"), 300, required=t("Write a title."))
    slug: StringField = line(t("Short name"), 64, required=t("Write a short name."))


class Turn(Form):
    """A survey's place in a series."""

    survey: SelectField = SelectField(t("Survey"), [InputRequired(t("Choose a survey."))], validate_choice=False)
    wave: StringField = line(t("Name of the wave"), 60, required=t("Write the name of the wave, such as 2026."))
    on: DateField = day(t("Day on the time line"))
    breaks: StringField = line(t("Why it cannot be compared with the wave before"), 300)


@requires(Permission.RESULTS)
@blueprint.get("/series")
def all_series() -> str:
    """Every series, and a form for a new one."""
    return _list(NewSeries())


@requires(Permission.SERIES)
@blueprint.post("/series")
def new() -> AnyResponse | tuple[str, int]:
    """Makes a series."""
    form, status = NewSeries(), 400
    if form.validate_on_submit():
        try:
            made = keeping.create(runtime(), actor(), form.slug.data.strip(), form.title.data)
        except PhieuError as error:
            form.blame(error, slug=("slug_taken", "slug_unusable"), title=("text_missing", "text_too_long"))
            status = error.status
        else:
            _ = words()
            say(_("The series is there; put surveys into it."))
            return go("series.series", name=made)
    return _list(form), status


def _list(form: NewSeries) -> str:
    return render_template("series/list.html", rows=keeping.list_series(runtime(), actor()), form=form)


@requires(Permission.SERIES)
@blueprint.get("/series/<name>/waves")
def waves(name: str) -> str:
    """The surveys of a series, to change, and those that could be put into it."""
    return page(name, form=_form(name))


@requires(Permission.SERIES)
@blueprint.post("/series/<name>/waves")
def put(name: str) -> AnyResponse | tuple[str, int]:
    """Puts a survey into the series, or changes its place there."""
    form, status = _form(name), 400
    if form.validate_on_submit():
        if form.on.data is None:
            form.on.errors = [*form.on.errors, t("Write the day.")]
        else:
            try:
                keeping.put(
                    runtime(), actor(), form.survey.data, name, form.wave.data, form.on.data, form.breaks.data or ""
                )
            except PhieuError as error:
                form.blame(error, survey=("survey_unknown",), wave=("text_missing", "text_too_long"))
                status = error.status
            else:
                _ = words()
                say(_("The survey stands in the series."))
                return go("series.waves", name=name)
    return page(name, form=form), status


@requires(Permission.SERIES)
@blueprint.post("/series/<name>/waves/<slug>/out")
def take_out(name: str, slug: str) -> AnyResponse:
    """Takes a survey out of the series."""
    keeping.show(runtime(), actor(), name)
    keeping.take_out(runtime(), actor(), slug)
    _ = words()
    say(_("The survey is no longer in the series."))
    return go("series.waves", name=name)


@requires(Permission.SERIES)
@blueprint.post("/series/<name>/remove")
def remove(name: str) -> AnyResponse:
    """Deletes an empty series."""
    keeping.remove(runtime(), actor(), name)
    _ = words()
    say(_("The series is gone."))
    return go("series.all_series")


def _form(name: str) -> Turn:
    _, turns = keeping.show(runtime(), actor(), name)
    form = Turn()
    known = [(one.survey, one.title) for one in turns]
    known += [(one.survey, one.title) for one in keeping.free_surveys(runtime(), actor())]
    form.survey.choices = [(slug, f"{title} ({slug})") for slug, title in known]
    return form
