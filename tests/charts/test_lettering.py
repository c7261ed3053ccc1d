"""Text is measured with the real font, composed, and wrapped without losing a word unless it says so."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font, LoadFlags

from survey.charts.lettering import BOLD, REGULAR, font_paths, line, width, wrap

VIETNAMESE = [
    "Nhìn chung, Quý vị hài lòng với sự phục vụ của Sở ở mức nào?",
    "Người gửi hồ sơ trực tuyến được hướng dẫn ngay từ lần đầu",
    "PHIẾU KHẢO SÁT Ý KIẾN TỔ CHỨC, DOANH NGHIỆP",
    "NỄ Ự Ấ Ẫ Ể ỵ Ỹ 79,4–95,8%",
]
WORDS = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyễựấộ,."), min_size=1, max_size=9)


@pytest.mark.parametrize("weight", [REGULAR, BOLD])
@pytest.mark.parametrize("text", VIETNAMESE)
def test_widths_agree_with_the_shaped_text_of_freetype(text: str, weight: int) -> None:
    face = FT2Font(str(font_paths(weight)[0]))
    face.set_size(100.0, 72)
    face.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    shaped = face.get_width_height()[0] / 64
    assert width(text, 100.0, weight) == pytest.approx(shaped, rel=0.03)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30), st.floats(40.0, 250.0), st.integers(1, 3))
def test_wrapped_lines_fit_and_keep_every_word_or_end_in_an_ellipsis(words: list[str], room: float, most: int) -> None:
    text = " ".join(words)
    lines = wrap(text, room, 8.0, most=most)
    assert 1 <= len(lines) <= most
    assert all(width(one, 8.0) <= room + 0.01 for one in lines)
    if lines[-1].endswith("…"):
        assert text.replace(" ", "").startswith("".join(lines)[:-1].replace(" ", ""))
    else:
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_label_of_150_characters_fits_three_lines_of_the_label_column() -> None:
    label = (
        "Cán bộ, công chức tiếp nhận hồ sơ có thái độ lịch sự, tôn trọng, hướng dẫn đầy đủ, dễ hiểu ngay từ lần đầu, "
    )
    label = (label + "không yêu cầu thêm giấy tờ nào ngoài quy định")[:150].strip()
    lines = wrap(label, 240.0, 8.0)
    assert " ".join(lines) == label
    assert len(lines) == 3


def test_what_does_not_fit_is_cut_between_words() -> None:
    assert wrap("một hai ba bốn năm sáu bảy tám", 60.0, 8.0, most=1) == ("một hai ba…",)


def test_lines_are_of_even_length() -> None:
    first, second = wrap("Thành phần hồ sơ, biểu mẫu rõ ràng, không yêu cầu", 190.0, 8.0)
    assert abs(width(first, 8.0) - width(second, 8.0)) < 40.0


def test_decomposed_text_is_composed_and_what_no_font_shows_becomes_a_box() -> None:
    assert line(unicodedata.normalize("NFD", "gửi Ễ Ự")) == "gửi Ễ Ự"
    assert line("漢\x01\u202e  ☺\n✓") == "□□ ☺ ✓"


def test_a_word_wider_than_the_room_is_broken() -> None:
    lines = wrap("x" * 2000, 100.0, 8.0)
    assert len(lines) == 3
    assert all(width(one, 8.0) <= 100.0 for one in lines)
    assert lines[-1].endswith("x…")
