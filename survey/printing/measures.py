"""The poster “Quý vị nói – Chúng tôi làm”: what people said, and beside it what the office does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.texts import Texts
from survey.typesetting import pdf

SIZES = ("a4", "a3")
"""Sizes of paper, upright."""


@dataclass(frozen=True)
class Sheet:
    """Whose poster it is, in the words of one language, and its ``size``."""

    title: str
    office: str
    superior: str
    contact: str
    size: str


@dataclass(frozen=True)
class Told:
    """A measure as the poster tells it."""

    heard: str
    action: str
    lead: str
    due_on: date | None
    done_on: date | None


def measures_poster(sheet: Sheet, told: Sequence[Told], t: Texts, created: date) -> bytes:
    """The poster as PDF: one page while the type can stay large enough, else more. Raises PhieuError
    ``characters_missing``."""
    data = {
        "language": t.language,
        "size": sheet.size,
        "superior": sheet.superior,
        "office": sheet.office,
        "title": sheet.title,
        "said": t("You said"),
        "done": t("We do"),
        "rows": [
            {
                "heard": one.heard,
                "action": one.action,
                "lead": t("In the lead: {unit}", unit=one.lead) if one.lead else "",
                "state": _state(one, t),
                "finished": one.done_on is not None,
            }
            for one in told
        ],
        "thanks": t("Thank you for your opinions."),
        "contact": t("Contact: {contact}", contact=sheet.contact) if sheet.contact else "",
        "day": t("As of {day}", day=t.day(created)),
    }
    return pdf("measures", data, created=created, missing="refuse")


def _state(one: Told, t: Texts) -> str:
    if one.done_on is not None:
        return t("Done on {day}", day=t.day(one.done_on))
    return t("By {day}", day=t.day(one.due_on)) if one.due_on is not None else ""
