"""Every module says what it is, stays of a size one can read, and hides nothing behind a mark without a reason."""

from __future__ import annotations

import ast
import re

import pytest

from tests.guards.sources import files, name

LONGEST = 400
CATCH_ALL = frozenset({"utils", "util", "helpers", "common", "misc"})
MARK = re.compile(
    r"#\s*type:\s*ignore(?!\[[\w-]+\]\s+(?:#|-|–)\s*\w|\[import-untyped\])|#\s*noqa(?!:\s*[A-Z]+\d+\s+(?:#|-|–)\s*\w)"
    r"|\b(?:TODO|FIXME|XXX|HACK)\b|NotImplementedError|pytest\.mark\.(?:skip\b|xfail)|pytest\.skip\("
)
SKIPS_ALLOWED = frozenset({"tests/conftest.py"})
"""The one place that may leave a test out, and only where it says so and nothing must run."""


def marks(source: str) -> list[str]:
    """Unfinished work, silenced checks without a reason, tests that are left out."""
    return [match.group() for match in MARK.finditer(source)]


def test_every_module_says_what_it_is() -> None:
    modules = files("survey/**/*.py", "migrations/**/*.py", "tests/**/*.py", "wsgi.py")
    silent = [
        name(path) for path in modules if (text := path.read_text()).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_module_grew_beyond_reading() -> None:
    long = {
        name(path): lines
        for path in files("survey/**/*.py", "tests/**/*.py", "migrations/**/*.py")
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_no_module_is_a_catch_all() -> None:
    assert [
        name(path) for path in files("survey/**/*.py", "tests/**/*.py") if CATCH_ALL & {path.stem, path.parent.name}
    ] == []


def test_nothing_is_silenced_or_left_out_without_a_reason() -> None:
    paths = [
        path
        for path in files("survey/**/*.py", "tests/**/*.py", "migrations/**/*.py", "templates/**/*.*")
        if name(path) not in SKIPS_ALLOWED and path.name != "test_modules.py"
    ]
    assert {name(path): found for path in paths if (found := marks(path.read_text()))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "x = 1  # type: ignore",
        "x = 1  # noqa",
        "x = 1  # noqa: S608",
        "# TODO later",
        "@pytest.mark.skip",
        "@pytest.mark.xfail",
    ],
)
def test_a_planted_mark_is_found(planted: str) -> None:
    assert marks(planted)


def test_a_mark_with_its_reason_is_no_finding() -> None:
    assert marks("x = 1  # noqa: S608 - the table name is a constant of ours") == []
    assert marks("x = 1  # type: ignore[misc]  # Flask-WTF ships no types") == []
    assert marks("import x  # type: ignore[import-untyped]") == []
