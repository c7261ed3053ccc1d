"""What the code in the head of every page of a paper form says: whose form, which layout, which copy, which page. Pure.

``P/7K3QP2MX9T/4GT0QW/0012K/2``: all of it in the alphabet that keeps a code small.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.collection import codes
from survey.errors import PhieuError
from survey.paper import serials


@dataclass(frozen=True)
class PageId:
    """``form`` names the layout (``Geometry.form_id``), ``number`` is that of the copy, ``page`` counts from 1."""

    collector: str
    form: str
    number: int
    page: int


def write(page_id: PageId) -> str:
    """What the code holds."""
    serial = serials.make(page_id.collector, page_id.number)
    return f"P/{page_id.collector}/{page_id.form}/{serial}/{page_id.page}"


def read(text: str) -> PageId:
    """From what a code held; raises PhieuError ``page_id_unknown`` for any other code."""
    parts = text.split("/")
    if len(parts) == 5 and parts[0] == "P" and parts[2] and parts[4].isascii() and parts[4].isdigit():
        try:
            collector = codes.canonical(parts[1])
            found = PageId(collector, parts[2], serials.read(collector, parts[3]), int(parts[4][:4]))
        except PhieuError:
            pass
        else:
            if write(found) == text:
                return found
    raise PhieuError("page_id_unknown", "This code is not one of a paper form.", "Type the serial printed beside it.")
