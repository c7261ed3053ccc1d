"""``phieu print``: a file that reads back, or one line that says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli.print_ import print_
from survey.errors import NotFound
from survey.paper import page_ids
from survey.paper.geometry import Geometry
from survey.printing import preflight
from survey.services import measures
from survey.services.measures import Said
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.surveys import open_survey
from tests.printing.looking import text


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


def test_forms_are_written_with_their_geometry(runtime: Runtime, environment: dict[str, str], tmp_path: Path) -> None:
    code = open_survey(runtime, instrument="single")
    pdf, places = tmp_path / "form.pdf", tmp_path / "form.json"
    result = phieu(environment, "form", code, "-o", str(pdf), "--copies", "3", "--geometry", str(places))
    assert result.exit_code == 0
    assert "0001-" in result.output and "0003-" in result.output and "both sides" in result.output
    geometry = Geometry.read(json.loads(places.read_text(encoding="utf-8")))
    held = [page_ids.read(one) for one in preflight.read(pdf.read_bytes(), 200)]
    assert {one.form for one in held} == {geometry.form_id}
    again = phieu(environment, "form", code, "-o", str(pdf), "--first", "2", "--language", "en")
    assert again.exit_code == 0 and "0002-" in again.output


def test_the_poster_of_measures_is_written(runtime: Runtime, environment: dict[str, str], tmp_path: Path) -> None:
    open_survey(runtime)
    measures.add(runtime, OPERATOR, "conference", Said("Chờ lâu", "Thêm một quầy"))
    made = tmp_path / "measures.pdf"
    assert phieu(environment, "measures", "conference", "--size", "a3", "-o", str(made)).exit_code == 0
    assert "Thêm một quầy" in text(made.read_bytes())
