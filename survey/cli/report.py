"""``phieu report``: the documents that go with a data cut."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.opening import opened
from survey.services.runtime import OPERATOR
from survey.texts import LANGUAGES

ENDINGS = (".pdf", ".docx", ".xlsx", ".zip")


@click.command()
@click.argument("survey")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; its ending says what: .pdf and .docx the official report, .xlsx the data annex, .zip the "
    "evidence bundle.",
)
@click.option("--cut", type=int, help="Number of the data cut; default: one of what is released now.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language; default the survey's first one.")
@click.option("--summary", is_flag=True, help="Only the summary of two pages (.pdf and .docx).")
def report(survey: str, output: Path, cut: int | None, language: str | None, summary: bool) -> None:
    """Write a report on SURVEY from a data cut."""
    from survey.services import annexes, evidence, reporting  # drawing takes a second to load, no other command's

    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise click.BadParameter(f"a report is written as {' or '.join(ENDINGS)}", param_hint="--output")
    with opened() as runtime:
        number = annexes.frozen(runtime, OPERATOR, survey) if cut is None else cut
        if ending == ".zip":
            made = evidence.evidence_file(runtime, OPERATOR, survey, number, language)
        elif ending == ".xlsx":
            made = annexes.annex_file(runtime, OPERATOR, survey, number, language)
        else:
            made = reporting.report_file(runtime, OPERATOR, survey, ending, language, cut=number, summary=summary)
    try:
        output.write_bytes(made)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error
    click.echo(f"Written to {output}, from data cut {number}.")
