"""Guessing codes finds nothing and learns nothing: one page, one status, the same work, whatever is wrong with one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from random import Random
from statistics import median

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from survey.collection import codes, single_use
from survey.errors import NotFound
from survey.services import collectors
from survey.services import single_use as issuing
from survey.services.doors import Doors
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.surveys import open_survey

PROVE = bool(os.environ.get("PHIEU_PROVE"))
GUESSES = 1_000_000 if PROVE else 3_000
CODES = 10_000 if PROVE else 1_000


@pytest.fixture
def made(runtime: Runtime) -> tuple[str, ...]:
    """Single-use codes that are really there."""
    open_survey(runtime)
    traits = collectors.Traits(single_use=True)
    code = collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=traits)
    return issuing.issue(runtime, OPERATOR, code, CODES)[1]


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


def guesses(chance: Random) -> Iterator[str]:
    """What a guesser tries who knows how codes are made: right check letters, nearly always; also collectors' codes."""
    while True:
        yield single_use.make(chance.randbytes)
        yield codes.make(chance.randbytes)
        wrong = single_use.make(chance.randbytes)
        yield wrong[:-1] + chance.choice(codes.ALPHABET.replace(wrong[-1], ""))


def found(doors: Doors, code: str) -> bool:
    try:
        doors.find(code)
    except NotFound:
        return False
    return True


def hits(runtime: Runtime, tried: Iterator[str], number: int) -> int:
    doors = Doors(runtime)
    return sum(found(doors, next(tried)) for _ in range(number))


def test_no_guess_hits(runtime: Runtime, made: tuple[str, ...]) -> None:
    hit = hits(runtime, guesses(Random(5)), GUESSES)
    print(f"S14: {GUESSES:,} guesses against {len(made):,} codes: {hit} hits")
    assert hit == 0


def test_a_guesser_who_had_the_codes_would_hit(runtime: Runtime, made: tuple[str, ...]) -> None:
    """Negative control."""
    assert hits(runtime, iter(made), 100) == 100


def test_codes_not_in_the_table_all_get_one_page(client: FlaskClient, made: tuple[str, ...]) -> None:
    tried = guesses(Random(6))
    pages = {(answer.status_code, answer.data) for answer in (client.get(f"/s/{next(tried)}") for _ in range(60))}
    odd = ["0", "x" * 12, "ABCDE", "%20", "Ễ" * 12, made[0][:-1], f"{made[0]}0", "0" * 5000]
    pages |= {(answer.status_code, answer.data) for answer in (client.get(f"/s/{one}") for one in odd)}
    assert len(pages) == 1 and {status for status, _ in pages} == {404}
    assert client.get(f"/s/{made[0]}").status_code == 200


def test_codes_not_in_the_table_all_cost_the_same_work(runtime: Runtime, made: tuple[str, ...]) -> None:
    seen: list[str] = []
    event.listen(runtime.database.reader, "before_cursor_execute", lambda *args: seen.append(args[2]))
    doors, asked = Doors(runtime), []
    for code in ("garbage", made[0][:-1] + "U", single_use.make(Random(7).randbytes)):
        assert not found(doors, code)
        asked.append(tuple(seen))
        seen.clear()
    assert len(set(asked)) == 1 and "single_use_code" in asked[0][-1]


def test_a_wrong_check_letter_takes_as_long_as_an_unknown_code(runtime: Runtime, made: tuple[str, ...]) -> None:
    """The ratio is printed; it says something, and is held to, only on a quiet machine."""
    doors, chance = Doors(runtime), Random(8)
    unknown: list[float] = []
    mistyped: list[float] = []
    for _ in range(20_000 if PROVE else 500):
        code = single_use.make(chance.randbytes)
        wrong = code[:-1] + chance.choice(codes.ALPHABET.replace(code[-1], ""))
        for taken, one in ((unknown, code), (mistyped, wrong)):
            start = time.perf_counter()
            assert not found(doors, one)
            taken.append(time.perf_counter() - start)
    ratio = median(mistyped) / median(unknown)
    print(f"S14: a mistyped code takes {ratio:.3f} times as long as an unknown one")
    assert 0.9 < ratio < 1.1 or not PROVE
