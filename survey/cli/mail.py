"""``phieu mail``: invitations by e-mail, from a list of addresses to the letters that came back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from survey.cli.opening import as_json, opened, print_json
from survey.errors import PhieuError
from survey.mail.addresses import LARGEST
from survey.services import bouncing, mailing, postman, sending
from survey.services.mailing import MailingSummary, Wording
from survey.services.runtime import OPERATOR, Runtime
from survey.texts import LANGUAGES


@click.group()
def mail() -> None:
    """Invite people by e-mail, each with a code of their own."""


@mail.command()
@click.argument("collector")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], help="Language of letters and form.")
@click.option("--subject", help="Subject of the letter; left out, a suggested one.")
@click.option("--body", type=click.File(encoding="utf-8"), help="File with the letter, {link} where the address goes.")
@as_json
def new(collector: str, language: str, subject: str | None, body: TextIO | None, as_json: bool) -> None:
    """Make a mailing of COLLECTOR (the code of one with single-use codes) and print its number."""
    with opened() as runtime:
        given = mailing.suggested(runtime, OPERATOR, collector, language)
        text = body.read(mailing.LONGEST_BODY + 1) if body else given.body
        wording = Wording(language, subject or given.subject, text, given.reminder_subject, given.reminder_body)
        _tell(runtime, mailing.create(runtime, OPERATOR, collector, wording), as_json)


@mail.command("import")
@click.argument("mailing_number", metavar="MAILING", type=int)
@click.argument("file", type=click.File("rb"))
@as_json
def import_(mailing_number: int, file: BinaryIO, as_json: bool) -> None:
    """Add the addresses in FILE (one a line, or CSV) to MAILING: all or none."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise PhieuError("list_too_large", "The list is larger than 4 MB.", "Leave out columns that are not needed.")
    with opened() as runtime:
        added = mailing.add_addresses(runtime, OPERATOR, mailing_number, content.decode("utf-8", "replace"))
    if as_json:
        print_json(vars(added))
    else:
        click.echo(f"{added.new} added, {added.known} known already")


@mail.command()
@click.argument("mailing_number", metavar="MAILING", type=int)
@as_json
def send(mailing_number: int, as_json: bool) -> None:
    """Send the letters of MAILING that wait."""
    with opened() as runtime:
        sending.start(runtime, OPERATOR, mailing_number)
        _carry(runtime, mailing_number, as_json)


@mail.command()
@click.argument("mailing_number", metavar="MAILING", type=int)
@as_json
def remind(mailing_number: int, as_json: bool) -> None:
    """Send the one reminder of MAILING to everybody who has not answered."""
    with opened() as runtime:
        sending.remind(runtime, OPERATOR, mailing_number)
        _carry(runtime, mailing_number, as_json)


@mail.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def bounces(files: tuple[Path, ...], as_json: bool) -> None:
    """Note the letters that came back, out of messages (mbox, Maildir or .eml)."""
    with opened() as runtime:
        noted = bouncing.take(runtime, OPERATOR, files)
    if as_json:
        print_json(vars(noted))
    else:
        click.echo(f"{noted.reports} reports, {noted.people} people not reached")


@mail.command("list")
@click.argument("survey")
@as_json
def list_(survey: str, as_json: bool) -> None:
    """List the mailings of SURVEY and how far they got."""
    with opened() as runtime:
        found = mailing.of_survey(runtime, OPERATOR, survey)
    if as_json:
        print_json([_shape(one) for one in found])
    for one in () if as_json else found:
        click.echo(_line(one))


@mail.command()
@click.argument("survey", required=False)
@as_json
def forget(survey: str | None, as_json: bool) -> None:
    """Delete the addresses of SURVEY, which has ended; without it, of every survey that ended 30 days ago."""
    with opened() as runtime:
        gone = mailing.forget(runtime, OPERATOR, survey) if survey else mailing.forget_due(runtime)
    if as_json:
        print_json({"addresses": gone})
    else:
        click.echo(f"{gone} addresses deleted")


def _carry(runtime: Runtime, number: int, as_json: bool) -> None:
    def pause(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    postman.carry(runtime, number, pause)
    _tell(runtime, number, as_json)


def _tell(runtime: Runtime, number: int, as_json: bool) -> None:
    made = mailing.show(runtime, OPERATOR, number)
    if as_json:
        print_json(_shape(made))
    else:
        click.echo(_line(made))


def _shape(one: MailingSummary) -> dict[str, object]:
    return {
        "mailing": one.number,
        "collector": one.collector,
        "survey": one.slug,
        "subject": one.wording.subject,
        "reminded_at": one.reminded_at,
        **vars(one.counts),
        "waiting": one.counts.waiting,
    }


def _line(one: MailingSummary) -> str:
    counts = one.counts
    parts = (
        f"{counts.people} people",
        f"{counts.waiting} wait",
        f"{counts.sent} sent",
        f"{counts.answered} answered",
        f"{counts.refused + counts.bounced} not reached",
        f"{counts.doubtful} in doubt",
    )
    return f"{one.number:>4}  {one.collector}  {', '.join(parts)}  {one.wording.subject}"
