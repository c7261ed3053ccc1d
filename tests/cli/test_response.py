"""``phieu response`` and ``phieu template`` from the outside: what they print, and how they fail."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from survey.cli.main import main
from survey.services.runtime import Runtime
from tests.conftest import SECRET
from tests.factories.surveys import open_survey


@pytest.fixture(autouse=True)
def survey(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> str:
    """An open survey called ``texts``; gives the code of its collector."""
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    return open_survey(runtime, slug="texts", instrument="texts")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_table_goes_in_and_comes_out(runtime: Runtime, survey: str) -> None:
    folder = runtime.settings.data_dir
    (folder / "in.csv").write_text("Q1,Q2,received_on\na,=1,2025-12-31\n,,\n", encoding="utf-8")
    done = run("response", "import", "texts", folder / "in.csv", "--collector", survey, "--json")
    assert json.loads(done.stdout) == {"rows": 1, "blank": 1, "dropped": 0, "collector": survey}
    assert run("response", "export", "texts", "-o", folder / "out.csv", "--delimiter", ";").exit_code == 0
    lines = (folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines == [
        "status;collector;language;version;month;Q1;Q2",
        f'complete;{survey};vi;1;2025-12;"a";"\'=1"',
    ]


@pytest.mark.parametrize("ending", ["xlsx", "sav", "parquet"])
def test_the_ending_says_the_format(runtime: Runtime, survey: str, ending: str) -> None:
    path = runtime.settings.data_dir / f"out.{ending.upper()}"
    assert run("response", "export", "texts", "-o", path, "--language", "en").exit_code == 0
    assert path.read_bytes()[:4] in (b"PK\x03\x04", b"$FL2", b"PAR1")
    refused = run("response", "export", "texts", "-o", path.with_suffix(".txt"))
    assert refused.exit_code == 2 and ".csv, .xlsx, .sav, .parquet" in refused.stderr


def test_a_codebook_is_written(runtime: Runtime, survey: str) -> None:
    path = runtime.settings.data_dir / "codebook.json"
    assert run("response", "codebook", "texts", "-o", path).exit_code == 0
    assert [one["key"] for one in json.loads(path.read_bytes())["variables"]] == ["Q1", "Q2"]
    assert "codebook" in run("response", "codebook", "texts", "-o", path.with_suffix(".doc")).stderr


def test_what_is_wrong_with_a_table_is_said_line_by_line(runtime: Runtime) -> None:
    path = runtime.settings.data_dir / "in.csv"
    path.write_text("Q1\n" + "a" * 41 + "\n", encoding="utf-8")
    done = run("response", "import", "texts", path)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "phieu: Some values cannot be taken in, so nothing was stored. Correct them in the file and import it again.",
        "  Row 2, column Q1: This answer has 41 characters. Please shorten it to 40.",
    ]
    path.write_text("Q7\n1\n", encoding="utf-8")
    assert "? Q7" in run("response", "import", "texts", path).stderr


def test_templates_are_listed() -> None:
    names = ["conference", "one-stop", "one-stop-short", "one-tap", "online"]
    assert [line.split("\t")[0] for line in run("template", "list").stdout.splitlines()] == names
    assert [one["name"] for one in json.loads(run("template", "list", "--json").stdout)] == names
    for name in names:
        assert run("survey", "new", f"of-{name}", "--template", name).exit_code == 0
        assert run("survey", "publish", f"of-{name}").exit_code == 0
