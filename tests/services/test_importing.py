"""Importing: all of a table or nothing of it, once, and counted as it stands."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, collectors, importing, surveys
from survey.services.importing import Imported
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, Collector, ImportBatch, Release, Response
from survey.texts import texts
from tests.factories.surveys import open_survey

SLUG = "conference"


def _file(runtime: Runtime, text: str, name: str = "answers.csv") -> Path:
    path = runtime.settings.data_dir / name
    path.write_text(text, encoding="utf-8")
    return path


def _import(runtime: Runtime, text: str, **options: str) -> Imported:
    return importing.import_responses(runtime, OPERATOR, SLUG, _file(runtime, text), **options)  # type: ignore[arg-type]  # only collector


def _stored(runtime: Runtime) -> list[Response]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Response)))


def _nothing_was_stored(runtime: Runtime) -> bool:
    with runtime.database.reading() as session:
        return not any(
            session.scalar(select(func.count()).select_from(table)) for table in (Response, ImportBatch, Release)
        )


def test_every_row_becomes_one_complete_released_response(any_runtime: Runtime) -> None:
    open_survey(any_runtime, instrument="multiple")
    made = _import(any_runtime, "Q1,Q2\n1 3,2\n1 3,2\n4,\n,\n")
    assert (made.rows, made.blank, made.dropped) == (3, 1, 0)
    rows = _stored(any_runtime)
    assert Counter(row.answers for row in rows) == {
        '{"Q1":["1","3"],"Q2":["2"]}': 2,
        '{"Q1":["4"],"Q2":[]}': 1,
    }
    assert {(row.status, row.receipt_hash, row.language, row.received_on, row.release_number) for row in rows} == {
        ("complete", None, "vi", any_runtime.today(), 1)
    }
    assert len({row.submission_key for row in rows}) == 3
    assert surveys.show(any_runtime, OPERATOR, SLUG).responses == {"complete": 3}


def test_the_same_table_again_is_refused_however_it_is_written(any_runtime: Runtime) -> None:
    open_survey(any_runtime, instrument="texts")
    _import(any_runtime, "Q1,Q2\na,b\nc,\n")
    book = openpyxl.Workbook()
    for row in (["Q2", "Q1"], ["", "c"], ["b ", "a"]):
        book.worksheets[0].append(row)
    book.save(any_runtime.settings.data_dir / "again.xlsx")
    for again in ("Q1,Q2\na,b\nc,\n", "Q2;Q1\n;c\nb; a\n\n", "Q1,Q2,language\nc,,vi\na,b,\n"):
        with pytest.raises(Conflict) as caught:
            _import(any_runtime, again)
        assert caught.value.code == "already_imported"
    with pytest.raises(Conflict):
        importing.import_responses(any_runtime, OPERATOR, SLUG, any_runtime.settings.data_dir / "again.xlsx")
    assert len(_stored(any_runtime)) == 2
    assert _import(any_runtime, "Q1,Q2\na,b\nc,\nc,\n").rows == 3
    assert _import(any_runtime, "Q1,Q2,received_on\na,b,2026-01-02\nc,,\n").rows == 2


def test_the_same_table_is_recognised_after_a_new_version(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    _import(runtime, "Q1\na\n")
    value = json.loads(Path("tests/instruments/texts.json").read_text(encoding="utf-8"))
    value["title"]["en"] = "Other words"
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug=SLUG)
    authoring.publish(runtime, OPERATOR, SLUG)
    with pytest.raises(Conflict) as caught:
        _import(runtime, "Q1\na\n")
    assert caught.value.code == "already_imported"


def test_one_wrong_value_keeps_everything_out_and_all_are_told(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    text = "Q1\n1\n7\n" + "x\n" * 150
    with pytest.raises(PhieuError) as caught:
        importing.import_responses(runtime, OPERATOR, SLUG, _file(runtime, text), t=texts("vi"))
    assert caught.value.code == "import_errors"
    assert len(caught.value.details) == importing.MOST_LISTED + 1
    assert caught.value.details[0] == (
        "Dòng 3, cột Q1: “7” không có trong các câu trả lời của câu hỏi này. Quý vị vui lòng chọn lại."
    )
    assert caught.value.details[-1] == "… và 51 lỗi khác."
    assert _nothing_was_stored(runtime)


def test_a_file_without_answers_is_refused(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    for text in ("Q1\n", "Q1\n\n \n"):
        with pytest.raises(PhieuError) as caught:
            _import(runtime, text)
        assert caught.value.code == "import_empty"
    assert _nothing_was_stored(runtime)


def test_answers_the_rules_do_not_ask_are_left_out_and_counted(runtime: Runtime) -> None:
    open_survey(runtime, instrument="routing")
    made = _import(runtime, "Q1,Q2,Q3\n4,1,x\n2,1,Chậm\n")
    assert (made.rows, made.dropped) == (2, 2)
    assert {row.answers for row in _stored(runtime)} == {'{"Q1":["4"]}', '{"Q1":["2"],"Q2":"1","Q3":"Chậm"}'}


def test_language_and_day_are_kept(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    _import(runtime, "Q1,language,received_on\n4,en,2026-02-05\n5,,\n")
    assert {(row.language, row.received_on) for row in _stored(runtime)} == {
        ("en", date(2026, 2, 5)),
        ("vi", runtime.today()),
    }


def test_answers_go_behind_the_collector_named_else_a_closed_one_is_made(runtime: Runtime) -> None:
    code = open_survey(runtime, instrument="scale")
    assert _import(runtime, "Q1\n1\n", collector=f"{code[:5].lower()}-{code[5:]}").collector == code
    made = _import(runtime, "Q1\n2\n")
    shown, slug = collectors.show(runtime, OPERATOR, made.collector)
    assert (shown.kind, shown.name, shown.answers, slug) == ("import", "answers.csv", 1, SLUG)
    assert shown.closed_at is not None


def test_a_collector_of_another_survey_is_unknown(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    other = open_survey(runtime, slug="other", instrument="single")
    for code in (other, "AAAAA-AAAAA"):
        with pytest.raises(PhieuError) as caught:
            _import(runtime, "Q1\n1\n", collector=code)
        assert caught.value.code in ("collector_unknown", "code_mistyped")
    assert _nothing_was_stored(runtime)


def test_only_an_open_survey_takes_answers_in(runtime: Runtime) -> None:
    value = Path("tests/instruments/scale.json").read_bytes()
    authoring.import_document(runtime, OPERATOR, value, slug=SLUG)
    for state in ("draft", "closed"):
        if state == "closed":
            authoring.publish(runtime, OPERATOR, SLUG)
            authoring.close(runtime, OPERATOR, SLUG)
        with pytest.raises(Conflict) as caught:
            _import(runtime, "Q1\n1\n")
        assert caught.value.code == "survey_not_open"
    with pytest.raises(NotFound):
        importing.import_responses(runtime, OPERATOR, "nowhere", _file(runtime, "Q1\n1\n"))


def test_an_import_is_for_those_who_collect(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    with pytest.raises(NotAllowed):
        importing.import_responses(runtime, Actor("t", "reform_team"), SLUG, _file(runtime, "Q1\n1\n"))
    with pytest.raises(NotFound):
        importing.import_responses(
            runtime, Actor("c", "administrator", units=frozenset()), SLUG, _file(runtime, "Q1\n1\n")
        )


def test_an_import_leaves_an_entry_without_answers(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    made = _import(runtime, "Q1\nNguyễn Văn A\n")
    with runtime.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "response.import")).one()
        batch = session.scalars(select(ImportBatch)).one()
    assert (entry.actor, entry.subject) == ("operator", f"survey:{SLUG}")
    assert json.loads(entry.detail) == {"rows": 1, "collector": made.collector, "digest": batch.digest.hex()}
    assert "Nguyễn" not in entry.detail


def test_how_far_it_is_is_told_up_to_the_end(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    told: list[float] = []
    text = "Q1\n" + "4\n" * 3000
    importing.import_responses(runtime, OPERATOR, SLUG, _file(runtime, text), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3


def test_the_order_of_the_file_is_not_the_order_of_the_table(runtime: Runtime) -> None:
    open_survey(runtime, instrument="texts")
    _import(runtime, "Q1\n" + "".join(f"{number:03}\n" for number in range(200)))
    stored = [json.loads(row.answers)["Q1"] for row in _stored(runtime)]
    assert sorted(stored) != stored
    assert len(stored) == 200


def test_what_one_process_digests_another_does_too(runtime: Runtime) -> None:
    open_survey(runtime, instrument="single")
    _import(runtime, "Q1\n1\n2\n")
    with runtime.database.reading() as session:
        found = session.scalars(select(ImportBatch.digest)).one()
    lines = sorted(hashlib.sha256(f'vi \n{{"Q1":"{code}"}}'.encode()).digest() for code in "12")
    assert found == hashlib.sha256(b"".join(lines)).digest()


def test_a_name_of_a_file_cannot_upset_anything(runtime: Runtime) -> None:
    open_survey(runtime, instrument="scale")
    path = _file(runtime, "Q1\n4\n", "=1+1<script>\x01\udcff" + "Đ" * 80 + ".csv")
    importing.import_responses(runtime, OPERATOR, SLUG, path)
    with runtime.database.reading() as session:
        name = session.scalars(select(Collector.name).where(Collector.kind == "import")).one()
    assert name.startswith("=1+1<script>ĐĐ")
