"""Exporting single answers: a file that needs a permission and leaves an audit entry before its first byte."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import document
from survey.definition.codebook import Codebook, Entry, codebook
from survey.definition.questionnaire import Questionnaire
from survey.errors import Conflict, PhieuError
from survey.reports import codebook_tables, extras
from survey.reports.answers import Batches
from survey.reports.answers_xlsx import answers_to_xlsx, too_many
from survey.reports.cells import MOST_ROWS
from survey.reports.to_csv import DELIMITERS, to_csv
from survey.reports.to_parquet import to_parquet
from survey.reports.to_sav import to_sav
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.queries import audit, collectors, exports, surveys
from survey.texts import LANGUAGES, Texts, texts

ENDINGS = ("csv", "xlsx", "sav", "parquet")
"""The formats of files of answers, as their names end."""

PIECE = 1 << 16


def export_responses(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    target: Path | BinaryIO,
    *,
    ending: str = "csv",
    delimiter: str = ",",
    language: str | None = None,
) -> int:
    """Writes every answer of a survey (complete and flagged ones) to a file or an open binary one, and gives the number
    of bytes. A file appears whole or not at all. Raises as ``export_pieces``."""
    pieces = export_pieces(runtime, actor, slug, ending=ending, delimiter=delimiter, language=language)
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


def export_pieces(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    *,
    ending: str = "csv",
    delimiter: str = ",",
    language: str | None = None,
) -> Iterator[bytes]:
    """The same file in pieces, as they are read. ``language`` of labels; None is the survey's own first one.

    Raises NotAllowed, NotFound, Conflict ``not_published``, PhieuError ``delimiter_unknown``, ``format_unknown``,
    ``extra_missing`` and ``rows_too_many``, all before the first piece.
    """
    demand(actor.role, Permission.EXPORT)
    if delimiter not in DELIMITERS:
        raise PhieuError("delimiter_unknown", "Columns can be separated by a comma or a semicolon.", "Choose one.")
    if ending not in ENDINGS:
        raise PhieuError(
            "format_unknown", "Answers cannot be written in this format.", "Choose among these:", tuple(ENDINGS)
        )
    for needed in {"sav": ("spss",), "parquet": ("parquet",)}.get(ending, ()):
        extras.modules(needed)
    asked = _asked(runtime, actor, slug, language)
    if ending == "xlsx":
        with runtime.database.reading() as session:
            if exports.number(session, asked.survey_id) >= MOST_ROWS:
                raise too_many()
    runtime.database.write(
        lambda session: audit.record(
            session, runtime.now(), actor.name, "response.export", f"survey:{slug}", {"format": ending}
        )
    )
    return _pieces(runtime, asked, ending, delimiter)


def export_codebook(
    runtime: Runtime, actor: Actor, slug: str, ending: str = "csv", *, language: str | None = None
) -> bytes:
    """The codebook as ``csv``, ``json`` or ``xlsx``. Raises NotAllowed, NotFound, Conflict ``not_published`` and
    PhieuError ``format_unknown``."""
    demand(actor.role, Permission.DOWNLOAD)
    asked = _asked(runtime, actor, slug, language)
    return codebook_tables.written(asked.book, asked.beside, asked.t, ending, runtime.today())


@dataclass(frozen=True)
class _Asked:
    """What is known of a survey before its answers are read."""

    survey_id: int
    versions: tuple[Questionnaire, ...]
    numbers: dict[int, int]
    codes: dict[int, str]
    book: Codebook
    beside: tuple[Entry, ...]
    t: Texts

    def batches(self, session: Session) -> Iterator[tuple[Sequence[str], bytes]]:
        for status, collector, language, version, month, stored in exports.batches(session, self.survey_id):
            yield (status, self.codes[collector], language, str(self.numbers[version]), month), stored


def _asked(runtime: Runtime, actor: Actor, slug: str, language: str | None) -> _Asked:
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        rows = surveys.versions(session, survey.id)
        places = {one.id: (one.code, one.name) for one in collectors.of_survey(session, survey.id)}
    if not rows:
        raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
    versions = tuple(document.read(json.loads(one.document)) for one in rows)
    chosen = language or next((one for one in versions[-1].languages if one in LANGUAGES), LANGUAGES[0])
    t = texts(chosen)
    return _Asked(
        survey_id=survey.id,
        versions=versions,
        numbers={one.id: one.number for one in rows},
        codes={key: code for key, (code, _) in places.items()},
        book=codebook(versions, t, chosen),
        beside=codebook_tables.particulars(t, dict(places.values())),
        t=t,
    )


def _pieces(runtime: Runtime, asked: _Asked, ending: str, delimiter: str) -> Iterator[bytes]:
    with runtime.database.reading() as session:
        batches: Batches = asked.batches(session)
        if ending == "csv":
            yield from to_csv(batches, asked.versions, delimiter)
        elif ending == "xlsx":
            yield from answers_to_xlsx(batches, asked.book, asked.beside, asked.t, runtime.today())
        else:
            # These formats are written back and forth, so they need a file first.
            with tempfile.TemporaryDirectory(prefix=".export-", dir=runtime.settings.data_dir) as folder:
                path = Path(folder) / f"answers.{ending}"
                if ending == "sav":
                    to_sav(path, batches, asked.book, asked.beside, asked.t)
                else:
                    to_parquet(path, batches, asked.book, asked.beside)
                with path.open("rb") as file:
                    yield from iter(lambda: file.read(PIECE), b"")
