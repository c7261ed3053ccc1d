"""The page of themes: their names, their rules, and a set to begin with."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from survey.accounts.permissions import Permission
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import surveys, themes
from survey.texts import LANGUAGES
from survey.web.comments.blueprint import blueprint
from survey.web.fields import Form, line, t
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


class ThemeForm(Form):
    """A theme and its rules."""

    name: StringField = line(t("Name of the theme"), 200, required=t("Give the theme a name."))
    words: TextAreaField = TextAreaField(t("Words that suggest it, one a line"))


@requires(Permission.EXPORT)
@blueprint.get("/surveys/<slug>/themes")
def listing(slug: str) -> str:
    """All themes, and a form for a new one."""
    return _page(slug, ThemeForm(formdata=None), 0)


@requires(Permission.EXPORT)
@blueprint.post("/surveys/<slug>/themes")
def add(slug: str) -> AnyResponse | tuple[str, int]:
    """Makes a theme, or those to begin with."""
    t = words()
    if "start" in request.form:
        language = request.form["start"] if request.form["start"] in LANGUAGES else LANGUAGES[0]
        try:
            number = themes.start(runtime(), actor(), slug, language)
        except Conflict as error:
            say(t(error.message))
        else:
            say(t("{count} themes were added.", count=number))
        return go("comments.listing", slug=slug)
    return _save(slug, 0)


@requires(Permission.EXPORT)
@blueprint.post("/surveys/<slug>/themes/<number>")
def change(slug: str, number: str) -> AnyResponse | tuple[str, int]:
    """Gives a theme another name and other rules."""
    return _save(slug, _numbered(number))


@requires(Permission.EXPORT)
@blueprint.post("/surveys/<slug>/themes/<number>/remove")
def remove(slug: str, number: str) -> AnyResponse:
    """Deletes a theme."""
    themes.remove(runtime(), actor(), slug, _numbered(number))
    say(words()("The theme was deleted."))
    return go("comments.listing", slug=slug)


def _save(slug: str, number: int) -> AnyResponse | tuple[str, int]:
    """Stores a new theme (number 0) or a changed one."""
    form, t, status = ThemeForm(), words(), 400
    if form.validate_on_submit():
        name, rules = form.name.data or "", form.words.data or ""
        try:
            if number:
                themes.change(runtime(), actor(), slug, number, name, rules)
            else:
                themes.add(runtime(), actor(), slug, name, rules)
        except NotFound:
            raise
        except PhieuError as error:
            form.blame(error, name=("theme_taken", "theme_unnamed"))
            status = error.status
        else:
            say(t("The theme is saved."))
            return go("comments.listing", slug=slug)
    return _page(slug, form, number), status


def _numbered(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("theme_unknown", "There is no such theme.", "Choose one of those listed.")
    return int(number)


def _page(slug: str, form: ThemeForm, number: int) -> str:
    """``number`` is the theme whose form came back, 0 for the form of a new one."""
    return render_template(
        "comments/themes.html",
        survey=surveys.show(runtime(), actor(), slug),
        themes=themes.list_themes(runtime(), actor(), slug),
        form=form,
        number=number,
    )
