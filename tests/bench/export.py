"""CSV export of 100,000 responses from the database against ``csv.writer`` writing the same rows from memory."""

from __future__ import annotations

import csv
from pathlib import Path

from survey.services.exporting import export_responses
from survey.services.runtime import OPERATOR
from tests.bench.results import median, prepare

RESPONSES = 100_000


def measure(folder: Path, responses: int = RESPONSES) -> dict[str, float]:
    """``csv_vs_writer``."""
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
    runtime.database.close()
    return {"csv_vs_writer": exported / bound}
