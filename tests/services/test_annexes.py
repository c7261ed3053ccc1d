"""Annexes come from a cut, or from what is released now, and need the permission to download."""

from __future__ import annotations

import io

import openpyxl
import pytest

from survey.errors import NotAllowed, NotFound
from survey.services import annexes, cuts
from survey.services.runtime import OPERATOR, Actor, Runtime
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


@pytest.fixture
def survey(runtime: Runtime) -> str:
    code = open_survey(runtime)
    answer(runtime, code, [{"B7": "5"}] * 40 + [{"B7": "2"}] * 10)
    release(runtime, "conference")
    return code


def _base(data: bytes) -> object:
    rows = openpyxl.load_workbook(io.BytesIO(data))["Câu hỏi thang đo"].iter_rows(values_only=True)
    return next(row[3] for row in rows if row[1] == "B7")


def test_a_cut_is_made_once_for_what_is_released(runtime: Runtime, survey: str) -> None:
    first = annexes.frozen(runtime, OPERATOR, "conference")
    assert annexes.frozen(runtime, OPERATOR, "conference") == first
    answer(runtime, survey, [{"B7": "1"}] * 20)
    release(runtime, "conference")
    assert annexes.frozen(runtime, OPERATOR, "conference") == first + 1
    assert len(cuts.list_cuts(runtime, OPERATOR, "conference")) == 2
    assert _base(annexes.annex_file(runtime, OPERATOR, "conference", first)) == 50
    assert _base(annexes.annex_file(runtime, OPERATOR, "conference")) == 70


def test_a_workbook_needs_its_permission_and_a_cut_that_is_there(runtime: Runtime, survey: str) -> None:
    with pytest.raises(NotAllowed):
        annexes.annex_file(runtime, Actor("bob", "staff"), "conference")
    with pytest.raises(NotFound):
        annexes.annex_file(runtime, Actor("chi", "reform_team", units=frozenset()), "conference")
    with pytest.raises(NotFound):
        annexes.annex_file(runtime, OPERATOR, "conference", 7)
