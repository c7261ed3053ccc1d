"""Hostile input to every public route: a clear 4xx page, never a 5xx, nothing stored. ``PHIEU_PROVE=1`` sends more."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from survey.services.runtime import Runtime
from survey.web.app import create_app
from tests.factories.surveys import open_survey

ROUNDS = 2_500 if os.environ.get("PHIEU_PROVE") else 40
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND", "TRACE")
FORM = "application/x-www-form-urlencoded"


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


WORDS = (
    "",
    "\x00",
    "\ud800",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "9" * 4000,
    str(2**63),
    str(-(2**63) - 1),
    "1e999",
    "NaN",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "=1+1",
    "Ự\u0300" * 50,
    "\u202e\u2066",
    "a" * 100_000,
    "🧨" * 500,
    "%",
    "%zz",
    "[]",
    "None",
)

BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", deep(100_000).encode()),
    ("application/json", json.dumps({"A1": 2**70}).encode()),
    ("application/json", b"{"),
    (FORM, b"&".join(b"f%d=1" % number for number in range(60_000))),
    (FORM, b"&" * 100_000),
    (FORM, b"=" * 100_000),
    (FORM, b"A1=1&" * 1500),
    (FORM, b"_token=%00&A1=%00"),
    (FORM, b"_token=" + b"A" * 200_000),
    (FORM, b"A1=%ed%a0%80&E1=%ff%fe%00%01%02"),
    (FORM, b"A1[]=1&A1[x]=2&E1[a][b]=c"),
    (FORM, b"\xff\xfe\x00\x01" * 1000),
    (FORM, b"E1=" + b"a" * 600_000),
    (FORM + "; charset=utf-7", b"E1=+ADw-script+AD4-"),
    (FORM + "; charset=nonsense", b"E1=1"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="A1"\r\n\r\n1\r\n--x--'),
    ("multipart/form-data", b"no boundary"),
    ("text/plain", b"A1=1"),
    ("", b"A1=1"),
    ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
)


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


def public_paths(code: str, word: str) -> Iterator[str]:
    piece = quote(word, safe="%") if "\ud800" not in word else "%ed%a0%80"
    yield from (
        f"/s/{piece}",
        f"/S/{piece}",
        f"/r/{piece}",
        f"/s/{code}{piece}",
        f"/{piece}",
        f"/static/{piece}/{piece}",
    )
    yield from (f"/s/{code}?lang={piece}", f"/?code={piece}", f"/s?code={piece}&code={piece}", f"/r/{code}?at={piece}")
    yield f"/healthz?{piece}"


def stored(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_word_in_an_address_gives_a_server_error(client: FlaskClient, code: str, word: str) -> None:
    for path in public_paths(code, word):
        for method in METHODS:
            status = client.open(path, method=method).status_code
            assert status < 500, (method, path[:80], status)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_gives_a_server_error_or_is_stored(
    runtime: Runtime, client: FlaskClient, code: str, body: tuple[str, bytes]
) -> None:
    for path in (f"/s/{code}", "/s/0000000000", "/", "/r/x", "/healthz"):
        for method in ("POST", "PUT", "GET"):
            response = client.open(path, method=method, data=body[1], content_type=body[0])
            assert response.status_code < 500
            if method == "POST":
                assert 400 <= response.status_code < 500
                assert "<h1>" in response.text
    assert stored(runtime) == 0


def test_sixty_thousand_fields_are_counted_before_they_are_parsed(client: FlaskClient, code: str) -> None:
    body = b"&".join(b"f%d=1" % number for number in range(60_000))
    assert client.post(f"/s/{code}", data=body, content_type=FORM).status_code == 413


def test_random_requests_never_give_a_server_error(runtime: Runtime, client: FlaskClient, code: str) -> None:
    chance = random.Random(20261123)
    page = client.get(f"/s/{code}").text
    token = re.search(r'name="_token" value="([^"]+)"', page)
    assert token
    keys = ("A1", "A4", "B1", "B7", "E1", "E3", "_token", "lang", "A1.x", "__proto__")
    for _ in range(ROUNDS):
        fields: dict[str, Any] = {
            chance.choice(keys): chance.choice(WORDS).encode("utf-8", "replace") for _ in range(6)
        }
        if chance.random() < 0.5:
            fields["_token"] = token.group(1)
        headers = {
            chance.choice(("Sec-Fetch-Site", "Accept-Encoding", "Cookie", "Range", "X-Forwarded-For")): "\x01é,;=,"
        }
        assert client.post(f"/s/{code}", data=fields, headers=headers).status_code < 500
        for path in public_paths(code, "".join(map(chr, chance.choices(range(1, 0x2FF), k=12)))):
            assert client.open(path, method=chance.choice(METHODS)).status_code < 500


def test_a_payload_in_a_comment_comes_back_as_text(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    token = re.search(r'name="_token" value="([^"]+)"', page)
    assert token
    payload = "</textarea><script>alert(1)</script>"
    again = client.post(f"/s/{code}", data={"_token": token.group(1), "E1": payload, "E3": ["1", "2", "3"]})
    assert again.status_code == 422
    assert payload not in again.text
    assert "&lt;script&gt;alert(1)" in again.text
