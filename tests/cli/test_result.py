"""``phieu result show`` from the outside: the JSON others rely on, the text people read, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from survey.cli.result import result
from survey.errors import PhieuError
from survey.services.runtime import Runtime
from tests.conftest import SECRET
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


@pytest.fixture(autouse=True)
def ratings(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> str:
    """A survey with 52 released answers and one that waits; gives its code."""
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    code = open_survey(runtime, slug="ratings", instrument="lecture_ratings")
    answer(runtime, code, [{"rating": "5", "service": "0"}] * 47 + [{"rating": "2", "service": ""}] * 5)
    release(runtime, "ratings")
    answer(runtime, code, [{"rating": "1"}])
    return code


def run(*words: str) -> str:
    done = CliRunner().invoke(result, ["show", "ratings", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def rating(*words: str) -> dict[str, Any]:
    found = json.loads(run("--json", *words))["questions"]
    return next(one for one in found if one["key"] == "rating")


def test_json_holds_what_is_released() -> None:
    found = json.loads(run("--json"))
    assert (found["survey"], found["version"], found["responses"], found["released"]) == (
        "ratings",
        1,
        {"complete": 53},
        52,
    )
    assert rating()["counts"] == {"1": 0, "2": 5, "3": 0, "4": 0, "5": 47}
    assert [round(bound, 1) for bound in rating()["interval"]] == [79.4, 95.8]


def test_raw_holds_everything() -> None:
    assert rating("--raw")["counts"]["1"] == 1
    assert json.loads(run("--raw", "--json"))["raw"] is True


def test_groups_come_as_a_published_table_would_show_them() -> None:
    groups = rating("--by", "service")["groups"]
    assert all(group["base"] is None and group["suppressed"] for group in groups)


def test_people_read_it_in_their_language() -> None:
    shown = run()
    assert "n = 52; hài lòng 90,4% (79,4% – 95,8%); trung bình 4,71" in shown
    assert "không được chọn mẫu ngẫu nhiên" in shown
    assert "n = 52; satisfied 90.4% (79.4% – 95.8%); mean 4.71" in run("--language", "en")
    assert "Không trình bày theo nhóm" in run("--by", "service")
    assert "bỏ trống" in run()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--where", "rating"), "filter_unreadable"),
        (("--where", "rating=7"), "code_unknown"),
        (("--where", "rating=5"), "selection_too_small"),
        (("--by", "nothing"), "question_unknown"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(words: tuple[str, ...], code: str) -> None:
    done = CliRunner().invoke(result, ["show", "ratings", *words])
    assert isinstance(done.exception, PhieuError)
    assert done.exception.code == code
