"""``phieu series``, ``phieu result series`` and ``phieu result rank`` from the outside."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from survey.cli.following import series
from survey.cli.result import result
from survey.services import authoring
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


@pytest.fixture(autouse=True)
def waves(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two surveys of one questionnaire, all released."""
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    for slug, happy, other in (("y2025", 48, 32), ("y2026", 56, 14)):
        code = open_survey(runtime, slug=slug)
        answer(runtime, code, [{"B7": "5"}] * happy + [{"B7": "2"}] * other)
        release(runtime, slug)
        authoring.close(runtime, OPERATOR, slug)


def run(*words: str) -> str:
    group = series if words[0] == "kept" else result
    done = CliRunner().invoke(group, words[words[0] == "kept" :], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def put_in() -> None:
    run("kept", "new", "yearly", "--title", "Hội nghị đối thoại")
    run("kept", "put", "yearly", "y2025", "--wave", "2025", "--on", "2025-10-16")
    run("kept", "put", "yearly", "y2026", "--wave", "2026", "--on", "2026-10-16")


def test_a_series_is_kept_and_shown() -> None:
    put_in()
    assert json.loads(run("kept", "list", "--json"))[0]["waves"] == 2
    assert "yearly" in run("kept", "list")
    (line,) = json.loads(run("series", "yearly", "--measure", "B7", "--json"))["lines"]
    assert [(one["wave"], one["value"], one["base"]) for one in line["waves"]] == [
        ("2025", 60.0, 80),
        ("2026", 80.0, 70),
    ]
    change = line["waves"][1]["change"]
    assert change["points"] == pytest.approx(20) and change["shown"] and change["from"] == "y2025"
    said = run("series", "yearly", "--measure", "B7")
    assert "2026: 80,00% (" in said and "+20,00 điểm so với đợt trước" in said


def test_one_survey_is_followed_by_months_quarters_and_weeks() -> None:
    for within, name in (("months", "2026-10"), ("quarters", "2026-Q4")):
        (line,) = json.loads(run("series", "y2026", "--within", within, "--measure", "B7", "--json"))["lines"]
        assert [(one["wave"], one["base"]) for one in line["waves"]] == [(name, 70)]
    weekly = json.loads(run("series", "y2026", "--within", "weeks", "--json"))
    assert weekly["weeks"] == [] and weekly["suppressed"]
    assert "Theo dõi hằng tuần" in run("series", "y2026", "--within", "weeks", "--language", "vi")


def test_units_are_ranked() -> None:
    (unit,) = json.loads(run("rank", "y2026", "--measure", "B7", "--json"))["units"]
    assert (unit["value"], unit["best"], unit["worst"]) == (80.0, 1, 1)
    assert "1  " in run("rank", "y2026", "--measure", "B7")
    put_in()
    assert json.loads(run("rank", "yearly", "--wave", "2025", "--measure", "B7", "--json"))["units"][0]["base"] == 80


def test_units_are_ranked_between_anchors_and_the_rule_is_said(runtime: Runtime) -> None:
    code = open_survey(runtime, slug="framed")
    answer(runtime, code, [{"D1": "4"}] * 60 + [{"D1": "5"}] * 40)
    release(runtime, "framed")
    found = json.loads(run("rank", "framed", "--anchors", "fixed", "--json"))
    assert (found["measure"], found["anchors"], len(found["rule"])) == ("ddci", "fixed", 3)
    assert found["units"][0]["value"] == pytest.approx(86.5)
    said = run("rank", "framed", "--anchors", "observed", "--measure", "ddci")
    assert "1 + 9·(X − min)/(max − min)" in said and "Mốc theo kết quả các đơn vị" in said and "86" not in said
    refused = CliRunner().invoke(result, ["rank", "framed", "--anchors", "fixed", "--measure", "B7"])
    assert refused.exit_code != 0
