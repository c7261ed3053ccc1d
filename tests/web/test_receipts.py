"""The page of a receipt: withdrawing, answering again, erasing, without a script, a cookie or a look at the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.services import authoring, collectors, single_use, surveys
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.surveys import open_survey
from tests.web.test_respond import GOOD, token

SECRETIVE = {**GOOD, "E1": "Điều chỉ một người biết"}


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


def send(client: FlaskClient, path: str, given: Mapping[str, object] = SECRETIVE) -> TestResponse:
    return client.post(path, data={"_token": token(client.get(path).text), **given})


def receipt_of(answer: TestResponse) -> str:
    """The path of the receipt an answer was sent to."""
    assert answer.status_code == 303
    return answer.location.partition("?")[0]


def live(runtime: Runtime) -> dict[str, int]:
    return dict(surveys.show(runtime, OPERATOR, "conference").responses)


def test_an_answer_is_withdrawn_from_its_receipt(client: FlaskClient, runtime: Runtime, code: str) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    assert "Rút lại phiếu này" in client.get(path).text
    done = client.post(f"{path}/withdraw")
    assert (done.status_code, done.location) == (303, path)
    page = client.get(path).text
    assert "đã được rút" in page and "Rút lại phiếu này" not in page
    assert live(runtime) == {"withdrawn": 1}


def test_whoever_answers_again_gets_an_empty_form_and_a_new_receipt(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    form = client.get(f"{path}/again").text
    assert "Quý vị đang trả lời lại" in form and "Điều chỉ một người biết" not in form
    assert " checked" not in form and not form.partition("<title>")[2].startswith("Lỗi")
    second = receipt_of(send(client, f"{path}/again", {**GOOD, "B7": "1"}))
    assert second != path
    assert live(runtime) == {"complete": 1, "withdrawn": 1}
    assert "đã được rút" in client.get(path).text
    # The old receipt replaces nothing more; a form that was open keeps what was typed.
    page = token(form)
    again = client.post(f"{path}/again", data={"_token": page[:-8] + "AAAAAAAA", **GOOD, "E1": "Gửi lần ba"})
    assert again.status_code == 409 and "Gửi lần ba" in again.text
    assert live(runtime) == {"complete": 1, "withdrawn": 1}


def test_an_erased_answer_is_gone_and_its_receipt_says_so(client: FlaskClient, runtime: Runtime, code: str) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    assert client.post(f"{path}/erase").status_code == 303
    page = client.get(path).text
    assert "đã được xóa" in page and "15/10/2026" in page
    assert live(runtime) == {}
    for act in ("withdraw", "erase"):
        assert client.post(f"{path}/{act}").status_code == 303
    assert client.get(f"{path}/again").status_code == 303


def test_after_closing_only_erasing_is_left(client: FlaskClient, runtime: Runtime, code: str, clock: Clock) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    authoring.close(runtime, OPERATOR, "conference")
    clock.advance(seconds=2)
    page = client.get(path).text
    assert "Yêu cầu xóa phiếu này" in page and "Rút lại phiếu này" not in page and "/again" not in page
    assert client.post(f"{path}/withdraw").status_code == 409
    assert client.get(f"{path}/again").status_code == 303
    assert live(runtime) == {"complete": 1}


@pytest.mark.parametrize("act", ["withdraw", "erase"])
def test_another_website_can_neither_withdraw_nor_erase(
    client: FlaskClient, runtime: Runtime, code: str, act: str
) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    refused = client.post(f"{path}/{act}", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert live(runtime) == {"complete": 1}


@pytest.mark.parametrize("receipt", ["0000-0000-0000", "x", "Ễ", "%00", "0" * 3000])
def test_receipts_that_are_none_lead_to_one_helpful_page(client: FlaskClient, code: str, receipt: str) -> None:
    for path, post in (("", False), ("/again", False), ("/withdraw", True), ("/erase", True), ("/again", True)):
        address = f"/r/{receipt}{path}"
        answer = client.post(address, data={"_token": "x"}) if post else client.get(address)
        assert answer.status_code == 404 and "Không tìm thấy" in answer.text


def test_a_receipt_code_can_be_typed(client: FlaskClient, code: str) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    led = client.get("/r", query_string={"code": path[3:].lower()})
    assert led.status_code == 303 and client.get(led.location).status_code == 200
    assert client.get("/r", query_string={"code": "//evil.example"}).location.startswith("/r/%2F")


def test_no_page_of_a_receipt_shows_the_answer(client: FlaskClient, code: str) -> None:
    path = receipt_of(send(client, f"/s/{code}"))
    for act in ("", "/again"):
        assert "Điều chỉ một người biết" not in client.get(path + act).text
    client.post(f"{path}/withdraw")
    assert "Điều chỉ một người biết" not in client.get(path).text


def test_a_single_use_code_that_was_used_explains_itself(
    client: FlaskClient, runtime: Runtime, code: str, clock: Clock
) -> None:
    own = collectors.add(runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True))
    _, (one,) = single_use.issue(runtime, OPERATOR, own, 1)
    path = receipt_of(send(client, f"/s/{one}"))
    clock.advance(seconds=2)
    used = client.get(f"/s/{one}")
    assert used.status_code == 410 and "Mã này đã được sử dụng" in used.text
    assert not re.search(re.escape(path[3:]), used.text)
    shared = client.get(f"/s/{own}")
    assert shared.status_code == 403 and "mã riêng" in shared.text
    # With the receipt, the same person may still change their mind.
    assert receipt_of(send(client, f"{path}/again")) != path
    assert live(runtime) == {"complete": 1, "withdrawn": 1}


def test_a_code_in_another_language_speaks_it_unless_the_address_says_otherwise(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    own = collectors.add(
        runtime, OPERATOR, "conference", "leaflet", "Tờ rơi tiếng Anh", traits=collectors.Traits(language="en")
    )
    assert '<html lang="en"' in client.get(f"/s/{own}").text
    assert '<html lang="vi"' in client.get(f"/s/{own}?lang=vi").text
