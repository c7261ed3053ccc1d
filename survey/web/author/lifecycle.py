"""What cannot be taken back lightly: publishing, closing, reopening. Each act says first what it will do."""

from __future__ import annotations

from datetime import date

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import authoring, surveys
from survey.services.surveys import SurveySummary
from survey.texts import Texts
from survey.web.author import wording
from survey.web.author.forms import Act
from survey.web.author.views import blueprint, shown
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


@requires(Permission.AUTHOR)
@blueprint.route("/surveys/<slug>/publish", methods=["GET", "POST"])
def publish(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Opens the survey with its draft as a version that never changes, once it was said what that fixes; says what is
    wrong when it cannot be."""
    form, t = Act(), words()
    if form.validate_on_submit():
        try:
            authoring.publish(runtime(), actor(), slug)
        except PhieuError as error:
            if error.code != "questionnaire_problems":
                raise
            return shown(surveys.show(runtime(), actor(), slug), refused=True), error.status
        say(_opened(surveys.show(runtime(), actor(), slug), runtime().today(), t))
        return go("collectors.collect", slug=slug)
    survey = surveys.show(runtime(), actor(), slug)
    if not survey.changed or survey.status == "closed":
        return go("author.questionnaire", slug=slug)
    if any(one.level == "error" for one in authoring.problems(runtime(), actor(), slug)):
        return shown(survey, refused=True)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    untranslated = wording.untranslated(asked, t)
    return render_template("author/publish.html", survey=survey, q=asked, untranslated=untranslated, form=form)


def _opened(survey: SurveySummary, today: date, t: Texts) -> str:
    """What publishing has brought about."""
    if survey.opens_on and survey.opens_on > today:
        return t("The survey is published; its codes take answers from {day}.", day=t.day(survey.opens_on))
    if survey.closes_on and survey.closes_on < today:
        return t("The survey is published, but its last day has passed: change its days to collect.")
    return t("The survey is open and takes answers. Add collectors.")


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
