"""``phieu print``: posters, label sheets and paper forms of a collector, and the poster of a survey's measures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.cli.opening import opened
from survey.printing.measures import SIZES
from survey.printing.sheets import SHEETS
from survey.services import measures, paper_forms, printing
from survey.services.runtime import OPERATOR
from survey.texts import LANGUAGES

output = click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="PDF file to write."
)
language = click.option(
    "--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Language of the sheet."
)


counted = click.option(
    "--counted", is_flag=True, help="Let the address name this print run, so that its visits are counted apart."
)


@click.group("print")
def print_() -> None:
    """Print a collector's code or its paper forms; every finished sheet is read back before it is written."""


@print_.command()
@click.argument("collector")
@output
@language
@counted
def poster(collector: str, output: Path, language: str, counted: bool) -> None:
    """Write the A4 poster of COLLECTOR (its code)."""
    with opened() as runtime:
        made = printing.poster(runtime, OPERATOR, collector, language, counted=counted)
    _write(output, made)


@print_.command()
@click.argument("collector")
@output
@language
@click.option(
    "--labels",
    type=click.Choice(tuple(SHEETS), case_sensitive=False),
    default="L7160",
    show_default=True,
    help="Label sheet as its maker numbers it.",
)
@click.option("--skip", type=click.IntRange(min=0), default=0, help="Labels already used, from the top left.")
@click.option("--outlines", is_flag=True, help="Draw the labels' edges, for a trial on plain paper.")
@click.option(
    "--offset", type=(float, float), default=(0.0, 0.0), metavar="RIGHT DOWN", help="Move all by so many mm (up to 5)."
)
@counted
def sheet(
    collector: str,
    output: Path,
    language: str,
    labels: str,
    skip: int,
    outlines: bool,
    offset: tuple[float, float],
    counted: bool,
) -> None:
    """Write a sheet of labels of COLLECTOR (its code)."""
    with opened() as runtime:
        made = printing.labels(
            runtime,
            OPERATOR,
            collector,
            language,
            sheet_name=labels,
            skip=skip,
            outlines=outlines,
            offset=offset,
            counted=counted,
        )
    _write(output, made)


@print_.command()
@click.argument("collector")
@output
@language
@click.option("--copies", type=click.IntRange(min=1), default=1, show_default=True, help="How many, each numbered.")
@click.option("--first", metavar="SERIAL", default="", help="Print again from this serial on; else the next free one.")
@click.option(
    "--geometry",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file to write, with the place of every box.",
)
def form(collector: str, output: Path, language: str, copies: int, first: str, geometry: Path | None) -> None:
    """Write paper forms of COLLECTOR (its code), to be printed on both sides."""
    with opened() as runtime:
        made = paper_forms.forms(runtime, OPERATOR, collector, language, copies=copies, first=first)
    _write(output, made.pdf)
    click.echo(f"{made.first} to {made.last}, {made.geometry.pages} pages each: print on both sides.")
    if geometry is not None:
        _save(geometry, json.dumps(made.geometry.write(), ensure_ascii=False).encode())


@print_.command("measures")
@click.argument("survey")
@output
@language
@click.option("--size", type=click.Choice(SIZES), default=SIZES[0], show_default=True, help="Size of paper.")
def measures_(survey: str, output: Path, language: str, size: str) -> None:
    """Write the poster of what was heard in SURVEY and what is done about it."""
    with opened() as runtime:
        made = measures.poster(runtime, OPERATOR, survey, language, size)
    _write(output, made)


def _write(path: Path, made: bytes) -> None:
    _save(path, made)
    click.echo(f"{path}: print at actual size (100%).")


def _save(path: Path, made: bytes) -> None:
    try:
        path.write_bytes(made)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
