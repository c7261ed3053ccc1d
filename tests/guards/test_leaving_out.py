"""What cannot run is left out in one line on a person's machine, and is a failure where everything must run."""

from __future__ import annotations

import pytest

from tests.conftest import missing


def test_a_missing_browser_fails_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Chromium is missing; install it"):
        missing("Chromium", "install it")


def test_a_missing_browser_is_one_line_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium is missing; install it"):
        missing("Chromium", "install it")
