"""The text of ``phieu result show`` beside questions and indexes: weights, alpha, importance, ratios, differences."""

from __future__ import annotations

import random

import pytest
from click.testing import CliRunner

from survey.cli.result import result
from survey.services import authoring, basis
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.answers import answer
from tests.factories.surveys import open_survey


@pytest.fixture(autouse=True)
def conference(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    code, chance = open_survey(runtime), random.Random(1)
    people = []
    for place in range(120):
        levels = [chance.choice("45" if place % 3 else "12") for _ in range(7)]
        people.append(
            {f"B{number}": level for number, level in enumerate(levels, 1)} | {"A3": "1" if place % 3 else "2"}
        )
    answer(runtime, code, people)
    basis.state_frame(runtime, OPERATOR, "conference", {"A3": {"1": 50, "2": 50}}, "Danh sách")
    basis.state_counts(runtime, OPERATOR, "conference", {"dossiers": 580, "dossiers_bad": 23}, "Sổ")
    authoring.close(runtime, OPERATOR, "conference")


def show(*words: str) -> str:
    done = CliRunner().invoke(result, ["show", "conference", "--language", "en", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_weights_alpha_importance_and_ratios_stand_in_the_text() -> None:
    shown = show()
    assert "Satisfaction index of the conference, weighted to A3:\n  50.00" in shown
    assert "design effect 1.13, effective n 106.7; source: Danh sách" in shown
    assert "Cronbach's alpha, Satisfaction index of the conference B: 0." in shown
    assert "Derived importance beside B7:" in shown and "B1: satisfied 66.7%, correlation 0." in shown
    assert "96.03%" in shown and "silence counts as satisfied" in shown


def test_differences_are_told_in_words() -> None:
    assert "1 against 2: 100.0 points" in show("--by", "A3")
    assert ", shown to differ" in show("--by", "A3")
    assert "shown to differ" not in show()
