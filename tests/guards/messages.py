"""Every wording the product has for people, as found in code and templates, and what the translations say."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from string import Formatter

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from survey.texts import DOMAINS
from tests.guards.sources import calls, files

TRANSLATING = ("t", "_")
RAISING = ("PhieuError", "NotFound", "NotAllowed", "Conflict", "Unavailable")
"""Errors that people meet on a page, where message and remedy are translated. Misconfigured is for operators alone."""


def in_python(source: str) -> Iterator[str]:
    """Messages of a module: literal ones, those of the table that a call looks up, and those of errors."""
    tree = ast.parse(source)
    tables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    for called, node in calls(tree):
        if called in TRANSLATING and node.args:
            yield from _wordings(node.args[0], tables)
        elif called in RAISING:
            for argument in node.args[1:3]:
                yield from _wordings(argument, tables)


def _wordings(node: ast.expr | None, tables: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _wordings(body, tables)
            yield from _wordings(orelse, tables)
        case ast.Subscript(value=ast.Name(id=name)) | ast.Name(id=name) if name in tables:
            yield from _wordings(tables[name], {})
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get")) if name in tables:
            yield from _wordings(tables[name], {})
        case ast.Dict(values=values):
            for value in values:
                yield from _wordings(value, tables)
        case ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from _wordings(value, tables)


def in_template(source: str) -> Iterator[str]:
    """Messages of a template."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(source)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING and call.args:
            yield from (constant.value for constant in _constants(call.args[0]))


def _constants(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _constants(branch)


def formatted(source: str) -> list[int]:
    """Lines that translate an f-string, whose wording no translation can know."""
    return [
        node.lineno
        for called, node in calls(ast.parse(source))
        if called in TRANSLATING and node.args and isinstance(node.args[0], ast.JoinedStr)
    ]


def formatted_errors(source: str) -> list[int]:
    """Lines of errors whose message or remedy is an f-string: what it is about belongs into the details."""
    return [
        node.lineno
        for called, node in calls(ast.parse(source))
        if called in RAISING and any(isinstance(one, ast.JoinedStr) for one in node.args[1:3])
    ]


def asked() -> dict[str, set[str]]:
    """Message → the files that say it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in files("survey/**/*.py"):
        for message in in_python(path.read_text()):
            found[message].add(path.name)
    for path in files("templates/**/*.html", "templates/**/*.txt", "templates/**/*.svg"):
        for message in in_template(path.read_text()):
            found[message].add(path.name)
    return found


def translated(language: str) -> dict[str, dict[str, str]]:
    """Message → file → wording, over every translation file of a language."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted((DOMAINS / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file):
                if entry.id:
                    found[str(entry.id)][path.name] = str(entry.string)
    return found


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}
