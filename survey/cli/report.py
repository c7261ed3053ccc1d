"""``phieu report``: the documents that go with a data cut."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.opening import opened
from survey.services import annexes
from survey.services.runtime import OPERATOR
from survey.texts import LANGUAGES


@click.command()
@click.argument("survey")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its ending says what: .xlsx the data annex.",
)
@click.option("--cut", type=int, help="Number of the data cut; default: one of what is released now.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language; default the survey's first one.")
def report(survey: str, output: Path, cut: int | None, language: str | None) -> None:
    """Write a report on SURVEY from a data cut."""
    if output.suffix.lower() != ".xlsx":
        raise click.BadParameter("a report is written as .xlsx", param_hint="--output")
    with opened() as runtime:
        number = annexes.frozen(runtime, OPERATOR, survey) if cut is None else cut
        output.write_bytes(annexes.annex_file(runtime, OPERATOR, survey, number, language))
    click.echo(f"Written to {output}, from data cut {number}.")
