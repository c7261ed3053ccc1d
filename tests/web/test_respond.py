"""The public pages: one small response, no cookie, everything typed kept, a helpful page for every other case."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from survey.collection import receipts
from survey.services import authoring, collectors, surveys
from survey.services.releasing import release_ready
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import SECRET, Clock
from tests.factories.surveys import open_survey

TOKEN = re.compile(r'name="_token" value="([^"]+)"')
GOOD = {"A1": "1", "A4": ["1", "2"], "B1": "5", "B7": "4", "E1": "Thủ tục cấp phép", "E3": ["1", "3"]}


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


def token(page: str) -> str:
    found = TOKEN.search(page)
    assert found
    return found.group(1)


def test_the_form_is_one_response_of_at_most_fourteen_kilobytes_without_a_cookie(
    client: FlaskClient, code: str
) -> None:
    response = client.get(f"/s/{code}", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(response.data).decode()
    assert response.status_code == 200
    assert len(response.data) <= 14 * 1024
    assert "Set-Cookie" not in response.headers
    assert not re.search(r'<(link|img|script|iframe)[^>]+(src|href)="(?!data:)', page)
    assert "Thời gian dành cho đối thoại" in page
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("typed", ["/S/{0}", "/s/{1}", "/s/{2}", "/S/{3}"])
def test_the_code_is_found_in_any_case_and_with_its_hyphen(client: FlaskClient, code: str, typed: str) -> None:
    hyphened = f"{code[:5]}-{code[5:]}"
    path = typed.format(code, code.lower(), hyphened, hyphened.lower())
    assert client.get(path).status_code == 200


def test_two_views_of_the_page_differ_only_in_their_token(client: FlaskClient, code: str) -> None:
    one, two = client.get(f"/s/{code}").text, client.get(f"/s/{code}").text
    assert token(one) != token(two)
    assert one.replace(token(one), "") == two.replace(token(two), "")


def test_field_names_are_question_keys_and_values_are_codes(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    assert re.findall(r'<input type="radio" name="B7" value="([^"]+)"', page) == ["1", "2", "3", "4", "5", "9"]
    assert set(re.findall(r'<input type="checkbox" name="A4" value="([^"]+)"', page)) == {"1", "2", "3", "4"}
    assert 'name="E1"' in page
    assert " checked" not in page


def test_english_is_one_link_away_and_stays_in_the_address(client: FlaskClient, code: str) -> None:
    assert 'href="?lang=en"' in client.get(f"/s/{code}").text
    page = client.get(f"/s/{code}?lang=en").text
    assert '<html lang="en">' in page and "Very dissatisfied" in page
    thanks = client.post(f"/s/{code}?lang=en", data={"_token": token(page), **GOOD})
    assert "lang=en" in thanks.location
    assert "receipt code" in client.get(thanks.location).text


def test_a_submission_leads_to_a_receipt_that_never_shows_the_answers(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    answer = client.post(f"/s/{code}", data={"_token": token(page), **GOOD})
    assert answer.status_code == 303
    assert answer.location.startswith("/r/")
    receipt = client.get(answer.location)
    assert receipt.status_code == 200
    assert "10:00 ngày 15/10/2026" in receipt.text
    assert "Thủ tục cấp phép" not in receipt.text
    assert "Set-Cookie" not in answer.headers


def test_a_receipt_does_not_tell_who_is_in_a_release_until_the_survey_is_closed(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    pages = [client.get(f"/s/{code}").text for _ in range(10)]
    kept = [client.post(f"/s/{code}", data={"_token": token(page), **GOOD}).location for page in pages]

    def told() -> list[str]:
        return [re.sub(r"(\w{4}-){2}\w{4}", "", client.get(location).text) for location in kept]

    before = told()
    assert len(set(before)) == 1 and "theo từng nhóm" in before[0]
    assert release_ready(runtime, surveys.show(runtime, OPERATOR, "conference").id) == 5
    assert told() == before
    authoring.close(runtime, OPERATOR, "conference")
    assert all("đã được tính vào số liệu" in page for page in told())


def test_a_receipt_shows_the_minute_only_to_the_address_it_was_given_with(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    location = client.post(f"/s/{code}", data={"_token": token(page), **GOOD}).location
    assert "10:00" in client.get(location).text
    forged = re.sub(r"at=[0-9a-f]+", "at=1c00000", location)
    assert " lúc " not in client.get(forged).text


def test_rules_drop_what_they_do_not_ask_and_the_page_says_for_whom_each_part_is(
    client: FlaskClient, code: str
) -> None:
    page = client.get(f"/s/{code}").text
    assert 'class="whom"' in page
    assert "data-if=" in page


def test_everything_typed_is_kept_when_something_is_wrong(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    wrong = client.post(f"/s/{code}", data={"_token": token(page), **GOOD, "E3": ["1", "2", "3"]})
    assert wrong.status_code == 422
    assert "<title>Lỗi:" in wrong.text
    assert 'href="#E3"' in wrong.text and 'id="E3-e"' in wrong.text
    assert "Thủ tục cấp phép" in wrong.text
    assert re.search(r'name="B7" value="4" checked', wrong.text)
    assert token(wrong.text) == token(page)


def test_a_damaged_token_brings_the_page_back_with_the_answers_and_a_token_that_works(
    client: FlaskClient, code: str
) -> None:
    damaged = client.post(f"/s/{code}", data={"_token": "x", **GOOD})
    assert damaged.status_code == 400
    assert "Thủ tục cấp phép" in damaged.text
    assert client.post(f"/s/{code}", data={"_token": token(damaged.text), **GOOD}).status_code == 303


def test_a_used_page_with_other_answers_asks_whose_they_are(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    first = client.post(f"/s/{code}", data={"_token": token(page), **GOOD})
    second = client.post(f"/s/{code}", data={"_token": token(page), **GOOD, "B7": "1"})
    assert second.status_code == 409
    assert first.location.split("?")[0].removeprefix("/r/") not in second.text
    assert client.post(f"/s/{code}", data={"_token": token(second.text), **GOOD, "B7": "1"}).status_code == 303


def test_an_old_page_counts_after_thirty_days_a_new_key_a_new_version_and_a_clock_a_year_off(
    runtime: Runtime, client: FlaskClient, code: str, clock: Clock
) -> None:
    old = token(client.get(f"/s/{code}").text)
    authoring.import_document(
        runtime, OPERATOR, authoring.export_document(runtime, OPERATOR, "conference"), slug="conference"
    )
    for days in (30, -365, 730):
        clock.advance(days=days)
        rotated = replace(runtime, settings=replace(runtime.settings, secret_keys=(SECRET[::-1],)))
        answer = create_app(rotated).test_client().post(f"/s/{code}", data={"_token": old, **GOOD})
        assert answer.status_code in (200, 303)


def test_a_post_from_another_website_is_shown_again_instead_of_stored(client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    data = {"_token": token(page), **GOOD}
    assert client.post(f"/s/{code}", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(f"/s/{code}", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_closed_not_yet_open_and_unknown_codes_get_a_helpful_page_each(
    runtime: Runtime, client: FlaskClient, code: str, clock: Clock
) -> None:
    later = collectors.add(
        runtime, OPERATOR, "conference", "poster", "Sảnh", opens_on=date(2026, 12, 1), closes_on=date(2026, 12, 2)
    )
    early = client.get(f"/s/{later}")
    assert early.status_code == 404 and "01/12/2026" in early.text
    unknown = client.get("/s/00000-00000")
    assert unknown.status_code == 404 and 'name="code"' in unknown.text
    mistyped = client.get("/s/" + code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert mistyped.status_code == 404
    authoring.close(runtime, OPERATOR, "conference")
    clock.advance(seconds=2)
    closed = client.get(f"/s/{code}")
    assert closed.status_code == 410 and "1022" in closed.text


def test_closing_takes_effect_for_submissions_at_once(runtime: Runtime, client: FlaskClient, code: str) -> None:
    page = client.get(f"/s/{code}").text
    authoring.close(runtime, OPERATOR, "conference")
    assert client.post(f"/s/{code}", data={"_token": token(page), **GOOD}).status_code == 410


def test_the_start_page_takes_a_typed_code(client: FlaskClient, code: str) -> None:
    assert client.get("/").status_code == 200
    found = client.get("/s", query_string={"code": f" {code.lower()[:5]} {code.lower()[5:]} "})
    assert found.status_code == 303 and found.location.endswith(f"/s/{code[:5]}-{code[5:]}")
    assert client.get("/s", query_string={"code": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "[::1]", "a b", "x" * 300, "ks.example.gov.vn@evil"]
)
def test_no_host_header_changes_a_link_or_redirect(client: FlaskClient, code: str, host: str) -> None:
    headers = {"Host": host, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp", "Forwarded": "host=evil"}
    page = client.get(f"/s/{code}", headers=headers)
    assert "evil" not in page.text
    if page.status_code == 200:
        answer = client.post(f"/s/{code}", data={"_token": token(page.text), **GOOD}, headers=headers)
        assert answer.status_code == 303 and answer.location.startswith("/r/")


def test_a_page_view_stores_nothing(runtime: Runtime, client: FlaskClient, code: str) -> None:
    before = (runtime.settings.data_dir / "phieu.db").read_bytes()
    for _ in range(3):
        client.get(f"/s/{code}", headers={"User-Agent": "unmistakable", "X-Forwarded-For": "203.0.113.9"})
    after = (runtime.settings.data_dir / "phieu.db").read_bytes()
    wal = runtime.settings.data_dir / "phieu.db-wal"
    assert before == after
    assert not wal.exists() or b"unmistakable" not in wal.read_bytes()


def test_a_receipt_nobody_has_is_not_found(client: FlaskClient) -> None:
    unknown = receipts.receipt(SECRET, b"never stored....")
    assert client.get(f"/r/{unknown}").status_code == 404
    assert client.get("/r/garbage").status_code == 404


def test_minutes_come_from_the_clock_handed_in(client: FlaskClient, code: str, clock: Clock) -> None:
    clock.at += timedelta(hours=2)
    page = client.get(f"/s/{code}").text
    location = client.post(f"/s/{code}", data={"_token": token(page), **GOOD}).location
    assert "12:00" in client.get(location).text
