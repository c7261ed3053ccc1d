"""The evidence bundle holds what the figures of a cut rest on, checks itself, and is the same for the same cut."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from survey.errors import NotAllowed, NotFound, PhieuError
from survey.reports.bundle import Part, bundle, faults
from survey.services import collectors, cuts, evidence, quality
from survey.services.evidence import DOCUMENTS, evidence_file
from survey.services.jobs import ask, fetch
from survey.services.kinds import KINDS
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.services.surveys import in_scope
from survey.services.workroom import work_off
from survey.storage.models import Measure
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


@pytest.fixture
def cut(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> int:
    """A cut of 60 answers, one left out with a reason, one measure. The documents have tests of their own."""
    monkeypatch.setattr(evidence, "DOCUMENTS", DOCUMENTS[:1])
    code = open_survey(runtime, instrument="scale")
    answer(runtime, code, [{"Q1": "5"}] * 40 + [{"Q1": "2"}] * 20)
    answer(runtime, code, [{"Q1": "1"}], status="flagged", flags="burst")
    quality.exclude(runtime, OPERATOR, "conference", code, runtime.today(), "burst", "=Thử máy")
    release(runtime, "conference")
    with runtime.database.reading() as session:
        survey = in_scope(session, OPERATOR, "conference").id
    row = {"survey_id": survey, "heard": "@Chậm", "action": "Rút ngắn", "lead": "Một cửa", "due_on": date(2026, 12, 1)}
    runtime.database.write(lambda session: session.execute(insert(Measure), [row]) and None)
    return cuts.make_cut(runtime, OPERATOR, "conference").number


def _files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_what_was_asked_of_whom_what_was_counted_and_what_was_done(runtime: Runtime, cut: int) -> None:
    held = _files(evidence_file(runtime, OPERATOR, "conference", cut, "vi"))
    assert sorted(held) == [
        "1-phieu-hoi/bang-ma.csv",
        "1-phieu-hoi/phieu-hoi-1.json",
        "1-phieu-hoi/phieu-hoi.pdf",
        "2-mau-khao-sat/dot-in.csv",
        "2-mau-khao-sat/muc-do-tham-gia.csv",
        "2-mau-khao-sat/phieu-bi-loai.csv",
        "3-so-lieu/chi-so.csv",
        "3-so-lieu/ket-qua.json",
        "3-so-lieu/so-dem.csv",
        "3-so-lieu/so-lieu-da-chot.json",
        "4-phuong-phap/phuong-phap.txt",
        "5-van-ban/phu-luc-so-lieu.xlsx",
        "6-bien-phap/bien-phap.csv",
        "README.txt",
        "SHA256SUMS",
        "manifest.json",
    ]
    assert held["1-phieu-hoi/phieu-hoi.pdf"].startswith(b"%PDF")
    assert '"\'=Thử máy",1' in held["2-mau-khao-sat/phieu-bi-loai.csv"].decode()
    assert '"\'@Chậm","Rút ngắn","Một cửa","2026-12-01",' in held["6-bien-phap/bien-phap.csv"].decode()
    counted = held["3-so-lieu/so-dem.csv"].decode()
    assert (
        '"5","Rất hài lòng",40,' in counted
        and '"Hội trường","Hội nghị' in held["2-mau-khao-sat/muc-do-tham-gia.csv"].decode()
    )
    assert json.loads(held["3-so-lieu/ket-qua.json"])["questions"][0]["counts"]["5"] == 40


def test_the_official_report_is_in_it(runtime: Runtime, cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "DOCUMENTS", DOCUMENTS[2:])
    held = _files(evidence_file(runtime, OPERATOR, "conference", cut, "vi"))
    assert held["5-van-ban/bao-cao.pdf"].startswith(b"%PDF") and held["5-van-ban/bao-cao.docx"].startswith(b"PK")


def test_the_manifest_names_the_cut_and_every_file_by_its_digest(runtime: Runtime, cut: int) -> None:
    held = _files(evidence_file(runtime, OPERATOR, "conference", cut))
    manifest = json.loads(held["manifest.json"])
    summary = cuts.opened_cut(runtime, OPERATOR, "conference", cut)[0]
    assert manifest["cut"] == {
        "number": cut,
        "as_of": "2026-10-15",
        "hash": summary.hash,
        "sha256": summary.digest,
    }
    assert hashlib.sha256(held["3-so-lieu/so-lieu-da-chot.json"]).hexdigest() == summary.digest
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in held.items()
        if name not in ("manifest.json", "SHA256SUMS")
    }


def test_the_usual_program_checks_it_and_sees_a_change(runtime: Runtime, cut: int, tmp_path: Path) -> None:
    data = evidence_file(runtime, OPERATOR, "conference", cut)
    assert faults(data) == ()
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    check = ["sha256sum", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    counted = tmp_path / "3-so-lieu" / "so-dem.csv"
    counted.write_bytes(counted.read_bytes().replace(b",40,", b",41,"))
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1
    changed = {**_files(data), "3-so-lieu/so-dem.csv": b"", "more.txt": b""}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in changed.items():
            archive.writestr(name, content)
    assert faults(target.getvalue()) == ("3-so-lieu/so-dem.csv", "more.txt")


def test_the_same_cut_gives_the_same_bytes_whatever_came_since(runtime: Runtime, cut: int) -> None:
    first = evidence_file(runtime, OPERATOR, "conference", cut)
    code = collectors.list_collectors(runtime, OPERATOR, "conference")[0].code
    answer(runtime, code, [{"Q1": "1"}] * 30)
    release(runtime, "conference")
    evidence.paper_form.layout.cache_clear()
    assert evidence_file(runtime, OPERATOR, "conference", cut) == first
    assert evidence_file(runtime, OPERATOR, "conference", cut, "en") != first


def test_what_cannot_be_made_is_named_with_its_reason(
    runtime: Runtime, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PhieuError("x", "The survey has no closed question to draw.")

    monkeypatch.setattr(evidence, "DOCUMENTS", ((*DOCUMENTS[1][:2], refuse),))
    held = _files(evidence_file(runtime, OPERATOR, "conference", cut, "en"))
    assert json.loads(held["manifest.json"])["left_out"] == {"Chart book": "The survey has no closed question to draw."}
    assert "Not in here: Chart book" in held["README.txt"].decode()


def test_it_needs_the_permission_to_download_and_a_cut_that_is_there(runtime: Runtime, cut: int) -> None:
    with pytest.raises(NotAllowed):
        evidence_file(runtime, Actor("bob", "staff"), "conference", cut)
    with pytest.raises(NotFound):
        evidence_file(runtime, Actor("chi", "reform_team", units=frozenset()), "conference", cut)
    with pytest.raises(NotFound):
        evidence_file(runtime, OPERATOR, "conference", cut + 1)


def test_it_is_made_as_a_job_too(runtime: Runtime, cut: int) -> None:
    number = ask(runtime, OPERATOR, "conference", evidence.EVIDENCE, {"cut": cut, "language": "vi"}, "evidence.zip")
    assert work_off(runtime, KINDS) == 1
    path, name = fetch(runtime, OPERATOR, "conference", number)
    assert name == "evidence.zip" and faults(path.read_bytes()) == ()


def test_two_files_of_one_name_are_refused() -> None:
    one = Part("a.txt", "", b"")
    subject = evidence.Subject("s", "", "", 1, "", "", date(2026, 1, 1), 1)
    with pytest.raises(PhieuError) as caught:
        bundle(subject, [one, one], {}, evidence.texts("vi"))
    assert caught.value.code == "path_unusable"
