"""The kiosk over HTTP: which page stands there, its policy, and the submission key of the page's own making."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from survey.definition import document, library
from survey.services import authoring, collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.surveys import one_tap_survey, open_survey

TOKEN = re.compile(r'name="_token" value="([^"]+)"')
KEY = "00112233445566778899aabbccddeeff"


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def code(runtime: Runtime) -> str:
    return one_tap_survey(runtime)


def token(client: FlaskClient, code: str) -> str:
    found = TOKEN.search(client.get(f"/s/{code}").text)
    assert found
    return found.group(1)


def answers(runtime: Runtime, slug: str = "one-tap") -> int:
    return sum(one.answers for one in collectors.list_collectors(runtime, OPERATOR, slug))


def test_the_page_of_a_kiosk_holds_every_screen_and_the_ordinary_form(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    assert re.findall(r'data-screen="(\w+)"', page) == [
        "start", "rate", "why", "why", "why", "thanks", "about", "pad", "staff", "shut",
    ]  # fmt: skip
    assert re.findall(r'type="button" data-code="(\w+)"', page) == ["1", "2", "3", "4", "5"]
    assert '<span class="s" lang="en" hidden>Very dissatisfied</span>' in page
    assert '<div id="kiosk" hidden' in page and '<input type="radio" name="T0" value="5">' in page
    assert " checked" not in page
    english = client.get(f"/s/{code}?lang=en").text
    assert '<html lang="en">' in english and '<span class="s" lang="en">Very dissatisfied</span>' in english


@pytest.mark.parametrize("kind", ["counter", "slip"])
def test_other_kinds_of_collectors_show_the_form(client: FlaskClient, runtime: Runtime, code: str, kind: str) -> None:
    other = collectors.add(runtime, OPERATOR, "one-tap", kind, "Quầy 1")
    assert 'id="kiosk"' not in client.get(f"/s/{other}").text


def test_a_longer_questionnaire_shows_the_form_at_a_kiosk_too(client: FlaskClient, runtime: Runtime) -> None:
    open_survey(runtime)
    kiosk = collectors.add(runtime, OPERATOR, "conference", "kiosk", "Quầy 1")
    page = client.get(f"/s/{kiosk}")
    assert page.status_code == 200 and 'id="kiosk"' not in page.text and 'name="B7"' in page.text


def test_three_levels_have_three_faces(client: FlaskClient, runtime: Runtime) -> None:
    value = document.write(library.load("one-tap"))
    value["choice_lists"]["T0"] = {
        "choices": [{"code": c, "label": {"vi": f"mức {c}"}} for c in "135"],
        "satisfied": ["5"],
    }
    for question, codes in zip(value["sections"][0]["questions"][1:4], (["5"], ["3"], ["1"]), strict=True):
        question["show_if"] = {"question": "T0", "is": codes}
    value |= {"indexes": [], "office": {"name": {"vi": "Sở"}, "phone": "1022"}}
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug="three")
    authoring.publish(runtime, OPERATOR, "three")
    page = client.get(f"/s/{collectors.add(runtime, OPERATOR, 'three', 'kiosk', 'Quầy 1')}").text
    assert re.findall(r'class="face (f\d)"', page) == ["f1", "f2", "f3"]


def test_its_policy_names_its_style_and_script_by_hash_and_nothing_else(client: FlaskClient, code: str) -> None:
    response = client.get(f"/s/{code}", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(response.data).decode()
    policy = response.headers["Content-Security-Policy"]
    for kind in ("style", "script"):
        stands = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in stands]
        assert f"{kind}-src " + " ".join(f"'sha256-{one}'" for one in hashes) + ";" in policy
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "Set-Cookie" not in response.headers
    assert len(response.data) < 20 * 1024


def test_the_thanks_show_the_code_of_the_follow_up_when_there_is_a_public_address(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    more = collectors.add(runtime, OPERATOR, "one-tap", "counter", "Nói thêm")
    kiosk = collectors.add(runtime, OPERATOR, "one-tap", "kiosk", "Quầy 1", traits=Traits(follow_up=more))
    assert 'class="k-qr"' in client.get(f"/s/{kiosk}").text
    assert 'class="k-qr"' not in client.get(f"/s/{code}").text
    nowhere = replace(runtime, settings=replace(runtime.settings, public_base_url=None))
    assert 'class="k-qr"' not in create_app(nowhere).test_client().get(f"/s/{kiosk}").text


def test_the_exit_code_stands_in_the_page_as_salt_and_hash(client: FlaskClient, runtime: Runtime, code: str) -> None:
    kiosk = collectors.add(runtime, OPERATOR, "one-tap", "kiosk", "Quầy 1", traits=Traits(exit_code="2468"))
    page = client.get(f"/s/{kiosk}").text
    found = re.search(r'data-exit="([0-9a-f]+):([0-9a-f]+)"', page)
    assert found and hashlib.sha256(f"{found.group(1)}2468".encode()).hexdigest() == found.group(2)
    assert "2468" not in page.replace(found.group(), "")
    assert 'data-exit=""' in client.get(f"/s/{code}").text


def test_one_page_takes_many_answers_each_under_its_own_key_exactly_once(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    page = token(client, code)
    first = {"_token": page, "_key": KEY, "T0": "4", "W_good": ["w1", "w4"]}
    second = {"_token": page, "_key": KEY.replace("0", "1"), "T0": "1"}
    kept = [client.post(f"/s/{code}", data=one) for one in (first, second, first, second, first)]
    assert [one.status_code for one in kept] == [303] * 5
    receipts = [one.location.partition("?")[0] for one in kept]
    assert receipts[0] == receipts[2] == receipts[4] != receipts[1] == receipts[3]
    assert answers(runtime) == 2
    assert client.post(f"/s/{code}", data={**first, "_key": KEY.upper()}).status_code == 303
    assert answers(runtime) == 2


def test_a_client_that_makes_a_new_key_for_each_attempt_stores_doubles(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    page = token(client, code)
    for attempt in range(3):
        client.post(f"/s/{code}", data={"_token": page, "_key": f"{attempt:032x}", "T0": "4"})
    assert answers(runtime) == 3


def test_the_same_key_with_another_answer_asks_and_stores_nothing(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    page = token(client, code)
    client.post(f"/s/{code}", data={"_token": page, "_key": KEY, "T0": "4"})
    again = client.post(f"/s/{code}", data={"_token": page, "_key": KEY, "T0": "1"})
    assert again.status_code == 409 and "Trang này đã được dùng" in again.text
    assert answers(runtime) == 1


@pytest.mark.parametrize(
    "key", ["", "x", "0" * 31, "0" * 33, "g" * 32, " " + "0" * 31, "٠" * 32, "0x" + "0" * 30, "\0" * 32]
)
def test_a_broken_key_gives_the_page_again_with_the_answers(
    client: FlaskClient, runtime: Runtime, code: str, key: str
) -> None:
    page = client.post(f"/s/{code}", data={"_token": token(client, code), "_key": key, "T0": "4"})
    assert page.status_code == 400 and "Xin bấm gửi thêm một lần nữa" in page.text
    assert 'name="T0" value="4" checked' in page.text and "_key" not in page.text
    assert answers(runtime) == 0
    again = TOKEN.search(page.text)
    assert again and client.post(f"/s/{code}", data={"_token": again.group(1), "T0": "4"}).status_code == 303


def test_a_key_counts_for_nothing_at_any_other_door(client: FlaskClient, runtime: Runtime, code: str) -> None:
    other = collectors.add(runtime, OPERATOR, "one-tap", "counter", "Quầy 1")
    for sealed in (token(client, other), token(client, other)):
        assert client.post(f"/s/{other}", data={"_token": sealed, "_key": KEY, "T0": "4"}).status_code == 303
    assert client.post(f"/s/{other}", data={"_token": token(client, other), "_key": "x", "T0": "4"}).status_code == 303
    assert answers(runtime) == 3


def test_a_page_of_an_old_version_under_a_key_that_was_rotated_still_brings_answers(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    page = token(client, code)
    value = document.write(library.load("one-tap"))
    value["sections"][0]["questions"][0]["text"]["vi"] = "Hỏi cách khác?"
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug="one-tap")
    authoring.publish(runtime, OPERATOR, "one-tap")
    rotated = replace(runtime, settings=replace(runtime.settings, secret_keys=("another-" * 8,)))
    later = create_app(rotated).test_client()
    assert "Hỏi cách khác?" in later.get(f"/s/{code}").text
    assert later.post(f"/s/{code}", data={"_token": page, "_key": KEY, "T0": "4"}).status_code == 303
    assert answers(runtime) == 1


def test_without_script_the_form_at_a_kiosk_works(client: FlaskClient, runtime: Runtime, code: str) -> None:
    kept = client.post(f"/s/{code}", data={"_token": token(client, code), "T0": "2", "W_bad": "w9", "W_other": "ồn"})
    assert kept.status_code == 303 and client.get(kept.location).status_code == 200
    empty = client.post(f"/s/{code}", data={"_token": token(client, code)})
    assert empty.status_code == 422 and 'id="kiosk"' not in empty.text
    assert answers(runtime) == 1
