"""Templates trust nothing they are given, fetch nothing from elsewhere, carry no code inline, and none is left over."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from survey.config import ROOT
from tests.guards.sources import calls, files, name

INLINE_BY_HASH = ("templates/respond/",)
"""Pages that must be one response carry their style and script inline; their policy names both by hash."""

MARKED: dict[str, tuple[int, str]] = {
    "survey/web/respond/page.py": (1, "its own style sheet and script, read from static/"),
}
"""Modules that may declare text to be markup: how often, and why it is nobody's input."""

CODE_INLINE = re.compile(r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"""(?:\b(?:src|href|action|poster|srcset)\s*=\s*["']?|url\(\s*["']?|@import\s+["']?)(?:https?:)?//""", re.I
)


def html() -> list[Path]:
    return files("templates/**/*.html", "templates/**/*.svg", "templates/**/*.xml")


def trusting(source: str) -> list[str]:
    """Where a template lets a value through unescaped."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(source)
    found = [f"|{node.name} in line {node.lineno}" for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    scoped = (*tree.find_all(nodes.ScopedEvalContextModifier), *tree.find_all(nodes.EvalContextModifier))
    return found + [f"autoescape in line {node.lineno}" for node in scoped]


def inline(source: str) -> list[str]:
    """Styles, scripts and event handlers written into the page."""
    page = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    return [match.group() for match in CODE_INLINE.finditer(page)]


def elsewhere(source: str) -> list[str]:
    """What a page would fetch from, or send to, an address of someone else."""
    return [match.group() for match in ELSEWHERE.finditer(source)]


def test_no_template_lets_a_value_through_unescaped() -> None:
    assert {name(path): found for path in html() if (found := trusting(path.read_text()))} == {}


def test_inline_code_stands_only_where_a_hash_allows_it() -> None:
    others = [path for path in html() if not name(path).startswith(INLINE_BY_HASH)]
    assert {name(path): found for path in others if (found := inline(path.read_text()))} == {}


def test_no_page_style_or_script_reaches_another_host() -> None:
    paths = [*html(), *files("static/**/*.css", "static/**/*.js")]
    assert {name(path): found for path in paths if (found := elsewhere(path.read_text()))} == {}


def marked(source: str) -> int:
    """How often a module declares text to be markup."""
    return sum(called == "Markup" for called, _ in calls(ast.parse(source)))


def test_text_is_declared_markup_only_where_a_reason_stands() -> None:
    found = {name(path): count for path in files("survey/**/*.py") if (count := marked(path.read_text()))}
    assert found == {module: count for module, (count, _) in MARKED.items()}


def test_a_planted_declaration_of_markup_is_found() -> None:
    assert marked("from markupsafe import Markup\ndef comment(text): return Markup(text)") == 1
    assert marked("import markupsafe\ndef comment(text): return markupsafe.Markup('<b>') + text") == 1


def unused(wanted: Path, others: str) -> bool:
    """Whether nothing names a file: neither by its name, nor as a document by its bare name, nor its folder with a
    computed name in it."""
    folder, _, base = name(wanted).partition("/")[2].rpartition("/")
    document = wanted.suffix == ".typ" and f'"{wanted.stem}"' in others
    computed = folder and re.search(rf"{re.escape(folder)}/(?:\{{|[\"'] ?[~+%])", others)
    return not (base in others or document or computed)


def test_every_template_and_static_file_is_used() -> None:
    wanted = files("templates/**/*.*", "static/**/*.*")
    sources = files("survey/**/*.py", "templates/**/*.*", "static/**/*.css", "static/**/*.js")
    text = {path: path.read_text() for path in sources}
    others = {path: "\n".join(body for other, body in text.items() if other != path) for path in wanted}
    assert [name(path) for path in wanted if unused(path, others[path])] == []


def test_a_left_over_file_is_found() -> None:
    assert unused(ROOT / "templates/staff/left_over.html", "staff/list.html components/questions/")
    assert not unused(ROOT / "templates/components/questions/scale.html", '"components/questions/" ~ type ~ ".html"')
    assert not unused(ROOT / "templates/documents/poster.typ", 'pdf("poster", data)')


def test_every_template_that_is_named_exists() -> None:
    environment = Environment(extensions=["jinja2.ext.do"])
    missing = {
        (name(path), wanted)
        for path in html()
        for wanted in meta.find_referenced_templates(environment.parse(path.read_text()))
        if wanted and not (ROOT / "templates" / wanted).is_file()
    }
    assert missing == set()


@pytest.mark.parametrize("planted", ["{{ x|safe }}", "{% autoescape false %}{{ x }}{% endautoescape %}"])
def test_a_trusting_template_is_found(planted: str) -> None:
    assert trusting(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "<p style='color:red'>",
        "<script>alert(1)</script>",
        "<a onclick=x()>",
        '<a href="javascript:x()">',
        "<style>p{}</style>",
    ],
)
def test_inline_code_is_found(planted: str) -> None:
    assert inline(planted)


@pytest.mark.parametrize(
    "planted", ["<img src=https://x.example/a.png>", "<link href='//x.example/a.css'>", "p{background:url(http://x/y)}"]
)
def test_a_foreign_address_is_found(planted: str) -> None:
    assert elsewhere(planted)


def test_own_files_and_words_about_style_are_no_finding() -> None:
    assert inline('<script src="/static/a.js"></script><p class="style">on = 1</p>') == []
    assert elsewhere('<a href="/staff">https://example.vn</a>') == []
