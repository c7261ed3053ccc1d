"""Results of a million generated responses against ``numpy.bincount`` over the same columns; growing the matrix against
reading its rows. A new selection each time, so that nothing remembered could help; the product keeps no results."""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select, text

from survey.config import read_settings
from survey.definition import document, library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.services import authoring, collectors
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.services.start import open_runtime
from survey.storage.matrix import MatrixStore
from survey.storage.models import Collector, Release, Response, Survey
from tests.bench.web import environment

CLOSED = 23
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
    """``results_vs_bincount`` and ``grow_us_per_response``."""
    runtime = prepare(folder, responses)
    store = MatrixStore(runtime.settings.data_dir)
    with runtime.database.reading() as session:
        survey = session.execute(select(Survey.id)).scalar_one()
        reading = median(lambda: _read(session, survey), 2)
        start = time.perf_counter()
        matrix = store.open(session, survey)
        growing = time.perf_counter() - start
    closed = [key for key in matrix.codings if not key.startswith("@")]
    columns = [np.concatenate([block.columns[key] for block in matrix.blocks]) for key in closed]
    assert len(columns) == CLOSED and matrix.rows == responses
    selections = _selections(runtime)
    bound = median(lambda: [np.bincount(column) for column in columns])
    results = median(lambda: open_result(runtime, OPERATOR, "bench", filters=next(selections)))
    print(f"  bincount {bound * 1000:.1f} ms, results {results * 1000:.1f} ms", flush=True)
    print(f"  reading rows {reading:.1f} s, growing the matrix {growing:.1f} s", flush=True)
    runtime.database.close()
    shutil.rmtree(runtime.settings.data_dir / "matrix")
    return {
        "results_vs_bincount": results / bound,
        "grow_us_per_response": (growing - reading) / responses * 1e6,
    }


def _read(session: Any, survey: int) -> None:
    statement = text(
        "SELECT answers, version_id, collector_id, language, received_on FROM response WHERE survey_id = :survey"
    )
    for rows in session.execute(statement, {"survey": survey}).partitions(10_000):
        len(rows)


def _selections(runtime: Runtime) -> Iterator[tuple[tuple[str, tuple[str, ...]], ...]]:
    """A new one at each call: nobody filtered out, then one legal form after the other."""
    choices = (("A1", str(1 + turn % 5)) for turn in range(1000))
    for key, code in choices:
        yield ((key, (code,)),)
