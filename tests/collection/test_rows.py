"""What rows of a file say: columns by key, several codes in a cell, language, day, and every fault by column."""

from __future__ import annotations

from datetime import date

import pytest

from survey.collection.rows import Row, rows
from survey.collection.tabular import Cell, Fault, Table
from survey.errors import PhieuError
from survey.texts import texts
from tests.factories.instruments import instrument

TODAY = date(2026, 10, 16)


def _rows(name: str, header: str, *cells: list[Cell]) -> list[Row]:
    table = Table(tuple(header.split(",")), iter(enumerate(cells, 2)), lambda: 1.0)
    return list(rows(instrument(name), table, texts("en"), TODAY))


@pytest.mark.parametrize("cell", ["1 3", "3;1", "1, 3", "3|1", " 1\n3 ", "1,1,3"])
def test_several_codes_stand_in_one_cell(cell: str) -> None:
    (row,) = _rows("multiple", "Q1", [cell])
    assert (row.checked.answers, row.faults) == ({"Q1": ["1", "3"], "Q2": []}, ())


def test_columns_may_stand_in_any_order_and_be_left_out() -> None:
    (row,) = _rows("routing", "Q2,Q1", ["2", "2"])
    assert row.checked.answers == {"Q1": ["2"], "Q2": "2", "Q4": ""}
    assert row.faults == (
        ("Q4", texts("en")("Please answer this question: the results cannot be drawn up without it.")),
    )


def test_a_row_without_an_answer_is_blank() -> None:
    found = _rows("texts", "Q1,Q2,language", ["", " ", ""], ["", "", "en"], [], ["\u200b", "", ""], ["x", "", ""])
    assert [row.blank for row in found] == [True, True, True, True, False]


def test_language_and_day_are_taken_where_they_are_told() -> None:
    found = _rows(
        "texts",
        "Q1,language,received_on",
        ["a", "en", "2026-10-16"],
        ["a", "", ""],
        ["a", "vi", "5/2/2026"],
        ["a", "vi", date(2026, 1, 31)],
    )
    assert [(row.language, row.day) for row in found] == [
        ("en", TODAY),
        ("vi", None),
        ("vi", date(2026, 2, 5)),
        ("vi", date(2026, 1, 31)),
    ]
    assert not any(row.faults for row in found)


def test_the_columns_of_an_export_are_understood() -> None:
    (row,) = _rows(
        "texts", "status,collector,language,version,month,Q1", ["flagged", "X", "en", "7", "2026-09", "'=1+1"]
    )
    assert (row.checked.answers["Q1"], row.language, row.day) == ("=1+1", "en", date(2026, 9, 1))


@pytest.mark.parametrize("day", ["2026-10-17", "2026-02-30", "16.10.2026", "hôm qua", "٢٠٢٦-01-01", "0000-01-01"])
def test_a_day_that_is_none_or_has_not_come_is_a_fault(day: str) -> None:
    (row,) = _rows("texts", "Q1,received_on", ["a", day])
    assert [column for column, _ in row.faults] == ["received_on"]


@pytest.mark.parametrize(
    ("name", "header", "cells", "columns"),
    [
        ("scale", "Q1", ["7"], ["Q1"]),
        ("scale", "Q1", ["1 2"], ["Q1"]),
        ("scale", "Q1", [date(2026, 1, 2)], ["Q1"]),
        ("scale", "Q1", [Fault.FORMULA], ["Q1"]),
        ("scale", "Q1,language", ["1", "fr"], ["language"]),
        ("scale", "Q1,language", ["1", date(2026, 1, 2)], ["language"]),
        ("scale", "Q1,received_on", ["1", Fault.ERROR], ["received_on"]),
        ("scale", "Q1,", ["1", "x"], ["–"]),
        ("scale", "Q1", ["1", "x"], ["–"]),
        ("multiple", "Q1,Q2", ["1 4", "1 2 3"], ["Q1", "Q2"]),
    ],
)
def test_a_fault_is_told_by_its_column(name: str, header: str, cells: list[Cell], columns: list[str]) -> None:
    (row,) = _rows(name, header, cells)
    assert [column for column, reason in row.faults if reason] == columns
    assert not row.blank


@pytest.mark.parametrize(
    ("header", "details"),
    [
        ("Q1,Q9", ("? Q9",)),
        ("q1", ("? q1",)),
        ("Q1,Q1", ("2 × Q1",)),
        ("language", ()),
        ("Q1,hyperlink<b>", ("? hyperlink<b>",)),
    ],
)
def test_a_header_that_does_not_fit_is_refused_whole(header: str, details: tuple[str, ...]) -> None:
    with pytest.raises(PhieuError) as caught:
        _rows("scale", header, ["1"])
    assert (caught.value.code, caught.value.details) == ("import_columns", details)


def test_unnamed_columns_that_are_empty_do_no_harm() -> None:
    (row,) = _rows("scale", ",Q1", ["", "4"])
    assert (row.checked.answers, row.faults) == ({"Q1": "4"}, ())
