"""Data cuts on the staff pages, and the files that are made of them as jobs with progress."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from flask import Response, current_app, render_template, url_for
from wtforms import StringField

from survey.accounts.permissions import Permission
from survey.errors import NotFound, PhieuError
from survey.services import cuts, jobs, surveys
from survey.services.jobs import JobSummary
from survey.services.workshop import Workshop
from survey.texts import LANGUAGES
from survey.web.fields import Form, line
from survey.web.fields import t as mark
from survey.web.results import offers
from survey.web.results.blueprint import blueprint
from survey.web.results.views import report_page
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download, go, say, words


class NewCut(Form):
    """What a cut is called."""

    name = line(mark("Name of the data cut"), 200)


class Wanted(Form):
    """Which file is wanted, in which language."""

    offer = StringField(mark("File"))
    language = StringField(mark("Language"))


@requires(Permission.DOWNLOAD)
@blueprint.post("/surveys/<slug>/cuts")
def make_cut(slug: str) -> Response | tuple[str, int]:
    """Freezes what is released now."""
    t, form = words(), NewCut()
    if form.validate_on_submit():
        try:
            made = cuts.make_cut(runtime(), actor(), slug, form.name.data or "")
        except PhieuError as error:
            if error.status in (403, 404):
                raise
            form.blame(error, name=("text_too_long",))
        else:
            say(t("Data cut {number} is frozen.", number=made.number))
            return go("results.cut", slug=slug, number=made.number)
    return report_page(slug, form), 400


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/cuts/<int:number>")
def cut(slug: str, number: int) -> str:
    """One cut: what it froze, and what can be made of it."""
    survey = surveys.show(runtime(), actor(), slug)
    summary, result = cuts.opened_cut(runtime(), actor(), slug, number)
    return render_template(
        "results/cut.html",
        survey=survey,
        cut=summary,
        result=result,
        offers=offers.OFFERS,
        day=summary.made_at.replace(tzinfo=UTC).astimezone(runtime().settings.timezone).date(),
    )


@requires(Permission.DOWNLOAD)
@blueprint.post("/surveys/<slug>/cuts/<int:number>/files")
def make_file(slug: str, number: int) -> Response:
    """Asks for a file and goes to the page that shows how far it is."""
    form = Wanted()
    found = offers.find(form.offer.data or "") if form.validate_on_submit() else None
    cuts.opened_cut(runtime(), actor(), slug, number)
    if found is None:
        raise NotFound("file_kind_unknown", "There is no such file to make.", "Choose one of those offered.")
    offer, wanted = found
    language = form.language.data if form.language.data in LANGUAGES else LANGUAGES[0]
    options = {"cut": number, "language": language, **dict(wanted.more)}
    filename = wanted.filename(slug, number, language)
    asked = jobs.ask(runtime(), actor(), slug, offer.kind, options, filename)
    workshop: Workshop = current_app.extensions["phieu.workshop"]
    workshop.begin()
    return go("results.job", slug=slug, number=asked)


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/jobs/<int:number>")
def job(slug: str, number: int) -> str:
    """How far a file is; the page loads itself again until it is made."""
    survey = surveys.show(runtime(), actor(), slug)
    found = jobs.show(runtime(), actor(), slug, number)
    seconds = max(0, int(((found.ended_at or runtime().now()) - found.made_at).total_seconds()))
    return render_template("results/job.html", survey=survey, job=found, seconds=seconds, back=_back(slug, found))


@requires(Permission.DOWNLOAD)
@blueprint.post("/surveys/<slug>/jobs/<int:number>/cancel")
def cancel_job(slug: str, number: int) -> Response:
    """Calls the work off."""
    jobs.cancel(runtime(), actor(), slug, number)
    return go("results.job", slug=slug, number=number)


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/jobs/<int:number>/file")
def job_file(slug: str, number: int) -> Response:
    """The file that was made."""
    path, filename = jobs.fetch(runtime(), actor(), slug, number)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = download(_pieces(path), kind, filename)
    response.content_length = path.stat().st_size
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            yield piece


def _back(slug: str, found: JobSummary) -> str:
    """The page the file was asked for on."""
    if found.cut is None:
        return url_for("results.report", slug=slug)
    return url_for("results.cut", slug=slug, number=found.cut)
