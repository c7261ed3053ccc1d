"""The page of the form beyond its questions: its size in every look, its script, the worker, what the address keeps."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from survey.collection.tokens import FormToken, seal
from survey.config import ROOT
from survey.services import collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from survey.web.respond import page
from tests.conftest import SECRET
from tests.factories.surveys import one_a_screen, open_survey

TOO_NEW = re.compile(
    r"=>|\?\.(?![\d*])|\?\?|`|\b(?:let|const|class|async|await|import|export)\b|\.\.\.|\*\*|#\w+\s*[=(]"
)
"""What a browser of 2017 may not read; one such sign and the whole script is lost there."""


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.mark.parametrize("steps", [False, True])
@pytest.mark.parametrize("query", ["", "?lang=en", "?text=large"])
def test_every_look_of_the_form_is_one_response_of_at_most_fourteen_kilobytes(
    client: FlaskClient, runtime: Runtime, code: str, query: str, steps: bool
) -> None:
    if steps:
        one_a_screen(runtime, "conference")
    response = client.get(f"/s/{code}{query}", headers={"Accept-Encoding": "gzip"})
    print(f"\n{'steps' if steps else 'page'} {query}: {len(response.data)} bytes")
    assert len(response.data) <= 14 * 1024
    assert ("data-steps" in gzip.decompress(response.data).decode()) is steps


def test_the_policy_lets_the_page_send_and_keep_and_nothing_more(client: FlaskClient, code: str) -> None:
    policy = client.get(f"/s/{code}").headers["Content-Security-Policy"]
    assert "connect-src 'self'; worker-src 'self'" in policy
    assert "unsafe" not in policy and "*" not in policy and "default-src 'none'" in policy


def test_the_worker_may_load_from_here_only_and_is_looked_for_each_time(client: FlaskClient) -> None:
    worker = client.get("/sw.js")
    assert worker.status_code == 200
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert worker.headers["Cache-Control"] == "no-cache"


def test_the_first_answer_is_told_without_a_reply_to_wait_for(client: FlaskClient, code: str) -> None:
    assert client.post(f"/s/{code}/started").status_code == 204
    assert client.post("/s/00000-00000/started").status_code == 404


@pytest.mark.parametrize("name", [*page.SCRIPTS, page.STEPPING])
def test_the_script_can_be_read_by_phones_of_2017(name: str) -> None:
    lines = (ROOT / "static" / "js" / f"{name}.js").read_text("utf-8").splitlines()
    source = "\n".join(line for line in lines if not line.strip().startswith("// "))
    assert TOO_NEW.findall(source) == []


@pytest.mark.parametrize("planted", ["a => b", "a?.b", "a ?? b", "`a`", "let a", "async function", "f(...a)", "a ** b"])
def test_syntax_that_is_too_new_is_found(planted: str) -> None:
    assert TOO_NEW.search(planted)


def test_the_script_finds_version_and_key_where_the_token_has_them() -> None:
    """``keeping.js`` takes characters 4 to 12 for the version and 28 to 49 for the submission key."""
    one, other = bytes(range(16)), bytes(range(1, 17))
    base, later, new, others = (
        seal(FormToken(version, collector, key, at), (SECRET,))
        for version, collector, key, at in ((7, 1, one, 9), (7, 2, one, 10**9), (8, 1, one, 9), (7, 1, other, 9))
    )
    assert base[4:12] == later[4:12] == others[4:12] != new[4:12]
    assert base[28:49] == later[28:49] == new[28:49] != others[28:49]
    source = (ROOT / "static/js/keeping.js").read_text("utf-8")
    assert "sealed.slice(28, 49)" in source and "own.slice(4, 12)" in source


def test_large_text_is_kept_by_every_link_form_and_redirect(client: FlaskClient, code: str) -> None:
    shown = client.get(f"/s/{code}?text=large").text
    assert '<html lang="vi" class="large">' in shown
    assert 'href="?lang=en&amp;text=large"' in shown or 'href="?lang=en&text=large"' in shown
    found = re.search(r'name="_token" value="([^"]+)"', shown)
    assert found
    sent = client.post(f"/s/{code}?text=large", data={"_token": found[1], "B7": "4"})
    assert "text=large" in sent.location
    assert "text=large" in client.get(sent.location).text
    assert client.get(f"/s/?code={code}&text=large").location.endswith("?text=large")
    assert 'class="large"' not in client.get(f"/s/{code}?text=huge").text


def test_what_the_code_carries_is_told_and_a_section_left_without_questions_is_left_out(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    everything = {"A1": "2", "A2": "1", "A3": "1"}
    told = collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy 1", traits=Traits(fixed=everything))
    shown = client.get(f"/s/{told}").text
    assert shown.count('class="told"') == 3 and 'type="radio" name="A1"' not in shown
    assert '<input type="hidden" name="A1" value="2">' in shown
    assert client.get(f"/s/{code}").text.count('class="told"') == 0
