"""Files of answers are read as they are meant, or refused with the reason; none can exhaust the machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey.collection import tabular
from survey.collection.tabular import Cell, Fault, open_table
from survey.errors import PhieuError


def _read(path: Path) -> tuple[tuple[str, ...], list[tuple[int, list[Cell]]]]:
    with open_table(path) as table:
        return table.header, [(number, list(cells)) for number, cells in table.rows]


def _csv(folder: Path, data: bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(data)
    return path


def _xlsx(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    path = folder / "answers.xlsx"
    book.save(path)
    return path


VIETNAMESE = "Q1,Q2\n1,Hài lòng\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_or_without_their_mark(tmp_path: Path, encoding: str) -> None:
    assert _read(_csv(tmp_path, VIETNAMESE.encode(encoding))) == (("Q1", "Q2"), [(2, ["1", "Hài lòng"])])


@pytest.mark.parametrize(
    "data", ["Q1,Q2\n1,Trễ hẹn".encode("utf-16-le"), "Q1\nHài lòng".encode("latin-1"), b"Q1\n\xd2"]
)
def test_older_encodings_are_refused_rather_than_guessed(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, data))
    assert caught.value.code in ("file_encoding", "file_unreadable")


def test_windows_1258_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, "Q1\nđồng ý".encode("cp1258", "ignore")))
    assert caught.value.code == "file_encoding"
    assert "Windows-1258" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "Q1,Q2\n1,a\n",
        "Q1;Q2\r\n1;a\r\n",
        "Q1\tQ2\n1\ta",
        "sep=;\r\nQ1;Q2\r\n1;a\r\n",
        '"Q1","Q2"\n"1","a"\n',
        " Q1 , Q2 \n1,a",
    ],
)
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, text: str) -> None:
    assert _read(_csv(tmp_path, text.encode())) == (("Q1", "Q2"), [(2, ["1", "a"])])


def test_commas_belong_to_the_answers_where_there_is_one_column(tmp_path: Path) -> None:
    assert _read(_csv(tmp_path, b'E1\na, b; c\n"d ""e"", f"\n'))[1] == [(2, ["a, b; c"]), (3, ['d "e", f'])]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    assert _read(_csv(tmp_path, b'Q1,Q2\n1,"a\nb"\n\n2,c\n'))[1] == [(2, ["1", "a\nb"]), (3, []), (4, ["2", "c"])]


def test_a_workbook_is_read_like_the_csv_it_could_be(tmp_path: Path) -> None:
    path = _xlsx(tmp_path, [["Q1", " Q2 "], [5.0, "Hài lòng"], [None, True], [2.5, "007"]])
    assert _read(path) == (("Q1", "Q2"), [(2, ["5", "Hài lòng"]), (3, ["", "TRUE"]), (4, ["2.5", "007"])])


def test_what_a_spreadsheet_made_of_a_cell_is_told_apart(tmp_path: Path) -> None:
    path = _xlsx(
        tmp_path,
        [["Q1"], [datetime.combine(date(2026, 2, 1), time())], [date(2026, 2, 1)], [time(1, 2)], ["=1+1"], ["#N/A"]],
    )
    assert [cells[0] for _, cells in _read(path)[1]] == [
        date(2026, 2, 1),
        date(2026, 2, 1),
        Fault.ERROR,
        Fault.FORMULA,
        Fault.ERROR,
    ]


@pytest.mark.parametrize("data", [b"", b"\n1,2", b"  ,\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_header_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, data))
    assert caught.value.code == "file_empty"


def _archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    whole = _xlsx(tmp_path, [["Q1"], [1]]).read_bytes()
    for data in (
        b"PK\x03\x04",
        _archive(a=b"x"),
        whole[: len(whole) // 2],
        whole.replace(b"sheet1", b"sheet2"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b'Q1\n"' + b"a" * 200_000,
    ):
        with pytest.raises(PhieuError) as caught:
            _read(_csv(tmp_path, data))
        assert caught.value.code == "file_unreadable"


def test_control_characters_are_the_validators_business(tmp_path: Path) -> None:
    assert _read(_csv(tmp_path, b"Q1\n\x00\x1b"))[1] == [(2, ["\x00\x1b"])]


def test_an_archive_that_unpacks_beyond_the_limit_is_refused_unopened(tmp_path: Path) -> None:
    bomb = _archive(**{"xl/worksheets/sheet1.xml": b"\0" * (tabular.LARGEST_UNPACKED + 1)})
    assert len(bomb) < tabular.LARGEST_FILE
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, bomb))
    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize("cell", ['<c r="A999999999"><v>1</v></c>', '<c r="ZZZ2"><v>1</v></c>'])
def test_a_sheet_that_claims_to_be_endless_is_refused(tmp_path: Path, cell: str) -> None:
    number = cell.split('"')[1].lstrip("AZ")
    with zipfile.ZipFile(_xlsx(tmp_path, [["Q1"], [1]])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before, _, rest = parts["xl/worksheets/sheet1.xml"].decode().partition('<row r="2"')
    after = rest.partition("</row>")[2]
    parts["xl/worksheets/sheet1.xml"] = f'{before}<row r="{number}">{cell}</row>{after}'.encode()
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, _archive(**parts)))
    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize("data", [b"Q1" + b",Q" * 1_000, b"Q1,Q2\n" + b"," * 1_000])
def test_more_columns_than_allowed_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, data))
    assert caught.value.code == "file_too_large"


def test_how_much_was_read_is_told(tmp_path: Path) -> None:
    path = _csv(tmp_path, b"Q1\n" + b"1\n" * 200_000)
    with open_table(path) as table:
        told = [table.done() for number, _ in table.rows if number % 50_000 == 0]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1


@pytest.mark.parametrize(
    "text",
    ['B7,E1\n5,"good\n4,fine\n3,ok\n', "B7,E1\n5,good\n4", 'B7,E1\n5,"good" or not\n'],
    ids=["quote left open", "cut off", "text after a quote"],
)
def test_a_file_whose_rows_run_into_each_other_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PhieuError) as caught:
        _read(_csv(tmp_path, text.encode()))
    assert caught.value.code == "file_unreadable"
    assert "row" in caught.value.details[0]
