"""The tables of docs/operations.md as the code has them. ``make tables`` writes them into the page; a test compares."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import click

from survey.cli.main import main
from survey.config import ROOT, SETTINGS
from tests.guards.sources import calls, files

PAGE = ROOT / "docs" / "operations.md"
ERRORS = ("PhieuError", "NotFound", "NotAllowed", "Conflict", "Unavailable", "Misconfigured")


def commands(group: click.Group = main, path: str = "phieu") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name."""
    for part, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {part}")
        else:
            yield f"{path} {part}", command


def usage(path: str, command: click.Command) -> str:
    """``phieu survey new SLUG --template NAME [--json]``."""
    context = click.Context(command)
    words = [path]
    for one in command.params:
        value = _metavar(one, context)
        if isinstance(one, click.Option):
            spelled = one.opts[-1] if one.is_flag else f"{one.opts[-1]} {value}"
            words.append(spelled if one.required else f"[{spelled}]" + ("…" if one.multiple else ""))
        else:
            words.append(value)
    return " ".join(words)


def _metavar(one: click.Parameter, context: click.Context) -> str:
    if isinstance(one.type, click.DateTime):
        return "YYYY-MM-DD"
    return one.make_metavar(context).replace("INTEGER RANGE", "N").replace("INTEGER", "N").replace("...", "…")


def errors() -> dict[str, tuple[str, str]]:
    """Code → (message, remedy) of every error that is raised with a literal code; … stands for what differs."""
    found: dict[str, tuple[str, str]] = {}
    for path in files("survey/**/*.py"):
        for called, node in calls(ast.parse(path.read_text())):
            if called in ERRORS and node.args and isinstance(node.args[0], ast.Constant):
                message, remedy = [*map(_wording, node.args[1:3]), ""][:2]
                known = found.setdefault(node.args[0].value, (message, remedy))
                found[node.args[0].value] = min(known, (message, remedy))
    return found


def _wording(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=body):
            return _wording(body)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)))):
            return re.sub(r"\{[^}]*\}", "…", text)
    return "…"


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table whose first column is code."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for first, *others in rows:
        cells = [f"`{first}`".replace("|", "\\|"), *(other.replace("|", "\\|").replace("<", "\\<") for other in others)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tables() -> dict[str, str]:
    """Heading → the table below it."""
    return {
        "Settings": table(("setting", "meaning"), iter(SETTINGS.items())),
        "Commands": table(
            ("command", "what it does"),
            ((usage(path, command), command.get_short_help_str(200)) for path, command in commands()),
        ),
        "Errors": table(
            ("code", "what it says", "what to do"), ((code, *said) for code, said in sorted(errors().items()))
        ),
    }


def section(page: str, heading: str) -> tuple[int, int]:
    """Where the table of a section starts and ends."""
    found = re.compile(rf"^## {heading}$.*?(?=^\|)", re.MULTILINE | re.DOTALL).search(page)
    assert found, f"docs/operations.md has no table under {heading}"
    end = re.compile(r"^(?!\|)", re.MULTILINE).search(page, found.end())
    return found.end(), end.start() if end else len(page)


if __name__ == "__main__":
    text = PAGE.read_text()
    for heading, body in tables().items():
        start, end = section(text, heading)
        text = text[:start] + body + "\n" + text[end:]
    PAGE.write_text(text)
