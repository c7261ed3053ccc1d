"""Formula payloads and broken strings in every text field: nothing is live in any file, and no file fails.

One survey that holds them all is opened in LibreOffice by default; under ``PHIEU_PROVE`` also one for each string,
which stands in every field.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pyreadstat
import pytest
from xlsxwriter.worksheet import Worksheet

from survey.collection.answers import normalise
from survey.reports import to_csv as csv_writer
from survey.reports import workbooks
from survey.services import collectors, importing, quality
from survey.services.annexes import annex_file
from survey.services.cuts import make_cut
from survey.services.evidence import evidence_file
from survey.services.exporting import ENDINGS, export_responses
from survey.services.runtime import OPERATOR, Runtime
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey
from tests.flows.hostile_results import files
from tests.flows.hostile_texts import BROKEN, PAYLOADS
from tests.flows.office import live

ALL = (*PAYLOADS, *BROKEN)

OPENED = ("answers.csv", "answers.xlsx", "annex.xlsx", "counts.csv")
"""What is opened in the short run; the others hold the same texts and are written by the same functions."""

AT_ONCE = 10
"""Surveys whose files are opened in one start."""

EVERY_DELIMITER = "CSV:44/59/9/124,34,76,1,,0,false,true"
"""Reads CSV as if every comma, semicolon, tab and bar began a cell."""


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 150 and len(set(BROKEN)) >= 100


def _unguarded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The same files by writers without care: what a spreadsheet makes of it shows that it would be seen."""
    folder.mkdir()
    with monkeypatch.context() as careless:
        careless.setattr(csv_writer, "guarded", lambda text: text)
        careless.setitem(workbooks.MADE, "strings_to_formulas", True)
        careless.setattr(Worksheet, "write_string", Worksheet.write)
        return list(files(folder, "careless", ["=1+1", "@SUM(1)"], 8, "answers.csv", "annex.xlsx"))


def test_in_libreoffice_nothing_is_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The longest are opened in the long run: LibreOffice takes a minute to lay them out.
    made = list(files(tmp_path, "all", [one for one in ALL if len(one) < 1000], 60, *OPENED))
    careless = _unguarded(tmp_path / "careless", monkeypatch)
    found = live([*made, *careless], tmp_path)
    assert {path.name for path in (*made, *careless)} == set(found), "a file did not open"
    assert {name: live_ for name, live_ in found.items() if live_ and name not in {one.name for one in careless}} == {}
    assert all(found[path.name] for path in careless), "the check sees no formula"


if os.environ.get("PHIEU_PROVE"):  # LibreOffice opens two thousand files

    @pytest.mark.parametrize("start", range(0, len(ALL), AT_ONCE))
    def test_each_string_in_every_field_of_a_survey_of_its_own(tmp_path: Path, start: int) -> None:
        some = ALL[start : start + AT_ONCE]
        made = [path for n, one in enumerate(some) for path in files(tmp_path, f"s{n}", [one], 8)]
        for ending, filter_ in ((".xlsx", ""), (".csv", EVERY_DELIMITER)):
            wanted = [path for path in made if path.suffix == ending]
            found = live(wanted, tmp_path / ending, filter_)
            assert set(found) == {path.name for path in wanted}, "a file did not open"
            assert {name: one for name, one in found.items() if one} == {}
            print(f"{len(some)} surveys, {len(found)} files {ending} opened, 0 live, 0 failed")


def test_answers_come_back_whole_from_every_file(tmp_path: Path) -> None:
    made = {path.suffix: path for path in files(tmp_path, "all", ALL, 4, "sav", "parquet")}
    said = [normalise(one) for one in ALL]
    frame, _ = pyreadstat.read_sav(made[".sav"])
    # SPSS pads texts with spaces and holds no more than 32,767 bytes of one.
    assert [one.rstrip(" ") for one in frame["Q3"][: len(said)] if len(one.encode()) < 32_000] == [
        one.rstrip(" ") for one in said if len(one.encode()) < 32_000
    ]
    assert pyarrow.parquet.read_table(made[".parquet"]).column("Q3").to_pylist()[: len(said)] == said


@pytest.mark.parametrize("payload", ['=HYPERLINK("http://x")', "@SUM(1)", "-1+cmd|' /C calc'!A0", "\uff1d1+1"])
def test_names_and_reasons_that_staff_type_stay_texts_all_the_way(runtime: Runtime, payload: str) -> None:
    code = open_survey(runtime, instrument="texts")
    collectors.add(runtime, OPERATOR, "conference", "leaflet", payload)
    table = runtime.settings.data_dir / "in.csv"
    table.write_text("Q1,Q2\n" + f'"x","{payload.replace(chr(34), chr(34) * 2)}"\n' * 30, encoding="utf-8")
    importing.import_responses(runtime, OPERATOR, "conference", table)
    answer(runtime, code, [{"Q1": payload, "Q2": payload}], status="flagged", flags="burst")
    quality.exclude(runtime, OPERATOR, "conference", code, runtime.today(), "burst", payload)
    release(runtime, "conference")
    cut = make_cut(runtime, OPERATOR, "conference").number
    assert _formulas(annex_file(runtime, OPERATOR, "conference", cut)) == []
    assert evidence_file(runtime, OPERATOR, "conference", cut)
    for ending in ENDINGS:
        target = io.BytesIO()
        export_responses(runtime, OPERATOR, "conference", target, ending=ending)
        if ending == "xlsx":
            assert _formulas(target.getvalue()) == []


def test_a_report_in_docx_has_no_field_or_link_of_anybody_elses(tmp_path: Path) -> None:
    (path,) = files(tmp_path, "all", ALL, 12, "report.docx")
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    written = b"".join(held[name] for name in held if name.startswith("word/") and name.endswith(".xml")).decode()
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr=\"([^\"]*)\"", written)
    assert {"".join(one).strip() for one in fields} <= {"PAGE", "NUMPAGES"}
    assert not [name for name, data in held.items() if name.endswith(".rels") and b"External" in data]
    for name, data in held.items():
        if name.endswith(".xlsx"):
            assert _formulas(data) == [], name


def _formulas(data: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
