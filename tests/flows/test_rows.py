"""What was acknowledged is stored, counted and a row in every file, on random surveys (a thousand under
``PHIEU_PROVE``)."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from survey.services.exporting import export_responses
from survey.services.runtime import Runtime
from tests.flows.rows import agreement

SURVEYS, AT_ONCE = (1000, 50) if os.environ.get("PHIEU_PROVE") else (20, 20)


@pytest.mark.parametrize("first", range(0, SURVEYS, AT_ONCE))
def test_acknowledged_is_stored_is_counted_is_a_row_in_every_file(runtime: Runtime, first: int) -> None:
    people = 0
    for number in range(first, first + AT_ONCE):
        found = agreement(runtime, f"survey-{number}", random.Random(number))
        assert found.faults == [], (number, found)
        people += found.acknowledged
    print(f"{AT_ONCE} surveys, {people} answers acknowledged, stored, counted and in four files each")
    assert people > 5 * AT_ONCE


def test_a_file_that_lost_a_row_would_be_seen(runtime: Runtime) -> None:
    def losing(*told: Any, **options: Any) -> int:
        size = export_responses(*told, **options)
        path: Path = told[-1]
        if path.suffix == ".csv":
            lines = path.read_bytes().split(b"\r\n")
            path.write_bytes(b"\r\n".join([*lines[:-2], lines[-1]]))
        return size

    assert agreement(runtime, "survey", random.Random(1), losing).faults == ["csv"]
