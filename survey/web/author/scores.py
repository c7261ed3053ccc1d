"""Questions with a score of their own in a draft: which scales count as NPS, CSAT or CES, and ready ones to add."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from survey.accounts.permissions import Permission
from survey.definition import scored
from survey.definition.choices import MEASURES
from survey.errors import PhieuError
from survey.services import authoring, surveys
from survey.web.author.views import blueprint
from survey.web.fields import Form, line, t
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


class Ready(Form):
    """A ready question, and where it goes. Left empty, its wording is the one shown beside it."""

    measure = line(t("Kind of question"), 10, required=t("Choose a kind of question."))
    section = line(t("At the end of the part"), 64, required=t("Choose a part."))
    text: StringField = line(t("Wording"), 500)
    text_en: StringField = line(t("Wording in English"), 500)


@requires(Permission.AUTHOR)
@blueprint.get("/surveys/<slug>/scores")
def scores(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Which questions of the draft carry a score, and the form that adds one."""
    return _page(slug, Ready())


@requires(Permission.AUTHOR)
@blueprint.post("/surveys/<slug>/scores")
def mark_scores(slug: str) -> AnyResponse:
    """Keeps which of the scales count."""
    authoring.mark_scores(runtime(), actor(), slug, request.form.getlist("marked"))
    _ = words()
    say(_("The changes are kept."))
    return go("author.scores", slug=slug)


@requires(Permission.AUTHOR)
@blueprint.post("/surveys/<slug>/scores/new")
def add_score(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Puts a ready question into the draft."""
    form = Ready()
    if not form.validate_on_submit():
        return _page(slug, form, 400)
    original = surveys.questionnaire(runtime(), actor(), slug).languages[0]
    wordings = {"en": form.text_en.data or "", original: form.text.data or ""}
    try:
        authoring.add_score(runtime(), actor(), slug, form.measure.data, form.section.data, wordings)
    except PhieuError as error:
        form.blame(error, measure=("score_unknown",))
        return _page(slug, form, error.status)
    _ = words()
    say(_("The question is added."))
    return go("author.scores", slug=slug)


@requires(Permission.AUTHOR)
@blueprint.post("/surveys/<slug>/scores/<key>/remove")
def remove_score(slug: str, key: str) -> AnyResponse:
    """Takes a question out of the draft again."""
    authoring.remove_score(runtime(), actor(), slug, key)
    _ = words()
    say(_("The question is taken out."))
    return go("author.scores", slug=slug)


def _page(slug: str, form: Ready, status: int = 200) -> AnyResponse | str | tuple[str, int]:
    survey = surveys.show(runtime(), actor(), slug)
    if not survey.changed:
        return go("author.questionnaire", slug=slug)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    if "en" not in asked.languages[1:]:
        del form.text_en
    shown: dict[str, Any] = {
        "questions": scored.markable(asked),
        "ready": {measure: scored.ready_text(measure, words().language) for measure in MEASURES},
    }
    return render_template("author/scores.html", survey=survey, q=asked, form=form, **shown), status
