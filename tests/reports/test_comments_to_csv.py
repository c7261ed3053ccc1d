"""The file of comments: every cell is text, whatever people wrote."""

from __future__ import annotations

import csv
import io
import re
from itertools import product

import pytest

from survey.collection.formulas import STARTERS, unguarded
from survey.reports.comments_to_csv import comments_to_csv
from survey.texts import texts

CALLS = ("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")', "IMPORTXML(A1)", '"";x,y')
PAYLOADS = [
    f"{before}{start}{call}" for before, start, call in product(("", " ", "tốt\n", "a;", "b,"), STARTERS[:6], CALLS)
]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_is_a_formula_and_every_text_comes_back(delimiter: str) -> None:
    assert len(PAYLOADS) >= 150
    rows = [("E1", text, text, (text, text)) for text in PAYLOADS]
    made = b"".join(comments_to_csv(rows, texts("vi"), delimiter)).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(made, newline=""), delimiter=delimiter))
    assert [unguarded(line[2]) for line in found[1:]] == PAYLOADS
    assert not [cell for line in found for cell in line if re.match(rf"\s*[{re.escape(STARTERS)}]", cell)]


def test_many_comments_come_in_pieces() -> None:
    rows = (("E1", "Câu hỏi", f"Ý kiến {n}", ()) for n in range(1_700))
    pieces = list(comments_to_csv(rows, texts("vi")))
    assert len(pieces) == 1 + 4 and pieces[0].startswith(b"\xef\xbb\xbf")
    assert b"".join(pieces).count(b"\r\n") == 1_701
