"""Sharing a collector: link, texts, pictures, banner; and which sites may show the form inside their own pages."""

from __future__ import annotations

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from survey.collection import codes
from survey.services import authoring, collectors, embedding
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.queries import audit
from survey.web.app import create_app
from tests.conftest import Clock
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BOB = "bob@example.gov.vn"
SITES = "/staff/surveys/conference/websites"
OURS = "https://www.example.gov.vn"


@pytest.fixture
def code(runtime: Runtime) -> str:
    open_survey(runtime)
    return collectors.add(runtime, OPERATOR, "conference", "web", "Trang của Sở")


@pytest.fixture
def app(runtime: Runtime, code: str) -> Flask:
    return create_app(runtime)


@pytest.fixture
def bob(app: Flask, runtime: Runtime) -> FlaskClient:
    account(runtime, BOB, "staff")
    return browser_of(app, runtime, BOB)


def ancestors(response: TestResponse) -> str:
    """Who may show a page inside another, as its policy says."""
    found = re.search(r"frame-ancestors ([^;]+)", response.headers["Content-Security-Policy"])
    assert found
    assert "X-Frame-Options" not in response.headers
    return found[1]


def test_the_share_sheet_holds_link_texts_and_snippets(bob: FlaskClient, code: str) -> None:
    page = unescape(bob.get(f"/staff/collectors/{code}/share").text)
    link = f"https://ks.example.gov.vn/s/{codes.display(code)}"
    assert page.count(link) >= 6 and f"{link}?lang=en" in page
    assert "Kính gửi Quý vị" in page and "Dear Sir or Madam" in page
    assert f'<a href="{link}"><img src="{link}/banner.svg"' in page and f'<iframe src="{link}"' in page
    mail = parse_qs(urlsplit(re.findall(r'href="(mailto:[^"]+)"', page)[0]).query)
    assert mail["subject"][0].startswith("Mời tham gia: PHIẾU KHẢO SÁT") and link in mail["body"][0]
    assert 'script src="http' not in page and "facebook.com" not in page and "zalo.me" not in page


def test_the_link_of_the_share_sheet_opens_the_form(bob: FlaskClient, code: str) -> None:
    assert bob.get(f"/s/{codes.display(code)}?lang=en").status_code == 200


def test_the_pictures_are_large_and_read_as_the_printed_address(bob: FlaskClient, code: str) -> None:
    made = bob.get(f"/staff/collectors/{code}/qr-print.png")
    image = Image.open(io.BytesIO(made.data))
    assert image.width == image.height >= 1200 and made.headers["Content-Disposition"].endswith('.png"')
    grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey)
    assert [(one.text, one.ec_level) for one in found] == [(f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}", "H")]
    left = min(found[0].position.top_left.x, found[0].position.bottom_left.x)
    each = image.width / round(image.width / (left / 4))
    assert left >= 4 * each - 2  # four modules of quiet zone
    assert bob.get(f"/staff/collectors/{code}/qr-print.svg").data.startswith(b"<svg")
    assert bob.get(f"/staff/collectors/{code}/qr-print.gif").status_code == 404


def test_a_link_preview_says_what_the_page_is_and_no_other_page_has_one(bob: FlaskClient, code: str) -> None:
    form = bob.get(f"/s/{code}").text
    assert '<meta property="og:title" content="PHIẾU KHẢO SÁT' in form and "Khoảng" in form
    assert "og:" not in bob.get("/").text and "og:" not in bob.get("/staff/surveys/conference/preview").text


def test_the_banner_is_a_small_picture_that_any_site_may_show(bob: FlaskClient, code: str) -> None:
    made = bob.get(f"/s/{codes.display(code).lower()}/banner.svg")
    assert made.mimetype == "image/svg+xml" and len(made.data) < 2000
    assert made.headers["Cross-Origin-Resource-Policy"] == "cross-origin" and "Set-Cookie" not in made.headers
    assert made.headers["Cache-Control"] == "public, max-age=60"
    drawn = " ".join(ElementTree.fromstring(made.text).itertext())
    assert "PHIẾU KHẢO SÁT" in drawn and "Trả lời phiếu" in drawn
    assert "Answer now" in bob.get(f"/s/{code}/banner.svg?lang=en").text
    assert bob.get("/s/0000000000/banner.svg").status_code == 404


def test_a_banner_tells_that_the_survey_has_ended(bob: FlaskClient, runtime: Runtime, code: str, clock: Clock) -> None:
    authoring.close(runtime, OPERATOR, "conference")
    clock.advance(seconds=2)
    assert "Khảo sát đã kết thúc" in bob.get(f"/s/{code}/banner.svg").text


def test_markup_in_a_title_stays_text_in_the_banner_and_in_the_snippets(bob: FlaskClient, runtime: Runtime) -> None:
    title = "\"><script>alert(1)</script> & 'Ễ' " + "rất dài " * 50
    authoring.create_survey(runtime, OPERATOR, slug="x", template="conference", title=title[:480], phone="1022")
    authoring.publish(runtime, OPERATOR, "x")
    code = collectors.add(runtime, OPERATOR, "x", "web", "Trang")
    drawn = bob.get(f"/s/{code}/banner.svg").text
    assert "<script" not in drawn and (ElementTree.fromstring(drawn)[0].text or "").startswith('"><script>')
    page = bob.get(f"/staff/collectors/{code}/share").text
    assert "<script>alert" not in page and "<script>alert" not in unescape(
        page.split('id="banner"')[1].split("</textarea>")[0]
    )


def test_sites_are_kept_normalised_and_noted(bob: FlaskClient, runtime: Runtime) -> None:
    kept = press(bob, SITES, on=SITES, sites=f"{OURS.upper()}/\nhttp://localhost:8080")
    assert kept.status_code == 303
    assert embedding.sites(runtime, OPERATOR, "conference") == (OURS, "http://localhost:8080")
    assert OURS in bob.get(SITES).text
    with runtime.database.reading() as session:
        newest = audit.newest(session, most=1)[0]
    assert (newest.action, newest.subject, newest.detail) == ("survey.embed", "survey:conference", '{"sites": 2}')


def test_a_wrong_site_is_named_and_nothing_changed(bob: FlaskClient, runtime: Runtime) -> None:
    embedding.set_sites(runtime, OPERATOR, "conference", OURS)
    page = press(bob, SITES, on=SITES, sites="https://good.vn\nhttps://*.evil.vn\nhttps://a.vn/x")
    assert page.status_code == 400 and "https://*.evil.vn" in page.text and "https://a.vn/x" in page.text
    assert embedding.sites(runtime, OPERATOR, "conference") == (OURS,)


def test_every_page_on_the_way_may_be_shown_by_the_surveys_sites_and_by_no_others(
    app: Flask, runtime: Runtime, code: str, clock: Clock
) -> None:
    client = app.test_client()
    single = collectors.add(runtime, OPERATOR, "conference", "link", "Mã riêng", traits=Traits(single_use=True))
    embedding.set_sites(runtime, OPERATOR, "conference", f"{OURS} https://two.example.gov.vn")
    allowed = f"{OURS} https://two.example.gov.vn"
    form = client.get(f"/s/{code}")
    assert ancestors(form) == allowed
    token = re.search(r'name="_token" value="([^"]+)"', form.text)
    assert token
    assert ancestors(client.post(f"/s/{code}", data={"_token": token[1]})) == allowed  # nothing answered
    sent = client.post(f"/s/{code}", data={"_token": token[1], "B7": "5"})
    receipt = sent.headers["Location"]
    path = receipt.partition("?")[0]
    for there in (receipt, f"{path}/again", f"/s/{single}"):
        assert ancestors(client.get(there)) == allowed, there
    for act in ("withdraw", "erase"):
        client.post(f"{path}/{act}")
        assert ancestors(client.get(path)) == allowed, act
    authoring.close(runtime, OPERATOR, "conference")
    clock.advance(seconds=2)
    assert ancestors(client.get(f"/s/{code}")) == allowed
    for there in ("/", "/s/0000000000", "/r/XXXX", "/nothing"):
        assert ancestors(client.get(there)) == "'none'", there


def test_a_survey_without_sites_is_shown_nowhere(app: Flask, code: str) -> None:
    client = app.test_client()
    for there in (f"/s/{code}", "/"):
        assert ancestors(client.get(there)) == "'none'"
