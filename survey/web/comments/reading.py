"""The list of comments, sorting them by theme, one comment with its quote, and the file of masked comments."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField, TextAreaField

from survey.accounts.permissions import Permission
from survey.comments import personal
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import comments, surveys, themes
from survey.services.comments import Comment, Wanted
from survey.texts import texts
from survey.web.comments.blueprint import blueprint
from survey.web.fields import Form, t
from survey.web.results import selecting
from survey.web.security import actor, requires, runtime
from survey.web.workbench import PER_PAGE, Page, asked_page, download, go, pages, say, words

DELIMITERS = {"comma": ",", "semicolon": ";"}
FILTERS = ("q", "question", "collector", "theme")
SELECTION = ("where", "from", "to")
"""Parameters that say whose comments, as in the addresses of results."""


class QuoteForm(Form):
    """A quote, and what in it is no personal data although it looks like it."""

    text: TextAreaField = TextAreaField(t("Text of the quote"))
    confirmed: SelectMultipleField = SelectMultipleField(validate_choice=False)


@requires(Permission.EXPORT)
@blueprint.get("/surveys/<slug>/comments")
def reading(slug: str) -> str:
    """One page of comments, with the themes they have and those that rules suggest."""
    survey, number, chosen = surveys.show(runtime(), actor(), slug), asked_page(), _chosen()
    selection = selecting.asked()
    wanted = Wanted(chosen["q"], chosen["question"], chosen["collector"], chosen["theme"], selection.filters)
    skip = (number - 1) * PER_PAGE
    found = comments.reading(runtime(), actor(), slug, wanted, skip=skip, most=PER_PAGE)
    last = pages(found.total)
    if number > last:
        found = comments.reading(runtime(), actor(), slug, wanted, skip=(last - 1) * PER_PAGE, most=PER_PAGE)
    return render_template(
        "comments/comments.html",
        survey=survey,
        found=found,
        page=Page(found.comments, min(number, last), last, found.total),
        chosen=chosen,
        kept={name: value for name, value in chosen.items() if value},
        selected={name: value for name, value in selection.address.items() if name in SELECTION},
        told=selecting.told(slug, selecting.Chosen(selection.filters)) if selection.filters else "",
        names=dict(found.themes),
        kinds=personal.KINDS,
    )


@requires(Permission.EXPORT)
@blueprint.post("/surveys/<slug>/comments")
def sort(slug: str) -> AnyResponse:
    """Gives a theme to comments or takes it from them: to one by its button, to those ticked, or to all of the page."""
    t = words()
    one = request.form.get("one", "")
    wanted, _, pressed = one.partition(" ")
    if one:
        ref, _, theme = pressed.rpartition(" ")
        refs, given = [ref], wanted == "give"
    else:
        do, theme = request.form.get("do", ""), request.form.get("theme", "")
        refs, given = request.form.getlist("page" if do == "give-page" else "ref"), do != "take"
    try:
        number = themes.sort(runtime(), actor(), slug, refs, _number(theme), given=given)
    except Conflict as error:
        say(t(error.message))
    else:
        if given:
            say(t("{count} comments have the theme.", count=t.number(number)))
        else:
            say(t("The theme was taken from {count} comments.", count=t.number(number)))
    if request.form.get("back"):
        return go("comments.comment", slug=slug, ref=request.form["back"])
    place = f"c-{refs[0]}" if one else None
    return go("comments.reading", slug=slug, page=request.form.get("at") or None, _anchor=place, **_kept())


@requires(Permission.EXPORT)
@blueprint.get("/surveys/<slug>/comments/<ref>")
def comment(slug: str, ref: str) -> str:
    """One comment: its themes, what in it is personal, and the quote chosen of it."""
    return _page(slug, ref, None)


@requires(Permission.EXPORT)
@blueprint.post("/surveys/<slug>/comments/<ref>")
def quote(slug: str, ref: str) -> AnyResponse | tuple[str, int]:
    """Chooses a quote, or takes it back."""
    t = words()
    if "withdraw" in request.form:
        comments.unquote(runtime(), actor(), slug, ref)
        say(t("The quote was taken back."))
        return go("comments.comment", slug=slug, ref=ref)
    form = QuoteForm()
    form.validate()
    try:
        comments.quote(runtime(), actor(), slug, ref, form.text.data or "", form.confirmed.data or ())
    except NotFound:
        raise
    except PhieuError as error:
        form.blame(error, text=("quote_empty", "quote_changed", "quote_personal"))
        return _page(slug, ref, form), error.status
    say(t("The quote is chosen."))
    return go("comments.comment", slug=slug, ref=ref)


@requires(Permission.EXPORT)
@blueprint.get("/surveys/<slug>/comments.csv")
def table(slug: str) -> Response:
    """All comments, personal data masked, with their themes."""
    delimiter = DELIMITERS.get(request.args.get("delimiter", "comma"), ",")
    pieces = comments.export(runtime(), actor(), slug, words().language, delimiter)
    return download(pieces, "text/csv", f"comments-{slug}.csv")


def _page(slug: str, ref: str, form: QuoteForm | None) -> str:
    survey = surveys.show(runtime(), actor(), slug)
    one, known = comments.show(runtime(), actor(), slug, ref)
    if form is None:
        form = QuoteForm(formdata=None, text=one.quote or _suggested(one))
    return render_template(
        "comments/comment.html",
        survey=survey,
        one=one,
        names=dict(known),
        kinds=personal.KINDS,
        hits=comments.hits(one.text),
        form=form,
    )


def _suggested(one: Comment) -> str:
    """The whole comment, masked in the language it was written in."""
    return personal.masked(" ".join(one.text.split()), texts(one.language))


def _chosen() -> dict[str, str]:
    """What the address asks for."""
    return {name: request.args.get(name, "")[:300].replace("\0", "\ufffd") for name in FILTERS}


def _kept() -> dict[str, list[str]]:
    """The filter that a form brings back."""
    names = {name: [value] for name in FILTERS if (value := request.form.get(name, "")) and name != "theme"}
    names |= {name: some for name in SELECTION if (some := request.form.getlist(name))}
    return names | ({"theme": [value]} if (value := request.form.get("shown", "")) else {})


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
