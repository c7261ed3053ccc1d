"""The measures of a survey and their poster."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from survey.accounts.permissions import Permission
from survey.errors import NotFound, PhieuError
from survey.services import measures, surveys
from survey.services.measures import Said
from survey.texts import LANGUAGES
from survey.web.fields import Form, day, line, t
from survey.web.security import actor, requires, runtime
from survey.web.shown.blueprint import blueprint
from survey.web.workbench import download, go, say, words

SHORT = Length(max=measures.LONGEST, message=t("This text is too long."))


class Measure(Form):
    """One measure."""

    heard: TextAreaField = TextAreaField(t("What was heard"), [InputRequired(t("Write what was heard.")), SHORT])
    action: TextAreaField = TextAreaField(t("What is done"), [InputRequired(t("Write what is done.")), SHORT])
    lead: StringField = line(t("Unit in the lead"), 300)
    due_on: DateField = day(t("Due on"))
    done_on: DateField = day(t("Done on"))

    def said(self) -> Said:
        """What was written."""
        return Said(
            self.heard.data or "",
            self.action.data or "",
            self.lead.data or "",
            self.due_on.data,
            self.done_on.data,
        )


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/measures")
def kept(slug: str) -> str:
    """All measures, a form for a new one, and the poster."""
    return _page(slug, Measure())


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/measures")
def add(slug: str) -> AnyResponse | tuple[str, int]:
    """Keeps a new measure."""
    return _keep(slug, None)


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/measures/<number>")
def measure(slug: str, number: str) -> str:
    """One measure, to change it."""
    known = {one.id: one.said for one in measures.list_measures(runtime(), actor(), slug)}
    said = known.get(_whole(number))
    if said is None:
        raise NotFound("measure_unknown", "There is no such measure.", "Look it up in the list.")
    return _page(slug, Measure(formdata=None, obj=said), _whole(number))


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/measures/<number>")
def change(slug: str, number: str) -> AnyResponse | tuple[str, int]:
    """Writes a measure anew."""
    return _keep(slug, _whole(number))


@requires(Permission.PUBLISH)
@blueprint.post("/staff/surveys/<slug>/measures/<number>/remove")
def remove(slug: str, number: str) -> AnyResponse:
    """Takes a measure away."""
    measures.remove(runtime(), actor(), slug, _whole(number))
    _ = words()
    say(_("The measure is gone."))
    return go("shown.kept", slug=slug)


@requires(Permission.PUBLISH)
@blueprint.get("/staff/surveys/<slug>/measures.pdf")
def poster(slug: str) -> Response:
    """The poster, A4 or A3."""
    asked, size = request.args.get("lang", ""), request.args.get("size", "a4")
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    made = measures.poster(runtime(), actor(), slug, language, size)
    return download(made, "application/pdf", f"measures-{slug}-{size}.pdf")


def _keep(slug: str, number: int | None) -> AnyResponse | tuple[str, int]:
    form, status = Measure(), 400
    if form.validate_on_submit():
        try:
            if number is None:
                measures.add(runtime(), actor(), slug, form.said())
            else:
                measures.change(runtime(), actor(), slug, number, form.said())
        except PhieuError as error:
            if error.status == 404:
                raise
            form.blame(error, heard=("text_missing",))
            status = error.status
        else:
            _ = words()
            say(_("The measure is kept."))
            return go("shown.kept", slug=slug)
    return _page(slug, form, number), status


def _whole(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound("measure_unknown", "There is no such measure.", "Look it up in the list.")
    return int(typed)


def _page(slug: str, form: Measure, number: int | None = None) -> str:
    return render_template(
        "shown/measures.html",
        survey=surveys.show(runtime(), actor(), slug),
        rows=measures.list_measures(runtime(), actor(), slug),
        form=form,
        number=number,
    )
