"""The command ``phieu``. Every command calls the services the pages call; errors end in one line and status 1."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from survey.cli import (
    chart,
    collector,
    db,
    doctor,
    following,
    mail,
    print_,
    report,
    response,
    result,
    serve,
    template,
    user,
)
from survey.cli import survey as survey_commands
from survey.errors import PhieuError


class Commands(click.Group):
    """A group that turns expected errors into one clear line (or, with ``--json``, an object) on standard error."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; exit status 1 for an expected error."""
        try:
            return super().invoke(ctx)
        except PhieuError as error:
            if "--json" in sys.argv:
                shape: dict[str, Any] = {"error": error.code, "message": error.message}
                shape |= {"remedy": error.remedy, "details": error.details}
                click.echo(json.dumps(shape, ensure_ascii=False), err=True)
            else:
                click.echo("\n".join((f"phieu: {error}", *(f"  {line}" for line in error.details))), err=True)
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="phieu", prog_name="phieu")
def main() -> None:
    """Satisfaction surveys for public offices: from a printed QR to a printed chart."""


for command in (
    serve.serve,
    serve.demo,
    doctor.doctor,
    db.db,
    template.template,
    survey_commands.survey,
    collector.collector,
    response.response,
    result.result,
    report.report,
    following.series,
    chart.chart,
    print_.print_,
    mail.mail,
    user.user,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
