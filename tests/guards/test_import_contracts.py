"""The contracts in setup.cfg hold, and each of them would be broken by a planted import."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from survey.config import ROOT

PLANTED = {
    "A layer imports only lower ones": ("survey/definition/planted.py", "import survey.statistics.results"),
    "The pure stages know neither web nor database": ("survey/charts/planted.py", "import survey.texts.planted_web"),
    "Services and storage know no web": ("survey/services/planted.py", "import werkzeug"),
    "Only storage speaks to the database": ("survey/cli/planted.py", "from sqlalchemy import select"),
}
"""Contract → where and what to plant. The second reaches Flask only indirectly, through a module planted with it."""


def contracts(folder: Path) -> dict[str, bool]:
    """Contract → kept, as import-linter finds in a project folder."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    verdicts = re.findall(r"^(.+) (KEPT|BROKEN)", run.stdout, re.MULTILINE)
    found = {contract: verdict == "KEPT" for contract, verdict in verdicts}
    assert found, run.stdout + run.stderr
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "setup.cfg", folder)
    shutil.copytree(ROOT / "survey", folder / "survey", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_contract_is_kept_and_has_a_planted_violation() -> None:
    assert contracts(ROOT) == dict.fromkeys(PLANTED, True)


def test_each_planted_import_breaks_its_contract(copy: Path) -> None:
    (copy / "survey/texts/planted_web.py").write_text("import flask\n")
    for where, line in PLANTED.values():
        (copy / where).write_text(line + "\n")
    assert contracts(copy) == dict.fromkeys(PLANTED, False)
