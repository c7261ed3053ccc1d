"""``phieu template``: the questionnaires that come with the product."""

from __future__ import annotations

import click

from survey.cli.opening import as_json, print_json
from survey.definition import library


@click.group()
def template() -> None:
    """Built-in questionnaires."""


@template.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Name and title of each template."""
    found = [(name, library.load(name)) for name in library.names()]
    if as_json:
        print_json([{"name": name, "title": one.title.write(), "minutes": one.minutes} for name, one in found])
        return
    for name, one in found:
        click.echo(f"{name}\t{one.title.to('vi')}")
