"""What cannot be taken back lightly: publishing, closing, reopening. Each act says first what it will do."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import authoring, surveys
from survey.web.author.forms import Act
from survey.web.author.views import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


@requires(Permission.AUTHOR)
@blueprint.post("/surveys/<slug>/publish")
def publish(slug: str) -> AnyResponse | tuple[str, int]:
    """Opens the survey with its draft as a version that never changes; says what is wrong when it cannot be."""
    try:
        authoring.publish(runtime(), actor(), slug)
    except PhieuError as error:
        if error.code != "questionnaire_problems":
            raise
        survey, asked = surveys.show(runtime(), actor(), slug), surveys.questionnaire(runtime(), actor(), slug)
        found = authoring.problems(runtime(), actor(), slug)
        return render_template(
            "author/questionnaire.html", survey=survey, q=asked, problems=found, refused=True
        ), error.status
    t = words()
    say(t("The survey is open: its codes take answers from its first day on."))
    return go("collectors.collect", slug=slug)


@requires(Permission.AUTHOR)
@blueprint.route("/surveys/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> AnyResponse | str:
    """Ends collection, once it was said what that means."""
    form = Act()
    if form.validate_on_submit():
        authoring.close(runtime(), actor(), slug)
        t = words()
        say(t("The survey is closed and takes no more answers."))
        return go("author.questionnaire", slug=slug)
    survey = surveys.show(runtime(), actor(), slug)
    if survey.status != "open":
        return go("author.questionnaire", slug=slug)
    return render_template("author/close.html", survey=survey, form=form)


@requires(Permission.AUTHOR)
@blueprint.post("/surveys/<slug>/reopen")
def reopen(slug: str) -> AnyResponse:
    """Collects again with the newest version."""
    authoring.reopen(runtime(), actor(), slug)
    t = words()
    say(t("The survey collects again."))
    return go("author.questionnaire", slug=slug)
