"""Comments with their themes as CSV. Reports stage, pure: rows come in masked, bytes go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from survey.collection.formulas import guarded
from survey.reports.to_csv import BOM
from survey.texts import Translate

_AT_ONCE = 500


def comments_to_csv(
    rows: Iterable[tuple[str, str, str, Sequence[str]]], t: Translate, delimiter: str = ","
) -> Iterator[bytes]:
    """Key and wording of the question, comment, its themes: a line each, in pieces, after BOM and header. Every cell is
    text that no spreadsheet takes for a formula."""
    head = (t("Question code"), t("Question"), t("Comment"), t("Themes"))
    yield BOM + _line(head, delimiter).encode()
    lines = (_line((key, label, text, "; ".join(themes)), delimiter) for key, label, text, themes in rows)
    while piece := "".join(islice(lines, _AT_ONCE)):
        yield piece.encode()


def _line(cells: Iterable[str], delimiter: str) -> str:
    return delimiter.join('"' + guarded(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"
