"""``phieu survey``, ``collector`` and ``user``: what a person types first, and what a program reads back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from survey.cli.main import main
from survey.collection import codes
from survey.services import own_account, signing_in
from survey.services.runtime import Runtime
from tests.conftest import SECRET
from tests.factories.staff import PASSWORD


class Shell:
    """Runs ``phieu`` on the test's database."""

    def __init__(self, runtime: Runtime) -> None:
        self.environment = {
            "PHIEU_DATA_DIR": str(runtime.settings.data_dir),
            "PHIEU_DATABASE_URL": runtime.settings.database_url,
            "PHIEU_PUBLIC_BASE_URL": runtime.settings.base_url,
            "PHIEU_SECRET_KEY": SECRET,
        }

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=self.environment)

    def json(self, *arguments: str) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def refused(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 1
        assert result.stdout == "" and "Traceback" not in result.output
        return result.stderr


@pytest.fixture
def shell(runtime: Runtime) -> Shell:
    return Shell(runtime)


def test_on_a_fresh_database_a_survey_is_made_published_shown_and_closed(shell: Shell) -> None:
    made = shell.json("survey", "new", "doi-thoai", "--template", "conference", "--population", "580")
    assert (made["slug"], made["status"], made["version"], made["target"]) == ("doi-thoai", "draft", 0, 237)
    assert shell.json("survey", "publish", "doi-thoai")["version"] == 1
    shown = shell.json("survey", "show", "doi-thoai")
    assert (shown["status"], shown["responses"], shown["population"]) == ("open", {}, 580)
    assert shell.json("survey", "close", "doi-thoai")["status"] == "closed"
    assert shell.json("survey", "reopen", "doi-thoai")["status"] == "open"
    assert [one["slug"] for one in shell.json("survey", "list")] == ["doi-thoai"]


def test_for_people_the_same_is_said_in_lines(shell: Shell) -> None:
    said = shell.run(
        *("survey", "new", "a", "--template", "conference", "--title", "Đối thoại", "--office", "Sở Nội vụ"),
        *("--opens", "2026-10-16", "--closes", "2026-10-20", "--target", "100"),
    ).output
    assert "a: Đối thoại" in said and "0 of 100" in said and "2026-10-16 to 2026-10-20" in said and "Sở Nội vụ" in said
    assert "a " in shell.run("survey", "list").output and "draft" in shell.run("survey", "list").output


def test_what_was_exported_is_imported_as_the_same_survey_or_another(shell: Shell, tmp_path: Path) -> None:
    shell.json("survey", "new", "a", "--template", "conference")
    file = tmp_path / "a.json"
    assert shell.run("survey", "export", "a", "-o", str(file)).exit_code == 0
    assert shell.json("survey", "import", str(file), "--slug", "b")["slug"] == "b"
    shell.json("survey", "publish", "b")
    assert shell.json("survey", "import", str(file), "--slug", "b")["draft"] is True
    assert shell.json("survey", "publish", "b")["version"] == 2
    assert json.loads(shell.run("survey", "export", "b", "-o", "-").stdout) == json.loads(file.read_text("utf-8"))
    assert "cannot be written" in shell.refused("survey", "export", "a", "-o", str(tmp_path / "no" / "a.json"))


def test_what_cannot_be_done_is_one_line_and_status_one(shell: Shell) -> None:
    assert "no such survey" in shell.refused("survey", "show", "nothing")
    assert "short name" in shell.refused("survey", "new", "Có dấu", "--template", "conference")
    assert "template" in shell.refused("survey", "new", "a", "--template", "nothing")
    shell.json("survey", "new", "a", "--template", "conference")
    assert "already" in shell.refused("survey", "new", "a", "--template", "conference")
    assert "no e-mail address" in shell.refused("user", "add", "alice", "--role", "staff")
    assert shell.run("user", "add", "a@b.vn", "--role", "king").exit_code == 2


def test_a_collector_is_added_and_listed_with_code_kind_name_and_address(shell: Shell) -> None:
    shell.json("survey", "new", "a", "--template", "conference")
    made = shell.json("collector", "add", "a", "--kind", "counter", "--name", "Quầy số 3", "--closes", "2026-12-31")
    assert codes.canonical(made["code"]) == made["code"]
    assert made["url"] == f"HTTPS://KS.EXAMPLE.GOV.VN/S/{made['code']}"
    assert (made["kind"], made["name"], made["closes_on"]) == ("counter", "Quầy số 3", "2026-12-31")
    assert shell.json("collector", "list", "a") == [made]
    said = shell.run("collector", "add", "a", "--kind", "poster", "--name", "Sảnh").output
    assert "Sảnh" in said and "HTTPS://KS.EXAMPLE.GOV.VN/S/" in said
    assert "no such survey" in shell.refused("collector", "list", "b")


def test_without_a_public_address_codes_are_listed_without_links(shell: Shell) -> None:
    shell.json("survey", "new", "a", "--template", "conference")
    del shell.environment["PHIEU_PUBLIC_BASE_URL"]
    assert shell.json("collector", "add", "a", "--kind", "poster", "--name", "Sảnh")["url"] is None
    assert "PHIEU_PUBLIC_BASE_URL" in shell.refused("user", "add", "a@b.vn", "--role", "staff")


def test_the_link_that_user_add_prints_opens_the_account_once(shell: Shell, runtime: Runtime) -> None:
    link = shell.run("user", "add", "alice@example.gov.vn", "--role", "administrator").output.strip()
    own_account.accept_invitation(runtime, link.rpartition("/")[2], PASSWORD)
    assert signing_in.check_password(runtime, "alice@example.gov.vn", PASSWORD)
    again = shell.json("user", "link", "alice@example.gov.vn")["link"]
    assert again != link
    listed = shell.json("user", "list")
    assert [(one["email"], one["role"], one["state"]) for one in listed] == [
        ("alice@example.gov.vn", "administrator", "active")
    ]
    assert "alice@example.gov.vn" in shell.run("user", "list").output
    assert "no such account" in shell.refused("user", "link", "bob@example.gov.vn")
