"""``phieu result cut`` from the outside."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from survey.cli.result import result
from survey.services.cuts import read_cut
from survey.services.runtime import OPERATOR, Runtime
from tests.conftest import SECRET
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


def test_a_cut_is_frozen_and_told(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHIEU_DATA_DIR", str(runtime.settings.data_dir))
    monkeypatch.setenv("PHIEU_SECRET_KEY", SECRET)
    monkeypatch.delenv("PHIEU_DATABASE_URL", raising=False)
    answer(runtime, open_survey(runtime), [{"A1": str(n % 2 + 1), "B7": "5"} for n in range(60)])
    release(runtime, "conference")
    done = CliRunner().invoke(result, ["cut", "conference", "--name", "Quý IV", "--json"], catch_exceptions=False)
    told = json.loads(done.stdout)
    frozen = read_cut(runtime, OPERATOR, "conference", 1)
    assert (told["number"], told["name"], told["hash"]) == (1, "Quý IV", frozen.cut.hash)
    done = CliRunner().invoke(result, ["cut", "conference", "--further", "A1"], catch_exceptions=False)
    assert done.stdout.startswith("Đã chốt số liệu bản số 2: tính đến 15/10/2026")
    assert {one.by for one in read_cut(runtime, OPERATOR, "conference", 2).further} == {"A1"}
