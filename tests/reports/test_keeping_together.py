"""What belongs together stays on one page of the official report: the signature, last rows, titles of parts, notes."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from survey.reports.document import Block, Column, Letterhead, Paragraph, Points, Report, Row, Table
from survey.reports.to_docx import to_docx
from survey.reports.to_pdf import to_pdf

SIGNER = "THỦ TRƯỞNG ĐƠN VỊ"
COLUMNS = (Column("Nội dung", 3), Column("Số người", 1, "right"))
NOTE = Paragraph("Chú thích của bảng.", "note")


def report(*blocks: Block) -> Report:
    head = Letterhead("", "Sở", "NƯỚC", "Độc lập", "Số:", "ngày", "DỰ THẢO", "BÁO CÁO", "Kết quả")
    return Report("vi", "Kết quả", head, blocks, (), ("- Lưu.",), (SIGNER, "(Ký)"), "chân trang", date(2026, 10, 15))


def filler(lines: int) -> Points:
    """Moves what follows down by this many lines."""
    return Points(tuple(f"dòng {number}" for number in range(lines)))


def table(rows: int, *, part_before_last: int = 0) -> Table:
    """Rows under a part; the last ``part_before_last`` of them under a part of their own."""
    made = [Row(("Phần đầu",), strong=True, across=True)]
    for number in range(rows):
        if part_before_last and number == rows - part_before_last:
            made.append(Row(("Phần cuối",), strong=True, across=True))
        made.append(Row((f"hàng {number}", "1")))
    return Table("Bảng 1", COLUMNS, tuple(made))


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = [" ".join(page.get_textpage().get_text_range().split()) + " " for page in document]
    document.close()
    return found


def page_with(pdf: bytes, words: str) -> str:
    (found,) = (page for page in pages(pdf) if words in page)
    return found


@pytest.mark.parametrize("lines", range(20, 32, 2))
def test_the_signature_is_never_alone_on_a_page(lines: int) -> None:
    assert "hàng 2 " in page_with(to_pdf(report(filler(lines), table(3))), SIGNER)


@pytest.mark.parametrize("lines", range(26, 38, 3))
def test_a_summary_that_ends_in_a_list_takes_it_along(lines: int) -> None:
    made = to_pdf(report(filler(lines), Paragraph("Tiếp."), Points(("mục một", "mục hai"))))
    assert "mục hai" in page_with(made, SIGNER)


@pytest.mark.parametrize("lines", range(2, 27))
def test_no_row_title_or_note_of_a_long_table_is_alone_on_a_page(lines: int) -> None:
    made = to_pdf(report(filler(lines), table(18, part_before_last=2), NOTE, filler(9)))
    last = page_with(made, "hàng 17 ")
    assert "hàng 16 " in last and "Phần cuối" in last and NOTE.text in last
    assert all(not page.split("chân trang")[0].rstrip().endswith("Phần đầu") for page in pages(made))


def test_rows_higher_than_a_page_are_parted_and_none_is_lost() -> None:
    long = " ".join(f"từ{number}" for number in range(900))
    rows = (Row((f"đầu {long}", "1")), Row((f"cuối {long} hết.", "2")))
    said = " ".join(pages(to_pdf(report(Table("Bảng 1", COLUMNS, rows)))))
    assert said.count("từ899") == 2 and "hết." in said


def held(docx: bytes) -> list[tuple[str, bool]]:
    """The text of each paragraph and of each row's first cell, and whether it stays with the next."""
    body = Document(io.BytesIO(docx)).element.body
    found = []
    for part in body:
        for row in part.iter(qn("w:tr")) if part.tag == qn("w:tbl") else (part,):
            first = next(row.iter(qn("w:p")), None)
            if first is not None:
                keeps = first.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None
                found.append(("".join(one.text or "" for one in first.iter(qn("w:t"))), keeps))
    return found


def test_docx_keeps_the_signature_with_the_last_block() -> None:
    for last, words in ((table(3), "hàng 2"), (table(40), "hàng 39"), (Points(("mục một", "mục hai")), "mục hai")):
        told = held(to_docx(report(Paragraph("Đầu."), last)))
        place = told.index((words, True))
        signing = next(n for n, (text, _) in enumerate(told) if text == "Nơi nhận:")
        assert all(keeps for _, keeps in told[place:signing]), words
    assert dict(held(to_docx(report(Paragraph("Đầu."), Paragraph("Cuối.")))))["Đầu."] is False


def test_docx_keeps_last_rows_titles_and_notes() -> None:
    told = dict(held(to_docx(report(table(40, part_before_last=2), NOTE, Paragraph("Cuối.")))))
    assert told["Phần đầu"] and told["Phần cuối"] and told["hàng 38"] and told["hàng 39"]
    assert not told["hàng 20"] and not told[NOTE.text]
    assert not dict(held(to_docx(report(table(40), Paragraph("Cuối.")))))["hàng 39"]
