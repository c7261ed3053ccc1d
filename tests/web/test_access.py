"""Every staff route × role × unit: Alice administers, Bob prepares, Binh reads results in the same unit; Charlie, Cam
and Chi hold the same roles in another. What lies in another unit does not exist."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.accounts.permissions import Permission
from survey.definition.indexes import Factor, Index
from survey.definition.text import Text
from survey.services import (
    accounts,
    authoring,
    batches,
    collectors,
    comments,
    cuts,
    indexes,
    jobs,
    keying,
    mailing,
    measures,
    quality,
    selections,
    series,
    themes,
    workroom,
)
from survey.services.collectors import Traits
from survey.services.doors import Doors
from survey.services.jobs import Kind
from survey.services.measures import Said
from survey.services.runtime import OPERATOR, Runtime
from survey.web.app import create_app
from survey.web.security import access
from tests.factories.answers import answer, release
from tests.factories.staff import CSRF, account, browser_of

OWN = {"administrator": "alice", "staff": "bob", "reform_team": "binh"}
STRANGERS = {"administrator": "charlie", "staff": "cam", "reform_team": "chi"}

EVERYBODY, AUTHORS, READERS, ADMINISTRATORS = (
    {"administrator", "staff", "reform_team"},
    {"administrator", "staff"},
    {"administrator", "reform_team"},
    {"administrator"},
)

ROUTES: dict[str, tuple[str, set[str]]] = {
    "author.home": ("/staff/", EVERYBODY),
    "author.new": ("/staff/new", AUTHORS),
    "author.questionnaire": ("/staff/surveys/a", EVERYBODY),
    "author.settings": ("/staff/surveys/a/settings", AUTHORS),
    "author.scores": ("/staff/surveys/a/scores", AUTHORS),
    "author.mark_scores": ("/staff/surveys/a/scores", AUTHORS),
    "author.add_score": ("/staff/surveys/a/scores/new", AUTHORS),
    "author.remove_score": ("/staff/surveys/a/scores/X/remove", AUTHORS),
    "author.preview": ("/staff/surveys/a/preview", EVERYBODY),
    "author.publish": ("/staff/surveys/a/publish", AUTHORS),
    "author.close": ("/staff/surveys/a/close", AUTHORS),
    "author.reopen": ("/staff/surveys/a/reopen", AUTHORS),
    "collectors.collect": ("/staff/surveys/a/collect", EVERYBODY),
    "collectors.add": ("/staff/surveys/a/collect", AUTHORS),
    "collectors.collector": ("/staff/collectors/CODE", EVERYBODY),
    "collectors.picture": ("/staff/collectors/CODE/qr.svg", EVERYBODY),
    "collectors.poster": ("/staff/collectors/CODE/poster.pdf", AUTHORS),
    "collectors.labels": ("/staff/collectors/CODE/labels.pdf", AUTHORS),
    "collectors.forms": ("/staff/collectors/CODE/form.pdf", AUTHORS),
    "collectors.share": ("/staff/collectors/CODE/share", EVERYBODY),
    "collectors.print_picture": ("/staff/collectors/CODE/qr-print.png", EVERYBODY),
    "collectors.sites": ("/staff/surveys/a/websites", AUTHORS),
    "collectors.close": ("/staff/collectors/CODE/close", AUTHORS),
    "collectors.reopen": ("/staff/collectors/CODE/reopen", AUTHORS),
    "collectors.settings": ("/staff/collectors/CODE/settings", AUTHORS),
    "collectors.add_kiosks": ("/staff/surveys/a/kiosks", AUTHORS),
    "collectors.kiosk": ("/staff/collectors/KIOSK/kiosk", AUTHORS),
    "collectors.codes": ("/staff/collectors/CODE/codes", AUTHORS),
    "collectors.lead": ("/staff/collectors/CODE/lead", AUTHORS),
    "collectors.funnel": ("/staff/surveys/a/participation", EVERYBODY),
    "collectors.funnel_shown": ("/staff/surveys/a/participation.svg", EVERYBODY),
    "collectors.funnel_picture": ("/staff/surveys/a/participation/chart.svg", READERS),
    "collectors.add_run": ("/staff/collectors/CODE/runs", AUTHORS),
    "collectors.hand_out": ("/staff/collectors/CODE/runs/1", AUTHORS),
    "entry.open_batches": ("/staff/entry", AUTHORS),
    "entry.collector": ("/staff/collectors/CODE/entry", AUTHORS),
    "entry.open_batch": ("/staff/collectors/CODE/entry", AUTHORS),
    "entry.batch": ("/staff/entry/1", AUTHORS),
    "entry.key": ("/staff/entry/1/key", AUTHORS),
    "entry.key_sheet": ("/staff/entry/1/key", AUTHORS),
    "entry.second": ("/staff/entry/1/second", AUTHORS),
    "entry.second_sheet": ("/staff/entry/1/second", AUTHORS),
    "entry.close": ("/staff/entry/1/close", AUTHORS),
    "entry.reopen": ("/staff/entry/1/reopen", AUTHORS),
    "entry.serial": ("/staff/entry/1/sheets/1/serial", AUTHORS),
    "entry.take_out": ("/staff/entry/1/sheets/1/out", AUTHORS),
    "entry.settle": ("/staff/entry/1/sheets/1/settle", AUTHORS),
    "comments.reading": ("/staff/surveys/a/comments", READERS),
    "comments.sort": ("/staff/surveys/a/comments", READERS),
    "comments.comment": ("/staff/surveys/a/comments/COMMENT", READERS),
    "comments.quote": ("/staff/surveys/a/comments/COMMENT", READERS),
    "comments.table": ("/staff/surveys/a/comments.csv", READERS),
    "comments.listing": ("/staff/surveys/a/themes", READERS),
    "comments.add": ("/staff/surveys/a/themes", READERS),
    "comments.change": ("/staff/surveys/a/themes/1", READERS),
    "comments.remove": ("/staff/surveys/a/themes/2/remove", READERS),
    "results.checks": ("/staff/surveys/a/quality", READERS),
    "results.exclude": ("/staff/surveys/a/quality", READERS),
    "results.index_list": ("/staff/surveys/a/results/indexes", READERS),
    "results.new_index": ("/staff/surveys/a/results/indexes/new", READERS),
    "results.edit_index": ("/staff/surveys/a/results/indexes/own1", READERS),
    "results.delete_index": ("/staff/surveys/a/results/indexes/own1/delete", READERS),
    "results.stated": ("/staff/surveys/a/results/basis", READERS),
    "results.state_targets": ("/staff/surveys/a/results/basis/targets", READERS),
    "results.state_frame": ("/staff/surveys/a/results/basis/frame", READERS),
    "results.state_counts": ("/staff/surveys/a/results/basis/counts", READERS),
    "results.analysis": ("/staff/surveys/a/results/analysis", READERS),
    "results.lift": ("/staff/surveys/a/quality/1/lift", READERS),
    "mailings.mailings": ("/staff/collectors/LETTERS/mailings", AUTHORS),
    "mailings.new": ("/staff/collectors/LETTERS/mailings/new", AUTHORS),
    "mailings.show": ("/staff/collectors/LETTERS/mailings/1", AUTHORS),
    "mailings.wording": ("/staff/collectors/LETTERS/mailings/1/wording", AUTHORS),
    "mailings.add_addresses": ("/staff/collectors/LETTERS/mailings/1/addresses", AUTHORS),
    "mailings.send": ("/staff/collectors/LETTERS/mailings/1/send", AUTHORS),
    "mailings.remind": ("/staff/collectors/LETTERS/mailings/1/remind", AUTHORS),
    "mailings.stop": ("/staff/collectors/LETTERS/mailings/1/stop", AUTHORS),
    "mailings.again": ("/staff/collectors/LETTERS/mailings/1/again/refused", AUTHORS),
    "mailings.settle": ("/staff/collectors/LETTERS/mailings/1/settle", AUTHORS),
    "mailings.drop": ("/staff/collectors/LETTERS/mailings/1/drop", AUTHORS),
    "mailings.forget": ("/staff/collectors/LETTERS/mailings/1/forget", AUTHORS),
    "series.all_series": ("/staff/series", READERS),
    "series.new": ("/staff/series", READERS),
    "series.series": ("/staff/series/yearly", READERS),
    "series.rank": ("/staff/series/yearly/rank?wave=2026", READERS),
    "series.rank_chart": ("/staff/series/yearly/rank.svg?wave=2026", READERS),
    "series.trend": ("/staff/series/yearly/trend-0.svg", READERS),
    "series.course_chart": ("/staff/surveys/a/course/weeks.svg", READERS),
    "series.picture": ("/staff/series/yearly/chart/rank.svg?wave=2026", READERS),
    "series.course_picture": ("/staff/surveys/a/course/chart/weeks.svg", READERS),
    "series.waves": ("/staff/series/yearly/waves", READERS),
    "series.put": ("/staff/series/yearly/waves", READERS),
    "series.take_out": ("/staff/series/yearly/waves/a/out", READERS),
    "series.remove": ("/staff/series/empty/remove", READERS),
    "series.course": ("/staff/surveys/a/course", READERS),
    "shown.kept": ("/staff/surveys/a/measures", READERS),
    "shown.add": ("/staff/surveys/a/measures", READERS),
    "shown.measure": ("/staff/surveys/a/measures/1", READERS),
    "shown.change": ("/staff/surveys/a/measures/1", READERS),
    "shown.poster": ("/staff/surveys/a/measures.pdf", READERS),
    "shown.remove": ("/staff/surveys/a/measures/1/remove", READERS),
    "shown.own_wall": ("/staff/surveys/a/wall", READERS),
    "shown.make_wall": ("/staff/surveys/a/wall", READERS),
    "shown.withdraw_wall": ("/staff/surveys/a/wall/withdraw", READERS),
    "shown.staff": ("/staff/surveys/a/public", READERS),
    "shown.publish": ("/staff/surveys/a/public", READERS),
    "shown.withdraw": ("/staff/surveys/a/public/withdraw", READERS),
    "shown.look": ("/staff/surveys/a/public/1", READERS),
    "shown.look_chart": ("/staff/surveys/a/public/1/charts/scale-B.svg", READERS),
    "results.results": ("/staff/surveys/a/results", READERS),
    "results.chart": ("/staff/surveys/a/charts/scale-B.svg", READERS),
    "results.picture": ("/staff/surveys/a/results/chart/scale/B.svg", READERS),
    "results.select": ("/staff/surveys/a/selection", READERS),
    "results.keep": ("/staff/surveys/a/selection", READERS),
    "results.rename": ("/staff/surveys/a/selections/2/name", READERS),
    "results.drop": ("/staff/surveys/a/selections/1/drop", READERS),
    "results.shown": ("/staff/surveys/a/selections/shown", READERS),
    "results.report": ("/staff/surveys/a/report", READERS),
    "results.make_cut": ("/staff/surveys/a/cuts", READERS),
    "results.cut": ("/staff/surveys/a/cuts/1", READERS),
    "results.make_file": ("/staff/surveys/a/cuts/1/files", READERS),
    "results.job": ("/staff/surveys/a/jobs/1", READERS),
    "results.cancel_job": ("/staff/surveys/a/jobs/1/cancel", READERS),
    "results.job_file": ("/staff/surveys/a/jobs/1/file", READERS),
    "results.chart_book": ("/staff/surveys/a/chart-book.pdf", READERS),
    "results.answers": ("/staff/surveys/a/answers.csv", READERS),
    "results.annex": ("/staff/surveys/a/annex.xlsx", READERS),
    "results.evidence": ("/staff/surveys/a/evidence.zip", READERS),
    "results.codebook": ("/staff/surveys/a/codebook.csv", READERS),
    "accounts.account": ("/staff/account", EVERYBODY),
    "accounts.factor": ("/staff/account/second-factor", EVERYBODY),
    "accounts.factor_off": ("/staff/account/second-factor/off", EVERYBODY),
    "accounts.language": ("/staff/account/language", EVERYBODY),
    "accounts.help_page": ("/staff/help", EVERYBODY),
    "accounts.logout": ("/staff/logout", EVERYBODY),
    "accounts.users": ("/staff/users", ADMINISTRATORS),
    "accounts.invite": ("/staff/users/invite", ADMINISTRATORS),
    "accounts.user_link": ("/staff/users/link", ADMINISTRATORS),
    "accounts.user_role": ("/staff/users/role", ADMINISTRATORS),
    "accounts.user_disable": ("/staff/users/disable", ADMINISTRATORS),
    "accounts.user_enable": ("/staff/users/enable", ADMINISTRATORS),
    "accounts.user_factor": ("/staff/users/second-factor", ADMINISTRATORS),
    "accounts.audit_trail": ("/staff/audit", ADMINISTRATORS),
}

OF_A_UNIT = {
    name
    for name, (path, _) in ROUTES.items()
    if any(part in path for part in ("/surveys/", "/collectors/", "/entry/", "/series/"))
} | {name for name in ROUTES if name.startswith("accounts.user_")}
"""Routes that name a thing of a unit: strangers get 404. The others show each person their own."""

FIELDS = {
    "accounts.language": {"language": "en"},
    "collectors.add": {"name": "Sảnh", "kind": "poster"},
    "comments.sort": {"do": "give", "theme": "1"},
    "comments.add": {"name": "Chung"},
    "comments.change": {"name": "Lệ phí"},
    "collectors.add_run": {"handed_out": "20"},
    "collectors.hand_out": {"handed_out": "20"},
    "accounts.user_role": {"role": "staff"},
    "entry.serial": {"serial": "2"},
    "shown.publish": {"number": "1"},
    "results.make_file": {"offer": "annex", "language": "vi"},
}


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    accounts.invite(runtime, OPERATOR, "top@example.gov.vn", "administrator", "Tỉnh")
    for people, unit in ((OWN, "Sở A"), (STRANGERS, "Sở B")):
        for role, name in people.items():
            account(runtime, f"{name}@example.gov.vn", role, unit)
    accounts.invite(runtime, OPERATOR, "dan@example.gov.vn", "staff", "Sở A")
    authoring.create_survey(runtime, OPERATOR, slug="a", template="conference", unit="Sở A", phone="1022")
    authoring.publish(runtime, OPERATOR, "a")
    code = collectors.add(runtime, OPERATOR, "a", "event", "Hội trường")
    box = collectors.add(runtime, OPERATOR, "a", "paper", "Hòm phiếu")
    number, doors = batches.open_batch(runtime, OPERATOR, box, "Tuần 42"), Doors(runtime)
    version = keying.desk(runtime, OPERATOR, doors, number).version.id
    keying.key(runtime, OPERATOR, doors, number, version_id=version, key=bytes(16), serial="1", given={"A1": ["1"]})
    answer(runtime, code, [{"B7": "5"}], status="flagged", flags="burst")
    quality.exclude(runtime, OPERATOR, "a", code, runtime.today(), "burst", "Thử máy")
    answer(runtime, code, [{"E1": "Lời người dân"}])
    release(runtime, "a")
    for theme in ("Phí", "Khác"):
        themes.add(runtime, OPERATOR, "a", theme)
    indexes.save(runtime, OPERATOR, "a", Index("", Text.of(vi="I"), (Factor("F", Text.of(vi="F"), ("B1",)),)))
    letters = collectors.add(runtime, OPERATOR, "a", "link", "Thư mời", traits=Traits(single_use=True))
    mailing.create(runtime, OPERATOR, letters, mailing.suggested(runtime, OPERATOR, letters, "vi"))
    mailing.add_addresses(runtime, OPERATOR, 1, "dan@nguoidan.vn")
    collectors.add(runtime, OPERATOR, "a", "kiosk", "Quầy 3")
    for name in ("yearly", "empty"):
        series.create(runtime, OPERATOR, name, "Hằng năm", "Sở A")
    series.put(runtime, OPERATOR, "a", "yearly", "2026", runtime.today())
    answer(runtime, code, [{"B7": "5"}] * 12)
    release(runtime, "a")
    cuts.make_cut(runtime, OPERATOR, "a")
    for name in ("Tổ chức", "Doanh nghiệp"):
        selections.keep(runtime, OPERATOR, "a", name, (("A1", ("1",)),))
    measures.add(runtime, OPERATOR, "a", Said("Chờ lâu", "Thêm quầy"))
    made = Kind("annex", Permission.DOWNLOAD, lambda work: work.target.write_text("x") and None)
    jobs.ask(runtime, OPERATOR, "a", made, {}, "annex.xlsx")
    workroom.work_off(runtime, {"annex": made})
    return create_app(runtime)


def call(client: FlaskClient, runtime: Runtime, name: str, method: str) -> TestResponse:
    codes = [one.code for one in collectors.list_collectors(runtime, OPERATOR, "a")]
    path = ROUTES[name][0].replace("CODE", codes[0]).replace("LETTERS", codes[2]).replace("KIOSK", codes[3])
    if "COMMENT" in path:
        seen = comments.reading(runtime, OPERATOR, "a", comments.Wanted(), skip=0, most=1)
        path = path.replace("COMMENT", seen.comments[0].ref)
    if method == "GET":
        return client.get(path)
    found = CSRF.search(client.get("/staff/help").text)
    assert found
    return client.post(path, data={"csrf_token": found.group(1), "email": "dan@example.gov.vn", **FIELDS.get(name, {})})


def methods(app: Flask, name: str) -> list[str]:
    return sorted({method for rule in app.url_map.iter_rules(name) for method in rule.methods or ()} & {"GET", "POST"})


def test_this_table_names_every_staff_route(app: Flask) -> None:
    guarded = {
        rule.endpoint for rule in app.url_map.iter_rules() if access(app.view_functions[rule.endpoint]) != "public"
    }
    assert guarded - {"accounts.components"} == set(ROUTES)


def test_the_page_of_examples_is_there_in_debug_only(app: Flask, runtime: Runtime) -> None:
    assert browser_of(app, runtime, "bob@example.gov.vn").get("/staff/components").status_code == 404
    app.debug = True
    assert browser_of(app, runtime, "bob@example.gov.vn").get("/staff/components").status_code == 200


@pytest.mark.parametrize("role", OWN)
def test_in_ones_own_unit_the_role_decides(app: Flask, runtime: Runtime, role: str) -> None:
    for name, (_, roles) in ROUTES.items():
        for method in methods(app, name):
            status = call(browser_of(app, runtime, f"{OWN[role]}@example.gov.vn"), runtime, name, method).status_code
            if role in roles:
                assert status < 500 and status not in (403, 404), (name, method, status)
            else:
                assert status == 403, (name, method, status)


@pytest.mark.parametrize("role", STRANGERS)
def test_in_another_unit_there_is_nothing(app: Flask, runtime: Runtime, role: str) -> None:
    for name in sorted(OF_A_UNIT):
        for method in methods(app, name):
            answer = call(browser_of(app, runtime, f"{STRANGERS[role]}@example.gov.vn"), runtime, name, method)
            assert answer.status_code == (404 if role in ROUTES[name][1] else 403), (name, method)
            assert "Hội trường" not in answer.text and "Tuần 42" not in answer.text and "dan@" not in answer.text
            assert "Lời người dân" not in answer.text


def test_lists_show_strangers_nothing_of_another_unit(app: Flask, runtime: Runtime) -> None:
    charlie = browser_of(app, runtime, "charlie@example.gov.vn")
    alice = browser_of(app, runtime, "alice@example.gov.vn")
    for path in ("/staff/", "/staff/users", "/staff/audit", "/staff/users/invite", "/staff/new", "/staff/entry"):
        seen, hidden = alice.get(path).text, charlie.get(path).text
        assert "Sở A" not in hidden and "dan@example" not in hidden and "/surveys/a" not in hidden
        assert "Sở A" in seen or path in ("/staff/new", "/staff/entry")
    assert "Tuần 42" in alice.get("/staff/entry").text and "Tuần 42" not in charlie.get("/staff/entry").text


def test_a_thing_of_another_unit_looks_like_one_that_is_not_there(app: Flask, runtime: Runtime) -> None:
    charlie = browser_of(app, runtime, "charlie@example.gov.vn")
    answers = {path: charlie.get(f"/staff/surveys/{path}") for path in ("a", "never-made")}
    pages = {page.text.replace("never-made", "a").split("</header>")[1] for page in answers.values()}
    assert {page.status_code for page in answers.values()} == {404}
    assert len(pages) == 1


def test_a_post_without_the_pages_token_changes_nothing(app: Flask, runtime: Runtime) -> None:
    alice = browser_of(app, runtime, "alice@example.gov.vn")
    for data in ({}, {"csrf_token": ""}, {"csrf_token": "x" * 2000}):
        assert alice.post("/staff/surveys/a/close", data=data).status_code == 400
    bobs = CSRF.search(browser_of(app, runtime, "bob@example.gov.vn").get("/staff/help").text)
    assert bobs
    assert alice.post("/staff/surveys/a/close", data={"csrf_token": bobs.group(1)}).status_code == 400
    assert "Đang thu phiếu" in alice.get("/staff/surveys/a").text


def test_a_role_taken_away_is_gone_with_the_next_request(app: Flask, runtime: Runtime) -> None:
    bob = browser_of(app, runtime, "bob@example.gov.vn")
    assert bob.get("/staff/new").status_code == 200
    accounts.change_role(runtime, OPERATOR, "bob@example.gov.vn", "reform_team")
    ended = bob.get("/staff/new")
    assert (ended.status_code, ended.headers["Location"]) == (303, "/staff/login?next=/staff/new")
    assert browser_of(app, runtime, "bob@example.gov.vn").get("/staff/new").status_code == 403
