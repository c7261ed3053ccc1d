"""Two published surveys go the whole way, from a file to the results, and every known count comes out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest

from survey.definition.codebook import codebook
from survey.services import exporting, importing
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.statistics.results import Figures, SurveyResult
from survey.texts import texts
from tests.factories.instruments import instrument
from tests.factories.surveys import open_survey
from tests.reports import reading

DATA = Path(__file__).parent.parent / "data"


def _imported(runtime: Runtime, instrument: str, file: str) -> int:
    open_survey(runtime, slug=instrument.replace("_", "-"), instrument=instrument)
    return importing.import_responses(runtime, OPERATOR, instrument.replace("_", "-"), DATA / file).rows


def _groups(result: SurveyResult, key: str) -> dict[str, Figures]:
    """The figures of each group of a breakdown that is shown on its own."""
    (breakdown,) = [one for one in result.breakdowns if one.key == key]
    return {group.codes[0]: group.figures for group in breakdown.groups if len(group.codes) == 1}


def test_73421_lecture_ratings_are_counted_as_published(runtime: Runtime) -> None:
    slug = "lecture-ratings"
    assert _imported(runtime, "lecture_ratings", "eth-lecture-ratings.csv") == 73_421
    result = open_result(runtime, OPERATOR, slug, by="service")
    rating = result.question("rating").figures
    assert rating.counts == {"1": 10_186, "2": 12_951, "3": 17_609, "4": 16_921, "5": 15_754}
    assert (rating.base, rating.satisfied) == (73_421, 32_675)
    assert rating.satisfied_percent == pytest.approx(44.50, abs=0.005)
    assert result.responses == {"complete": 73_421}
    services = _groups(result, "rating")
    assert {code: (one.satisfied, one.base) for code, one in services.items()} == {
        "0": (19_211, 41_638),
        "1": (13_464, 31_783),
    }
    departments = _groups(open_result(runtime, OPERATOR, slug, by="dept"), "rating")
    assert departments["10"].satisfied_percent == pytest.approx(37.04, abs=0.005)
    assert departments["3"].satisfied_percent == pytest.approx(49.51, abs=0.005)
    assert sum(one.base or 0 for one in departments.values()) == 73_421
    # What goes out is what came in, row by row.
    target = io.BytesIO()
    exporting.export_responses(runtime, OPERATOR, slug, target)
    with (DATA / "eth-lecture-ratings.csv").open(newline="") as file:
        came = list(csv.DictReader(file))
    went = csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline=""))
    assert Counter(tuple(row[key] for key in came[0]) for row in went) == Counter(tuple(row.values()) for row in came)
    folder = runtime.settings.data_dir
    exporting.export_responses(runtime, OPERATOR, slug, folder / "ratings.parquet", ending="parquet")
    column = pyarrow.parquet.read_table(folder / "ratings.parquet", columns=["rating"]).column("rating")
    assert {one["values"]: one["counts"] for one in column.value_counts().to_pylist()} == rating.counts


def test_1681_tenants_are_counted_as_published(any_runtime: Runtime) -> None:
    assert _imported(any_runtime, "housing", "copenhagen-housing.csv") == 1_681
    result = open_result(any_runtime, OPERATOR, "housing", by="dwelling")
    satisfaction = result.question("satisfaction").figures
    assert satisfaction.counts == {"Low": 567, "Medium": 446, "High": 668}
    dwellings = _groups(result, "satisfaction")
    assert (dwellings["Tower"].satisfied, dwellings["Tower"].base) == (200, 400)
    assert (dwellings["Terrace"].satisfied, dwellings["Terrace"].base) == (70, 277)
    # Every file of answers tells the same.
    book = codebook([instrument("housing")], texts("vi"), "vi")
    place = [one.key for one in book.entries].index("satisfaction")
    for ending in ("xlsx", "sav", "parquet"):
        path = any_runtime.settings.data_dir / f"housing.{ending}"
        exporting.export_responses(any_runtime, OPERATOR, "housing", path, ending=ending)
        readers = {"xlsx": reading.of_xlsx, "parquet": reading.of_parquet}
        rows = readers[ending](path) if ending in readers else reading.of_sav(path, book)
        assert Counter(row[place] for row in rows) == {"Low": 567, "Medium": 446, "High": 668}
