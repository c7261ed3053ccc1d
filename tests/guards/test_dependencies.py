"""What is installed has no known hole, is what the locks say, and is what the code imports."""

from __future__ import annotations

import ast
import configparser
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from survey.config import ROOT
from tests.guards.floors import FLOORS, installed, too_old
from tests.guards.sources import files, imports

LOCKS = ("requirements.lock", "requirements-postgresql.lock", "requirements-test.lock")

WITHOUT_IMPORT = {
    "fontpkg-be-vietnam-pro": "a font, found through its entry point",
    "psycopg": "the driver SQLAlchemy loads by name",
    "tzdata": "time zones for systems that have none",
}
"""Declared though no module imports it, and why."""


def declared(section: str = "options", key: str = "install_requires") -> dict[str, Requirement]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = [line for line in config[section][key].splitlines() if line.strip()]
    return {str(canonicalize_name(Requirement(line).name)): Requirement(line) for line in lines}


def locked(lock: str) -> dict[str, list[str]]:
    """Distribution → its versions in a lock (one for each range of Pythons)."""
    found: dict[str, list[str]] = {}
    for pinned, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE):
        found.setdefault(str(canonicalize_name(pinned)), []).append(version)
    return found


def unhashed(lock: str) -> list[str]:
    """Requirements of a lock that do not pin one version with its hashes."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    return [entry for entry in entries if not re.match(r"[\w.-]+==\S+.*?--hash=sha256:[0-9a-f]{64}", entry, re.DOTALL)]


def test_nothing_that_is_installed_has_a_known_hole() -> None:
    assert too_old(installed()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_that_is_locked_has_a_known_hole(lock: str) -> None:
    versions = [(pinned, version) for pinned, all_of_it in locked(lock).items() for version in all_of_it]
    assert [line for pinned, version in versions for line in too_old({pinned: version})] == []


@pytest.mark.parametrize("distribution", FLOORS)
def test_the_gate_fails_for_the_version_before_each_floor(distribution: str) -> None:
    floor = FLOORS[distribution][0]
    assert too_old({distribution.capitalize(): f"{floor}rc1"}) == [
        f"{distribution.capitalize()} {floor}rc1 is older than {floor}: {FLOORS[distribution][1]}"
    ]
    assert too_old({distribution: floor}) == []


def test_declared_floors_let_no_hole_in() -> None:
    build = declared("options.extras_require", "build")
    for distribution, requirement in (declared() | build).items():
        lowest = next(Version(part.version) for part in requirement.specifier if part.operator == ">=")
        assert too_old({distribution: str(lowest)}) == []


def test_the_locks_hold_every_declared_distribution_within_its_range() -> None:
    base, all_of_it = locked("requirements.lock"), locked("requirements-test.lock")
    for distribution, requirement in declared().items():
        assert all(requirement.specifier.contains(version) for version in base[distribution])
    for extra in ("postgresql", "test", "build"):
        for distribution, requirement in declared("options.extras_require", extra).items():
            assert all(requirement.specifier.contains(version) for version in all_of_it[distribution])
    for lock in LOCKS:
        assert {pinned: all_of_it[pinned] for pinned in locked(lock)} == locked(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert unhashed(text) == []
    assert not re.search(r"https?:|file:|@|--(?!hash)|/", text)


def test_the_locks_are_for_every_machine() -> None:
    """A wheel for one platform has few hashes; numpy is published for all."""
    for lock in LOCKS:
        numpy = re.search(r"^numpy==.*?(?=^\S)", (ROOT / lock).read_text(), re.MULTILINE | re.DOTALL)
        assert numpy and numpy.group().count("--hash") > 40


def test_a_requirement_without_a_hash_is_found() -> None:
    sound = "flask==3.1.3 \\\n    --hash=sha256:" + "0" * 64
    assert unhashed(sound) == []
    assert unhashed(f"{sound}\nclick==8.2.0\n") == ["click==8.2.0"]


def test_the_build_needs_what_is_locked_for_it() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert [Requirement(line) for line in build] == list(declared("options.extras_require", "build").values())


def test_the_code_imports_what_is_declared_and_nothing_else() -> None:
    places = packages_distributions()
    wanted = set()
    for path in files("survey/**/*.py", "migrations/**/*.py", "wsgi.py"):
        for module, _ in imports(ast.parse(path.read_text())):
            top = module.split(".")[0]
            if top not in sys.stdlib_module_names and top not in ("survey", "migrations"):
                wanted |= {str(canonicalize_name(distribution)) for distribution in places.get(top, [top])}
    allowed = set(declared()) | set(declared("options.extras_require", "postgresql"))
    assert wanted - allowed == set(), "imported, not declared"
    assert allowed - wanted - set(WITHOUT_IMPORT) == set(), "declared, not imported"
