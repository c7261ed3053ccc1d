"""Results on a page with a table behind every chart, the charts themselves, and the downloads."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from survey.accounts.permissions import Permission
from survey.collection import codes
from survey.services import collectors, surveys
from survey.web.security import actor, requires, runtime

blueprint = Blueprint("results", __name__, url_prefix="/staff")


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/results")
def results(slug: str) -> str:
    """Headline, indexes, then every question by section."""
    return ""


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/report")
def report(slug: str) -> str:
    """What can be downloaded."""
    survey = surveys.show(runtime(), actor(), slug)
    return render_template("results/report.html", survey=survey)
