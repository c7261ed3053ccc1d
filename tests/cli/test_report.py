"""``phieu report`` from the outside."""

from __future__ import annotations

import io

import openpyxl
import pytest
from click.testing import CliRunner, Result

from survey.cli.main import main
from survey.reports.bundle import faults
from survey.services import cuts
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


@pytest.fixture(autouse=True)
def survey(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    answer(runtime, open_survey(runtime), [{"A1": str(n % 2 + 1), "B7": "5"} for n in range(60)])
    release(runtime, "conference")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_data_annex_comes_from_a_cut_that_is_named(runtime: Runtime) -> None:
    path = runtime.settings.data_dir / "annex.xlsx"
    assert run("report", "conference", "-o", path).stdout.endswith("from data cut 1.\n")
    assert run("report", "conference", "-o", path, "--language", "en").exit_code == 0
    assert "Overview" in openpyxl.load_workbook(io.BytesIO(path.read_bytes())).sheetnames
    assert len(cuts.list_cuts(runtime, OPERATOR, "conference")) == 1
    assert run("report", "conference", "-o", path.with_suffix(".zip"), "--cut", "1").exit_code == 0
    assert faults(path.with_suffix(".zip").read_bytes()) == ()
    assert run("report", "conference", "-o", path, "--cut", "9").exit_code == 1
    assert run("report", "conference", "-o", path.with_suffix(".txt")).exit_code == 2


def test_the_official_report_is_a_pdf_or_a_docx(runtime: Runtime) -> None:
    pdf, docx = (runtime.settings.data_dir / name for name in ("report.pdf", "report.DOCX"))
    assert run("report", "conference", "-o", pdf, "--summary", "--language", "en").stdout.endswith("data cut 1.\n")
    assert run("report", "conference", "-o", docx, "--cut", "1").exit_code == 0
    assert pdf.read_bytes().startswith(b"%PDF") and docx.read_bytes().startswith(b"PK")
    assert run("report", "conference", "-o", runtime.settings.data_dir / "no" / "report.pdf").exit_code == 1
