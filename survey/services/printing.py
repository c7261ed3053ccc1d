"""Printing what leads to a collector: posters and label sheets, each print run in the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from survey.accounts.permissions import Permission, demand
from survey.collection import codes, single_use
from survey.definition import document
from survey.errors import Conflict, NotFound, PhieuError
from survey.printing import labels as label_sheet
from survey.printing import poster as a4_poster
from survey.printing.entry import Entry
from survey.printing.labels import layout
from survey.printing.sheets import sheet
from survey.services.runtime import Actor, Runtime
from survey.services.single_use import issue
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
