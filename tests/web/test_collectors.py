"""Collectors on the staff pages: added, shown with their QR code, printed, closed."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from survey.services import authoring, collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries import audit
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BOB = "bob@example.gov.vn"
COLLECT = "/staff/surveys/conference/collect"


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.fixture
def bob(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, BOB, "staff")
    app: Flask = create_app(runtime)
    return browser_of(app, runtime, BOB)


def read_codes(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=2.5).to_pil()
        return [one.text for one in zxingcpp.read_barcodes(picture)]
    finally:
        document.close()


def test_a_collector_is_added_and_its_code_shown(bob: FlaskClient, runtime: Runtime) -> None:
    added = press(bob, COLLECT, on=COLLECT, name="Quầy số 3", kind="counter", closes_on="2026-12-31")
    page = bob.get(added.headers["Location"]).text
    made = collectors.list_collectors(runtime, OPERATOR, "conference")[-1]
    assert made.code in added.headers["Location"]
    assert "Quầy số 3" in page and f"{made.code[:5]}-{made.code[5:]}" in page and "31/12/2026" in page
    assert "Quầy số 3" in bob.get(COLLECT).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Hãy ghi nơi đặt mã."),
        ({"kind": "import"}, "Không có loại kênh thu phiếu này."),
        ({"kind": "billboard"}, "Không có loại kênh thu phiếu này."),
        ({"opens_on": "9999-99-99"}, "Đây không phải là một ngày hợp lệ"),
        ({"opens_on": "2026-10-02", "closes_on": "2026-10-01"}, "Ngày kết thúc trước ngày bắt đầu."),
        ({"name": "x" * 201}, "Nội dung này quá dài."),
    ],
)
def test_a_mistake_is_named_and_nothing_added(
    bob: FlaskClient, runtime: Runtime, fields: dict[str, str], words: str
) -> None:
    page = press(bob, COLLECT, on=COLLECT, **{"name": "Sảnh", "kind": "poster", **fields})
    assert page.status_code == 400 and words in page.text
    assert len(collectors.list_collectors(runtime, OPERATOR, "conference")) == 1


def test_the_poster_leads_to_the_survey_and_its_download_is_noted(
    bob: FlaskClient, runtime: Runtime, code: str
) -> None:
    made = bob.get(f"/staff/collectors/{code}/poster.pdf")
    assert made.mimetype == "application/pdf"
    assert made.headers["Content-Disposition"] == f'attachment; filename="poster-{code}.pdf"'
    assert read_codes(made.data) == [f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}"]
    with runtime.database.reading() as session:
        newest = audit.newest(session, most=1)[0]
    assert (newest.actor, newest.action, newest.subject) == (BOB, "print.poster", "survey:conference")


def test_a_sheet_that_was_begun_is_printed_from_where_it_ends(bob: FlaskClient, code: str) -> None:
    made = bob.get(f"/staff/collectors/{code}/labels.pdf?sheet=L7164&skip=10&outlines=y&lang=en")
    assert read_codes(made.data) == [f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}"] * 2


@pytest.mark.parametrize(
    "query",
    [
        "sheet=A0",
        "skip=21",
        "skip=-1",
        "skip=abc",
        "skip=" + "9" * 400,
        "skip=" + "9" * 5000,
        "sheet=%00",
        "sheet=" + "x" * 2000,
    ],
)
def test_an_impossible_sheet_is_refused_on_a_page(bob: FlaskClient, code: str, query: str) -> None:
    answer = bob.get(f"/staff/collectors/{code}/labels.pdf?{query}")
    assert answer.status_code == 400 and answer.mimetype == "text/html"


def test_nothing_is_printed_of_a_draft(bob: FlaskClient, runtime: Runtime) -> None:
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference", office_name="Sở")
    code = collectors.add(runtime, OPERATOR, "draft", "poster", "Sảnh")
    assert bob.get(f"/staff/collectors/{code}/poster.pdf").status_code == 409
    assert "poster.pdf" not in bob.get(f"/staff/collectors/{code}").text


def test_closing_a_collector_says_what_it_does_and_is_undone(bob: FlaskClient, code: str, clock: Clock) -> None:
    page = bob.get(f"/staff/collectors/{code}").text
    assert "Mã của kênh ngừng nhận phiếu. Chưa có phiếu nào." in page
    press(bob, f"/staff/collectors/{code}/close", on=f"/staff/collectors/{code}")
    assert bob.get(f"/s/{code}").status_code == 410
    assert press(bob, f"/staff/collectors/{code}/close").status_code == 409
    press(bob, f"/staff/collectors/{code}/reopen", on=f"/staff/collectors/{code}")
    clock.advance(seconds=2)
    assert bob.get(f"/s/{code}").status_code == 200


@pytest.mark.parametrize("typed", ["x", "0000000000", "%00", "a" * 3000, "..%2f..", "١٢٣٤٥"])
def test_what_is_no_code_is_not_found(bob: FlaskClient, typed: str) -> None:
    for path in (f"/staff/collectors/{typed}", f"/staff/collectors/{typed}/poster.pdf"):
        assert bob.get(path).status_code == 404


def test_the_picture_is_the_printed_address(bob: FlaskClient, code: str) -> None:
    picture = bob.get(f"/staff/collectors/{code}/qr.svg")
    assert picture.mimetype == "image/svg+xml" and picture.data.startswith(b"<svg")
