"""The poster: one page that says everything, with a code to be read from across a table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import pytest

from survey.collection import qrcodes
from survey.printing import dots, preflight
from survey.printing.entry import Entry
from survey.printing.poster import LEVEL, poster
from survey.texts import texts
from tests.printing.looking import code_corners, glyphs, pages, text

DAY = date(2026, 10, 16)

FULLEST = {
    "title": ("ỰỂ ỖẪ ẶỘ ỲỄN " * 40)[:499] + ".",
    "office": ("Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp " * 7)[:300],
    "superior": ("ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP " * 10)[:300],
    "contact": "0277 3851 431 " * 7 + "a" * 240 + "@example.gov.vn",
    "minutes": 12_000,
    "base_url": "https://" + "khaosat." * 20 + "example.gov.vn:8443/nhanh",
}
EMPTY = {"title": "", "office": "", "superior": "", "contact": ""}


def test_it_says_who_why_how_and_where_in_vietnamese(entry: Callable[..., Entry]) -> None:
    given = entry()
    printed = text(poster(given, texts("vi"), DAY))
    for part in (
        given.superior,
        given.office,
        given.title,
        "Ý kiến của Quý vị giúp chúng tôi phục vụ tốt hơn",
        "1 Mở camera hoặc Zalo 2 Quét mã QR 3 Trả lời, khoảng 4 phút",
        "Trả lời tự nguyện, không ghi tên.",
        "ks.example.gov.vn/s/",
        given.shown_code,
        f"Liên hệ: {given.contact}",
    ):
        assert part in printed
    assert given.address in printed


def test_it_says_the_same_in_english(entry: Callable[..., Entry]) -> None:
    printed = text(poster(entry(superior="", contact=""), texts("en"), DAY))
    assert "1 Open the camera or Zalo 2 Scan the QR code 3 Answer, about 4 minutes" in printed
    assert "Taking part is voluntary and anonymous." in printed
    assert "Contact" not in printed


def test_the_code_is_120_mm_in_whole_dots_and_its_quiet_zone_is_free(entry: Callable[..., Entry]) -> None:
    made = poster(entry(), texts("vi"), DAY)
    ((left, top, width),) = code_corners(made)
    modules = len(qrcodes.modules(entry().url, LEVEL))
    module = dots.at_least(modules, 120) * dots.DOT
    assert width == pytest.approx(modules * module, abs=0.3)
    assert width > 119.9
    quiet = qrcodes.QUIET * module
    assert left >= quiet
    for character, x, y, to_x, to_y in glyphs(made):
        beside = to_x <= left - quiet or x >= left + width + quiet - 0.1
        assert beside or to_y <= top - quiet + 0.1 or y >= top + width + quiet - 0.1, character


@pytest.mark.parametrize(
    ("language", "changes"),
    [("vi", {}), ("vi", FULLEST), ("en", FULLEST), ("vi", EMPTY)],
    ids=["usual", "full", "en", "empty"],
)
def test_it_is_one_page_with_every_letter_inside_the_printable_area(
    language: str, changes: dict[str, object], entry: Callable[..., Entry], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = poster(entry(**changes), texts(language), DAY)
    assert caplog.messages == []
    assert pages(made) == 1
    for character, left, top, right, bottom in glyphs(made):
        assert left >= 9, character
        assert top >= 9, character
        assert right <= 201, character
        assert bottom <= 288, character


def test_a_long_title_is_whole(entry: Callable[..., Entry]) -> None:
    title = str(FULLEST["title"])
    assert "".join(title.split()) in "".join(text(poster(entry(title=title), texts("vi"), DAY)).split())


@pytest.mark.parametrize(
    "base", ["https://ks.example.gov.vn", "http://192.168.1.20:8000", "https://a.vn/Khao-Sat/phiếu"]
)
def test_its_code_holds_the_address_exactly(base: str, entry: Callable[..., Entry]) -> None:
    given = entry(base_url=base)
    made = poster(given, texts("vi"), DAY)
    for dpi in (50, 200, 300):
        assert preflight.read(made, dpi) == (given.url,)


def test_the_same_day_gives_the_same_file(entry: Callable[..., Entry]) -> None:
    assert poster(entry(), texts("vi"), DAY) == poster(entry(), texts("vi"), DAY)
