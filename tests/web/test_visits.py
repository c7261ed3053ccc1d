"""What the public pages count: forms opened by people, begun and completed, by print run; previews count nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.services import participation
from survey.services.participation import Funnel
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer
from tests.factories.staff import account, browser_of
from tests.factories.surveys import open_survey
from tests.web.test_respond import GOOD, token

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 8.0.0) Chrome/96.0 Mobile", "Accept": "text/html"}


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


def funnel(client: FlaskClient, runtime: Runtime) -> Funnel:
    client.application.extensions["phieu.desk"].visits.write()
    return participation.funnels(runtime, OPERATOR, "conference")[0]


def test_a_visit_is_counted_from_opening_to_the_thank_you(client: FlaskClient, runtime: Runtime, code: str) -> None:
    page = client.get(f"/s/{code}", headers=PHONE).text
    assert client.post(f"/S/{code}/started").status_code == 204
    client.post(f"/s/{code}", data={"_token": token(page), "_began": "1", **GOOD})
    found = funnel(client, runtime)
    assert (found.opened, found.started, found.completed) == (1, 1, 1)


def test_who_has_no_script_has_begun_too(client: FlaskClient, runtime: Runtime, code: str) -> None:
    page = client.get(f"/s/{code}", headers=PHONE).text
    for _ in range(3):  # the same page, sent three times
        client.post(f"/s/{code}", data={"_token": token(page), **GOOD})
    found = funnel(client, runtime)
    assert (found.opened, found.started, found.completed) == (1, 1, 1)


def test_previews_and_closed_doors_count_nothing(client: FlaskClient, runtime: Runtime, code: str) -> None:
    for agent in ("facebookexternalhit/1.1", "WhatsApp/2.23", "TelegramBot (like TwitterBot)"):
        assert client.get(f"/s/{code}", headers={**PHONE, "User-Agent": agent}).status_code == 200
    client.head(f"/s/{code}", headers=PHONE)
    client.get("/s/0000000000", headers=PHONE)
    assert client.post("/s/0000000000/started").status_code == 404
    assert funnel(client, runtime).opened == 0


def test_each_printed_address_counts_for_its_run(client: FlaskClient, runtime: Runtime, code: str) -> None:
    run = participation.add_run(runtime, OPERATOR, code, 200, "Phát tại quầy")
    page = client.get(f"/S/{code}/{run}", headers=PHONE).text
    client.post(f"/S/{code}/{run}/started")
    client.post(f"/S/{code}/{run}", data={"_token": token(page), "_began": "1", **GOOD})
    client.get(f"/s/{code}", headers=PHONE)
    found = funnel(client, runtime)
    (only,) = found.runs
    assert (only.opened, only.started, only.completed) == (1, 1, 1)
    assert (found.opened, found.completed) == (2, 1)


@pytest.mark.parametrize("run", ["0", "99999999999999999999", "-1", "abc", "%00", "٣"])
def test_whatever_follows_the_code_the_form_opens(client: FlaskClient, code: str, run: str) -> None:
    assert client.get(f"/s/{code}/{run}", headers=PHONE).status_code == 200


def test_more_answers_than_openings_are_no_share_above_the_whole(
    client: FlaskClient, runtime: Runtime, code: str
) -> None:
    client.get(f"/s/{code}", headers=PHONE)
    assert funnel(client, runtime).opened == 1
    answer(runtime, code, [{"B7": "5"}] * 3)
    account(runtime, "binh@example.gov.vn", "administrator")
    page = browser_of(client.application, runtime, "binh@example.gov.vn").get("/staff/surveys/conference/participation")
    assert page.status_code == 200 and "300,0%" not in page.text
