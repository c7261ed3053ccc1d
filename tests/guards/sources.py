"""The project's own files, as the guards read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from survey.config import ROOT

NOT_OURS = frozenset({".venv", ".git", "__pycache__", "build", "var"})


def files(*patterns: str) -> list[Path]:
    """Files under the project folder that match, such as ``survey/**/*.py``."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not NOT_OURS.intersection(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    """``survey/web/app.py``."""
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each import of a module as (module, name); the name of ``import x`` is empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.module, alias.name


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call as (last name, node): ``x.y.execute(…)`` is ``execute``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node
