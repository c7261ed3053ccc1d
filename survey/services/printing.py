"""Printing what leads to a collector: posters and label sheets, each print run in the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from survey.accounts.permissions import Permission, demand
from survey.collection import codes
from survey.definition import document
from survey.errors import Conflict, NotFound
from survey.printing import labels as label_sheet
from survey.printing import poster as a4_poster
from survey.printing.entry import Entry
from survey.printing.sheets import sheet
from survey.services.runtime import Actor, Runtime
from survey.storage.queries import audit, collectors, surveys
from survey.texts import texts


def poster(runtime: Runtime, actor: Actor, collector_code: str, language: str) -> bytes:
    """The A4 poster of a collector as PDF. Raises NotFound, Conflict ``not_published``, Misconfigured without a public
    address, and what ``survey.printing.poster`` raises."""
    slug, entry = _entry(runtime, actor, collector_code, language)
    made = a4_poster.poster(entry, texts(language), runtime.today())
    _record(runtime, actor, "print.poster", slug, entry, made, {"language": language})
    return made


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
) -> bytes:
    """A collector's sheet of labels as PDF. Raises as ``poster`` does, and what ``survey.printing.labels`` raises."""
    slug, entry = _entry(runtime, actor, collector_code, language)
    chosen = sheet(sheet_name)
    made = label_sheet.labels(
        entry, texts(language), chosen, runtime.today(), skip=skip, outlines=outlines, offset=offset
    )
    run = {"language": language, "sheet": chosen.name, "labels": chosen.labels - skip}
    _record(runtime, actor, "print.labels", slug, entry, made, run)
    return made


def _entry(runtime: Runtime, actor: Actor, typed: str, language: str) -> tuple[str, Entry]:
    """The survey's short name, and what is printed: the words of the newest published version."""
    demand(actor.role, Permission.PRINT)
    code = codes.canonical(typed)
    with runtime.database.reading() as session:
        found = collectors.by_code(session, code, actor.units)
        if found is None:
            raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
        _, survey = found
        version = surveys.version(session, survey.id, survey.version_number)
        if version is None:
            raise Conflict("not_published", "This survey has not been published yet.", "Publish it, then print.")
        slug, published = survey.slug, version.document
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
