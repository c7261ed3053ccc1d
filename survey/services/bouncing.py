"""Letters that came back: read out of files of the office's mailbox, and noted of the people they were for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.errors import PhieuError
from survey.mail import addresses, bounces, letters
from survey.mail.bounces import Bounce
from survey.services.runtime import Actor, Runtime
from survey.storage.queries import audit, mailings


@dataclass(frozen=True)
class Noted:
    """``reports`` of failures were read, and ``people`` noted as not reached."""

    reports: int
    people: int


def take(runtime: Runtime, actor: Actor, files: Sequence[Path]) -> Noted:
    """Notes what the messages in these files (mbox, Maildir or .eml) report. A report counts for the letter it names if
    this server wrote that, else for whoever was written to at the address. Reading a file twice changes nothing. Raises
    PhieuError ``file_unusable`` or ``mailbox_too_large``."""
    demand(actor.role, Permission.COLLECT)
    reports = [one for file in files for one in bounces.read(_content(file))]

    def work(session: Session) -> int:
        touched: dict[int, int] = {}
        for one in reports:
            for number in _note(runtime, session, one):
                touched[number] = touched.get(number, 0) + 1
        for number, people in sorted(touched.items()):
            row = mailings.get(session, number)
            if row is not None:
                detail = {"mailing": number, "addresses": people}
                audit.record(session, runtime.now(), actor.name, "mailing.bounces", f"survey:{row[2].slug}", detail)
        return sum(touched.values())

    return Noted(len(reports), runtime.database.write(work) if reports else 0)


def _note(runtime: Runtime, session: Session, report: Bounce) -> Sequence[int]:
    ours = letters.named(runtime.settings.secret_keys, report.message_id)
    if ours is not None:
        return mailings.bounce(session, ours, report.detail)
    known = [address for one in report.recipients if (address := addresses.canonical(one)) is not None]
    return [number for address in known for number in mailings.bounce(session, address, report.detail)]


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > bounces.LARGEST_FILE:
            raise PhieuError("mailbox_too_large", "A file is larger than 64 MB.", "Split it.", (str(file),))
        return file.read_bytes()
    except OSError as error:
        raise PhieuError(
            "file_unusable", "A file cannot be read.", "Check folder and rights.", (f"{file}: {error.strerror}",)
        ) from error
