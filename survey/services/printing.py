"""Printing what leads to a collector: posters and label sheets, each print run in the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import single_use
from survey.definition import document
from survey.errors import Conflict, PhieuError
from survey.printing import labels as label_sheet
from survey.printing import poster as a4_poster
from survey.printing.entry import Entry
from survey.printing.labels import layout
from survey.printing.sheets import sheet
from survey.services.runtime import Actor, Runtime
from survey.services.single_use import issue
from survey.services.surveys import collector_in_scope
from survey.storage.queries import audit, collectors, surveys
from survey.texts import texts

ATTEMPTS = 5
"""How often a sheet is set again because somebody printed for the same collector meanwhile."""


def poster(runtime: Runtime, actor: Actor, collector_code: str, language: str, *, counted: bool = False) -> bytes:
    """The A4 poster of a collector as PDF, a print run. With ``counted`` its address names the run, so that visits
    through these sheets are told from others. Raises NotFound, Conflict ``not_published`` or ``printed_meanwhile``,
    Misconfigured without a public address, and what ``survey.printing.poster`` raises."""

    def make(entry: Entry) -> bytes:
        return a4_poster.poster(entry, texts(language), runtime.today())

    return _run(runtime, actor, collector_code, language, "poster", 1, make, {}, counted)


def labels(
    runtime: Runtime,
    actor: Actor,
    collector_code: str,
    language: str,
    *,
    sheet_name: str = "L7160",
    skip: int = 0,
    outlines: bool = False,
    offset: tuple[float, float] = (0.0, 0.0),
    counted: bool = False,
) -> bytes:
    """A collector's sheet of labels as PDF; ``counted`` as for posters. Raises as ``poster`` does, and what
    ``survey.printing.labels`` raises."""
    chosen = sheet(sheet_name)

    def make(entry: Entry) -> bytes:
        return label_sheet.labels(
            entry, texts(language), chosen, runtime.today(), skip=skip, outlines=outlines, offset=offset
        )

    told = {"sheet": chosen.name, "labels": chosen.labels - skip}
    return _run(runtime, actor, collector_code, language, "labels", max(1, chosen.labels - skip), make, told, counted)


MOST_LABELS = 1000
"""Labels with codes of their own that are set in one file; more come as a table for a printing house."""


def single_use_labels(
    runtime: Runtime,
    actor: Actor,
    collector_code: str,
    language: str,
    number: int,
    *,
    sheet_name: str = "L7160",
    note: str = "",
) -> bytes:
    """Makes single-use codes and sets each on a label, as PDF. Should setting fail, the codes were made in vain and
    open nothing that anybody knows. Raises as ``labels`` and ``issue``, and PhieuError ``too_many_labels``."""
    if number > MOST_LABELS:
        raise PhieuError(
            "too_many_labels", "At most 1,000 codes can be set on labels at once.", "Choose the table, or fewer codes."
        )
    slug, entry = _entry(runtime, actor, collector_code, language)
    chosen = sheet(sheet_name)
    layout(chosen, replace(entry, code="0" * single_use.LENGTH).url)
    run, made_codes = issue(runtime, actor, collector_code, number, note)
    entries = [replace(entry, code=one) for one in made_codes]
    made = label_sheet.unique_labels(entries, texts(language), chosen, runtime.today())
    _record(runtime, actor, "print.codes", slug, entry, made, {"language": language, "sheet": chosen.name, "run": run})
    return made


def _run(
    runtime: Runtime,
    actor: Actor,
    collector_code: str,
    language: str,
    kind: str,
    copies: int,
    make: Callable[[Entry], bytes],
    told: Mapping[str, object],
    counted: bool,
) -> bytes:
    """Prints under the next number of the collector's print runs, which a ``counted`` address carries."""
    slug, entry = _entry(runtime, actor, collector_code, language)
    for _ in range(ATTEMPTS):
        with runtime.database.reading() as session:
            found = collectors.by_code(session, entry.code)
            number = collectors.newest_run(session, found[0].id) + 1 if found else 1
        made = make(replace(entry, run=number) if counted else entry)
        if _keep(
            runtime, actor, slug, entry, number if counted else None, kind, copies, made, {"language": language, **told}
        ):
            return made
    raise Conflict("printed_meanwhile", "Others print for this collector at the moment.", "Try again.")


def _keep(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    entry: Entry,
    number: int | None,
    kind: str,
    copies: int,
    made: bytes,
    told: Mapping[str, object],
) -> bool:
    """Stores the run with its audit entry; False, and nothing kept, when the ``number`` printed on it was taken
    meanwhile."""
    digest = hashlib.sha256(made).hexdigest()

    def work(session: Session) -> None:
        collector, _ = collector_in_scope(session, actor, entry.code)
        run = collectors.add_run(
            session, collector.id, kind=kind, copies=copies, digest=digest, printed_on=runtime.today()
        )
        if number not in (None, run.number):
            raise _Taken
        noted = {"code": entry.code, "sha256": digest, "run": run.number, **told}
        audit.record(session, runtime.now(), actor.name, f"print.{kind}", f"survey:{slug}", noted)

    try:
        runtime.database.write(work)
    except _Taken:
        return False
    return True


class _Taken(Exception):
    """Another print run has this number."""


def _entry(runtime: Runtime, actor: Actor, typed: str, language: str) -> tuple[str, Entry]:
    """The survey's short name, and what is printed: the words of the newest published version."""
    demand(actor.role, Permission.PRINT)
    with runtime.database.reading() as session:
        collector, survey = collector_in_scope(session, actor, typed)
        version = surveys.version(session, survey.id, survey.version_number)
        if version is None:
            raise Conflict("not_published", "This survey has not been published yet.", "Publish it, then print.")
        slug, published, code = survey.slug, version.document, collector.code
    asked = document.read(json.loads(published))
    return slug, Entry(
        title=asked.title.to(language),
        office=asked.office.name.to(language),
        superior=asked.office.superior.to(language),
        contact=asked.office.contact,
        minutes=asked.minutes,
        code=code,
        base_url=runtime.settings.base_url,
    )


def _record(
    runtime: Runtime, actor: Actor, action: str, slug: str, entry: Entry, made: bytes, run: Mapping[str, object]
) -> None:
    """Notes the print run with the digest of its file, so that a sheet found later can be told from a forged one."""
    noted = {"code": entry.code, "sha256": hashlib.sha256(made).hexdigest(), **run}
    runtime.database.write(
        lambda session: audit.record(session, runtime.now(), actor.name, action, f"survey:{slug}", noted)
    )
