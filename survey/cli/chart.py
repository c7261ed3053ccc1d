"""``phieu chart``: the charts of a survey as a file."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.opening import opened
from survey.definition.indexes import Rule
from survey.services import selections
from survey.services.runtime import OPERATOR
from survey.texts import LANGUAGES

KINDS = ("index", "priority", "trend", "scale", "choice", "by", "heat", "groups")
"""``survey.charts.plan.KINDS``, written out so that other commands need not load it."""


@click.command()
@click.argument("survey")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: .pdf is the chart book, .svg and .png are one picture.",
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language; default: the survey's first one.")
@click.option("--only", "names", multiple=True, metavar="NAME", help="Draw only the chart of this name (repeatable).")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Draw only charts of this kind (repeatable)."
)
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="QUESTION",
    help="Draw only charts that show this question (repeatable).",
)
@click.option(
    "--sort",
    "order",
    type=click.Choice(["asked", "share"]),
    default="asked",
    show_default=True,
    help="Order of items: as asked, or by share satisfied.",
)
@click.option("--where", multiple=True, metavar="QUESTION=CODE", help="Only those who gave this answer (repeatable).")
@click.option("--by", metavar="QUESTION", help="Also compare the groups of this question.")
@click.option("--rule", type=click.Choice([str(rule) for rule in Rule]), help="Rule of the indexes.")
def chart(
    survey: str,
    output: Path,
    language: str | None,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    questions: tuple[str, ...],
    order: str,
    where: tuple[str, ...],
    by: str | None,
    rule: str | None,
) -> None:
    """Write the charts of SURVEY to a file."""
    from survey.charts import Order  # drawing takes a moment to load, which no other command should wait for
    from survey.services.charting import chart_file

    with opened() as runtime:
        made = chart_file(
            runtime,
            OPERATOR,
            survey,
            output.suffix,
            language,
            names=names,
            kinds=kinds,
            questions=questions,
            order=Order(order),
            filters=selections.read(where),
            by=by,
            rule=Rule(rule) if rule else None,
        )
    try:
        output.write_bytes(made)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error
    click.echo(str(output))
