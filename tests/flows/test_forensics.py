"""Nobody who reads the database after a release can tell which single-use code brought which answer.

The attacker has every table, on PostgreSQL also the place and the transaction of each row, on SQLite the order in which
a scan meets the rows and the pages of the file, and knows in which order codes were spent as far as the tables show it.
"""

from __future__ import annotations

import os
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import correlation

import pytest
from sqlalchemy import Text, cast, literal_column, select, text
from sqlalchemy.orm import Session

from survey.collection import receipts
from survey.collection import single_use as codes
from survey.services import collecting, collectors, single_use, surveys
from survey.services.collecting import Stored
from survey.services.doors import Doors
from survey.services.releasing import release_ready
from survey.services.runtime import OPERATOR, Runtime
from survey.storage import backup
from survey.storage.engine import Database, open_database
from survey.storage.models import Response, SingleUseCode
from tests.conftest import SECRET
from tests.databases import Server
from tests.factories.surveys import open_survey

PEOPLE = 1000 if os.environ.get("PHIEU_PROVE") else 120
"""Who answers, each with a code, in a random order."""

ALIKE = 0.5
"""Rank correlation of two orders of a hundred or more that have nothing to do with each other: less, but once in 10⁷.
"""


@dataclass(frozen=True)
class Truth:
    """Which answer each code brought: hash of the code → hash of the receipt."""

    brought: dict[bytes, bytes]


def answered(runtime: Runtime) -> Truth:
    """A survey where everybody answers with a code of a single print run, one after the other."""
    open_survey(runtime)
    code = collectors.add(
        runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True)
    )
    _, made = single_use.issue(runtime, OPERATOR, code, PEOPLE * 2)
    doors, chance, brought = Doors(runtime), Random(17), {}
    for one in chance.sample(made, PEOPLE):
        door = doors.find(one)
        version = doors.version(door.version_id or 0)
        given = {"B7": [chance.choice("12345")]}
        outcome = collecting.submit(runtime, door, version, chance.randbytes(16), given, "vi")
        assert isinstance(outcome, Stored)
        brought[codes.code_hash(SECRET, one)] = receipts.receipt_hash(outcome.receipt)
    return Truth(brought)


def release(runtime: Runtime) -> None:
    assert release_ready(runtime, surveys.show(runtime, OPERATOR, "conference").id) == PEOPLE - 5


def links(database: Database, truth: Truth) -> int:
    """How many people the attacker finds: by a transaction that wrote one code and one answer, and, when the two tables
    stand in orders that go together, by the place in them."""
    spent, stored = _places(database)
    found = set()
    by_transaction: dict[str, tuple[list[bytes], list[bytes]]] = defaultdict(lambda: ([], []))
    for code, transaction in spent:
        by_transaction[transaction][0].append(code)
    for receipt, transaction in stored:
        by_transaction[transaction][1].append(receipt)
    for transaction, (some_codes, some_receipts) in by_transaction.items():
        if transaction and len(some_codes) == len(some_receipts) == 1 and truth.brought[some_codes[0]] in some_receipts:
            found.add(some_codes[0])
    ranks = {receipt: rank for rank, (receipt, _) in enumerate(stored)}
    told = [ranks[truth.brought[code]] for code, _ in spent]
    if abs(correlation(told, range(len(told)))) > ALIKE:
        found |= {code for code, _ in spent}
    return len(found)


def _places(database: Database) -> tuple[list[tuple[bytes, str]], list[tuple[bytes, str]]]:
    """Spent codes and answers by their receipts, each with the transaction that wrote it ("" where the engine does not
    tell), in the order the tables stand in."""
    postgresql = database.dialect == "postgresql"
    written = cast(literal_column("xmin"), Text) if postgresql else literal_column("''", Text)
    codes_spent = select(SingleUseCode.code_hash, written).where(SingleUseCode.spent)
    answers = select(Response.receipt_hash, written)
    if postgresql:
        place = literal_column("ctid")
        codes_spent, answers = codes_spent.order_by(place), answers.order_by(place)
    else:
        answers = answers.order_by(literal_column("rowid"))
    with database.reading() as session:
        return [(a, b) for a, b in session.execute(codes_spent)], [(a, b) for a, b in session.execute(answers) if a]


def test_after_a_release_no_code_leads_to_its_answer(any_runtime: Runtime) -> None:
    truth = answered(any_runtime)
    release(any_runtime)
    found = links(any_runtime.database, truth)
    print(f"S17 {any_runtime.database.dialect}: {found} of {PEOPLE} codes lead to their answer")
    assert found == 0


def test_tables_that_were_not_mixed_tell_everybody(any_runtime: Runtime) -> None:
    """Negative control: on PostgreSQL the tables before a release; on SQLite tables that count their rows."""
    truth = answered(any_runtime)
    if any_runtime.database.dialect == "sqlite":
        _as_people_came(any_runtime, truth)
    assert links(any_runtime.database, truth) == PEOPLE


def _as_people_came(runtime: Runtime, truth: Truth) -> None:
    """Gives answers identifiers, and codes a table, that grow with time, as ordinary schemas do."""

    def work(session: Session) -> None:
        session.execute(text("DROP TABLE single_use_code"))
        session.execute(
            text(
                "CREATE TABLE single_use_code (code_hash BLOB, collector_id INTEGER, print_run_id INTEGER, "
                "key_id BLOB, spent BOOLEAN)"
            )
        )
        for number, (code, receipt) in enumerate(truth.brought.items()):
            session.execute(text("INSERT INTO single_use_code VALUES (:code, 1, 1, x'00', 1)"), {"code": code})
            session.execute(
                text("UPDATE response SET id = :id WHERE receipt_hash = :receipt"), {"id": number, "receipt": receipt}
            )

    runtime.database.write(work)


def test_a_restored_backup_tells_no_more_than_the_live_database(
    any_runtime: Runtime, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = answered(any_runtime)
    release(any_runtime)
    if any_runtime.database.dialect == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        monkeypatch.setenv("PATH", f"{server.bin}{os.pathsep}{os.environ['PATH']}")
        url = request.getfixturevalue("postgresql")()
    else:
        url = f"sqlite:///{tmp_path / 'restored.db'}"
    kept = tmp_path / "backup"
    backup.backup(any_runtime.database, kept)
    database = open_database(url)
    backup.restore(database, kept, now=any_runtime.now(), force=True)
    try:
        assert links(database, truth) == 0
    finally:
        database.close()


def test_spending_codes_leaves_no_trace_of_their_order_in_the_pages_of_the_file(runtime: Runtime) -> None:
    open_survey(runtime)
    code = collectors.add(
        runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True)
    )
    _, made = single_use.issue(runtime, OPERATOR, code, 400)
    before = _cells(runtime, "single_use_code")
    doors = Doors(runtime)
    for number, one in enumerate(Random(3).sample(made, 300)):
        door = doors.find(one)
        version = doors.version(door.version_id or 0)
        collecting.submit(runtime, door, version, number.to_bytes(16, "big"), {"B7": ["4"]}, "vi")
    assert sum(map(len, before)) == 400 - (len(before) - 1)  # all but those that stand in the page above
    assert _cells(runtime, "single_use_code") == before


def _cells(runtime: Runtime, table: str) -> list[tuple[int, ...]]:
    """Where the cells of each leaf page of an index b-tree stand (https://sqlite.org/fileformat2.html, 1.6)."""
    with runtime.database.reading() as session:
        root = session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = :name"), {"name": table})
        size = session.scalar(text("PRAGMA page_size"))
    assert runtime.database.path is not None and root and size
    runtime.database.close()  # the write-ahead log goes into the file
    content = runtime.database.path.read_bytes()

    def leaves(page: int) -> Iterator[tuple[int, ...]]:
        start = (page - 1) * size
        kind, _, cells = struct.unpack(">BHH", content[start : start + 5])
        header = 12 if kind == 2 else 8
        pointers = struct.unpack(f">{cells}H", content[start + header : start + header + 2 * cells])
        if kind == 10:
            yield pointers
        else:
            assert kind == 2
            for pointer in pointers:
                yield from leaves(struct.unpack(">I", content[start + pointer : start + pointer + 4])[0])
            yield from leaves(struct.unpack(">I", content[start + 8 : start + 12])[0])

    return list(leaves(root))
