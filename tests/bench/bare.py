"""The bounds: a bare Flask hello, and a bare Flask POST with one durable insert (WAL, synchronous FULL).

The insert comes in two kinds: with a connection for each request, as Flask's documentation uses SQLite, and with one
kept for each thread, which is faster. Both use the SQLite the product uses. On PostgreSQL there is only the second:
nobody connects to a server for each request.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import psycopg
from flask import Flask, request
from pysqlite3 import dbapi2 as sqlite

POSTGRESQL = os.environ.get("BENCH_DATABASE", "").startswith("postgresql")

app = Flask(__name__)
local = threading.local()


@app.get("/")
def hello() -> str:
    """The least a Flask page can do."""
    return "hello"


@app.post("/")
def insert() -> str:
    """A durable submission as Flask's documentation would write it: connect, one row, commit, close."""
    if POSTGRESQL:
        return insert_kept()
    connection = _connect()
    try:
        _store(connection)
    finally:
        connection.close()
    return "thanks"


@app.post("/kept")
def insert_kept() -> str:
    """The same over a connection kept for each thread."""
    connection = getattr(local, "connection", None)
    if connection is None:
        connection = local.connection = _connect()
    _store(connection)
    return "thanks"


def _connect() -> Any:
    if POSTGRESQL:
        return psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True)
    connection = sqlite.connect(os.environ["BENCH_DATABASE"], timeout=60, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _store(connection: Any) -> None:
    place = "%s" if POSTGRESQL else "?"
    connection.execute(f"INSERT INTO answer (body) VALUES ({place})", (request.get_data(),))


def prepare(path: str) -> None:
    """The empty table in the file, or on the server, of this address."""
    if path.startswith("postgresql"):
        with psycopg.connect(path, autocommit=True) as server:
            server.execute("CREATE TABLE answer (id BIGSERIAL PRIMARY KEY, body BYTEA NOT NULL)")
        return
    connection = sqlite.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    connection.commit()
    connection.close()
