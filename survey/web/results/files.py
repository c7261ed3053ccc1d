"""Downloads made from results: the data annex of a cut or of what is released now, the evidence bundle of a cut."""

from __future__ import annotations

from flask import Response, request

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import annexes, auditing, surveys
from survey.services.evidence import evidence_file
from survey.texts import LANGUAGES
from survey.web.results.blueprint import blueprint
from survey.web.results.views import MIMETYPES
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/annex.xlsx")
def annex(slug: str) -> Response:
    """The workbook of results: ``?cut=`` of a data cut, else of what is released now; ``?lang=``."""
    language, cut = _language(), _cut()
    made = annexes.annex_file(runtime(), actor(), slug, cut, language)
    auditing.note_download(runtime(), actor(), slug, "annex", {"language": language, "cut": cut})
    return download(made, MIMETYPES["xlsx"], f"annex-{slug}-{language}.xlsx")


@requires(Permission.DOWNLOAD)
@blueprint.get("/surveys/<slug>/evidence.zip")
def evidence(slug: str) -> Response:
    """The evidence bundle of the data cut that ``?cut=`` names; ``?lang=``."""
    surveys.show(runtime(), actor(), slug)
    language, cut = _language(), _cut()
    if cut is None:
        raise PhieuError("cut_unnamed", "Evidence belongs to a data cut.", "Choose one of the survey's cuts.")
    made = evidence_file(runtime(), actor(), slug, cut, language)
    auditing.note_download(runtime(), actor(), slug, "evidence", {"language": language, "cut": cut})
    return download(made, "application/zip", f"evidence-{slug}-{cut}-{language}.zip")


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _cut() -> int | None:
    """The number asked for; 0, which no cut has, for what is no number."""
    asked = request.args.get("cut", "")
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
