"""Label sheets: the makers' geometry."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from survey.errors import PhieuError
from survey.printing import sheets
from survey.printing.sheets import SHEETS, Sheet

WITHIN = 0.2
"""Makers round to a tenth of a millimetre."""


def test_l7160_is_three_by_seven_labels_of_63_5_by_38_1() -> None:
    sheet = sheets.sheet("L7160")
    assert (sheet.width, sheet.height, sheet.columns, sheet.rows) == (63.5, 38.1, 3, 7)
    corners = sheet.corners()
    assert corners[0] == (7.48, 15.49)
    assert corners[-1] == pytest.approx((7.48 + 2 * 66.04, 15.49 + 6 * 38.1))


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_every_label_lies_on_the_paper_and_on_no_other(sheet: Sheet) -> None:
    corners = sheet.corners()
    assert len(corners) == sheet.labels
    for x, y in corners:
        assert 0 <= x <= sheets.A4[0] - sheet.width + WITHIN
        assert 0 <= y <= sheets.A4[1] - sheet.height + WITHIN
    for one, other in combinations(corners, 2):
        apart = (abs(one[0] - other[0]), abs(one[1] - other[1]))
        assert apart[0] >= sheet.width - WITHIN or apart[1] >= sheet.height - WITHIN


def test_skipped_labels_are_the_first_and_an_offset_moves_all_others() -> None:
    sheet = sheets.sheet("l7160")
    assert sheet.corners(skip=20) == sheet.corners()[20:]
    moved = sheet.corners(offset=(1.5, -0.5))
    assert moved[4] == pytest.approx((sheet.corners()[4][0] + 1.5, sheet.corners()[4][1] - 0.5))


@pytest.mark.parametrize("skip", [-1, 21, 10**9])
def test_at_least_one_label_is_printed(skip: int) -> None:
    with pytest.raises(PhieuError) as refusal:
        sheets.sheet("L7160").corners(skip)
    assert refusal.value.code == "skip_unusable"


@pytest.mark.parametrize("shift", [5.1, -6.0, math.inf, math.nan])
def test_an_offset_stays_within_five_millimetres(shift: float) -> None:
    with pytest.raises(PhieuError) as refusal:
        sheets.sheet("L7160").corners(offset=(0.0, shift))
    assert refusal.value.code == "offset_unusable"


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(PhieuError) as refusal:
        sheets.sheet("L0000")
    assert "L7160" in refusal.value.details
