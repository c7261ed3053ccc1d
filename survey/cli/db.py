"""``phieu db``: the database as a whole. Works on one that is empty, old or damaged, which other commands refuse."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from survey.cli.opening import as_json, print_json
from survey.config import read_settings
from survey.services import maintenance
from survey.services.runtime import Runtime

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def db() -> None:
    """Create, upgrade, check, back up and restore the database."""


@db.command()
@as_json
def upgrade(as_json: bool) -> None:
    """Create the tables, or bring them to what this version needs: all or nothing."""
    with _opened() as runtime:
        before, now = maintenance.upgrade(runtime)
    if as_json:
        print_json({"before": before, "now": now})
    else:
        click.echo(f"The database is at step {now}" + (" already." if before == now else "."))


@db.command()
@as_json
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Look for damage, broken references and a wrong schema, and count rows; status 1 when something is wrong."""
    with _opened() as runtime:
        found = maintenance.examine(runtime)
    if as_json:
        print_json(found)
    else:
        click.echo(f"{found.engine}, schema at step {found.schema}")
        for table, count in found.counts.items():
            click.echo(f"  {table:24}{count:>12,}")
        for problem in found.problems:
            click.echo(f"FAIL {problem}")
        if not found.problems:
            click.echo("ok   nothing is wrong")
    if found.problems:
        context.exit(1)


@db.command()
@click.argument("file", type=FILE)
@as_json
def backup(file: Path, as_json: bool) -> None:
    """Write the whole database into the new file FILE, also while answers arrive."""
    quiet = not sys.stderr.isatty()
    with _opened() as runtime, click.progressbar(length=0, label="Copying", file=sys.stderr, hidden=quiet) as bar:

        def progress(done: int, pages: int) -> None:
            bar.length = pages
            bar.update(done - bar.pos)

        saved = maintenance.save(runtime, file, progress)
    if as_json:
        print_json(saved)
    else:
        click.echo(f"{saved.file}: {saved.size:,} bytes.")


@db.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace what is there; it is kept beside under a dated name.")
@as_json
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Make the backup FILE the content of the database, brought to the newest step."""
    with _opened() as runtime:
        restored = maintenance.restore(runtime, file, force=force)
    if as_json:
        print_json(restored)
        return
    click.echo(f"Restored {file} (schema step {restored.step}).")
    if restored.kept:
        click.echo(f"What was there is kept as {restored.kept}.")


@contextmanager
def _opened() -> Iterator[Runtime]:
    runtime = maintenance.open_unchecked(read_settings(make_key=True))
    try:
        yield runtime
    finally:
        runtime.database.close()
