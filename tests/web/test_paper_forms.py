"""Paper forms on the staff pages: offered where they make sense, printed by POST, refused in words."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.paper import page_ids
from survey.printing import preflight
from survey.services import collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BOB = "bob@example.gov.vn"


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime, instrument="single")


@pytest.fixture
def bob(runtime: Runtime, code: str) -> FlaskClient:
    account(runtime, BOB, "staff")
    return browser_of(create_app(runtime), runtime, BOB)


def test_the_forms_are_offered_and_printed(bob: FlaskClient, code: str) -> None:
    page = f"/staff/collectors/{code}"
    assert "Tải phiếu giấy" in bob.get(page).text
    made = press(bob, f"{page}/form.pdf", on=page, copies="2", language="vi")
    assert made.mimetype == "application/pdf"
    assert made.headers["Content-Disposition"].startswith(f'attachment; filename="form-{code}-0001-')
    held = [page_ids.read(one) for one in preflight.read(made.data, 200)]
    assert [(one.collector, one.number, one.page) for one in held] == [
        (code, 1, 1),
        (code, 1, 2),
        (code, 2, 1),
        (code, 2, 2),
    ]


def test_a_poster_has_no_forms(bob: FlaskClient, runtime: Runtime) -> None:
    code = collectors.add(runtime, OPERATOR, "conference", "poster", "Sảnh")
    page = f"/staff/collectors/{code}"
    assert "Tải phiếu giấy" not in bob.get(page).text
    assert press(bob, f"{page}/form.pdf", on=page, copies="1", language="vi").status_code == 409


@pytest.mark.parametrize(
    "fields",
    [
        {"copies": "0"},
        {"copies": "501"},
        {"copies": "abc"},
        {"copies": "9" * 400},
        {"first": "x" * 41},
        {"first": "0001-0001"},
        {"language": "fr"},
        {"language": "\x00"},
    ],
)
def test_an_impossible_run_is_refused_on_a_page(bob: FlaskClient, code: str, fields: dict[str, str]) -> None:
    page = f"/staff/collectors/{code}"
    answer = press(bob, f"{page}/form.pdf", on=page, **{"copies": "1", "language": "vi", **fields})
    assert answer.status_code == 400 and answer.mimetype == "text/html"


def test_without_its_token_nothing_is_printed(bob: FlaskClient, code: str) -> None:
    assert bob.post(f"/staff/collectors/{code}/form.pdf", data={"copies": "1"}).status_code == 400
