"""Single answers as XLSX, SPSS and Parquet: what a program reads back is what was said, with its labels."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pyreadstat
import pytest

from survey.definition import document, library
from survey.definition.codebook import Codebook, codebook
from survey.definition.questionnaire import Questionnaire
from survey.errors import PhieuError
from survey.reports import answers_xlsx, codebook_tables
from survey.reports.answers import COLUMNS
from survey.reports.answers_xlsx import answers_to_xlsx
from survey.reports.cells import LONGEST, escaped, fitting
from survey.reports.to_parquet import to_parquet
from survey.reports.to_sav import to_sav
from survey.texts import texts
from tests.factories.instruments import instrument, raw
from tests.reports.reading import of_parquet, of_sav, of_xlsx

SHARED = ("complete", "ABCDEFGHJK", "vi", "1", "2026-10")
DAY = date(2026, 10, 16)
VI = texts("vi")
BESIDE = codebook_tables.particulars(VI, {"ABCDEFGHJK": "Hội trường"})


def _batches(people: Sequence[dict[str, Any]]) -> Iterator[tuple[Sequence[str], bytes]]:
    for n in range(0, len(people), 3):
        yield SHARED, "\n".join(json.dumps(one, ensure_ascii=False) for one in people[n : n + 3]).encode()


def _book(*versions: Questionnaire) -> Codebook:
    return codebook(versions, VI, "vi")


def _xlsx(folder: Path, book: Codebook, *people: dict[str, Any]) -> Path:
    path = folder / "answers.xlsx"
    path.write_bytes(b"".join(answers_to_xlsx(_batches(people), book, BESIDE, VI, DAY)))
    return path


def _sav(folder: Path, book: Codebook, *people: dict[str, Any]) -> Path:
    to_sav(folder / "answers.sav", _batches(people), book, BESIDE, VI)
    return folder / "answers.sav"


def _parquet(folder: Path, book: Codebook, *people: dict[str, Any]) -> Path:
    to_parquet(folder / "answers.parquet", _batches(people), book, BESIDE)
    return folder / "answers.parquet"


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "- Rút ngắn\n- Giảm giấy tờ",
    "<b>&amp;</b> ]]>",
    "  hai dấu cách  ở giữa",
    "Ễ Ự 😀",
    "https://example.vn/",
    "1e5",
    "_x0041_",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_from_every_file_as_it_was(tmp_path: Path, text: str) -> None:
    book, said = _book(instrument("texts")), {"Q1": text, "Q2": ""}
    assert of_sav(_sav(tmp_path, book, said), book) == [(text, "")]
    assert of_parquet(_parquet(tmp_path, book, said)) == [(text, "")]
    # Spreadsheet programs read the escape of the format back; this reader does not.
    assert of_xlsx(_xlsx(tmp_path, book, said)) == [(text.replace("_x0041_", "_x005F_x0041_"), "")]


def test_codes_that_are_numbers_can_be_counted_with_and_ticks_stand_side_by_side(tmp_path: Path) -> None:
    path = _xlsx(tmp_path, _book(instrument("multiple")), {"Q1": ["1", "3"], "Q2": []}, {"Q1": ["2"]})
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == (*COLUMNS, "Q1", "Q2")
    assert rows[1] == ("complete", "ABCDEFGHJK", "vi", 1, "2026-10", "1 3", None)
    assert rows[2][5:] == (2, None)


def test_a_workbook_of_answers_says_what_its_codes_mean(tmp_path: Path) -> None:
    made = openpyxl.load_workbook(_xlsx(tmp_path, _book(library.load("conference"))))
    assert made.sheetnames == ["Phiếu trả lời", "Biến số", "Mã và nhãn"]
    first, variables, codes = made.worksheets
    assert (
        first.freeze_panes == "A2" and first.print_title_rows == "$1:$1" and first.page_setup.orientation == "landscape"
    )
    assert variables.max_row == len(COLUMNS) + len(library.load("conference").variables) + 1
    told = {(row[0], str(row[1])): row[2] for row in codes.iter_rows(values_only=True)}
    assert told["collector", "ABCDEFGHJK"] == "Hội trường"
    assert told["B7", "5"] == "Rất hài lòng"


def test_the_same_answers_give_the_same_workbook(tmp_path: Path) -> None:
    book = _book(instrument("texts"))
    assert _xlsx(tmp_path, book, {"Q1": "a"}).read_bytes() == _xlsx(tmp_path, book, {"Q1": "a"}).read_bytes()


def test_a_cell_holds_no_more_than_a_cell_can_and_says_so(tmp_path: Path) -> None:
    book = _book(instrument("texts"))
    for text in ("x" * 40_000, "😀" * 20_000):
        ((cell, _),) = of_xlsx(_xlsx(tmp_path, book, {"Q1": text}))
        assert len(cell.encode("utf-16-le")) <= 2 * LONGEST and cell.endswith(
            "[đã cắt: một ô không chứa được nhiều hơn]"
        )
    assert fitting("x" * LONGEST, VI) == "x" * LONGEST
    assert escaped("a\x00\ud800\r_x0000_") == "a\ufffd\ufffd_x000D__x005F_x0000_"


def test_more_answers_than_a_sheet_has_rows_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(answers_xlsx, "MOST_ROWS", 3)
    book = _book(instrument("scale"))
    _xlsx(tmp_path, book, {"Q1": "1"}, {"Q1": "2"})
    with pytest.raises(PhieuError) as caught:
        _xlsx(tmp_path, book, {"Q1": "1"}, {"Q1": "2"}, {"Q1": "3"})
    assert caught.value.code == "rows_too_many"


def test_memory_does_not_grow_with_the_answers() -> None:
    """What is held while forty thousand rows go by is what is held for two thousand."""

    def peak(people: int) -> int:
        lines = b"\n".join([b'{"Q1":"4"}'] * 250)
        tracemalloc.start()
        for _ in answers_to_xlsx(
            ((SHARED, lines) for _ in range(people // 250)), _book(instrument("scale")), BESIDE, VI, DAY
        ):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(500)
    assert peak(40_000) < 1.2 * peak(2_000)


def test_spss_reads_labels_levels_and_what_is_missing(tmp_path: Path) -> None:
    book = _book(library.load("conference"))
    path = _sav(tmp_path, book, {"B7": "5", "A4": ["1"]}, {"B7": "", "A4": []}, {"B7": "9"}, {})
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    assert meta.column_names_to_labels["B7"] == next(one.label for one in book.entries if one.key == "B7")
    assert meta.variable_value_labels["B7"] == {
        -1.0: "Bỏ trống",
        1.0: "Rất không hài lòng",
        2.0: "Không hài lòng",
        3.0: "Bình thường",
        4.0: "Hài lòng",
        5.0: "Rất hài lòng",
        9.0: "Không áp dụng",
    }
    assert meta.missing_ranges["B7"] == [{"lo": -1.0, "hi": -1.0}, {"lo": 9.0, "hi": 9.0}]
    assert meta.variable_measure["B7"] == "ordinal" and meta.variable_measure["A4_1"] == "nominal"
    assert list(frame["B7"].fillna(0)) == [5, -1, 9, 0]
    assert list(frame["A4_1"].fillna(9)) == [1, -1, 9, 9] and list(frame["A4_2"].fillna(9)) == [0, -1, 9, 9]
    counted, _ = pyreadstat.read_sav(path)
    assert counted["B7"].count() == 1, "who left blank and who could not say are missing to SPSS"


def _asked(codes: Sequence[str], missing: Sequence[str] = (), key: str = "Q1") -> Questionnaire:
    value = raw("single")
    value["choice_lists"] = {
        "L": {"choices": [{"code": c, "label": {"vi": f"Mã {c} " + "ễ" * 200}, "missing": c in missing} for c in codes]}
    }
    value["sections"][0]["questions"] = [{"key": key, "type": "single", "text": {"vi": "Ễ" * 300}, "choices": "L"}]
    return document.read(value)


@pytest.mark.parametrize(
    ("codes", "missing"),
    [
        (["nam", "nu", "khac"], ["khac"]),
        (["01", "1"], []),
        (["1", "2", "97", "98", "99"], ["97", "98", "99"]),
        (["1", "8", "2", "9", "3", "10"], ["8", "9", "10", "3"]),
        (["a", "x", "b", "y", "z", "c"], ["x", "y", "z"]),
    ],
)
def test_whatever_codes_there_are_spss_gives_them_back(tmp_path: Path, codes: list[str], missing: list[str]) -> None:
    book = _book(_asked(codes, missing))
    path = _sav(tmp_path, book, *({"Q1": code} for code in codes), {"Q1": ""}, {})
    assert of_sav(path, book) == [(code,) for code in codes] + [("",), ("",)]
    counted, _ = pyreadstat.read_sav(path)
    assert counted["Q1"].count() == len(codes) - len(missing)


def test_names_that_spss_does_not_take_are_made_fit(tmp_path: Path) -> None:
    value = raw("texts")
    keys = ["ALL", "1a", "q1", "Q1", "A.", "with"]
    value["sections"][0]["questions"] = [{"key": key, "type": "short_text", "text": {"vi": "?"}} for key in keys]
    book = _book(document.read(value))
    frame, _ = pyreadstat.read_sav(_sav(tmp_path, book, dict.fromkeys(keys, "x")))
    assert list(frame.columns)[5:] == ["v_ALL", "v_1a", "q1", "Q1_2", "A", "v_with"]


def test_a_text_that_spss_cannot_hold_is_cut_and_says_so(tmp_path: Path) -> None:
    book = _book(instrument("texts"))
    ((cell, _),) = of_sav(_sav(tmp_path, book, {"Q1": "ễ" * 20_000}), book)
    assert len(cell.encode()) <= 32_767 and cell.endswith("ễ[đã cắt]")


def test_parquet_tells_blank_from_not_asked_and_has_the_codebook_inside(tmp_path: Path) -> None:
    book = _book(library.load("conference"))
    path = _parquet(tmp_path, book, {"B7": "5", "A4": ["1", "2"]}, {"B7": "", "A4": []}, {})
    table = pyarrow.parquet.read_table(path)
    assert table.column("B7").to_pylist() == ["5", "", None]
    assert table.column("A4").to_pylist() == [["1", "2"], [], None]
    field = table.schema.field("B7")
    assert str(field.type).startswith("dictionary<values=string, indices=int16")
    assert json.loads(field.metadata[b"codes"])["5"] == "Rất hài lòng" and field.metadata[b"missing"] == b"9"
    assert len(json.loads(table.schema.metadata[b"phieu"])["variables"]) == len(book.entries)


def test_a_variable_that_changed_its_form_is_in_every_file(tmp_path: Path) -> None:
    book = _book(instrument("multiple"), instrument("single"))
    several, one = {"Q1": ["1", "2"]}, {"Q1": "1"}
    for rows in (
        of_xlsx(_xlsx(tmp_path, book, several, one)),
        of_sav(_sav(tmp_path, book, several, one), book),
        of_parquet(_parquet(tmp_path, book, several, one)),
    ):
        assert [row[0] for row in rows] == ["1 2", "1"]


def test_no_answers_make_files_without_rows(tmp_path: Path) -> None:
    book = _book(library.load("conference"))
    assert (
        of_xlsx(_xlsx(tmp_path, book))
        == of_sav(_sav(tmp_path, book), book)
        == of_parquet(_parquet(tmp_path, book))
        == []
    )


@pytest.mark.parametrize(("extra", "module"), [("spss", "pyreadstat"), ("parquet", "pyarrow")])
def test_who_lacks_the_library_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, extra: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PhieuError) as caught:
        (_sav if extra == "spss" else _parquet)(tmp_path, _book(instrument("scale")))
    assert caught.value.code == "extra_missing" and caught.value.details == (f"pip install 'phieu[{extra}]'",)


def test_a_codebook_is_written_as_csv_json_and_xlsx() -> None:
    book = _book(instrument("routing"))
    assert b'"Q2"' in codebook_tables.written(book, BESIDE, VI, "csv", DAY)
    assert json.loads(codebook_tables.written(book, BESIDE, VI, "json", DAY))["variables"][1]["key"] == "Q2"
    assert zipfile.is_zipfile(io.BytesIO(codebook_tables.written(book, BESIDE, VI, "xlsx", DAY)))
    with pytest.raises(PhieuError) as caught:
        codebook_tables.written(book, BESIDE, VI, "exe", DAY)
    assert caught.value.code == "format_unknown"
