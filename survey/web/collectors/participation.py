"""How the codes of a survey are used: the funnel, and the numbers handed out that staff note in it."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, StringField

from survey.accounts.permissions import Permission
from survey.charts import funnel_bars
from survey.charts.drawing import Drawing
from survey.errors import NotFound
from survey.services import auditing, collectors, participation, surveys
from survey.web import drawings
from survey.web.collectors.blueprint import blueprint
from survey.web.fields import Form, line, t, whole
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


class HandedOut(Form):
    """How many copies people were given."""

    handed_out: IntegerField = whole(t("Handed out"), 0, 100_000_000, t("Write a whole number in digits."))
    note: StringField = line(t("Remark"), 200)


@requires(Permission.SEE)
@blueprint.get("/surveys/<slug>/participation")
def funnel(slug: str) -> str:
    """Handed out, opened, started, completed, by collector and print run."""
    return _page(slug, HandedOut())


@requires(Permission.SEE)
@blueprint.get("/surveys/<slug>/participation.svg")
def funnel_shown(slug: str) -> Response:
    """All collectors together, as a picture for the page."""
    return drawings.shown([_drawn(slug)])


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/participation/chart.<ending>")
def funnel_picture(slug: str, ending: str) -> Response:
    """The same as a file of print size."""
    t = words()
    source = (surveys.show(runtime(), actor(), slug).title, t("Figures as of {day}", day=t.long_day(runtime().today())))
    made = drawings.taken([_drawn(slug)], source, f"{slug}-funnel", ending)
    auditing.note_download(runtime(), actor(), slug, "chart", {"chart": "funnel", "format": ending})
    return made


@requires(Permission.COLLECT)
@blueprint.post("/collectors/<code>/runs")
def add_run(code: str) -> AnyResponse | tuple[str, int]:
    """Notes copies that were printed elsewhere."""
    _, slug = collectors.show(runtime(), actor(), code)
    form = HandedOut()
    if not form.validate_on_submit() or form.handed_out.data is None:
        return _page(slug, form, code), 400
    participation.add_run(runtime(), actor(), code, form.handed_out.data, form.note.data or "")
    return _noted(slug)


@requires(Permission.COLLECT)
@blueprint.post("/collectors/<code>/runs/<number>")
def hand_out(code: str, number: str) -> AnyResponse | tuple[str, int]:
    """Notes how many copies of a print run were handed out."""
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise NotFound("run_unknown", "There is no such print run.", "Look it up in the list.")
    _, slug = collectors.show(runtime(), actor(), code)
    form = HandedOut()
    if not form.validate_on_submit():
        return _page(slug, form, code), 400
    participation.hand_out(runtime(), actor(), code, int(number), form.handed_out.data, form.note.data or "")
    return _noted(slug)


def _noted(slug: str) -> AnyResponse:
    t = words()
    say(t("The number handed out is noted."))
    return go("collectors.funnel", slug=slug)


def _drawn(slug: str) -> Drawing:
    t = words()
    reached = participation.funnels(runtime(), actor(), slug)
    return funnel_bars.funnel(t("Participation"), funnel_bars.steps_of(reached, t), t)


def _page(slug: str, form: HandedOut, code: str = "") -> str:
    t, reached = words(), participation.funnels(runtime(), actor(), slug)
    told = funnel_bars.describe(t("Participation"), funnel_bars.steps_of(reached, t), t)
    return render_template(
        "collectors/participation.html",
        survey=surveys.show(runtime(), actor(), slug),
        funnels=reached,
        told=told if any(one.opened or one.completed for one in reached) else "",
        form=form,
        code=code,
    )
