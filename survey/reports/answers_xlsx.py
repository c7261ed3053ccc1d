"""Single answers as a workbook: a sheet of codes in flat memory, and beside it two sheets that say what they mean.

Reports stage, pure: rows come in as stored, bytes go out as they are made. XlsxWriter makes the workbook with the first
sheet's header alone; the rows are written into that sheet's XML on its way out, several times faster than cell by cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from survey.definition.codebook import Codebook, Entry
from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.reports import codebook_tables
from survey.reports.answers import COLUMNS, VERSION, Batches, each
from survey.reports.cells import MOST_ROWS, escaped, fitting
from survey.reports.workbooks import Book, workbook
from survey.texts import Texts

NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
"""A code that is the same as a number, so that spreadsheets can count with it."""

AT_ONCE = 500
"""Rows that are handed to the compressor together."""

LEVEL = 4
"""Of compression: the next ones take a third longer for a twentieth less."""

_ROW = "\x00"
"""Stands for the row's number until it is known; no cell can hold it."""

_SHEET = "xl/worksheets/sheet1.xml"
_WIDEST_TEXT, _WIDE, _NARROW = 48, 12, 8


def answers_to_xlsx(
    batches: Batches, book: Codebook, beside: Sequence[Entry], t: Texts, made_on: date
) -> Iterator[bytes]:
    """The workbook in pieces. Codes that are numbers stand as numbers, several ticks with a space between them; what
    was not asked or left blank is an empty cell. Raises PhieuError ``rows_too_many``."""
    shell = zipfile.ZipFile(io.BytesIO(_shell(book, beside, t, made_on)))
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for entry in shell.infolist():
            head, gap, tail = shell.read(entry).partition(b"</sheetData>" if entry.filename == _SHEET else b"\xff\xff")
            with archive.open(entry.filename, "w") as file:
                file.write(_sizeless(head) if gap else head)
                for rows in _rows(batches, book, t) if gap else ():
                    file.write(rows)
                    yield pipe.take()
                file.write(gap + tail)
    yield pipe.take()


class _Pipe:
    """What an archive is written to: it can only be written, and what was is taken out."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Takes all of it."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open here."""

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def _sizeless(sheet: bytes) -> bytes:
    """The sheet without the size it claims, which is its header's."""
    return re.sub(rb"<dimension [^>]*/>", b"", sheet, count=1)


def _rows(batches: Batches, book: Codebook, t: Texts) -> Iterator[bytes]:
    beside = [xl_col_to_name(n) for n in range(len(COLUMNS))]
    columns = [(one.key, _cell(one, xl_col_to_name(n), t)) for n, one in enumerate(book.entries, len(COLUMNS))]
    started: dict[tuple[str, ...], str] = {}
    lines: list[str] = []
    number = 1
    for shared, answers in each(batches):
        number += 1
        if number > MOST_ROWS:
            raise too_many()
        begun = started.get(shared := tuple(shared))
        if begun is None:
            cells = (
                _text(name, value) if n != VERSION else _number(name, value)
                for n, (name, value) in enumerate(zip(beside, shared, strict=True))
            )
            begun = started[shared] = f'<row r="{_ROW}">{"".join(cells)}'
        given = answers.get
        lines.append(
            (begun + "".join([cell(said) for key, cell in columns if (said := given(key))]) + "</row>").replace(
                _ROW, str(number)
            )
        )
        if len(lines) == AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def too_many() -> PhieuError:
    """The answers are more than a sheet has rows."""
    return PhieuError(
        "rows_too_many", "There are more answers than a sheet has rows.", "Export them as CSV, SPSS or Parquet."
    )


def _cell(entry: Entry, column: str, t: Texts) -> Callable[[Any], str]:
    """The function that writes an answer that is not empty."""
    known: dict[str, str] = {}
    if Form.TEXT not in entry.forms:
        numbers = all(NUMBER.fullmatch(one.code) for one in entry.codes)
        known = {one.code: (_number if numbers else _text)(column, one.code) for one in entry.codes}

    def write(said: Any) -> str:
        if type(said) is list:
            return _text(column, " ".join(said)) if len(said) > 1 else write(said[0])
        return known.get(said) or _text(column, fitting(said, t))

    return write if Form.TEXT in entry.forms or Form.MULTIPLE in entry.forms else _remembering(known, write)


def _remembering(known: Mapping[str, str], write: Callable[[Any], str]) -> Callable[[Any], str]:
    class Cells(dict[str, str]):
        def __missing__(self, said: str) -> str:
            return write(said)

    return Cells(known).__getitem__


def _number(column: str, value: str) -> str:
    return f'<c r="{column}{_ROW}"><v>{value}</v></c>'


def _text(column: str, value: str) -> str:
    return f'<c r="{column}{_ROW}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'


def _shell(book: Codebook, beside: Sequence[Entry], t: Texts, made_on: date) -> bytes:
    """The workbook without answers."""

    def fill(made: Book) -> None:
        widths = [_WIDE] * len(beside)
        widths += [_WIDEST_TEXT if Form.TEXT in one.forms else _NARROW for one in book.entries]
        sheet = made.sheet(t("Single answers"), widths)
        for column, name in enumerate((*COLUMNS, *(one.key for one in book.entries))):
            made.put(sheet, 0, column, name, made.head)
        sheet.autofilter(0, 0, MOST_ROWS - 1, len(widths) - 1)
        codebook_tables.add_sheets(made, book, beside)

    return workbook(book.title, t, made_on, fill)
