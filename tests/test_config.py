"""Settings that stand between a mistake in the environment and a server that is less safe than it was meant to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.config import read_settings
from survey.errors import Misconfigured
from tests.conftest import SECRET


def second_factor_required(tmp_path: Path, said: dict[str, str]) -> bool:
    environment = {"PHIEU_DATA_DIR": str(tmp_path), "PHIEU_SECRET_KEY": SECRET, **said}
    return read_settings(environment).second_factor_required


def test_the_second_factor_is_optional_until_it_is_required(tmp_path: Path) -> None:
    assert not second_factor_required(tmp_path, {})
    assert not second_factor_required(tmp_path, {"PHIEU_SECOND_FACTOR": ""})
    assert not second_factor_required(tmp_path, {"PHIEU_SECOND_FACTOR": "optional"})
    assert second_factor_required(tmp_path, {"PHIEU_SECOND_FACTOR": "required"})


@pytest.mark.parametrize("value", ["yes", "1", "Required", "required ", "off", "requierd"])
def test_any_other_word_for_the_second_factor_stops_the_start(tmp_path: Path, value: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        second_factor_required(tmp_path, {"PHIEU_SECOND_FACTOR": value})
    assert (refusal.value.code, refusal.value.remedy) == ("second_factor_unknown", "Set it to optional or required.")
