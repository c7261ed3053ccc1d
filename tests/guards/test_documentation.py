"""What can be set, called or go wrong is documented, and what is documented is there."""

from __future__ import annotations

import re
from importlib.metadata import version

import click
import pytest

from survey.config import ROOT, SETTINGS
from tests.guards.sources import files, name
from tests.guards.tables import PAGE, commands, section, tables

IN_TESTS_ONLY = frozenset({"PHIEU_PROVE"})


def helpless(command: click.Command) -> list[str]:
    """A command without help, and its options without."""
    missing = [] if command.help else [command.name or "?"]
    options = (one for one in command.params if isinstance(one, click.Option))
    return missing + [option.opts[-1] for option in options if not option.help]


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"PHIEU_[A-Z_]*[A-Z]", text))


@pytest.mark.parametrize("heading", ["Settings", "Commands", "Errors"])
def test_the_tables_of_operations_are_what_the_code_says(heading: str) -> None:
    """If this fails: make tables."""
    page = PAGE.read_text()
    start, end = section(page, heading)
    assert page[start:end].splitlines() == tables()[heading].splitlines()


def test_every_setting_is_read_and_everything_read_is_a_setting() -> None:
    read: set[str] = set()
    for path in files("survey/**/*.py", "wsgi.py", "migrations/**/*.py"):
        read |= settings_in(re.sub(r"^SETTINGS.*?^\}", "", path.read_text(), flags=re.MULTILINE | re.DOTALL))
    assert read == set(SETTINGS)


def test_files_beside_the_code_name_real_settings() -> None:
    beside = files("deploy/*", "Makefile", ".ci/run", "docs/*.md", "*.md", "templates/**/*.*")
    wrong = {name(path): unknown for path in beside if (unknown := settings_in(path.read_text()) - set(SETTINGS))}
    assert {page: unknown - IN_TESTS_ONLY for page, unknown in wrong.items() if unknown - IN_TESTS_ONLY} == {}


def test_every_command_and_option_has_help() -> None:
    assert {path: missing for path, command in commands() if (missing := helpless(command))} == {}


def test_every_room_is_on_the_page_about_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {path.parent.name for path in (ROOT / "survey").glob("*/__init__.py")}
    assert {room for room in rooms if f"`survey/{room}/`" not in page} == set()


def test_links_between_pages_lead_somewhere() -> None:
    for page in files("*.md", "docs/*.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{name(page)}: {target}"


def test_make_targets_named_in_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in files("*.md", "docs/*.md"):
        assert set(re.findall(r"`make ([a-z-]+)", page.read_text())) <= targets, name(page)


def test_commands_named_in_pages_exist() -> None:
    real = {path for path, _ in commands()}
    groups = {" ".join(path.split()[:size]) for path in real for size in (1, 2)}
    for page in [*files("*.md", "docs/*.md"), *files("deploy/*")]:
        for named in re.findall(r"`(phieu(?: [a-z]+)*)", page.read_text()):
            assert any(named == known or named.startswith(f"{known} ") for known in real) or named in groups, named


def test_the_changelog_speaks_of_this_version() -> None:
    assert re.search(rf"^## {re.escape(version('phieu'))}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_a_command_without_help_is_found() -> None:
    @click.command()
    @click.option("--force", is_flag=True)
    def planted(force: bool) -> None:
        pass

    assert helpless(planted) == ["planted", "--force"]


def test_a_row_too_few_or_altered_is_found() -> None:
    page = "## Settings\n\nText.\n\n| a | b |\n|---|---|\n| `x` | y |\n\n## Next\n"
    start, end = section(page, "Settings")
    assert page[start:end].splitlines() == ["| a | b |", "|---|---|", "| `x` | y |"]
