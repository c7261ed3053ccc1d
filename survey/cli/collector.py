"""``phieu collector``: the channels of a survey and their codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from survey.cli.opening import DAY, as_json, day, opened, print_json
from survey.collection.codes import display
from survey.services import collectors
from survey.services import single_use as issuing
from survey.services.collectors import CollectorSummary, Traits
from survey.services.runtime import OPERATOR


@click.group()
def collector() -> None:
    """Add and list collectors."""


@collector.command()
@click.argument("survey")
@click.option(
    "--kind", required=True, type=click.Choice([str(kind) for kind in collectors.Kind]), help="Where the code hangs."
)
@click.option("--name", required=True, help="What staff call it, such as 'Quầy số 3'.")
@click.option("--opens", "opens_on", type=DAY, help="First day, such as 2026-10-16.")
@click.option("--closes", "closes_on", type=DAY, help="Last day.")
@click.option(
    "--single-use",
    type=click.IntRange(1, issuing.MOST),
    help="Open it only to so many codes, each once; they are printed now and never again.",
)
@as_json
def add(
    survey: str,
    kind: str,
    name: str,
    opens_on: datetime | None,
    closes_on: datetime | None,
    single_use: int | None,
    as_json: bool,
) -> None:
    """Add a collector to SURVEY and print its code."""
    codes: tuple[str, ...] = ()
    with opened() as runtime:
        traits = Traits(single_use=single_use is not None)
        code = collectors.add(runtime, OPERATOR, survey, kind, name, day(opens_on), day(closes_on), traits)
        if single_use:
            _, codes = issuing.issue(runtime, OPERATOR, code, single_use)
        made, _ = collectors.show(runtime, OPERATOR, code)
    if as_json:
        print_json(_shape(made) | ({"codes": codes} if single_use else {}))
    else:
        click.echo(_line(made))
        for one in codes:
            click.echo(display(one))


@collector.command("list")
@click.argument("survey")
@as_json
def list_(survey: str, as_json: bool) -> None:
    """List the collectors of SURVEY."""
    with opened() as runtime:
        found = collectors.list_collectors(runtime, OPERATOR, survey)
    if as_json:
        print_json([_shape(one) for one in found])
    for one in () if as_json else found:
        click.echo(_line(one))


def _shape(one: CollectorSummary) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "name": one.name,
        "url": one.url,
        "opens_on": one.opens_on,
        "closes_on": one.closes_on,
        "closed": one.closed_at is not None,
        "responses": one.answers,
    }


def _line(one: CollectorSummary) -> str:
    return f"{display(one.code)}  {one.kind:11}  {one.answers:>6}  {one.name}  {one.url or ''}".rstrip()
