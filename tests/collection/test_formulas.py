"""Texts that would run as formulas are marked, wherever a cell may begin, and come back exactly."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection.formulas import STARTERS, guarded, unguarded

texts = st.text() | st.text("=+-@'\n\t,;| a\uff1d\uff0b")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("  @SUM(A1)", "  '@SUM(A1)"),
        ("- Rút ngắn thời gian\n- Giảm giấy tờ", "'- Rút ngắn thời gian\n'- Giảm giấy tờ"),
        ("Tốt;=cmd|' /C calc'!A0", "Tốt;'=cmd|' /C calc'!A0"),
        ("a,\t=1", "a,\t'=1"),
        ("'=1", "''=1"),
        ("1+1=2", "1+1=2"),
        ("ks@example.gov.vn", "ks@example.gov.vn"),
        ("it's fine", "it's fine"),
        ("", ""),
    ],
)
def test_a_mark_stands_before_what_would_be_a_formula(text: str, written: str) -> None:
    assert guarded(text) == written
    assert unguarded(written) == text


@given(texts)
def test_what_was_marked_comes_back_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(texts, st.sampled_from(",;\t|"))
def test_no_cell_of_a_marked_text_begins_a_formula_whatever_the_delimiter(text: str, told: str) -> None:
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for record in csv.reader(io.StringIO(guarded(text), newline=""), delimiter=told, quoting=quoting):
            assert not [cell for cell in record if re.match(rf"[ ]*[{re.escape(STARTERS)}]", cell)]


def test_a_long_text_of_separators_is_marked_in_linear_time() -> None:
    assert guarded("a" + "\t " * 500_000 + "=1").endswith("'=1")
