"""Export of 100,000 responses from the database against ``csv.writer`` and XlsxWriter writing the same cells."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import xlsxwriter

from survey.services.exporting import export_responses
from survey.services.runtime import OPERATOR, Runtime
from tests.bench.results import median, prepare

RESPONSES = 100_000


def measure(folder: Path, responses: int = RESPONSES) -> dict[str, float]:
    """``csv_vs_writer``, ``xlsx_vs_xlsxwriter``."""
    runtime = prepare(folder, responses, distinct=True)
    target = folder / "answers.csv"
    export_responses(runtime, OPERATOR, "bench", target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == responses + 1

    def bare() -> None:
        with (folder / "bare.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)

    def product() -> None:
        export_responses(runtime, OPERATOR, "bench", target)

    bound, exported = median(bare, 5), median(product, 5)
    print(f"  csv.writer {bound:.2f} s, export {exported:.2f} s", flush=True)
    sheet = _sheet(runtime, folder)
    runtime.database.close()
    return {"csv_vs_writer": exported / bound, "xlsx_vs_xlsxwriter": sheet}


def _sheet(runtime: Runtime, folder: Path) -> float:
    """The workbook, whose cells are then written by XlsxWriter in constant memory."""
    target = folder / "answers.xlsx"

    def product() -> None:
        export_responses(runtime, OPERATOR, "bench", target, ending="xlsx")

    exported = median(product, 3)
    book = openpyxl.load_workbook(target, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()

    def bare() -> None:
        with xlsxwriter.Workbook(folder / "bare.xlsx", {"constant_memory": True}) as made:
            sheet = made.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, value)

    bound = median(bare, 1)
    print(f"  XlsxWriter {bound:.2f} s, export {exported:.2f} s", flush=True)
    return exported / bound
