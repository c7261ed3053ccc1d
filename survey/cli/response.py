"""``phieu response``: take a table of answers in, write all answers out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from survey.cli.opening import as_json, opened, print_json
from survey.services.exporting import ENDINGS, export_codebook, export_responses
from survey.services.importing import import_responses
from survey.services.runtime import OPERATOR
from survey.texts import LANGUAGES

STEPS = 1000


@click.group()
def response() -> None:
    """Answers as tables: import and export."""


@response.command("import")
@click.argument("survey")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collector", metavar="CODE", help="Collector they came through; default: a new one, kind import.")
@as_json
def import_(survey: str, file: Path, collector: str | None, as_json: bool) -> None:
    """Take the answers in FILE (CSV or XLSX, header of question keys) into SURVEY: all or none."""
    shown = sys.stderr.isatty() and not as_json
    with (
        opened() as runtime,
        click.progressbar(length=STEPS, label=file.name, file=sys.stderr, hidden=not shown) as bar,
    ):
        made = import_responses(
            runtime,
            OPERATOR,
            survey,
            file,
            collector=collector,
            progress=lambda share: bar.update(round(share * STEPS) - bar.pos),
        )
    if as_json:
        print_json(asdict(made))
        return
    click.echo(f"{made.rows} answers imported behind collector {made.collector}.")
    if made.blank:
        click.echo(f"{made.blank} blank rows left out.")
    if made.dropped:
        click.echo(f"{made.dropped} answers dropped that the rules do not ask.")


@response.command("export")
@click.argument("survey")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its ending says the format: .csv, .xlsx, .sav (SPSS) or .parquet.",
)
@click.option("--delimiter", type=click.Choice([",", ";"]), default=",", show_default=True, help="Between CSV columns.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of labels; default: the survey's first one.")
def export(survey: str, output: Path, delimiter: str, language: str | None) -> None:
    """Write all answers of SURVEY, one row each in random order, to a file."""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        known = ", ".join(f".{one}" for one in ENDINGS)
        raise click.BadParameter(f"answers are exported as {known}", param_hint="--output")
    with opened() as runtime:
        export_responses(runtime, OPERATOR, survey, output, ending=ending, delimiter=delimiter, language=language)
    click.echo(f"Written to {output}.")


@response.command("codebook")
@click.argument("survey")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its ending says the format: .csv, .json or .xlsx.",
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Of labels; default: the survey's first one.")
def codebook(survey: str, output: Path, language: str | None) -> None:
    """Write what the files of answers of SURVEY hold: variables, labels, codes, what is missing, who is asked."""
    with opened() as runtime:
        made = export_codebook(runtime, OPERATOR, survey, output.suffix.lower().removeprefix("."), language=language)
    output.write_bytes(made)
    click.echo(f"Written to {output}.")
