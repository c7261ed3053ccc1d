"""SQL stands in storage/ and migrations/ alone: elsewhere a session is handed on, never spoken to."""

from __future__ import annotations

import ast

import pytest

from tests.guards.sources import calls, files, imports, name

HANDED_ON = {("sqlalchemy.orm", "Session")}
"""What other rooms may import: the type of what they pass to storage.queries."""

SPOKEN = frozenset(
    {"execute", "executemany", "executescript", "scalar", "scalars", "scalar_one", "select_from", "add_all", "cursor"}
)


def trespasses(source: str) -> list[str]:
    """Imports of the database's tools and statements sent to it."""
    tree = ast.parse(source)
    found = [
        f"import {module} {imported}".strip()
        for module, imported in imports(tree)
        if module.split(".")[0] in ("sqlalchemy", "alembic", "psycopg", "pysqlite3", "sqlite3")
        and (module, imported) not in HANDED_ON
    ]
    return found + [f".{called}() in line {node.lineno}" for called, node in calls(tree) if called in SPOKEN]


def test_no_room_but_storage_speaks_to_the_database() -> None:
    outside = [path for path in files("survey/**/*.py", "wsgi.py") if not name(path).startswith("survey/storage/")]
    assert {name(path): found for path in outside if (found := trespasses(path.read_text()))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "from sqlalchemy import select",
        "import sqlalchemy",
        "import sqlite3",
        "from sqlalchemy.orm import Session, sessionmaker",
        "def f(session):\n    return session.execute('DELETE FROM response')",
    ],
)
def test_a_planted_statement_is_found(planted: str) -> None:
    assert trespasses(planted)


def test_handing_a_session_on_is_no_trespass() -> None:
    assert trespasses("from sqlalchemy.orm import Session\ndef f(session: Session): return queries.find(session)") == []
