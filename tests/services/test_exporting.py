"""Exporting single answers: all that are somebody's, none else, in an order that tells nothing, on the record."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select, update

from survey.definition.codebook import codebook
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, importing
from survey.services.exporting import ENDINGS, export_codebook, export_pieces, export_responses
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, Response
from survey.texts import texts
from tests.factories.instruments import instrument, raw
from tests.factories.surveys import open_survey
from tests.reports import reading

SLUG = "conference"


def _import(runtime: Runtime, text: str, slug: str = SLUG) -> str:
    path = runtime.settings.data_dir / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return importing.import_responses(runtime, OPERATOR, slug, path).collector


def _rows(runtime: Runtime, slug: str = SLUG) -> list[dict[str, str]]:
    target = io.BytesIO()
    export_responses(runtime, OPERATOR, slug, target)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))


def test_every_stored_answer_is_a_row_and_no_other_surveys(any_runtime: Runtime) -> None:
    open_survey(any_runtime, instrument="texts")
    open_survey(any_runtime, slug="other", instrument="texts")
    said = [f"câu {number}" for number in range(1000)]
    code = _import(any_runtime, "Q1,received_on\n" + "".join(f"{one},2026-02-05\n" for one in said))
    _import(any_runtime, "Q1\nkhác\n", "other")
    rows = _rows(any_runtime)
    assert Counter(row["Q1"] for row in rows) == Counter(said)
    assert {(row["status"], row["collector"], row["language"], row["version"], row["month"]) for row in rows} == {
        ("complete", code, "vi", "1", "2026-02")
    }
    assert [row["Q1"] for row in rows] != said


def test_only_complete_and_flagged_answers_are_exported(any_runtime: Runtime) -> None:
    open_survey(any_runtime, instrument="texts")
    statuses = ["complete", "partial", "test", "flagged", "excluded", "withdrawn"]
    _import(any_runtime, "Q1\n" + "\n".join(statuses))

    def mark(session) -> None:  # type: ignore[no-untyped-def]  # a test's own
        for row in session.scalars(select(Response)):
            session.execute(update(Response).where(Response.id == row.id).values(status=json.loads(row.answers)["Q1"]))

    any_runtime.database.write(mark)
    assert {(row["status"], row["Q1"]) for row in _rows(any_runtime)} == {("complete",) * 2, ("flagged",) * 2}


def test_neighbours_in_the_file_of_an_import_are_no_neighbours_in_an_export(any_runtime: Runtime) -> None:
    open_survey(any_runtime, instrument="texts")
    _import(any_runtime, "Q1\n" + "".join(f"{number}\n" for number in range(600)))
    order = [int(row["Q1"]) for row in _rows(any_runtime)]
    assert sum(abs(one - other) == 1 for one, other in pairwise(order)) < 20


def test_an_export_can_be_imported_and_exported_again(runtime: Runtime) -> None:
    open_survey(runtime, instrument="routing")
    open_survey(runtime, slug="again", instrument="routing")
    _import(
        runtime, 'Q1,Q2,Q3,Q4,language,received_on\n2,1,"- chậm\n=1+1, ""x""",,en,2026-03-04\n1,,,2,vi,\n4,,,,vi,\n'
    )
    path = runtime.settings.data_dir / "export.csv"
    export_responses(runtime, OPERATOR, SLUG, path, delimiter=";")
    assert importing.import_responses(runtime, OPERATOR, "again", path).rows == 3

    def said(slug: str) -> set[tuple[str, ...]]:
        return {tuple(value for key, value in row.items() if key != "collector") for row in _rows(runtime, slug)}

    assert said("again") == said(SLUG)


def test_rows_of_all_versions_stand_under_the_newest_ones_columns(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    _import(runtime, "Q1,Q2\nmột,hai\n")
    value = raw("texts")
    value["sections"][0]["questions"].reverse()
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug=SLUG)
    authoring.publish(runtime, OPERATOR, SLUG)
    _import(runtime, "Q1,Q2\nba,bốn\n")
    assert {(row["version"], row["Q1"], row["Q2"]) for row in _rows(runtime)} == {
        ("1", "một", "hai"),
        ("2", "ba", "bốn"),
    }
    assert list(_rows(runtime)[0])[5:] == ["Q2", "Q1"]


def test_an_export_is_on_the_record_before_its_first_byte(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    pieces = export_pieces(runtime, OPERATOR, SLUG)
    with runtime.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "response.export")).one()
    assert (entry.actor, entry.subject) == ("operator", f"survey:{SLUG}")
    assert next(iter(pieces)).startswith(b"\xef\xbb\xbfstatus,")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_has_every_answer(any_runtime: Runtime, ending: str) -> None:
    open_survey(any_runtime, instrument="texts")
    said = [f"câu {number}" for number in range(400)]
    _import(any_runtime, "Q1\n" + "\n".join(said))
    path = any_runtime.settings.data_dir / f"answers.{ending}"
    assert export_responses(any_runtime, OPERATOR, SLUG, path, ending=ending) == path.stat().st_size
    book = codebook([instrument("texts")], texts("vi"), "vi")
    read = {
        "csv": lambda: reading.of_csv(path.read_bytes()),
        "xlsx": lambda: reading.of_xlsx(path),
        "sav": lambda: reading.of_sav(path, book),
        "parquet": lambda: reading.of_parquet(path),
    }
    assert sorted(row[0] for row in read[ending]()) == sorted(said)
    assert sorted(one.name for one in path.parent.iterdir() if one.name.startswith(".export")) == []


def test_a_workbook_can_be_imported_again(runtime: Runtime) -> None:
    open_survey(runtime, instrument="routing")
    open_survey(runtime, slug="again", instrument="routing")
    _import(
        runtime, 'Q1,Q2,Q3,Q4,language,received_on\n2,1,"- chậm\n=1+1, ""x""",,en,2026-03-04\n1,,,2,vi,\n4,,,,vi,\n'
    )
    path = runtime.settings.data_dir / "export.xlsx"
    export_responses(runtime, OPERATOR, SLUG, path, ending="xlsx")
    assert importing.import_responses(runtime, OPERATOR, "again", path).rows == 3

    def said(slug: str) -> set[tuple[str, ...]]:
        return {tuple(value for key, value in row.items() if key != "collector") for row in _rows(runtime, slug)}

    assert said("again") == said(SLUG)


def test_a_codebook_needs_its_permission_and_a_published_survey(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    with pytest.raises(NotAllowed):
        export_codebook(runtime, Actor("alice", "staff"), SLUG)
    with pytest.raises(NotFound):
        export_codebook(runtime, Actor("charlie", "reform_team", units=frozenset()), SLUG)
    assert b"Q1" in export_codebook(runtime, OPERATOR, SLUG, language="en")


def test_a_file_appears_whole_or_not_at_all(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    _import(runtime, "Q1\na\n")
    folder = runtime.settings.data_dir / "out"
    (folder / "taken.csv").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        export_responses(runtime, OPERATOR, SLUG, folder / "taken.csv")
    size = export_responses(runtime, OPERATOR, SLUG, folder / "answers.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["answers.csv", "taken.csv"]
    assert size == (folder / "answers.csv").stat().st_size


def test_an_export_needs_its_permission_and_a_published_survey_in_reach(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    with pytest.raises(NotAllowed):
        export_responses(runtime, Actor("alice", "staff"), SLUG, io.BytesIO())
    with pytest.raises(NotFound):
        export_responses(runtime, Actor("charlie", "reform_team", units=frozenset()), SLUG, io.BytesIO())
    with pytest.raises(PhieuError) as caught:
        export_responses(runtime, OPERATOR, SLUG, io.BytesIO(), delimiter="|")
    assert caught.value.code == "delimiter_unknown"
    with pytest.raises(PhieuError) as caught:
        export_responses(runtime, OPERATOR, SLUG, io.BytesIO(), ending="exe")
    assert caught.value.code == "format_unknown"
    authoring.import_document(runtime, OPERATOR, Path("tests/instruments/scale.json").read_bytes(), slug="draft")
    with pytest.raises(Conflict) as caught:
        export_responses(runtime, OPERATOR, "draft", io.BytesIO())
    assert caught.value.code == "not_published"
