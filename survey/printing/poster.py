"""The A4 poster: whose survey, why, three steps, and a code to be read from across a table."""

from __future__ import annotations

from datetime import date

from survey.collection import qrcodes
from survey.printing import dots
from survey.printing.entry import Entry
from survey.printing.preflight import readable
from survey.texts import Texts
from survey.typesetting import pdf

CODE_SIZE = 120.0
"""Least width of the code in mm, quiet zone not counted: read from 1.2 m."""

LEVEL = "H"
"""At this size the modules stay large, and a poster that hangs for months is scratched, stained and written on."""


def poster(entry: Entry, t: Texts, created: date) -> bytes:
    """The poster as PDF, its code read back. Raises PhieuError ``characters_missing`` or ``print_unreadable``."""
    matrix = qrcodes.modules(entry.url, LEVEL)
    module = dots.at_least(len(matrix), CODE_SIZE) * dots.DOT
    data = {
        "language": t.language,
        "superior": entry.superior,
        "office": entry.office,
        "title": entry.title,
        "why": t("Your opinion helps us serve you better"),
        "steps": [
            t("Open the camera or Zalo"),
            t("Scan the QR code"),
            t("Answer, about {minutes} minutes", minutes=t.number(entry.minutes)),
        ],
        "code_side": module * dots.with_quiet(len(matrix)),
        "code_quiet": module * qrcodes.QUIET,
        "code_alt": entry.url,
        "without_camera": t("Without a camera, type this address into a browser"),
        "address": entry.address,
        "code_label": t("Survey code"),
        "code": entry.shown_code,
        "promise": t("Taking part is voluntary and anonymous. No app to install."),
        "contact": t("Contact: {contact}", contact=entry.contact) if entry.contact else "",
    }
    made = pdf("poster", data, {"code.svg": qrcodes.svg(entry.url, LEVEL).encode()}, created=created, missing="refuse")
    return readable(made, [entry.url])
