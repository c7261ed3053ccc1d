"""The two commands of the README: what they start, and that the second start installs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.config import ROOT

MADE_FROM = ("Makefile", "requirements.lock", "requirements-test.lock", "setup.cfg", "pyproject.toml")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PHIEU_", "MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A project folder as ``make install-test`` leaves it."""
    for one in MADE_FROM:
        shutil.copy(ROOT / one, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for one in ("bin/python", "base.stamp", "test.stamp"):
        (tmp_path / ".venv" / one).touch()
    return tmp_path


def test_what_is_installed_is_not_installed_again(installed: Path) -> None:
    assert make(installed, "--question", "install", "install-test").returncode == 0


@pytest.mark.parametrize("changed", MADE_FROM[1:])
def test_a_changed_lock_is_installed(installed: Path, changed: str) -> None:
    later = (installed / ".venv" / "test.stamp").stat().st_mtime + 5
    os.utime(installed / changed, (later, later))
    assert make(installed, "--question", "install-test").returncode == 1


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_run_serves_this_machine_alone_unless_it_is_told_otherwise(installed: Path) -> None:
    program(installed / ".venv" / "bin" / "phieu", 'echo "$@" "$PHIEU_PUBLIC_BASE_URL"')
    assert make(installed, "run").stdout == "demo --host 127.0.0.1 --port 8000 http://127.0.0.1:8000\n"
    python = program(installed / "python3", "echo 192.168.1.20")
    shared = make(installed, "run", "LAN=1", "PORT=9000", f"PYTHON={python}").stdout
    assert shared == "demo --host 0.0.0.0 --port 9000 http://192.168.1.20:9000\n"


def test_without_a_network_the_local_network_is_refused_in_one_line(installed: Path) -> None:
    program(installed / ".venv" / "bin" / "phieu", "echo started")
    python = program(installed / "python3", "exit 1")
    refused = make(installed, "run", "LAN=1", f"PYTHON={python}")
    assert refused.returncode != 0 and "started" not in refused.stdout
    assert "No network address found; set PHIEU_PUBLIC_BASE_URL" in refused.stderr


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    for one in MADE_FROM:
        shutil.copy(ROOT / one, tmp_path)
    old = program(tmp_path / "python3.9", "exit 1")
    refused = make(tmp_path, "install", f"PYTHON={old}")
    assert refused.returncode != 0
    assert "Python 3.11 or newer is needed" in refused.stderr
    assert not (tmp_path / ".venv").exists()
