"""What can be made of a data cut: a card on its page for each document, a button for each format. The one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey.services.annexes import ANNEX
from survey.services.evidence import EVIDENCE
from survey.services.jobs import Kind
from survey.services.reporting import REPORT


def t(message: str) -> str:
    """Marks a message for translation; it is translated when it is shown."""
    return message


@dataclass(frozen=True)
class Format:
    """One file: its key in the form, what its button says, how its name begins and ends, and what the maker is told
    beside cut and language."""

    key: str
    button: str
    stem: str
    suffix: str
    more: tuple[tuple[str, Any], ...] = ()

    def filename(self, slug: str, cut: int, language: str) -> str:
        """What the file is called."""
        return f"{self.stem}-{slug}-{cut}-{language}{self.suffix}"


@dataclass(frozen=True)
class Offer:
    """One document: title and what it is for."""

    kind: Kind
    title: str
    about: str
    formats: tuple[Format, ...]


OFFERS: tuple[Offer, ...] = (
    Offer(
        REPORT,
        t("Official report"),
        t(
            "In the outline and form of official papers, with findings, tables, charts and annexes. Number, date and "
            "signature stay blank."
        ),
        (
            Format("report-docx", t("Word (.docx)"), "report", ".docx", (("suffix", ".docx"), ("summary", False))),
            Format("report-pdf", t("PDF"), "report", ".pdf", (("suffix", ".pdf"), ("summary", False))),
        ),
    ),
    Offer(
        REPORT,
        t("Summary"),
        t("The same on two pages: overall, what stands out, against earlier waves."),
        (
            Format("summary-docx", t("Word (.docx)"), "summary", ".docx", (("suffix", ".docx"), ("summary", True))),
            Format("summary-pdf", t("PDF"), "summary", ".pdf", (("suffix", ".pdf"), ("summary", True))),
        ),
    ),
    Offer(
        ANNEX,
        t("Data annex"),
        t(
            "All figures as a workbook: overview, indexes, questions, cross-tables, comparisons, charts that can be "
            "edited, method."
        ),
        (Format("annex", t("Excel (.xlsx)"), "annex", ".xlsx"),),
    ),
    Offer(
        EVIDENCE,
        t("Evidence bundle"),
        t("Questionnaire as asked, participation, figures, method, documents and measures, with their hashes."),
        (Format("evidence", t("ZIP"), "evidence", ".zip"),),
    ),
)


def find(key: str) -> tuple[Offer, Format] | None:
    """The format with this key, and its document."""
    return next(((offer, one) for offer in OFFERS for one in offer.formats if one.key == key), None)
