"""The bounds: a bare Flask hello, and a bare Flask POST with one durable insert (WAL, synchronous FULL).

The insert comes in two kinds: with a connection for each request, as Flask's documentation uses SQLite, and with one
kept for each thread, which is faster. Both use the SQLite the product uses.
"""

from __future__ import annotations

import os
import threading

from flask import Flask, request
from pysqlite3 import dbapi2 as sqlite

app = Flask(__name__)
local = threading.local()


@app.get("/")
def hello() -> str:
    """The least a Flask page can do."""
    return "hello"


@app.post("/")
def insert() -> str:
    """A durable submission as Flask's documentation would write it: connect, one row, commit, close."""
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


def _connect() -> sqlite.Connection:
    connection = sqlite.connect(os.environ["BENCH_DATABASE"], timeout=60, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _store(connection: sqlite.Connection) -> None:
    connection.execute("INSERT INTO answer (body) VALUES (?)", (request.get_data(),))


def prepare(path: str) -> None:
    """The empty table."""
    connection = sqlite.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    connection.commit()
    connection.close()
