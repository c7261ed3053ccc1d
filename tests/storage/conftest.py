"""Databases of the storage tests: empty or migrated, on one engine or each of both; and rows to put in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.storage.engine import Database, open_database
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An open, migrated database, on both engines."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    database = open_database(request.getfixturevalue("postgresql")())
    yield database
    database.close()


@pytest.fixture
def sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """An open, migrated SQLite database."""
    shutil.copy(migrated, tmp_path)
    database = open_database(sqlite_url(tmp_path))
    yield database
    database.close()
