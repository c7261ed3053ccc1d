"""Files of single answers as programs read them: everybody's values of the questions, as text, and '' for nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pyreadstat

from survey.collection.formulas import unguarded
from survey.definition.codebook import Codebook
from survey.definition.variables import Form
from survey.reports.answers import COLUMNS
from survey.reports.to_sav import _blank, _numbered

Rows = list[tuple[str, ...]]
"""A value for each question, in the order of the codebook; codes of several choices in alphabetical order."""


def of_csv(data: bytes, delimiter: str = ",") -> Rows:
    """Of a CSV file."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    next(rows)
    return [tuple(unguarded(cell) for cell in row[len(COLUMNS) :]) for row in rows]


def of_xlsx(path: Path) -> Rows:
    """Of the first sheet of a workbook, whose cells must be numbers and texts."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = iter(book.worksheets[0].iter_rows())
    width = len(next(rows))
    found = []
    for row in rows:
        assert all(cell.data_type in ("n", "s", "inlineStr") for cell in row), [cell.data_type for cell in row]
        cells = ["" if cell.value is None else str(cell.value) for cell in row]
        # Empty cells at the end of a row are not written.
        found.append(tuple([*cells, *[""] * (width - len(cells))][len(COLUMNS) :]))
    book.close()
    return found


def of_parquet(path: Path) -> Rows:
    """Of a Parquet file."""
    table = pyarrow.parquet.read_table(path)
    columns = [table.column(n).to_pylist() for n in range(len(COLUMNS), table.num_columns)]
    return [
        tuple(" ".join(one) if isinstance(one, list) else one or "" for one in row)
        for row in zip(*columns, strict=True)
    ]


def of_sav(path: Path, book: Codebook) -> Rows:
    """Of an SPSS file, whose numbers are turned back into codes."""
    frame, _ = pyreadstat.read_sav(path, user_missing=True)
    columns = iter(frame.columns[len(COLUMNS) :])
    read: list[Sequence[str]] = []
    for entry in book.entries:
        if Form.TEXT in entry.forms:
            read.append(list(frame[next(columns)]))
        elif Form.MULTIPLE in entry.forms:
            ticked = {one.code: list(frame[next(columns)]) for one in entry.codes}
            read.append([" ".join(c for c, v in ticked.items() if v[n] == 1) for n in range(len(frame))])
        else:
            codes = {number: code for code, number in _numbered(entry).items()}
            codes[_blank(codes)] = ""
            read.append([codes.get(number, "") for number in frame[next(columns)]])
    return list(zip(*read, strict=True)) if len(frame) else []
