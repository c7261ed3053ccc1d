"""The bounds: a bare Flask hello, and a bare Flask POST with one durable insert (WAL, synchronous FULL)."""

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
    """The least a durable submission can do: one row of the size of a response, one commit."""
    connection = getattr(local, "connection", None)
    if connection is None:
        connection = local.connection = sqlite.connect(os.environ["BENCH_DATABASE"], timeout=60, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.execute("INSERT INTO answer (body) VALUES (?)", (request.get_data(),))
    return "thanks"


def prepare(path: str) -> None:
    """The empty table."""
    connection = sqlite.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    connection.commit()
    connection.close()
