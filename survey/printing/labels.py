"""A sheet of labels, all with the same code: to be stuck on slips, desks and leaflets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from survey.collection import qrcodes
from survey.errors import PhieuError
from survey.printing import dots
from survey.printing.entry import Entry
from survey.printing.preflight import readable
from survey.printing.sheets import Sheet
from survey.texts import Texts
from survey.typesetting import pdf

EDGE = 1.0
"""Least distance in mm between what is printed and the label's edge; the code's quiet zone comes on top of it."""

TEXT_EDGE = 2.0
"""The same for texts, which have no quiet zone."""

HINT_ROOM = 9.0
"""Margin in mm that is enough to print a hint in, beyond the 5 mm a printer leaves."""


@dataclass(frozen=True)
class Layout:
    """Where things lie on one label, in mm from its top left: the code with its quiet zone (a square of ``side`` at
    ``code``, ``dots`` per module) and the rectangle for the texts, which stand ``beside`` the code or under it."""

    level: str
    dots: int
    side: float
    code: tuple[float, float]
    text: tuple[float, float]
    room: tuple[float, float]
    beside: bool


def layout(sheet: Sheet, url: str) -> Layout:
    """The largest code in whole dots that leaves the texts their part of the label, with the strongest error
    correction that size allows. Raises PhieuError ``label_too_small`` when a module would be under four dots."""
    beside = sheet.width > 0.9 * sheet.height
    most = (
        min(sheet.height - 2 * EDGE, 0.56 * sheet.width) if beside else min(sheet.width - 2 * EDGE, 0.62 * sheet.height)
    )
    for level, least in dots.LEAST.items():
        modules = len(qrcodes.modules(url, level))
        each = dots.at_most(modules, most)
        if each >= least:
            break
    else:
        raise PhieuError(
            "label_too_small",
            "The labels are too small for this address.",
            "Choose larger labels or a shorter public address.",
        )
    side = each * dots.DOT * dots.with_quiet(modules)
    if beside:
        code = (EDGE, (sheet.height - side) / 2)
        text = (EDGE + side, TEXT_EDGE)
        room = (sheet.width - text[0] - TEXT_EDGE, sheet.height - 2 * TEXT_EDGE)
    else:
        code = ((sheet.width - side) / 2, EDGE)
        text = (2 * TEXT_EDGE, EDGE + side)
        room = (sheet.width - 4 * TEXT_EDGE, sheet.height - text[1] - TEXT_EDGE)
    return Layout(level, each, side, code, text, room, beside)


def labels(
    entry: Entry,
    t: Texts,
    sheet: Sheet,
    created: date,
    *,
    skip: int = 0,
    outlines: bool = False,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """One page of labels as PDF, every code read back. The first ``skip`` labels stay empty, for a sheet begun before;
    ``outlines`` draws the labels' edges, for a trial on plain paper. Raises PhieuError ``characters_missing``,
    ``label_too_small``, ``print_unreadable``, or as ``Sheet.corners`` does."""
    corners = sheet.corners(skip, offset)
    plan = layout(sheet, entry.url)
    kind = t(
        "Label sheet {name}, {width} × {height} mm",
        name=sheet.name,
        width=t.number(sheet.width, 1),
        height=t.number(sheet.height, 1),
    )
    data = {
        "language": t.language,
        "title": entry.title,
        "office": entry.office,
        "invitation": t("Scan the code, or go to"),
        "address": entry.address,
        "code": entry.shown_code,
        "code_alt": entry.url,
        "label": {"width": sheet.width, "height": sheet.height},
        "corners": corners,
        "outlines": outlines,
        "side": plan.side,
        "at": plan.code,
        "text_at": plan.text,
        "room": plan.room,
        "beside": plan.beside,
        "hint": f"{t('Print at actual size (100%), not fitted to the page.')} {kind}",
        "hint_at": _hint_at(sheet),
    }
    images = {"code.svg": qrcodes.svg(entry.url, plan.level).encode()}
    made = pdf("labels", data, images, created=created, missing="refuse")
    return readable(made, [entry.url] * len(corners))


def _hint_at(sheet: Sheet) -> float | None:
    """Height on the page of the hint, in a margin that is cut away; None where no margin is wide enough."""
    if sheet.top >= HINT_ROOM:
        return sheet.top - 3.5
    return 297.0 - sheet.bottom + 1.5 if sheet.bottom >= HINT_ROOM else None
