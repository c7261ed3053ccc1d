"""``phieu chart``: a file of charts, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.charts import plan
from survey.cli.chart import KINDS, chart
from survey.errors import PhieuError
from survey.services.runtime import Runtime
from tests.charts.drawings import words
from tests.conftest import SECRET
from tests.factories.surveys import open_survey


@pytest.fixture
def environment(runtime: Runtime) -> dict[str, str]:
    open_survey(runtime)
    return {
        "PHIEU_DATA_DIR": str(runtime.settings.data_dir),
        "PHIEU_DATABASE_URL": runtime.settings.database_url,
        "PHIEU_PUBLIC_BASE_URL": runtime.settings.base_url,
        "PHIEU_SECRET_KEY": SECRET,
    }


def phieu(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(chart, arguments, env=environment)


def test_book_and_pictures_are_written(environment: dict[str, str], tmp_path: Path) -> None:
    starts = {"charts.pdf": b"%PDF-", "charts.svg": b"<svg ", "charts.PNG": b"\x89PNG"}
    for name, start in starts.items():
        result = phieu(environment, "conference", "-o", str(tmp_path / name))
        assert (result.exit_code, result.output) == (0, f"{tmp_path / name}\n")
        assert (tmp_path / name).read_bytes().startswith(start)


def test_options_reach_the_chart(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "one.svg"
    result = phieu(
        environment, "conference", "-o", str(file), "--only", "index-service", "--language", "en", "--sort", "share",
        "--rule", "mean_of_items",
    )  # fmt: skip
    assert result.exit_code == 0
    assert "Satisfaction index of the service" in words(file.read_bytes())
    assert "Rule: mean of all items" in words(file.read_bytes())


def test_charts_are_chosen_by_kind_and_question(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "some.svg"
    assert phieu(environment, "conference", "-o", str(file), "--kind", "choice").exit_code == 0
    told = words(file.read_bytes())
    assert "Quý vị đại diện cho" in told and "Về Hội nghị hôm nay" not in told
    assert phieu(environment, "conference", "-o", str(file), "--question", "B1", "--kind", "scale").exit_code == 0
    told = words(file.read_bytes())
    assert "Về Hội nghị hôm nay" in told and "Về việc giải quyết" not in told
    book = tmp_path / "some.pdf"
    assert phieu(environment, "conference", "-o", str(book), "--kind", "index").exit_code == 0
    assert book.read_bytes().startswith(b"%PDF-")
    unknown = phieu(environment, "conference", "-o", str(file), "--question", "Z9").exception
    assert isinstance(unknown, PhieuError) and unknown.code == "chart_unknown" and "scale-B" in unknown.details
    assert KINDS == plan.KINDS


def test_what_cannot_be_written_is_said_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    result = phieu(environment, "conference", "-o", str(tmp_path / "missing" / "charts.svg"))
    assert result.exit_code == 1
    assert "No such file or directory" in result.output
    for arguments in (
        ("conference", "-o", str(tmp_path / "charts.txt")),
        ("conference", "-o", str(tmp_path / "charts.svg"), "--only", "nothing"),
        ("conference", "-o", str(tmp_path / "charts.svg"), "--where", "B7"),
    ):
        refused = phieu(environment, *arguments).exception
        assert isinstance(refused, PhieuError)
        assert refused.remedy
    assert list(tmp_path.glob("charts.*")) == []
