"""Results of a million and of ten million generated responses against ``numpy.bincount`` over the same columns:
filtered results, a filtered cross-table, and one measure over twelve waves; growing the matrix against reading its
rows. A new selection each time, so that nothing remembered could help; the product keeps no results."""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select, text

from survey.aggregation.columns import Block, Matrix
from survey.config import read_settings
from survey.definition import document, library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.services import authoring, collectors
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.services.start import open_runtime
from survey.statistics import series
from survey.statistics.filters import Filters
from survey.statistics.series import Wave
from survey.storage import blocks
from survey.storage.matrix import MatrixStore
from survey.storage.models import Collector, Release, Response, Survey
from survey.web.app import create_app
from tests.bench.web import environment
from tests.factories.staff import account, browser_of

CLOSED = 23
WAVES = 12
REPETITIONS = 7
CHUNK = 20_000


def questionnaire() -> dict[str, Any]:
    """The conference questionnaire cut down to its first 23 closed variables and two texts."""
    value = document.write(library.load("conference"))
    left = CLOSED
    for section in value["sections"]:
        for question in section["questions"]:
            if question["type"] == "matrix":
                question["items"] = question["items"][: max(left, 0)]
                left -= len(question["items"])
            elif not question["type"].endswith("text"):
                left -= 1
                question["cut"] = left < 0
        section["questions"] = [
            one for one in section["questions"] if not one.pop("cut", False) and one.get("items", True)
        ]
    value["sections"] = [section for section in value["sections"] if section["questions"]]
    kept = {one.key for one in document.read({**value, "indexes": []}).variables}
    value["indexes"] = [
        one for one in value["indexes"] if all(item in kept for factor in one["factors"] for item in factor["items"])
    ]
    return value


def prepare(folder: Path, responses: int, *, distinct: bool = False) -> Runtime:
    """A survey with so many released responses, stored as the product stores them. They repeat five thousand sets of
    answers unless they are to be ``distinct``, since making a million of them takes longer than measuring."""
    runtime = open_runtime(read_settings(environment(folder), make_key=True), migrate=True)
    authoring.import_document(runtime, OPERATOR, json.dumps(questionnaire()), slug="bench")
    authoring.publish(runtime, OPERATOR, "bench")
    for number in range(4):
        collectors.add(runtime, OPERATOR, "bench", "counter", f"Quầy {number + 1}")
    asked = document.read(questionnaire())
    assert sum(variable.closed for variable in asked.variables) == CLOSED
    with runtime.database.reading() as session:
        survey = session.execute(select(Survey.id)).scalar_one()
        places = list(session.execute(select(Collector.id)).scalars())
    chance = random.Random(7)
    pool = [_answers(asked, chance) for _ in range(responses if distinct else 5000)]
    for start in range(0, responses, CHUNK):
        rows = [
            _row(runtime, survey, chance.choice(places), chance.choice(pool))
            for _ in range(min(CHUNK, responses - start))
        ]
        runtime.database.write(lambda session, rows=rows: session.execute(insert(Response), rows) and None)
    released = {"survey_id": survey, "number": 1, "revision": 1, "responses": responses, "released_on": runtime.today()}
    runtime.database.write(lambda session: session.execute(insert(Release), released) and None)
    return runtime


def _answers(asked: Questionnaire, chance: random.Random) -> str:
    given: dict[str, Any] = {}
    for variable in asked.variables:
        if variable.form is Form.TEXT:
            given[variable.key] = "" if chance.random() < 0.7 else "Đề nghị rút ngắn thời gian xử lý hồ sơ."
        elif variable.form is Form.MULTIPLE:
            given[variable.key] = sorted(chance.sample(variable.listed.codes, 1))
        else:
            given[variable.key] = "" if chance.random() < 0.05 else chance.choice(variable.listed.codes)
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))


def _row(runtime: Runtime, survey: int, place: int, answers: str) -> dict[str, Any]:
    return {
        "id": int.from_bytes(os.urandom(8), "big") >> 1,
        "survey_id": survey,
        "version_id": 1,
        "collector_id": place,
        "submission_key": os.urandom(16),
        "digest": b"\0" * 32,
        "receipt_hash": None,
        "language": "vi",
        "status": "complete",
        "received_on": runtime.today(),
        "release_number": 1,
        "import_id": None,
        "answers": answers,
    }


def median(act: Callable[[], object], repetitions: int = REPETITIONS) -> float:
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(folder: Path, responses: int = 1_000_000) -> dict[str, float]:
    """``results_vs_bincount`` and the like at so many responses and at ten times as many, how long the server takes for
    the page of results, and how many responses a second the matrix grows by."""
    runtime = prepare(folder, responses)
    store = MatrixStore(runtime.settings.data_dir)
    with runtime.database.reading() as session:
        survey = session.execute(select(Survey.id)).scalar_one()
        reading = median(lambda: _read(session, survey), 2)
        start = time.perf_counter()
        matrix = store.open(session, survey)
        growing = time.perf_counter() - start
    assert matrix.rows == responses
    print(f"  reading rows {reading:.1f} s, growing the matrix {growing:.1f} s", flush=True)
    page = _page(runtime)
    filtered, crossed = _selections(), _crossings()
    values = _against_bincount(runtime, matrix, filtered, crossed)
    grown = _against_bincount(runtime, _tenfold(runtime, survey), filtered, crossed)
    values |= {f"{name}_ten_million": value for name, value in grown.items()}
    runtime.database.close()
    shutil.rmtree(runtime.settings.data_dir / "matrix")
    return {
        **values,
        "results_page_ms": page,
        "grow_us_per_response": (growing - reading) / responses * 1e6,
        "grow_responses_per_second": responses / growing,
    }


def _against_bincount(
    runtime: Runtime, matrix: Matrix, filtered: Iterator[Filters], crossed: Iterator[tuple[Filters, str]]
) -> dict[str, float]:
    """Each with a bare count of its columns right after it, since other work disturbs both alike."""
    asked = document.read(questionnaire())
    closed = [key for key in matrix.codings if not key.startswith("@")]
    assert len(closed) == CLOSED
    columns = {key: np.concatenate([block.columns[key] for block in matrix.blocks]) for key in closed}
    waves = [_part(matrix, number) for number in range(WAVES)]
    measures = iter(list(series.measures(asked)) * 2)

    def follow() -> list[str]:
        key = next(measures)
        name, unit = series.measures(asked)[key]
        found = [
            Wave(f"w{number}", str(number), date(2026, 1 + number, 1), series.measured(part, asked, key))
            for number, part in enumerate(waves)
        ]
        assert all(point.value is not None for point in series.series(key, name, unit, found).points)
        index = series.index_of(asked, key)
        return series.index_keys(index) if index else [key]

    def results() -> list[str]:
        open_result(runtime, OPERATOR, "bench", filters=next(filtered))
        return closed

    def crosstab() -> list[str]:
        filters, by = next(crossed)
        assert open_result(runtime, OPERATOR, "bench", filters=filters, by=by).breakdowns
        return closed

    found = {}
    for name, act in (("results", results), ("crosstab", crosstab), ("series", follow)):
        ratios = [_ratio(act, columns) for _ in range(REPETITIONS)]
        found[f"{name}_vs_bincount"] = statistics.median(ratios)
        print(f"  {name} at {matrix.rows}: {', '.join(f'{one:.2f}' for one in ratios)}", flush=True)
    return found


def _ratio(act: Callable[[], list[str]], columns: dict[str, Any]) -> float:
    start = time.perf_counter()
    keys = act()
    middle = time.perf_counter()
    for key in keys:
        np.bincount(columns[key])
    return (middle - start) / (time.perf_counter() - middle)


def _part(matrix: Matrix, number: int) -> Matrix:
    """One of twelve waves: a twelfth of each block."""
    found = []
    for block in matrix.blocks:
        part = slice(block.rows * number // WAVES, block.rows * (number + 1) // WAVES)
        columns = {key: column[part] for key, column in block.columns.items()}
        found.append(Block(part.stop - part.start, columns, block.codings))
    return Matrix(tuple(found), matrix.codings)


def _tenfold(runtime: Runtime, survey: int) -> Matrix:
    """Puts a matrix of ten times as many rows in the place of the survey's, so that everything else stays as it is."""
    folder = runtime.settings.data_dir / "matrix" / str(survey)
    [path] = folder.glob(f"*{blocks.SUFFIX}")
    file = blocks.read(path)
    blocks.write(path.with_name(f"tenfold{blocks.SUFFIX}"), file.revisions, file.pieces * 10)
    path.unlink()
    with runtime.database.reading() as session:
        return MatrixStore(runtime.settings.data_dir).open(session, survey)


def _page(runtime: Runtime) -> float:
    """Milliseconds in the server for the page of results; the browser asks for the drawn charts apart."""
    account(runtime, "bench@example.gov.vn", "reform_team")
    client = browser_of(create_app(runtime), runtime, "bench@example.gov.vn")
    assert client.get("/staff/surveys/bench/results").status_code == 200
    return median(lambda: client.get("/staff/surveys/bench/results"), REPETITIONS) * 1000


def _read(session: Any, survey: int) -> None:
    statement = text(
        "SELECT answers, version_id, collector_id, language, received_on FROM response WHERE survey_id = :survey"
    )
    for rows in session.execute(statement, {"survey": survey}).partitions(10_000):
        len(rows)


def _selections() -> Iterator[Filters]:
    """A new one at each call: one legal form after the other, then two at a time."""
    codes = "12345"
    for size in (1, 2, 3):
        for some in combinations(codes, size):
            yield (("A1", some),)


def _crossings() -> Iterator[tuple[Filters, str]]:
    """A new filter and a new grouping at each call."""
    keys = ["B1", "B2", "B3", "B4", "B5", "C1", "C2", "C3", "C4", "C5"]
    for turn in range(1000):
        yield ((keys[turn % 10], (str(1 + turn // 10 % 5),)),), ("A2", "A3", "B8", "C9", "@collector")[turn % 5]
