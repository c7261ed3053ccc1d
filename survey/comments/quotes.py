"""Quotes: comments as they may be published. Pure.

A quote is the comment itself, shortened: what is left out shows as […], personal data as what it is, and nothing is
added or put in another order. A person may tell that something found is no personal data; then it may stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from survey.comments.personal import KINDS, find, mask, parts
from survey.errors import PhieuError
from survey.texts import LANGUAGES, texts

LEFT_OUT = "[…]"


@cache
def _gaps() -> re.Pattern[str]:
    """What stands for something left out: […] as people type it, and every mask."""
    masks = {mask(kind, texts(language)) for language in LANGUAGES for kind in KINDS}
    return re.compile("|".join(re.escape(one) for one in sorted({"[...]", LEFT_OUT} | masks)))


def shortened(comment: str, typed: str, allowed: Collection[str] = ()) -> str:
    """The quote that somebody wants, with spaces and gaps as they are stored. ``allowed`` are texts that a person
    looked at and found to be no personal data.

    Raises PhieuError ``quote_empty``, ``quote_changed`` when it says what the comment does not, and ``quote_personal``
    when it shows personal data of the comment.
    """
    said = " ".join(comment.split())
    gaps = _gaps()
    wanted = gaps.sub(lambda gap: LEFT_OUT if gap.group() == "[...]" else gap.group(), " ".join(typed.split()))
    if not any(map(str.isalnum, gaps.sub("", wanted))):
        raise PhieuError("quote_empty", "There is nothing left of this comment.", "Leave some of its words.")
    pieces = gaps.split(wanted)
    if not _follows(pieces, [said]):
        raise PhieuError(
            "quote_changed",
            "A quote keeps the words of the comment in their order.",
            "Leave out what should not be quoted and write […] in its place.",
        )
    shown = [hit for hit in find(wanted) if wanted[hit.start : hit.end] not in allowed]
    if shown or not _follows(pieces, list(_public(said, allowed))):
        raise PhieuError(
            "quote_personal",
            "This would publish personal data.",
            "Put […] in its place, or confirm that it is none.",
        )
    return wanted


def _public(comment: str, allowed: Collection[str]) -> Iterator[str]:
    """The stretches between personal data; empty ones too, so that a quote cannot begin where one ends unseen."""
    stretch = ""
    for part in parts(comment, allowed):
        if part.kind:
            yield stretch
            stretch = ""
        else:
            stretch += part.text
    yield stretch


def _follows(pieces: list[str], stretches: list[str]) -> bool:
    """Whether the pieces stand in the stretches one after the other, each within one; the first begins the first and
    the last ends the last, unless they are empty. Taking the earliest place for each piece loses nothing."""
    flat = [" ".join(one.split()) for one in stretches]
    wanted = [" ".join(one.split()) for one in pieces]
    if len(wanted) == 1:
        return len(flat) == 1 and flat[0] == wanted[0]
    at, place = 0, 0
    for number, piece in enumerate(wanted):
        if not piece:
            continue
        if number == 0:
            if not flat[0].startswith(piece):
                return False
            place = len(piece)
        elif number == len(wanted) - 1:
            return flat[-1].endswith(piece) and (at < len(flat) - 1 or len(flat[-1]) - len(piece) >= place)
        else:
            while at < len(flat) and (found := flat[at].find(piece, place)) < 0:
                at, place = at + 1, 0
            if at == len(flat):
                return False
            place = found + len(piece)
    return True
