"""The list of surveys, making one, and the page of its questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.errors import PhieuError
from survey.services import authoring, offices, surveys
from survey.services.surveys import SurveySummary
from survey.texts.folding import folded
from survey.web.author import wording
from survey.web.author.forms import FIELDS, Details, NewSurvey, Plan
from survey.web.respond import page
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, paged, say, words

blueprint = Blueprint("author", __name__, url_prefix="/staff")

SORTS: dict[str, Callable[[SurveySummary], Any]] = {
    "title": lambda one: folded(one.title),
    "answers": lambda one: -one.answers,
    "newest": lambda one: -one.created_at.timestamp(),
}

DAYS = {"closes_on": ("dates_reversed",)}

STATUSES = ("draft", "open", "closed")


@requires(Permission.SEE)
@blueprint.get("/")
def home() -> str:
    """Surveys: those that collect first, then the newest; searched without diacritics, filtered, sorted, in pages."""
    everything = surveys.list_surveys(runtime(), actor())
    wanted = folded(request.args.get("q", "")[:200]).split()
    status, sort = request.args.get("status", ""), request.args.get("sort", "")
    found = [
        one
        for one in everything
        if status not in STATUSES or one.status == status
        if all(word in folded(f"{one.title} {one.slug} {one.unit}") for word in wanted)
    ]
    if sort in SORTS:
        found.sort(key=SORTS[sort])
    return render_template(
        "author/home.html", page=paged(found), total=len(everything), statuses=STATUSES, status=status, sort=sort
    )


@requires(Permission.AUTHOR)
@blueprint.route("/new", methods=["GET", "POST"])
def new() -> AnyResponse | str | tuple[str, int]:
    """A new survey from a template, with what the office says about itself."""
    t = words()
    templates = [(name, library.about(name), library.load(name)) for name in library.names()]
    form, status = NewSurvey(**_presented()), 200
    if form.validate_on_submit():
        said = form.said()
        try:
            title = said.title or library.load(form.template.data).title.to(t.language)
            slug = authoring.create_survey(
                runtime(),
                actor(),
                slug=form.slug.data or authoring.free_slug(runtime(), title),
                template=form.template.data,
                office_name=said.office,
                **{name: getattr(said, name) for name in _SAID},
            )
        except PhieuError as error:
            form.blame(error, slug=("slug_taken", "slug_unusable"), website=("website_unusable",), **DAYS)
            status = error.status
        else:
            say(t("The draft is made. Look at it, then publish it."))
            return go("author.questionnaire", slug=slug)
    elif form.errors:
        status = 400
    return render_template("author/new.html", form=form, templates=templates), status


_SAID = tuple(name for name in FIELDS if name != "office")


def _presented() -> dict[str, str]:
    """How the office presented itself last time, else what is known of the unit."""
    if last := surveys.latest_office(runtime(), actor()):
        english = dict(last.name.wordings).get("en", "")
        contact = {"phone": last.phone, "email": last.email, "website": last.website}
        return {"office": last.name.to("vi"), "office_en": english, "superior": last.superior.to("vi"), **contact}
    unit = offices.own_office(runtime(), actor())
    return {"office": unit.name} if unit else {}


@requires(Permission.SEE)
@blueprint.get("/surveys/<slug>")
def questionnaire(slug: str) -> str:
    """The first step of a survey: what is asked, by whom, when; and what stands in the way of publishing."""
    return shown(surveys.show(runtime(), actor(), slug))


def shown(survey: SurveySummary, *, refused: bool = False) -> str:
    """The page of a questionnaire; ``refused`` when publishing it was tried in vain."""
    t = words()
    asked = surveys.questionnaire(runtime(), actor(), survey.slug)
    found = authoring.problems(runtime(), actor(), survey.slug) if survey.changed else ()
    return render_template(
        "author/questionnaire.html",
        survey=survey,
        q=asked,
        problems=[one for one in found if one.place != wording.TITLE_IN_ENGLISH],
        untranslated=wording.untranslated(asked, t) if survey.changed else (),
        place=lambda one: wording.place(one, t),
        refused=refused,
    )


@requires(Permission.AUTHOR)
@blueprint.route("/surveys/<slug>/settings", methods=["GET", "POST"])
def settings(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Dates, population and target; before publication also title and office."""
    survey = surveys.show(runtime(), actor(), slug)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    form, status = _settings_form(survey, asked), 200
    if form.validate_on_submit():
        try:
            authoring.update_survey(runtime(), actor(), slug, form.said())
        except PhieuError as error:
            form.blame(error, website=("website_unusable",), **DAYS)
            status = error.status
        else:
            t = words()
            say(t("The changes are kept."))
            return go("author.questionnaire", slug=slug)
    elif form.errors:
        status = 400
    return render_template("author/settings.html", survey=survey, form=form), status


def _settings_form(survey: SurveySummary, asked: Questionnaire) -> Plan:
    plan = {name: getattr(survey, name) for name in ("opens_on", "closes_on", "population", "target", "layout")}
    if survey.version:
        return Plan(**plan)
    office, original = asked.office, asked.languages[0]
    form = Details(
        **plan,
        title_en=dict(asked.title.wordings).get("en", ""),
        office_en=dict(office.name.wordings).get("en", ""),
        title=survey.title,
        office=office.name.to(original),
        superior=office.superior.to(original),
        phone=office.phone,
        email=office.email,
        website=office.website,
    )
    if "en" not in asked.languages[1:]:
        del form.title_en, form.office_en
    return form


@requires(Permission.SEE)
@blueprint.get("/surveys/<slug>/preview")
def preview(slug: str) -> Response:
    """The page as respondents will see it; nothing can be sent from it."""
    asked = surveys.questionnaire(runtime(), actor(), slug)
    language = request.args.get("lang", "")
    look = page.Look(
        language if language in asked.languages else asked.languages[0],
        large=request.args.get("text") == "large",
        steps=surveys.show(runtime(), actor(), slug).layout == "steps",
    )
    body = page.preview(asked, look)
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = page.preview_policy()
    return response
