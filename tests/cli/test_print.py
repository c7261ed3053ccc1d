"""``phieu print``: a file that reads back, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli.print_ import print_
from survey.errors import NotFound
from survey.printing import preflight
from survey.services.runtime import Runtime
from tests.conftest import SECRET
from tests.factories.surveys import open_survey


@pytest.fixture
def environment(runtime: Runtime) -> dict[str, str]:
    return {
        "PHIEU_DATA_DIR": str(runtime.settings.data_dir),
        "PHIEU_DATABASE_URL": runtime.settings.database_url,
        "PHIEU_PUBLIC_BASE_URL": runtime.settings.base_url,
        "PHIEU_SECRET_KEY": SECRET,
    }


def phieu(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(print_, arguments, env=environment)


def test_poster_and_sheet_are_written(runtime: Runtime, environment: dict[str, str], tmp_path: Path) -> None:
    code = open_survey(runtime)
    url = f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}"
    poster, sheet = tmp_path / "poster.pdf", tmp_path / "sheet.pdf"
    assert phieu(environment, "poster", code, "-o", str(poster)).exit_code == 0
    assert preflight.read(poster.read_bytes(), 200) == (url,)
    result = phieu(environment, "sheet", code, "-o", str(sheet), "--labels", "l7162", "--skip", "2", "--outlines")
    assert result.exit_code == 0
    assert "actual size" in result.output
    assert preflight.read(sheet.read_bytes(), 200) == (url,) * 14


def test_what_cannot_be_written_is_said_in_one_line(
    runtime: Runtime, environment: dict[str, str], tmp_path: Path
) -> None:
    result = phieu(environment, "poster", open_survey(runtime), "-o", str(tmp_path / "missing" / "poster.pdf"))
    assert result.exit_code == 1
    assert "No such file or directory" in result.output


def test_an_unknown_collector_is_an_expected_error(
    runtime: Runtime, environment: dict[str, str], tmp_path: Path
) -> None:
    result = phieu(environment, "poster", "7K3QP2MX9T", "-o", str(tmp_path / "poster.pdf"))
    assert isinstance(result.exception, NotFound)
    assert not (tmp_path / "poster.pdf").exists()
