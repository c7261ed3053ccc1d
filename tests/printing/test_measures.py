"""The poster of measures: all that was written stands on it, in the size asked for, on as few pages as can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from survey.errors import PhieuError
from survey.printing.measures import Sheet, Told, measures_poster
from survey.texts import texts
from tests.printing.looking import pages, text

DAY = date(2026, 11, 26)
SHEET = Sheet("Khảo sát hội nghị đối thoại", "Sở Văn hóa, Thể thao và Du lịch", "Ủy ban nhân dân tỉnh", "1022", "a4")
ROWS = (
    Told("Chờ lâu quá", "Mở thêm một quầy", "Văn phòng Sở", date(2026, 12, 31), None),
    Told("Biểu mẫu khó hiểu", "Viết lại bằng lời dễ hiểu", "", None, date(2026, 11, 10)),
)


@pytest.mark.parametrize(("size", "width"), [("a4", 210), ("a3", 297)])
def test_it_says_what_was_heard_and_what_is_done(size: str, width: int) -> None:
    made = measures_poster(Sheet(**{**vars(SHEET), "size": size}), ROWS, texts("vi"), DAY)
    printed = text(made)
    for part in (
        "Quý vị nói – Chúng tôi làm",
        "“Chờ lâu quá”",
        "Mở thêm một quầy",
        "Chủ trì: Văn phòng Sở",
        "Hạn: 31/12/2026",
        "Đã xong ngày 10/11/2026",
        "Liên hệ: 1022",
        SHEET.title,
        SHEET.office,
    ):
        assert part in printed
    assert pages(made) == 1
    document = pypdfium2.PdfDocument(made)
    assert round(document[0].get_width() / 72 * 25.4) == width
    document.close()


def test_many_long_measures_go_on_to_further_pages_and_none_is_lost() -> None:
    rows = [
        Told(f"Ý kiến số {n} " + "dài " * 60, f"Việc số {n} " + "làm " * 60, "Phòng " * 20, DAY, None)
        for n in range(20)
    ]
    made = measures_poster(SHEET, rows, texts("vi"), DAY)
    document = pypdfium2.PdfDocument(made)
    printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    assert all(f"Ý kiến số {n} " in printed and f"Việc số {n} " in printed for n in range(20))
    assert pages(made) > 1


def test_what_cannot_be_printed_is_named() -> None:
    with pytest.raises(PhieuError) as refused:
        measures_poster(SHEET, [Told("漢字", "x", "", None, None)], texts("vi"), DAY)
    assert refused.value.code == "characters_missing"


def test_it_says_the_same_in_english() -> None:
    printed = text(measures_poster(SHEET, ROWS, texts("en"), DAY))
    assert "You said – We do" in printed and "Done on 10 November 2026" in printed


def lowest(pdf: bytes, words: str) -> float:
    """How far down the page words stand, as a part of its height."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None
    share = 1 - text.get_charbox(found[0])[1] / page.get_height()
    document.close()
    return float(share)


def test_a_few_measures_fill_the_page() -> None:
    three = [replace(ROWS[0], action=f"Mở thêm quầy số {n}") for n in range(3)]
    assert lowest(measures_poster(SHEET, three, texts("vi"), DAY), "số 2") > 0.6
    assert lowest(measures_poster(SHEET, three[:1], texts("vi"), DAY), "số 0") < 0.4
