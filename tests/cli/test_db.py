"""``phieu db`` from the outside: exit status, JSON, and one clear line when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey.cli.db import db
from survey.config import read_settings
from survey.errors import Conflict
from survey.storage.engine import open_database
from survey.storage.migration import head
from survey.storage.queries import audit


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing was ever set up."""
    folder = tmp_path / "data"
    monkeypatch.setenv("PHIEU_DATA_DIR", str(folder))
    for name in ("PHIEU_DATABASE_URL", "PHIEU_SECRET_KEY", "PHIEU_SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder


def run(*words: str) -> Any:
    """What a command that succeeds prints as JSON."""
    done = CliRunner().invoke(db, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_tables_are_made_once() -> None:
    assert run("upgrade") == {"before": None, "now": head()}
    assert run("upgrade") == {"before": head(), "now": head()}
    assert f"step {head()} already" in CliRunner().invoke(db, ["upgrade"]).output


def test_check_counts_rows_and_fails_when_something_is_wrong(data_dir: Path) -> None:
    before = CliRunner().invoke(db, ["check"])
    assert (before.exit_code, "FAIL the schema is at step None" in before.output) == (1, True)
    run("upgrade")
    found = run("check")
    assert (found["schema"], found["problems"], found["counts"]["response"]) == (head(), [], 0)
    (data_dir / "phieu.db").write_bytes(b"no database")
    damaged = CliRunner().invoke(db, ["check", "--json"])
    assert (damaged.exit_code, len(json.loads(damaged.stdout)["problems"])) == (1, 1)


def test_a_backup_comes_back_with_an_audit_entry_and_without_the_old_matrix(tmp_path: Path, data_dir: Path) -> None:
    run("upgrade")
    file = tmp_path / "phieu.backup"
    assert run("backup", str(file)) == {"file": str(file), "size": file.stat().st_size}
    (data_dir / "matrix" / "1").mkdir(parents=True)
    with pytest.raises(Conflict):
        CliRunner().invoke(db, ["restore", str(file)], catch_exceptions=False)
    restored = run("restore", str(file), "--force")
    assert restored["step"] == head()
    assert Path(restored["kept"]).exists()
    assert not (data_dir / "matrix").exists()
    database = open_database(read_settings().database_url)
    with database.reading() as session:
        (entry,) = audit.newest(session)
    database.close()
    assert (entry.actor, entry.action, json.loads(entry.detail)["backup"]) == (
        "operator",
        "database.restore",
        file.name,
    )


def test_people_are_told_in_words(tmp_path: Path) -> None:
    words = [["upgrade"], ["backup", str(tmp_path / "b")], ["restore", str(tmp_path / "b"), "--force"], ["check"]]
    said = [CliRunner().invoke(db, command).output for command in words]
    assert said[0] == f"The database is at step {head()}.\n"
    assert said[1].endswith("bytes.\n")
    assert "What was there is kept as" in said[2]
    assert said[3].endswith("ok   nothing is wrong\n")
