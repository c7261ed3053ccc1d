"""The runtime a command works on, closed when it is done; and how commands print data and read days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from survey.config import read_settings
from survey.services.runtime import Runtime
from survey.services.start import open_runtime

DAY = click.DateTime(["%Y-%m-%d"])
"""An option's type for local calendar days; hand the value to ``day``."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
"""The option of every command that prints data."""


@contextmanager
def opened() -> Iterator[Runtime]:
    """The runtime the environment describes. Raises Misconfigured when it is not fit to use."""
    runtime = open_runtime(read_settings())
    try:
        yield runtime
    finally:
        runtime.database.close()


def day(value: datetime | None) -> date | None:
    """The day an option of type ``DAY`` was given."""
    return value.date() if value else None


def print_json(value: object) -> None:
    """One JSON document on standard output; days and times in ISO form."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else asdict(value)
