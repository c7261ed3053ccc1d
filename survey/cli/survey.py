"""``phieu survey``: surveys from draft to closed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from survey.cli.opening import DAY, as_json, day, opened, print_json
from survey.errors import PhieuError
from survey.services import authoring, surveys
from survey.services.runtime import OPERATOR
from survey.services.surveys import SurveySummary

_STATUS = {"draft": "draft", "open": "collecting", "closed": "closed"}


@click.group()
def survey() -> None:
    """Make, publish and close surveys."""


@survey.command()
@click.argument("slug")
@click.option("--template", required=True, help="A built-in questionnaire; see: phieu template list.")
@click.option("--title", help="Title, when it is not the template's.")
@click.option("--unit", default="", help="Unit it belongs to; default the one at the top.")
@click.option("--office", "office_name", default="", help="Office that asks, as people read it; default the unit.")
@click.option("--superior", default="", help="Body above the office.")
@click.option("--phone", default="", help="Phone of the office.")
@click.option("--email", default="", help="E-mail address of the office.")
@click.option("--website", default="", help="Where the office offers its services.")
@click.option("--opens", "opens_on", type=DAY, help="First day, such as 2026-10-16.")
@click.option("--closes", "closes_on", type=DAY, help="Last day.")
@click.option("--population", type=int, help="How many people could answer (N).")
@click.option("--target", type=int, help="Answers aimed at; default the sample size for the population.")
@as_json
def new(slug: str, as_json: bool, opens_on: datetime | None, closes_on: datetime | None, **said: Any) -> None:
    """Make a draft SLUG from a template."""
    with opened() as runtime:
        authoring.create_survey(runtime, OPERATOR, slug=slug, opens_on=day(opens_on), closes_on=day(closes_on), **said)
        _print(surveys.show(runtime, OPERATOR, slug), as_json)


@survey.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Short name; the draft of a survey that has it already is replaced.")
@click.option("--unit", default="", help="Unit a new survey belongs to; default the one at the top.")
@as_json
def import_(file: Path, slug: str | None, unit: str, as_json: bool) -> None:
    """Take in a questionnaire document (JSON) as a draft."""
    with opened() as runtime:
        made = authoring.import_document(runtime, OPERATOR, file.read_bytes(), slug=slug, unit=unit)
        _print(surveys.show(runtime, OPERATOR, made), as_json)


@survey.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List surveys: those that collect first, then the newest."""
    with opened() as runtime:
        found = surveys.list_surveys(runtime, OPERATOR)
    if as_json:
        print_json([_shape(one) for one in found])
    for one in () if as_json else found:
        click.echo(f"{one.slug:32}  {_STATUS[one.status]:10}  {_answers(one):>13}  {one.title}")


@survey.command()
@click.argument("slug")
@as_json
def show(slug: str, as_json: bool) -> None:
    """Show a survey and how many answered it."""
    with opened() as runtime:
        _print(surveys.show(runtime, OPERATOR, slug), as_json)


@survey.command()
@click.argument("slug")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="File to write; - is standard output."
)
def export(slug: str, output: Path) -> None:
    """Write the questionnaire as a JSON document: the draft if there is one, else the newest version."""
    with opened() as runtime:
        text = authoring.export_document(runtime, OPERATOR, slug)
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PhieuError(
            "file_unwritable", f"{output} cannot be written: {error.strerror}.", "Choose another place."
        ) from error


@survey.command()
@click.argument("slug")
@as_json
def publish(slug: str, as_json: bool) -> None:
    """Make the draft a version that never changes, and open the survey."""
    with opened() as runtime:
        authoring.publish(runtime, OPERATOR, slug)
        _print(surveys.show(runtime, OPERATOR, slug), as_json)


@survey.command()
@click.argument("slug")
@as_json
def close(slug: str, as_json: bool) -> None:
    """End collection and let every answer into the results."""
    with opened() as runtime:
        authoring.close(runtime, OPERATOR, slug)
        _print(surveys.show(runtime, OPERATOR, slug), as_json)


@survey.command()
@click.argument("slug")
@as_json
def reopen(slug: str, as_json: bool) -> None:
    """Collect again with the newest version."""
    with opened() as runtime:
        authoring.reopen(runtime, OPERATOR, slug)
        _print(surveys.show(runtime, OPERATOR, slug), as_json)


def _shape(one: SurveySummary) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": one.title,
        "status": one.status,
        "version": one.version,
        "draft": one.changed,
        "unit": one.unit,
        "population": one.population,
        "target": one.target,
        "opens_on": one.opens_on,
        "closes_on": one.closes_on,
        "responses": dict(one.responses),
    }


def _answers(one: SurveySummary) -> str:
    return f"{one.answers} of {one.target}" if one.target else str(one.answers)


def _print(one: SurveySummary, as_json: bool) -> None:
    if as_json:
        print_json(_shape(one))
        return
    click.echo(f"{one.slug}: {one.title}")
    click.echo(
        f"  {_STATUS[one.status]}, version {one.version}{', changed since' if one.version and one.changed else ''}"
    )
    click.echo(f"  unit: {one.unit}")
    click.echo(f"  answers: {_answers(one)}{f', population {one.population}' if one.population else ''}")
    if one.opens_on or one.closes_on:
        click.echo(f"  days: {one.opens_on or '…'} to {one.closes_on or '…'}")
