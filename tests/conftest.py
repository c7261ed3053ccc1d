"""Fixtures every folder of tests shares: a migrated database on either engine, a runtime with its clock, a browser.

In continuous integration a missing browser or database server is a failure; elsewhere one line says what was left out.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from survey.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from survey.services.runtime import Runtime
    from tests.databases import Server

# How long an example takes says nothing on a busy machine; a failure in continuous integration must come again.
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.register_profile("prove", deadline=None, max_examples=5000)
hypothesis_settings.load_profile("prove" if os.environ.get("PHIEU_PROVE") else "ci" if os.environ.get("CI") else "here")

SECRET = "for-tests-only-0123456789-abcdefghijklmnopq"

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""The product needs no network, and neither may the browser that proves it. Its sandbox does not start for root."""


LONG_FIRST = ("browser", "flows", "storage", "printing", "deploy", "docs", "collection", "cli", "guards")
"""Folders whose files take long: begun first, so that at the end no worker waits for one that is left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts tests of ``LONG_FIRST`` before the others, folder by folder; files stay as they are."""
    place = {folder: number for number, folder in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


class Compiled(BytecodeCache):
    """Templates compiled once for all applications that the tests of this process make."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.known.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def _remember(build: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """``build`` asked once for each address: working that out is four fifths of making an application."""
    built: dict[Hashable, Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
        if key not in built:
            built[key] = build(rule, append_unknown)
        return built[key]

    return once


Flask.jinja_options = {"bytecode_cache": Compiled()}
Rule._compile_builder = _remember(Rule._compile_builder)


@dataclass
class Clock:
    """What ``Runtime.now`` reads in tests: it stands still until it is moved."""

    at: datetime = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        """Moves on by ``timedelta(**span)``."""
        self.at += timedelta(**span)


def missing(what: str, remedy: str) -> NoReturn:
    """Skips with one line on a person's machine; fails where everything must run."""
    line = f"{what} is missing; {remedy}"
    if os.environ.get("CI"):
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@pytest.fixture
def clock() -> Clock:
    """The clock of this test's runtimes."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Sound settings on an empty data folder and SQLite."""
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    return Settings(
        data_dir=data_dir,
        database_url=f"sqlite:///{data_dir / 'phieu.db'}",
        secret_keys=(SECRET,),
        public_base_url="https://ks.example.gov.vn",
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database of the newest schema, made once and copied for each test."""
    from survey.storage.engine import open_database
    from survey.storage.migration import upgrade

    path = tmp_path_factory.mktemp("migrated") / "phieu.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def runtime(settings: Settings, clock: Clock, migrated: Path) -> Iterator[Runtime]:
    """A runtime on a fresh, migrated SQLite database; its randomness repeats from test to test."""
    shutil.copy(migrated, settings.data_dir)
    yield from _open(settings, clock)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A throw-away PostgreSQL server, one per worker."""
    try:
        from tests.databases import postgresql_server
    except ImportError:
        missing("PostgreSQL", "install the locked packages with make install-test.")
    with postgresql_server() as server:
        yield server


@pytest.fixture
def postgresql(postgresql_server: Server) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a fresh, migrated PostgreSQL database at each call."""
    from tests.databases import fresh_postgresql

    with fresh_postgresql(postgresql_server) as create:
        yield create


@pytest.fixture(params=["sqlite", "postgresql"])
def any_runtime(request: pytest.FixtureRequest, settings: Settings, clock: Clock) -> Iterator[Runtime]:
    """The same on each engine; the test runs twice."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), settings.data_dir)
        yield from _open(settings, clock)
    else:
        yield from _open(replace(settings, database_url=request.getfixturevalue("postgresql")()), clock)


def _open(settings: Settings, clock: Clock) -> Iterator[Runtime]:
    from survey.services.runtime import Runtime
    from survey.storage.engine import open_database

    database = open_database(settings.database_url)
    yield Runtime(settings, database, clock, random.Random(2026).randbytes)
    database.close()


def chromium() -> str:
    """Where the system's browser is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or missing("Chromium", "install the package chromium to run the tests in a browser.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one per worker."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
