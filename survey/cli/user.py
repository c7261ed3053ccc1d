"""``phieu user``: accounts for the staff pages."""

from __future__ import annotations

import click

from survey.accounts.permissions import ROLES
from survey.cli.opening import as_json, opened, print_json
from survey.services import accounts
from survey.services.runtime import OPERATOR


@click.group()
def user() -> None:
    """Invite people to the staff pages."""


@user.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="What the person may do.")
@click.option(
    "--unit", default="", help="Unit the person belongs to, made if there is none; default the one at the top."
)
@as_json
def add(email: str, role: str, unit: str, as_json: bool) -> None:
    """Make an account for EMAIL and print the link that sets its password: once, within 48 hours."""
    with opened() as runtime:
        _print(accounts.invite(runtime, OPERATOR, email, role, unit), as_json)


@user.command()
@click.argument("email")
@as_json
def link(email: str, as_json: bool) -> None:
    """Print a new link for someone who lost the first one or the password."""
    with opened() as runtime:
        _print(accounts.renew_link(runtime, OPERATOR, email), as_json)


@user.command("unlock")
@click.argument("email")
def unlock(email: str) -> None:
    """Take the second factor off an account whose owner lost phone and recovery codes."""
    with opened() as runtime:
        accounts.reset_factor(runtime, OPERATOR, email)
    click.echo(f"{email} logs in with the password alone now.")


@user.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List accounts."""
    with opened() as runtime:
        found = accounts.list_accounts(runtime, OPERATOR)
    if as_json:
        print_json(found)
    for one in () if as_json else found:
        click.echo(f"{one.email:40}  {one.role:14}  {one.state:10}  {one.unit}")


def _print(link: str, as_json: bool) -> None:
    if as_json:
        print_json({"link": link})
    else:
        click.echo(link)
