"""What stands in files of a cut beside its figures: counts of comments and measures stay, quotes can be erased."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable

import openpyxl
import pytest
from docx import Document
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from survey.errors import Conflict
from survey.services import annexes, collecting, comments, cuts, measures, quality, receipts, themes
from survey.services.comments import Comment, Wanted
from survey.services.doors import Doors
from survey.services.evidence import evidence_file
from survey.services.measures import Said
from survey.services.reporting import report_file
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.models import CutQuote, DataCut
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

SLUG = "conference"
ENDINGS = (".pdf", ".docx", ".xlsx")


def made(runtime: Runtime, *endings: str, cut: int = 1) -> list[bytes]:
    """The report and the annex of a cut."""
    return [
        annexes.annex_file(runtime, OPERATOR, SLUG, cut)
        if one == ".xlsx"
        else report_file(runtime, OPERATOR, SLUG, one, cut=cut)
        for one in endings or ENDINGS
    ]


def said(docx: bytes) -> list[str]:
    """Every paragraph and cell of a report."""
    told = Document(io.BytesIO(docx))
    cells = [cell.text for table in told.tables for row in table.rows for cell in row.cells]
    return [one.text for one in told.paragraphs] + cells


def cells(xlsx: bytes) -> list[tuple[str, tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    return [(sheet.title, row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def read(runtime: Runtime) -> tuple[Comment, ...]:
    return comments.reading(runtime, OPERATOR, SLUG, Wanted(), skip=0, most=100).comments


class Hall:
    """Thirty people who wrote something and keep their receipts: a theme given to twelve comments, two of them quoted,
    one measure, and a cut of it all."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.code = open_survey(runtime)
        doors = Doors(runtime)
        door = doors.find(self.code)
        version = doors.version(door.version_id or 0)
        self.receipts = {}
        for number in range(30):
            text = f"Chờ lâu ở quầy số {number}"
            given = {"A1": ["1"], "B7": ["4"], "E1": [text]}
            outcome = collecting.submit(runtime, door, version, number.to_bytes(16, "big"), given, "vi")
            assert isinstance(outcome, collecting.Stored)
            self.receipts[text] = outcome.receipt
        release(runtime, SLUG)
        self.found = read(runtime)
        self.theme = themes.add(runtime, OPERATOR, SLUG, "Chờ lâu")
        themes.sort(runtime, OPERATOR, SLUG, [one.ref for one in self.found[:12]], self.theme)
        for one in self.found[:2]:
            comments.quote(runtime, OPERATOR, SLUG, one.ref, one.text)
        measures.add(runtime, OPERATOR, SLUG, Said("Chờ lâu", "Thêm quầy"))
        cuts.make_cut(runtime, OPERATOR, SLUG)


@pytest.fixture
def hall(any_runtime: Runtime) -> Hall:
    return Hall(any_runtime)


def test_nothing_that_staff_note_later_changes_a_byte(hall: Hall) -> None:
    runtime = hall.runtime
    before = made(runtime)
    assert "Chờ lâu" in said(before[1]) and "Thêm quầy" in said(before[1])
    assert ("Chủ đề và từ ngữ", ("Chủ đề", "Chờ lâu", 12)) in cells(before[2])
    themes.sort(runtime, OPERATOR, SLUG, [one.ref for one in hall.found], hall.theme)
    themes.change(runtime, OPERATOR, SLUG, hall.theme, "Thời gian chờ", "")
    other = themes.add(runtime, OPERATOR, SLUG, "Quầy")
    themes.sort(runtime, OPERATOR, SLUG, [one.ref for one in hall.found], other)
    measures.add(runtime, OPERATOR, SLUG, Said("Nóng", "Thêm quạt"))
    first = measures.list_measures(runtime, OPERATOR, SLUG)[0]
    measures.change(runtime, OPERATOR, SLUG, first.id, Said("Chờ lâu", "Đã thêm quầy"))
    comments.quote(runtime, OPERATOR, SLUG, hall.found[5].ref, hall.found[5].text)
    answer(runtime, hall.code, [{"B7": "1", "E1": "Chờ lâu ở quầy"}] * 20)
    release(runtime, SLUG)
    assert made(runtime) == before


@pytest.mark.parametrize("way", ["erase", "withdraw"])
def test_what_is_erased_or_withdrawn_takes_its_quote_out_and_nothing_else(hall: Hall, way: str) -> None:
    runtime, gone = hall.runtime, hall.found[0].text
    before = made(runtime)
    getattr(receipts, way)(runtime, hall.receipts[gone])
    after = made(runtime)
    assert [one for one in said(before[1]) if gone not in one] == said(after[1])
    assert [one for one in cells(before[2]) if gone not in one[1]] == cells(after[2])
    assert len([one for one in said(before[1]) if gone in one]) == 1 and hall.found[1].text in " ".join(said(after[1]))
    assert after[0] != before[0] and made(runtime) == after
    with runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CutQuote)) == 1, "the cut forgets which one it was"


def test_a_quote_that_is_left_out_or_taken_back_comes_back_with_the_same_bytes(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    answer(any_runtime, code, [{"B7": "4", "E1": f"Ý kiến {n}"} for n in range(12)], status="flagged", flags="burst")
    release(any_runtime, SLUG)
    one = read(any_runtime)[0]
    comments.quote(any_runtime, OPERATOR, SLUG, one.ref, one.text)
    cuts.make_cut(any_runtime, OPERATOR, SLUG)
    (before,) = made(any_runtime, ".docx")

    def quoted() -> bool:
        return any(one.text in line for line in said(made(any_runtime, ".docx")[0]))

    quality.exclude(any_runtime, OPERATOR, SLUG, code, any_runtime.today(), "burst", "Thử máy")
    assert not quoted()
    quality.lift(any_runtime, OPERATOR, SLUG, 1)
    assert quoted()
    comments.unquote(any_runtime, OPERATOR, SLUG, one.ref)
    assert not quoted()
    comments.quote(any_runtime, OPERATOR, SLUG, one.ref, one.text)
    assert made(any_runtime, ".docx") == [before]


def test_the_frozen_document_holds_counts_and_no_quote(hall: Hall) -> None:
    with hall.runtime.database.reading() as session:
        stored = session.scalars(select(DataCut.result)).one()
    assert json.loads(stored)["result"]["comments"]["themes"] == [["Chờ lâu", 12]]
    assert not [one.text for one in hall.found if one.text in stored]
    assert not [one.ref for one in hall.found if one.ref.partition("-")[2] in stored]


def test_changed_counts_of_comments_are_refused_as_damage(hall: Hall) -> None:
    def damage(old: DataCut) -> str:
        return old.result.replace('["Chờ lâu",12]', '["Chờ lâu",13]')

    _rewrite(hall.runtime, damage, digest=False)
    with pytest.raises(Conflict) as refusal:
        cuts.read_cut(hall.runtime, OPERATOR, SLUG, 1)
    assert refusal.value.code == "cut_damaged"


def test_a_cut_from_before_opens_and_says_what_it_lacks(hall: Hall) -> None:
    """As it was written: without comments, without measures, and nobody noted what it quotes."""
    runtime = hall.runtime

    def older(cut: DataCut) -> str:
        document = json.loads(cut.result)
        del document["result"]["comments"], document["result"]["measures"]
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    _rewrite(runtime, older)
    runtime.database.write(lambda session: session.connection().execute(delete(CutQuote)) and None)
    before = made(runtime)
    told = " ".join(said(before[1]))
    assert "chưa kèm ý kiến góp ý" in told and "chưa kèm giải pháp" in told
    assert not [one.text for one in hall.found if one.text in told] and "Thêm quầy" not in told
    assert any("chưa kèm ý kiến góp ý" in str(one) for _, row in cells(before[2]) for one in row)
    measures.add(runtime, OPERATOR, SLUG, Said("Nóng", "Thêm quạt"))
    assert made(runtime) == before
    assert annexes.frozen(runtime, OPERATOR, SLUG) == 2, "a new cut has what the old one lacks"
    assert b"PK" in evidence_file(runtime, OPERATOR, SLUG, 1, "vi")[:2]


def test_what_is_made_of_what_stands_now_freezes_anew_only_where_something_changed(hall: Hall) -> None:
    runtime = hall.runtime
    assert annexes.frozen(runtime, OPERATOR, SLUG) == 1
    measures.add(runtime, OPERATOR, SLUG, Said("Nóng", "Thêm quạt"))
    assert [annexes.frozen(runtime, OPERATOR, SLUG) for _ in range(2)] == [2, 2]
    themes.sort(runtime, OPERATOR, SLUG, [one.ref for one in hall.found], hall.theme)
    assert annexes.frozen(runtime, OPERATOR, SLUG) == 3
    comments.quote(runtime, OPERATOR, SLUG, hall.found[7].ref, hall.found[7].text)
    assert annexes.frozen(runtime, OPERATOR, SLUG) == 4
    assert cuts.read_cut(runtime, OPERATOR, SLUG, 1).cut.hash == cuts.read_cut(runtime, OPERATOR, SLUG, 4).cut.hash


def test_few_people_who_wrote_something_are_not_counted_in_a_cut(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    answer(any_runtime, code, [{"B7": "4", "E1": "Chờ lâu"}] * 9 + [{"B7": "5"}] * 20)
    release(any_runtime, SLUG)
    theme = themes.add(any_runtime, OPERATOR, SLUG, "Chờ lâu")
    themes.sort(any_runtime, OPERATOR, SLUG, [one.ref for one in read(any_runtime)], theme)
    cuts.make_cut(any_runtime, OPERATOR, SLUG)
    held = cuts.read_cut(any_runtime, OPERATOR, SLUG, 1).comments
    assert held is not None and (held.people, held.themes, held.words) == (None, (), ())


def _rewrite(runtime: Runtime, change: Callable[[DataCut], str], *, digest: bool = True) -> None:
    """What no service does: writes a cut anew."""

    def work(session: Session) -> None:
        cut = session.scalars(select(DataCut)).one()
        text = change(cut)
        assert text != cut.result
        values = {"result": text} | ({"digest": hashlib.sha256(text.encode()).hexdigest()} if digest else {})
        session.connection().execute(update(DataCut).values(**values))

    runtime.database.write(work)
