"""The anchors between which offices are ranked, as the address of a page or picture asks for them."""

from __future__ import annotations

from flask import request

from survey.statistics.ddci import Ends


def chosen_anchors(framed: bool = True) -> Ends | None:
    """``anchors=fixed`` or ``observed``; None for anything else, and for a measure that has no such ranking."""
    asked = request.args.get("anchors", "")
    return Ends(asked) if framed and asked in set(Ends) else None
