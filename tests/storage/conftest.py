"""Databases of the storage tests: empty or migrated, on one engine or each of both; and rows to put in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.storage.engine import Database, open_database
from survey.storage.migration import upgrade
from tests.databases import Server, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables; the test runs on both engines."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    server: Server = request.getfixturevalue("postgresql_server")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """An open database without tables, on both engines."""
    database = open_database(empty_url)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """An open, migrated database, on both engines."""
    upgrade(empty)
    return empty


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An open, migrated SQLite database."""
    database = open_database(sqlite_url(tmp_path))
    upgrade(database)
    yield database
    database.close()
