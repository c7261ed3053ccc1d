"""The public page: no cookie, nothing but ours, kept by browsers, figures as in the result; and how staff publish."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.services import cuts, embedding, publishing
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from tests.factories.answers import answer, release
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
PATHS = ("", "/charts/scale-B.svg", "/data.csv", "/data.json", "/badge.svg", "/embed")


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    code = open_survey(runtime)
    answer(runtime, code, [{"B7": "5", "E1": "ghi thật dài"}] * 47 + [{"B7": "2"}] * 5)
    answer(runtime, code, [{"B2": "5"}] * 7)
    release(runtime, "conference")
    cuts.make_cut(runtime, OPERATOR, "conference")
    return create_app(runtime)


@pytest.fixture
def visitor(app: Flask, runtime: Runtime) -> FlaskClient:
    publishing.publish(runtime, OPERATOR, "conference", 1, open_data=True)
    return app.test_client()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_before_publication_there_is_nothing(app: Flask) -> None:
    for path in PATHS:
        assert app.test_client().get(f"/p/conference{path}").status_code == 404
        assert app.test_client().get(f"/p/never-made{path}").status_code == 404


def test_the_page_shows_the_headline_and_is_kept_without_cookie_or_script(visitor: FlaskClient) -> None:
    page = visitor.get("/p/conference")
    assert "90,4%" in words(page.text) and "59 phiếu, tính đến ngày 15/10/2026" in words(page.text)
    assert "ghi thật dài" not in page.text
    for path in PATHS:
        answered = visitor.get(f"/p/conference{path}")
        assert answered.status_code == 200, path
        assert "Set-Cookie" not in answered.headers
        assert answered.headers["Cache-Control"] == "public, max-age=300"
        assert "script-src" not in answered.headers["Content-Security-Policy"]
        again = visitor.get(f"/p/conference{path}", headers={"If-None-Match": answered.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert "<script" not in page.text and "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r'(?:src|href)="https?:', page.text)
    assert "Results" in visitor.get("/p/conference?lang=en").text


def test_every_open_figure_is_one_of_the_result_and_small_ones_are_missing(
    visitor: FlaskClient, runtime: Runtime
) -> None:
    inside = open_result(runtime, OPERATOR, "conference")
    assert inside.question("B2").figures.base == 7
    data = json.loads(visitor.get("/p/conference/data.json").data)
    found = {one["key"]: one for one in data["questions"]}
    assert found["B2"]["base"] is None and found["B2"]["counts"] is None and found["B2"]["suppressed"]
    assert found["B7"]["counts"] == dict(inside.question("B7").figures.counts or {})
    assert data["responses"] == {} and data["exclusions"] == []
    rows = list(csv.DictReader(io.StringIO(visitor.get("/p/conference/data.csv").data.decode("utf-8-sig"))))
    assert {row["people"] for row in rows if row["question"] == "B2"} == {""}
    happy = next(row for row in rows if (row["question"], row["code"]) == ("B7", "5"))
    assert (happy["people"], happy["base"], float(happy["satisfied_percent"])) == ("47", "52", 100 * 47 / 52)


def test_without_open_data_there_are_no_downloads(app: Flask, runtime: Runtime) -> None:
    publishing.publish(runtime, OPERATOR, "conference", 1, open_data=False)
    client = app.test_client()
    assert "data.csv" not in client.get("/p/conference").text
    assert {client.get(f"/p/conference/data.{end}").status_code for end in ("csv", "json")} == {404}


def test_the_badge_is_a_picture_for_every_site_and_the_frame_for_those_named(
    visitor: FlaskClient, runtime: Runtime
) -> None:
    badge = visitor.get("/p/conference/badge.svg")
    said = " ".join(ElementTree.fromstring(badge.data).itertext())
    assert "90,4%" in said and "52 phiếu" in said and "15/10/2026" in said
    assert badge.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "frame-ancestors 'none'" in visitor.get("/p/conference/embed").headers["Content-Security-Policy"]
    embedding.set_sites(runtime, OPERATOR, "conference", "https://www.example.gov.vn")
    framed = visitor.get("/p/conference/embed").headers["Content-Security-Policy"]
    assert "frame-ancestors https://www.example.gov.vn" in framed


def test_staff_publish_look_and_take_back(app: Flask, runtime: Runtime) -> None:
    account(runtime, BINH, "reform_team")
    binh = browser_of(app, runtime, BINH)
    page = "/staff/surveys/conference/public"
    assert "Chưa công bố gì" in binh.get(page).text
    seen = binh.get(f"{page}/1")
    assert "90,4%" in seen.text and "frame-ancestors 'self'" in seen.headers["Content-Security-Policy"]
    assert binh.get(f"{page}/1/charts/scale-B.svg").status_code == 200
    assert press(binh, page, on=page, number="1", open_data="1").status_code == 303
    assert "90,4%" in app.test_client().get("/p/conference").text
    shown = binh.get(page).text
    assert "https://ks.example.gov.vn/p/conference/badge.svg" in shown and "Thôi công bố" in shown
    escaped = shown.split('id="badge"')[1].split("</textarea>")[0]
    assert "&lt;img src=" in escaped and "<img" not in escaped
    assert words(seen.text).count("90,4%") == words(app.test_client().get("/p/conference").text).count("90,4%")
    assert press(binh, f"{page}/withdraw", on=page).status_code == 303
    assert app.test_client().get("/p/conference").status_code == 404
    assert press(binh, f"{page}/withdraw", on=page).status_code == 409
    for number in ("99", "x", "", "9" * 400):
        assert press(binh, page, on=page, number=number).status_code == 404
    made = press(binh, page, on=page, number="new")
    assert made.headers["Location"].endswith("/public?cut=2"), "a new cut is looked at first"
    assert app.test_client().get("/p/conference").status_code == 404
