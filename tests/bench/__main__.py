"""Runs every measurement in its own folder and writes ``bench.json``: name → ratio or value."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from survey.config import ROOT
from tests.bench import export, results, web

BOUNDS = {
    "form_get_vs_hello": (">=", 0.6),
    "submit_vs_bare_insert": (">=", 0.6),
    "submit_vs_kept_insert": (">=", 0.0),
    "submit_p99_vs_bare_insert_p99": ("<=", 0.2),
    "submit_p99_vs_median": ("<=", 10.0),
    "submit_p99_vs_median_64": ("<=", 10.0),
    "postgresql_submit_vs_bare_insert": (">=", 0.6),
    "postgresql_submit_p99_vs_median": ("<=", 10.0),
    "postgresql_submit_p99_vs_median_64": ("<=", 10.0),
    "page_bytes": ("<=", 14 * 1024),
    "results_vs_bincount": ("<=", 3.0),
    "crosstab_vs_bincount": ("<=", 3.0),
    "series_vs_bincount": ("<=", 3.0),
    "results_vs_bincount_ten_million": ("<=", 3.0),
    "crosstab_vs_bincount_ten_million": ("<=", 3.0),
    "series_vs_bincount_ten_million": ("<=", 3.0),
    "results_page_ms": ("<=", 300.0),
    "grow_responses_per_second": (">=", 20_000.0),
    "grow_us_per_response": ("<=", 15.0),
    "csv_vs_writer": ("<=", 2.0),
    "xlsx_vs_xlsxwriter": ("<=", 1.3),
}
"""What each value is held to (0: nothing, it is there to be seen). A miss is printed and fails nothing."""

PARTS = {"web": web.measure, "postgresql": web.measure_postgresql, "results": results.measure, "export": export.measure}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(sorted(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    """Measure all PARTS, or those named."""
    values: dict[str, float] = {}
    for name in parts or tuple(PARTS):
        click.echo(name)
        with tempfile.TemporaryDirectory(prefix="phieu-bench-") as folder:
            values |= PARTS[name](Path(folder))
    for name, value in values.items():
        sign, bound = BOUNDS[name]
        met = value >= bound if sign == ">=" else value <= bound
        click.echo(f"{name:32} {value:10.2f}   {'met' if met else 'MISSED'} ({sign} {bound:g})")
    path = ROOT / "bench.json"
    path.write_text(json.dumps({name: round(value, 3) for name, value in values.items()}, indent=2) + "\n")
    click.echo(f"written to {path.name}")


if __name__ == "__main__":
    main()
