"""Workbooks of results, and the evidence beside a report: from a data cut, or from what is released now.

Reads what the pages show; only asking for a cut makes one.
"""

from __future__ import annotations

from survey.accounts.permissions import Permission, demand
from survey.reports.to_xlsx import to_xlsx
from survey.services import comments, cuts
from survey.services.jobs import Kind, Work
from survey.services.results import open_result
from survey.services.runtime import Actor, Runtime
from survey.statistics.results import SurveyResult
from survey.texts import LANGUAGES, texts


def annex_file(runtime: Runtime, actor: Actor, slug: str, cut: int | None = None, language: str | None = None) -> bytes:
    """The workbook of a cut; without its number, of what is released now, as a cut would freeze it. ``language`` None
    is the survey's own first one. Quotes stand in it while they stand. Raises as ``open_result`` and ``read_cut``."""
    demand(actor.role, Permission.DOWNLOAD)
    if cut is None:
        result, chosen_for = standing(runtime, actor, slug), None
    else:
        told, result = cuts.opened_cut(runtime, actor, slug, cut)
        chosen_for = told.id
    chosen = spoken(result, language)
    return to_xlsx(result, texts(chosen), chosen, comments.quoted(runtime, actor, slug, chosen_for))


def standing(runtime: Runtime, actor: Actor, slug: str) -> SurveyResult:
    """What is released now, with everything that a cut would freeze."""
    result = open_result(runtime, actor, slug, further=cuts.traits(runtime, actor, slug))
    return cuts.with_particulars(runtime, actor, result)


def frozen(runtime: Runtime, actor: Actor, slug: str) -> int:
    """The number of a cut of what stands now: the newest one where it shows just that, else a new one. Raises what
    ``make_cut`` and ``read_cut`` raise."""
    number = cuts.current(runtime, actor, slug)
    return cuts.make_cut(runtime, actor, slug).number if number is None else number


def spoken(result: SurveyResult, language: str | None) -> str:
    """The language of a document: the one asked for, else the survey's first that the product speaks."""
    return language or next((one for one in result.languages if one in LANGUAGES), LANGUAGES[0])


def _make_annex(work: Work) -> None:
    work.told(0, 1)
    options = work.options
    work.target.write_bytes(annex_file(work.runtime, work.actor, work.slug, options.get("cut"), options["language"]))


ANNEX = Kind("annex", Permission.DOWNLOAD, _make_annex)
"""Options: ``cut`` (a number, or none) and ``language``."""
