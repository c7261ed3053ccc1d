"""Files of answers, CSV or XLSX, as a header and rows of cells. What the cells mean is for ``services.importing``.

Collection stage, pure. Reads row by row, refuses what is too large before unpacking it, and guesses nothing: a cell a
spreadsheet has turned into a date, a formula or an error says so.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl

from survey.errors import PhieuError

LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 256 * 2**20
"""Bytes of a file, and of everything inside an XLSX."""

MOST_ROWS = 500_000
MOST_COLUMNS = 1_000

_DELIMITERS = (";", "\t", ",")
_NO_DELIMITER = "\x1f"
"""For a file of one column, where commas belong to the answers."""

_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


class Fault(StrEnum):
    """A cell that holds no value one could take in."""

    FORMULA = "formula"
    ERROR = "error"


Cell = str | date | Fault


@dataclass(frozen=True)
class Table:
    """``header`` trimmed and composed; ``rows`` gives, once, the row's number as a spreadsheet shows it, and its cells;
    ``done`` tells from 0 to 1 how much has been read."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[Cell]]]
    done: Callable[[], float]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in a file, open while the context lasts. Raises PhieuError ``file_too_large``, ``file_unreadable``,
    ``file_encoding``, ``file_empty`` (also while rows are read)."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _too_large()
        start = file.read(8)
        file.seek(0)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            raise _unreadable("an old XLS file, or one with a password")
        with _workbook(file) if start.startswith(b"PK\x03\x04") else _csv(file, size) as table:
            yield table


@contextmanager
def _csv(file: BinaryIO, size: int) -> Iterator[Table]:
    start = file.read(4)
    file.seek(0)
    utf16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    with io.TextIOWrapper(file, encoding="utf-16" if utf16 else "utf-8-sig", newline="") as text:
        try:
            first = text.readline()
            told = _SEP_LINE.fullmatch(first)
            if not told:
                text.seek(0)
            likeliest = max(_DELIMITERS, key=first.count)
            delimiter = told[1] if told else likeliest if likeliest in first else _NO_DELIMITER
            records = csv.reader(text, delimiter=delimiter, strict=True)
            header = _header(next(records, []))
        except UnicodeError as error:
            raise _encoding() from error
        except (csv.Error, TypeError) as error:
            raise _unreadable(str(error)) from error
        yield Table(header, _records(records, len(header)), lambda: file.tell() / max(size, 1))


def _records(records: Iterator[list[str]], width: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with their number. A row shorter than the header means a file cut off, or a quote left open before."""
    number = 1
    try:
        for number, record in enumerate(records, 2):
            _demand_bounded(number, record)
            if len(record) < width and any(record):
                raise _unreadable(f"row {number}: {len(record)} cells where the header has {width}")
            yield number, record
    except UnicodeError as error:
        raise _encoding() from error
    except csv.Error as error:
        raise _unreadable(f"row {number + 1}: {error}") from error


@contextmanager
def _workbook(file: BinaryIO) -> Iterator[Table]:
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(file))
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise _too_large()
            book = openpyxl.load_workbook(file, read_only=True)
            opened.callback(book.close)
            sheet: Any = book.worksheets[0]
            expected = sheet.max_row
            # The size a sheet claims is not to be trusted with what is read.
            sheet.reset_dimensions()
            cells = opened.enter_context(closing(sheet.iter_rows()))
            header = _header([cell if isinstance(cell, str) else "" for cell in map(_cell, next(cells, ()))])
        except PhieuError:
            raise
        except Exception as error:  # a broken archive raises whatever its broken part leads to
            raise _unreadable(f"{type(error).__name__}: {error}") from error
        seen = [0]
        yield Table(header, _sheet_rows(cells, seen), lambda: seen[0] / max(expected or MOST_ROWS, seen[0], 1))


def _sheet_rows(rows: Iterator[Any], seen: list[int]) -> Iterator[tuple[int, Sequence[Cell]]]:
    number = 1
    while True:
        try:
            row = next(rows, None)
        except Exception as error:  # as above
            raise _unreadable(f"row {number + 1}: {type(error).__name__}: {error}") from error
        if row is None:
            return
        number += 1
        seen[0] = number
        _demand_bounded(number, row)
        yield number, [_cell(cell) for cell in row]


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return ""
    if kind == "f":
        return Fault.FORMULA
    if kind == "e":
        return Fault.ERROR
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return Fault.ERROR
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    names = [unicodedata.normalize("NFC", cell.strip().lstrip("\ufeff")) for cell in cells[: MOST_COLUMNS + 1]]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise PhieuError(
            "file_empty",
            "The file has no header.",
            "Its first row names the questions by their keys, such as B1.",
        )
    _demand_bounded(1, names)
    return tuple(names)


def _demand_bounded(number: int, cells: Sequence[object]) -> None:
    if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
        raise _too_large()


def _too_large() -> PhieuError:
    return PhieuError(
        "file_too_large",
        "The file is too large to be taken in at once.",
        "Split it; at most 64 MB (256 MB unpacked), 500,000 rows and 1,000 columns.",
    )


def _unreadable(reason: str) -> PhieuError:
    return PhieuError(
        "file_unreadable", "The file cannot be read as a table.", "Save it as XLSX or CSV UTF-8.", (reason,)
    )


def _encoding() -> PhieuError:
    return PhieuError(
        "file_encoding",
        "The file is not in UTF-8; perhaps an older program wrote it in Windows-1258 or another Vietnamese encoding.",
        "Save it as XLSX or CSV UTF-8.",
    )
