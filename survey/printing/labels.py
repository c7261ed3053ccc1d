"""Sheets of labels to be stuck on slips, desks and leaflets: all with the same code, or each with its own."""

from __future__ import annotations

from collections.abc import Sequence
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
    return _sheets([[(entry, corner) for corner in corners]], t, sheet, created, outlines)


def unique_labels(entries: Sequence[Entry], t: Texts, sheet: Sheet, created: date) -> bytes:
    """As many pages as it takes to give each entry a label of its own, in their order; every code read back."""
    corners = sheet.corners(0, (0.0, 0.0))
    pages = [
        list(zip(entries[start : start + len(corners)], corners, strict=False))
        for start in range(0, len(entries), len(corners))
    ]
    return _sheets(pages, t, sheet, created, outlines=False)


def _sheets(
    pages: Sequence[Sequence[tuple[Entry, tuple[float, float]]]], t: Texts, sheet: Sheet, created: date, outlines: bool
) -> bytes:
    """Pages of labels, each with its entry and the place of its top left corner; all addresses are equally long."""
    entry = pages[0][0][0]
    plan = layout(sheet, entry.url)
    kind = t(
        "Label sheet {name}, {width} × {height} mm",
        name=sheet.name,
        width=t.number(sheet.width, 1),
        height=t.number(sheet.height, 1),
    )
    shown = list(dict.fromkeys(one.url for page in pages for one, _ in page))
    image = {url: f"code-{number}.svg" for number, url in enumerate(shown)}
    data = {
        "language": t.language,
        "title": entry.title,
        "office": entry.office,
        "invitation": t("Scan the code, or go to"),
        "label": {"width": sheet.width, "height": sheet.height},
        "pages": [
            [
                {
                    "corner": corner,
                    "image": image[one.url],
                    "code": one.shown_code,
                    "address": one.address,
                    "url": one.url,
                }
                for one, corner in page
            ]
            for page in pages
        ],
        "outlines": outlines,
        "side": plan.side,
        "at": plan.code,
        "text_at": plan.text,
        "room": plan.room,
        "beside": plan.beside,
        "hint": f"{t('Print at actual size (100%), not fitted to the page.')} {kind}",
        "hint_at": _hint_at(sheet),
    }
    images = {name: qrcodes.svg(url, plan.level).encode() for url, name in image.items()}
    made = pdf("labels", data, images, created=created, missing="refuse")
    return readable(made, [one.url for page in pages for one, _ in page])


def _hint_at(sheet: Sheet) -> float | None:
    """Height on the page of the hint, in a margin that is cut away; None where no margin is wide enough."""
    if sheet.top >= HINT_ROOM:
        return sheet.top - 3.5
    return 297.0 - sheet.bottom + 1.5 if sheet.bottom >= HINT_ROOM else None
