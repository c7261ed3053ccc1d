"""The official report and its summary, from a data cut, as PDF or DOCX.

Everything in it is the cut's but the words of quotes, which are read when a file is made: a comment can be erased.
"""

from __future__ import annotations

from survey.accounts.permissions import Permission, demand
from survey.errors import PhieuError
from survey.reports.document import Beside
from survey.reports.official import official_report, summary_report
from survey.reports.to_docx import to_docx
from survey.reports.to_pdf import to_pdf
from survey.services import annexes, cuts
from survey.services.comments import quoted
from survey.services.jobs import Kind, Work
from survey.services.runtime import Actor, Runtime
from survey.texts import texts

WRITERS = {".pdf": to_pdf, ".docx": to_docx}


def report_file(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    suffix: str,
    language: str | None = None,
    *,
    cut: int | None = None,
    summary: bool = False,
) -> bytes:
    """The report in the format of ``suffix``. Without a cut's number it is made from what is released now, which is
    frozen first. ``language`` None is the survey's own first one; ``summary``: two pages.

    Raises PhieuError ``report_format_unknown``, and what ``make_cut``, ``read_cut`` and setting the document raise.
    """
    demand(actor.role, Permission.DOWNLOAD)
    writer = WRITERS.get(suffix.lower())
    if writer is None:
        raise PhieuError("report_format_unknown", "Reports cannot be written in this format.", "Choose PDF or DOCX.")
    number = annexes.frozen(runtime, actor, slug) if cut is None else cut
    told, result = cuts.opened_cut(runtime, actor, slug, number)
    t = texts(annexes.spoken(result, language))
    quotes = tuple(text for _, text in quoted(runtime, actor, slug, told.id))
    beside = Beside(quotes, told.number, told.digest)
    return writer((summary_report if summary else official_report)(result, t, beside))


def _make(work: Work) -> None:
    work.told(0, 1)
    wanted = work.options
    made = report_file(
        work.runtime,
        work.actor,
        work.slug,
        wanted["suffix"],
        wanted["language"],
        cut=wanted["cut"],
        summary=wanted["summary"],
    )
    work.target.write_bytes(made)


REPORT = Kind("report", Permission.DOWNLOAD, _make)
"""Options: ``cut`` (a number), ``suffix``, ``language``, ``summary``."""
