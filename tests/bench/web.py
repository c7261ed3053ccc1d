"""Form GET against a bare hello; a complete submission (GET, POST, one commit) against a bare POST with one insert."""

from __future__ import annotations

import gzip
import random
import re
import statistics
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from survey.config import read_settings
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.services import authoring, collectors
from survey.services.runtime import OPERATOR
from survey.services.start import open_runtime
from tests.bench import bare, load, servers
from tests.bench.load import Line, Load
from tests.databases import postgresql_server

CONNECTIONS = 16
CROWD = 64
NAMES = ("bare hello", "form GET", "bare insert", "insert, kept open", "complete submission", "64 connections")
TOKEN = re.compile(rb'name="_token" value="([^"]+)"')
GET_HEAD = b"Host: bench\r\nAccept-Encoding: gzip\r\n\r\n"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings of a fresh installation below ``folder``."""
    return {"PHIEU_DATA_DIR": str(folder), "PHIEU_PUBLIC_BASE_URL": "https://ks.example.gov.vn", **more}


def prepare(settings: Mapping[str, str]) -> str:
    """Makes and publishes the conference survey; gives the code of a collector."""
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    authoring.create_survey(
        runtime,
        OPERATOR,
        slug="bench",
        template="conference",
        office_name="Sở Văn hóa, Thể thao và Du lịch",
        phone="1022",
    )
    authoring.publish(runtime, OPERATOR, "bench")
    code = collectors.add(runtime, OPERATOR, "bench", "event", "Hội trường")
    runtime.database.close()
    return code


def filled(questionnaire: Questionnaire, chance: random.Random) -> dict[str, list[str]]:
    """Answers as a person might give them."""
    given: dict[str, list[str]] = {}
    for variable in questionnaire.variables:
        if variable.form is Form.TEXT:
            given[variable.key] = ["Đề nghị rút ngắn thời gian xử lý hồ sơ và hướng dẫn rõ hơn ngay từ lần đầu."]
        else:
            given[variable.key] = [chance.choice(variable.listed.codes)]
    return given


def _get(path: str) -> load.Exchange:
    request = b"GET " + path.encode() + b" HTTP/1.1\r\n" + GET_HEAD

    def exchange(line: Line) -> None:
        status, _ = line.ask(request)
        if status != 200:
            raise RuntimeError(f"GET {path} gave {status}")

    return exchange


def _post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _insert(body: bytes, path: str = "/") -> load.Exchange:
    request = _post(path, body)

    def exchange(line: Line) -> None:
        status, _ = line.ask(request)
        if status != 200:
            raise RuntimeError(f"insert gave {status}")

    return exchange


def _submission(path: str, body: bytes, page: bytes) -> load.Exchange:
    """GET, take the token out of the page, POST, be sent to the receipt. The token stands in a stored block of the
    compressed stream, at the same place each time, so the client need not inflate 100 KB to find it."""
    token = TOKEN.search(gzip.decompress(page))
    assert token is not None
    start = page.index(token.group(1))
    stop = start + len(token.group(1))
    get = b"GET " + path.encode() + b" HTTP/1.1\r\n" + GET_HEAD

    def exchange(line: Line) -> None:
        status, fresh = line.ask(get)
        if status != 200:
            raise RuntimeError(f"GET gave {status}")
        status, _ = line.ask(_post(path, body + b"&_token=" + fresh[start:stop]))
        if status != 303:
            raise RuntimeError(f"POST gave {status}")

    return exchange


def measure(folder: Path, *, seconds: float = 4.0, rounds: int = 3) -> dict[str, float]:
    """The ratios of the pages on SQLite; each round measures bound and product in turn, and their median counts."""
    (folder / "bound").mkdir()
    found = _measure(folder, str(folder / "bound" / "bare.db"), {}, seconds, rounds)
    names = {
        "form_get_vs_hello": "form_get_vs_hello",
        "insert": "submit_vs_bare_insert",
        "kept": "submit_vs_kept_insert",
        "tail": "submit_p99_vs_bare_insert_p99",
        "spread": "submit_p99_vs_median",
        "spread_64": "submit_p99_vs_median_64",
        "page_bytes": "page_bytes",
    }
    return {name: found[key] for key, name in names.items()}


def measure_postgresql(folder: Path, *, seconds: float = 4.0, rounds: int = 3) -> dict[str, float]:
    """The same on PostgreSQL, which waits for its disk as it would in earnest."""
    with postgresql_server(durable=True) as server:
        (folder / "bound").mkdir()
        settings = {"PHIEU_DATABASE_URL": server.create()}
        found = _measure(folder, server.create(), settings, seconds, rounds)
    return {
        "postgresql_submit_vs_bare_insert": found["insert"],
        "postgresql_submit_p99_vs_median": found["spread"],
        "postgresql_submit_p99_vs_median_64": found["spread_64"],
    }


def _measure(folder: Path, bound: str, more: Mapping[str, str], seconds: float, rounds: int) -> dict[str, float]:
    settings = environment(folder / "product", **more)
    code = prepare(settings)
    path = f"/S/{code[:5]}-{code[5:]}"
    body = urlencode(filled(library.load("conference"), random.Random(1)), doseq=True).encode()
    bare.prepare(bound)
    bound_settings = {"PHIEU_DATA_DIR": str(folder / "bound"), "BENCH_DATABASE": bound}
    found: dict[str, list[float]] = {}
    command, port = servers.product(settings)
    bound_command, bound_port = servers.bound()
    with servers.serving(command, settings, port), servers.serving(bound_command, bound_settings, bound_port):
        page = Line(port).ask(b"GET " + path.encode() + b" HTTP/1.1\r\n" + GET_HEAD)[1]
        for _ in range(rounds):
            hello = load.run(bound_port, _get("/"), connections=CONNECTIONS, seconds=seconds)
            form = load.run(port, _get(path), connections=CONNECTIONS, seconds=seconds)
            insert = load.run(bound_port, _insert(body), connections=CONNECTIONS, seconds=seconds)
            kept = load.run(bound_port, _insert(body, "/kept"), connections=CONNECTIONS, seconds=seconds)
            submit = load.run(port, _submission(path, body, page), connections=CONNECTIONS, seconds=seconds)
            crowd = load.run(port, _submission(path, body, page), connections=CROWD, seconds=seconds)
            one = {
                "form_get_vs_hello": form.per_second / hello.per_second,
                "insert": submit.per_second / insert.per_second,
                "kept": submit.per_second / kept.per_second,
                "tail": submit.quantile(0.99) / insert.quantile(0.99),
                "spread": submit.quantile(0.99) / submit.quantile(0.5),
                "spread_64": crowd.quantile(0.99) / crowd.quantile(0.5),
                "page_bytes": len(page),
            }
            for name, value in one.items():
                found.setdefault(name, []).append(value)
            _tell(hello, form, insert, kept, submit, crowd)
    return {name: statistics.median(values) for name, values in found.items()}


def _tell(*loads: Load) -> None:
    for name, one in zip(NAMES, loads, strict=True):
        median, tail = one.quantile(0.5) * 1000, one.quantile(0.99) * 1000
        print(f"  {name:20} {one.per_second:8.0f}/s   median {median:7.1f} ms   p99 {tail:7.1f} ms", flush=True)
