"""Data cuts and files on the staff pages: freezing, asking for a file, watching it, calling it off, fetching it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.services import cuts, jobs
from survey.services.kinds import KINDS
from survey.services.runtime import OPERATOR, Runtime
from survey.services.workroom import work_off
from survey.storage.queries import audit
from survey.web.app import create_app
from survey.web.results.offers import OFFERS
from tests.factories.answers import answer, release
from tests.factories.staff import account, browser_of, press
from tests.factories.surveys import open_survey

BINH = "binh@example.gov.vn"
REPORT = "/staff/surveys/conference/report"
CUTS = "/staff/surveys/conference/cuts"


@pytest.fixture
def binh(runtime: Runtime) -> FlaskClient:
    account(runtime, BINH, "reform_team")
    code = open_survey(runtime)
    answer(runtime, code, [{"A1": str(n % 2 + 1), "B7": str(n % 5 + 1)} for n in range(40)])
    release(runtime, "conference")
    return browser_of(create_app(runtime), runtime, BINH)


def asked(binh: FlaskClient, offer: str, language: str = "vi") -> str:
    """The address of the page of a file that was asked for."""
    reply = press(binh, f"{CUTS}/1/files", on=f"{CUTS}/1", offer=offer, language=language)
    assert reply.status_code == 303
    return reply.location


def test_a_cut_is_frozen_with_a_name_and_listed(binh: FlaskClient, runtime: Runtime) -> None:
    assert "Chốt số liệu và báo cáo" in binh.get(REPORT).text
    reply = press(binh, CUTS, on=REPORT, name="Quý <IV>")
    assert reply.location == f"{CUTS}/1"
    page = binh.get(reply.location).text
    assert "Quý &lt;IV&gt;" in page and cuts.list_cuts(runtime, OPERATOR, "conference")[0].hash in page
    assert 'href="/staff/surveys/conference/cuts/1"' in binh.get(REPORT).text


def test_a_name_that_is_too_long_comes_back_with_what_is_wrong(binh: FlaskClient, runtime: Runtime) -> None:
    reply = press(binh, CUTS, on=REPORT, name="x" * 201)
    assert reply.status_code == 400 and "quá dài" in reply.text
    assert cuts.list_cuts(runtime, OPERATOR, "conference") == ()


def test_a_file_is_asked_for_watched_and_fetched(binh: FlaskClient, runtime: Runtime) -> None:
    cuts.make_cut(runtime, OPERATOR, "conference", further=())
    page = asked(binh, "report-docx")
    waiting = binh.get(page).text
    assert '<meta http-equiv="refresh"' in waiting and "<progress" in waiting and "Đang chờ" in waiting
    assert binh.get(f"{page}/file").status_code == 404
    assert work_off(runtime, KINDS) == 1
    ready = binh.get(page).text
    assert "refresh" not in ready and f'href="{page}/file"' in ready
    file = binh.get(f"{page}/file")
    assert file.data.startswith(b"PK")
    assert file.headers["Content-Disposition"] == 'attachment; filename="report-conference-1-vi.docx"'
    assert "wordprocessingml" in file.headers["Content-Type"]
    assert "report-conference-1-vi.docx" in binh.get(REPORT).text
    with runtime.database.reading() as session:
        assert {"cut.make", "job.ask", "job.fetch"} <= {one.action for one in audit.newest(session)}


def test_a_file_is_called_off(binh: FlaskClient, runtime: Runtime) -> None:
    cuts.make_cut(runtime, OPERATOR, "conference", further=())
    page = asked(binh, "annex")
    assert press(binh, f"{page}/cancel", on=page).location == page
    assert "Đã hủy" in binh.get(page).text and "refresh" not in binh.get(page).text
    assert work_off(runtime, KINDS) == 0


def test_a_failure_is_told_in_words(binh: FlaskClient, runtime: Runtime) -> None:
    cuts.make_cut(runtime, OPERATOR, "conference", further=())
    page = asked(binh, "annex")
    work_off(runtime, {})
    assert "nhật ký máy chủ ghi rõ nguyên nhân" in binh.get(page).text


def test_every_offer_is_a_kind_that_can_be_made(binh: FlaskClient, runtime: Runtime) -> None:
    cuts.make_cut(runtime, OPERATOR, "conference", further=())
    page = binh.get(f"{CUTS}/1").text
    for offer in OFFERS:
        assert KINDS[offer.kind.name] is offer.kind
        for one in offer.formats:
            assert f'name="offer" value="{one.key}"' in page
            asked(binh, one.key, "en")
    names = [one.filename for one in jobs.list_jobs(runtime, OPERATOR, "conference")]
    assert len(names) == len(set(names)) == sum(len(offer.formats) for offer in OFFERS)


def test_what_there_is_not_is_not_found(binh: FlaskClient, runtime: Runtime) -> None:
    for path in ("/cuts/0", "/cuts/9", f"/cuts/{10**30}", "/jobs/0", f"/jobs/{10**30}", "/jobs/1/file"):
        assert binh.get(f"/staff/surveys/conference{path}").status_code == 404
    cuts.make_cut(runtime, OPERATOR, "conference", further=())
    for offer in ("", "nope", "report-docx\x00"):
        assert press(binh, f"{CUTS}/1/files", on=f"{CUTS}/1", offer=offer).status_code == 404
    assert jobs.list_jobs(runtime, OPERATOR, "conference") == ()
