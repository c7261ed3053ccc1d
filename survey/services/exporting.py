"""Exporting single answers: a file that needs a permission and leaves an audit entry before its first byte."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.errors import Conflict, PhieuError
from survey.reports.to_csv import DELIMITERS, to_csv
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.queries import audit, collectors, exports, surveys


def export_responses(
    runtime: Runtime, actor: Actor, slug: str, target: Path | BinaryIO, *, delimiter: str = ","
) -> int:
    """Writes every answer of a survey (complete and flagged ones) as CSV to a file or an open binary one, and gives the
    number of bytes. A file appears whole or not at all. Raises as ``export_pieces``."""
    pieces = export_pieces(runtime, actor, slug, delimiter=delimiter)
    if not isinstance(target, Path):
        return sum(map(target.write, pieces))
    unfinished = target.with_name(f".{target.name}.{runtime.randomness(4).hex()}")
    try:
        with unfinished.open("xb") as file:
            size = sum(map(file.write, pieces))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return size


def export_pieces(runtime: Runtime, actor: Actor, slug: str, *, delimiter: str = ",") -> Iterator[bytes]:
    """The same file in pieces, as they are read. Raises NotAllowed, NotFound, Conflict ``not_published`` and PhieuError
    ``delimiter_unknown`` before the first one."""
    demand(actor.role, Permission.EXPORT)
    if delimiter not in DELIMITERS:
        raise PhieuError("delimiter_unknown", "Columns can be separated by a comma or a semicolon.", "Choose one.")
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        rows = surveys.versions(session, survey.id)
        codes = {one.id: one.code for one in collectors.of_survey(session, survey.id)}
    if not rows:
        raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
    versions = [document.read(json.loads(one.document)) for one in rows]
    numbers = {one.id: one.number for one in rows}
    runtime.database.write(
        lambda session: audit.record(
            session, runtime.now(), actor.name, "response.export", f"survey:{slug}", {"format": "csv"}
        )
    )

    def batches(session: Session) -> Iterator[tuple[Sequence[str], bytes]]:
        for status, collector, language, version, month, stored in exports.batches(session, survey.id):
            yield (status, codes[collector], language, str(numbers[version]), month), stored

    def pieces() -> Iterator[bytes]:
        with runtime.database.reading() as session:
            yield from to_csv(batches(session), versions, delimiter)

    return pieces()
