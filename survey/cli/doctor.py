"""``phieu doctor``: whether this installation is fit to serve, line by line."""

from __future__ import annotations

import json

import click

from survey.services.doctor import Finding, examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Examine settings, database, schema, fonts and mail server; status 1 when something must be mended first."""
    findings = examine()
    if as_json:
        click.echo(json.dumps([vars(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            click.echo(_line(one))
    if not all(one.sound for one in findings):
        context.exit(1)


def _line(one: Finding) -> str:
    mark = "ok  " if one.sound else "FAIL"
    return f"{mark} {one.subject}: {one.message}"
